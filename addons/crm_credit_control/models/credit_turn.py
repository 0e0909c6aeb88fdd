# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One sale at a time per limit.

Two transactions that confirm orders of the same customer must not both count on the
same credit. They queue for an advisory lock of the customer, held until the end of the
transaction. PostgreSQL hands it over in the order of asking and nothing fails.

The trap: a transaction's snapshot is older than the wait. Whoever waited still sees
the exposure as it was before. So every transaction whose turn comes leaves a row
here; who finds, in a fresh snapshot, a row it cannot see itself, knows that it is late.
(Where the numbers of the rows tell that there is none, nobody looks.) Then it looks
at the customers in that fresh snapshot, and adds what it wrote itself: the difference
between what it sees and what was there before it wrote, in a third transaction that
shares its old snapshot. Only where that cannot be told (limits or invoices were
changed, or a savepoint is open) is Odoo asked to run it again.

A counter on a row, the other way to do this, makes all waiting transactions fail at
once when the first commits; Odoo tries each five times and then shows an error.
"""

from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL


class CreditTurn(models.Model):
    _name = "credit.turn"
    _description = "Credit Turn"
    _log_access = False

    # Plain numbers: nothing here may wait for the contact's row.
    company_key = fields.Integer(required=True)
    partner_key = fields.Integer(required=True)
    taken_at = fields.Datetime(required=True)

    _key_idx = models.Index("(partner_key, company_key, id DESC)")

    @api.model
    @contextmanager
    def _take(self, keys):
        """Wait for the turn of these limits; yield None when this transaction sees the
        customers as they are now, else a function that tells their positions.

        :param keys: iterable of (company id, partner id of the limit's owner)
        :raise ConcurrencyError: when the transaction has to start anew
        """
        keys = sorted(set(keys))
        # While modules are being installed nobody else sells, and other transactions do
        # not see the table yet.
        if keys and self.env.registry.ready:
            # What is pending is written, too.
            self.env.flush_all()
            seen, mine, has_written, is_sure = self._lock(keys)
            if not is_sure:
                with self.env.registry.cursor() as cr:
                    fresh = api.Environment(cr, SUPERUSER_ID, dict(self.env.context))
                    last = fresh[self._name]._get_last(keys, mine)
                    if any(last[key] > seen[key] for key in keys):
                        yield partial(self._get_late_positions, fresh, has_written)
                        return
        yield None

    @api.model
    def _lock(self, keys):
        """Wait for these limits, in this order; leave a turn for those who come next.

        One statement: the turns it sees are as old as the transaction, not as the wait,
        those it leaves are numbered after the wait. Whoever is held leaves one as well;
        then the next looks once more than it has to.

        :return: what :meth:`_get_last` returns; the first turn of ours; whether the
            transaction had written before; and whether it is sure that nobody has taken
            a turn that cannot be seen. Who has, was running at the snapshot, or began
            later: then its turn is newer than all in sight, and ours do not follow them
            directly.
        """
        # The transaction has its number before the turn has one: else it might have
        # been at neither place when somebody looked.
        [(turns, mine, has_written, is_sure)] = self.env.execute_query(
            SQL(
                """
                WITH before AS MATERIALIZED (
                        SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS written),
                     locked AS MATERIALIZED (
                        SELECT ARRAY_AGG(ARRAY[company, partner, last]) AS turns,
                               COUNT(lock) AS number,
                               BOOL_OR(before.written) AS written
                          FROM before CROSS JOIN (%s) turn),
                     own AS MATERIALIZED (
                        SELECT pg_current_xact_id(), turns FROM locked),
                     mine AS (
                        INSERT INTO credit_turn (company_key, partner_key, taken_at)
                        SELECT turns[i][1], turns[i][2], NOW() AT TIME ZONE 'UTC'
                          FROM own
                         CROSS JOIN GENERATE_SUBSCRIPTS(turns, 1) i
                        RETURNING id)
                SELECT turns, (SELECT MIN(id) FROM mine), written,
                       (SELECT MAX(id) FROM mine)
                            = number + COALESCE((SELECT MAX(id) FROM credit_turn), 0)
                       AND NOT EXISTS (
                            SELECT FROM pg_snapshot_xip(pg_current_snapshot()))
                  FROM locked
                """,
                self._sql_last(keys, SQL("pg_advisory_xact_lock(company, partner)")),
            )
        )
        seen = {(company, partner): last for company, partner, last in turns}
        return seen, mine, has_written, is_sure

    @api.model
    def _get_last(self, keys, mine):
        """Return ``{key: newest turn of this limit that this transaction can see}``.

        Each on its own: of two limits, the one with the newer turn may be the one
        already seen.

        :param mine: the first turn of the one that asks, who is not looked for (a test
            of Odoo's web client has one transaction for all)
        """
        rows = self.env.execute_query(
            self._sql_last(keys, SQL("NULL"), SQL("turn.id < %s", mine))
        )
        return {(company, partner): last for company, partner, last, _lock in rows}

    @api.model
    def _sql_last(self, keys, lock, which=None):
        """Return the newest turn of each key; ``lock`` is evaluated for each."""
        return SQL(
            """
            SELECT company, partner,
                   COALESCE((SELECT MAX(turn.id)
                               FROM credit_turn turn
                              WHERE turn.company_key = company
                                AND turn.partner_key = partner
                                AND %s), 0) AS last,
                   %s AS lock
              FROM UNNEST(%s::int[], %s::int[]) AS key (company, partner)
            """,
            which or SQL("TRUE"),
            lock,
            [key[0] for key in keys],
            [key[1] for key in keys],
        )

    @api.model
    def _get_late_positions(self, fresh, has_written, company, partners, items=False):
        """Return positions in a fresh snapshot, with what this transaction wrote.

        :param fresh: environment of a transaction that has just begun
        :param has_written: whether this one wrote anything before its turn
        """
        look = fresh["credit.position"]._get_positions
        positions = look(company.with_env(fresh), partners.with_env(fresh), items)
        if not has_written:
            return positions
        look = self.env["credit.position"].sudo()._get_positions
        mine = look(company, partners, items)
        with self._open_old_snapshot() as old:
            look = old["credit.position"]._get_positions
            before = look(company.with_env(old), partners.with_env(old), items)
        return {
            id_: self._carry_over(before.get(id_), mine[id_], positions.get(id_))
            for id_ in mine
        }

    @api.model
    def _carry_over(self, before, mine, fresh):
        """Return a fresh position with what this transaction added to the exposure.

        :raise ConcurrencyError: when it changed anything else
        """
        if not before or not fresh:
            self._start_anew()
        added = mine.own.exposure - before.own.exposure
        same = replace(mine, own=replace(mine.own, exposure=before.own.exposure))
        group = fresh.group
        if mine.group and before.group and group:
            shared = mine.group.exposure - before.group.exposure
            same = replace(
                same, group=replace(same.group, exposure=before.group.exposure)
            )
            group = replace(group, exposure=group.exposure + shared)
        if same != before:
            self._start_anew()
        own = replace(fresh.own, exposure=fresh.own.exposure + added)
        return replace(fresh, own=own, group=group)

    @api.model
    @contextmanager
    def _open_old_snapshot(self):
        """Yield an environment that sees the database as this transaction found it."""
        try:
            # Impossible within a savepoint
            self.env.cr.execute("SELECT pg_export_snapshot()", log_exceptions=False)
        except psycopg2.Error:
            self._start_anew()
        [snapshot] = self.env.cr.fetchone()
        with self.env.registry.cursor() as cr:
            cr.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
            yield api.Environment(cr, SUPERUSER_ID, dict(self.env.context))

    @api.model
    def _start_anew(self):
        raise ConcurrencyError(
            "Credit of the same customer was used meanwhile, trying again"
        )

    @api.autovacuum
    def _gc_turns(self):
        """Drop what is older than any transaction, but the newest: it tells that nobody
        came after."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        old = self.sudo().search([("taken_at", "<", limit)], order="id DESC")
        (old - self.sudo().search([], order="id DESC", limit=1)).unlink()
