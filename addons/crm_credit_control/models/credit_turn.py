# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One sale at a time per limit.

Two transactions that confirm orders of the same customer must not both count on the
same credit. They queue for an advisory lock of the customer, held until the end of the
transaction. PostgreSQL hands it over in the order of asking and nothing fails.

The trap: a transaction's snapshot is older than the wait. Whoever waited still sees
the exposure as it was before. So every transaction whose turn comes leaves a row here
with the number after the last one it sees. A unique index looks at the rows there are,
not at those of a snapshot: whose number is taken, knows that it is late. Then it looks
at the customers in a fresh snapshot, and adds what it wrote itself: the difference
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

#: Kept by PostgreSQL until the end of the transaction.
HAS_WRITTEN = "credit_turn.has_written"


class CreditTurn(models.Model):
    _name = "credit.turn"
    _description = "Credit Turn"
    _log_access = False

    # Plain numbers: nothing here may wait for the contact's row.
    company_key = fields.Integer(required=True)
    partner_key = fields.Integer(required=True)
    number = fields.Integer(required=True)
    taken_at = fields.Datetime(required=True)

    _number_uniq = models.UniqueIndex("(partner_key, company_key, number)")

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
        if keys and self.env.registry.ready and self._is_late(keys):
            with self.env.registry.cursor() as cr:
                fresh = api.Environment(cr, SUPERUSER_ID, dict(self.env.context))
                self._leave(keys, fresh[self._name]._get_last(keys))
                yield partial(self._get_late_positions, fresh)
        else:
            yield None

    @api.model
    def _is_late(self, keys):
        """Wait for these limits, in this order, and take the next turn of each.

        Who is held has had its turn as well; then the next looks once more than it has
        to. Who is late once stays so: its snapshot does not change.

        :return: whether somebody took a turn that this transaction cannot see; then
            ours are not taken yet
        """
        # What is pending is written, too.
        self.env.flush_all()
        late = self.env.cr.precommit.data.setdefault("credit_late", set())
        try:
            # One message, four statements. The locks are taken before the savepoint:
            # going back to it would give them back.
            self.env.cr.execute(
                SQL(
                    """
                    SELECT SET_CONFIG(%s, (pg_current_xact_id_if_assigned()
                                           IS NOT NULL)::text, TRUE),
                           pg_advisory_xact_lock(company, partner)
                      FROM %s;
                    SAVEPOINT credit_turn;
                    %s;
                    RELEASE SAVEPOINT credit_turn
                    """,
                    HAS_WRITTEN,
                    self._sql_keys(keys),
                    self._sql_leave(SQL("(%s) turn", self._sql_last(keys))),
                ),
                log_exceptions=False,
            )
        except psycopg2.errors.UniqueViolation:
            self.env.cr.execute(
                "ROLLBACK TO SAVEPOINT credit_turn; RELEASE SAVEPOINT credit_turn"
            )
            late.update(keys)
            return True
        return not late.isdisjoint(keys)

    @api.model
    def _leave(self, keys, last):
        """Take the turns after those there are, unless this transaction has.

        :param last: ``{key: number of the newest turn}``
        """
        turns = SQL(
            "UNNEST(%s::int[], %s::int[], %s::int[]) AS turn (company, partner, last)",
            [key[0] for key in keys],
            [key[1] for key in keys],
            [last[key] for key in keys],
        )
        # It has where it was late before.
        self.env.cr.execute(SQL("%s ON CONFLICT DO NOTHING", self._sql_leave(turns)))

    @api.model
    def _sql_leave(self, turns):
        """Return the statement that takes the turns after ``turns``, a relation
        ``(company, partner, last)``."""
        return SQL(
            """
            INSERT INTO credit_turn (company_key, partner_key, number, taken_at)
            SELECT company, partner, last + 1, NOW() AT TIME ZONE 'UTC'
              FROM %s
            """,
            turns,
        )

    @api.model
    def _get_last(self, keys):
        """Return ``{key: newest turn of this limit that this transaction can see}``."""
        rows = self.env.execute_query(self._sql_last(keys))
        return {(company, partner): last for company, partner, last in rows}

    @api.model
    def _sql_last(self, keys):
        """Return the number of the newest turn of each key: ``(company, partner,
        last)``."""
        return SQL(
            """
            SELECT company, partner,
                   COALESCE((SELECT MAX(turn.number)
                               FROM credit_turn turn
                              WHERE turn.company_key = company
                                AND turn.partner_key = partner), 0) AS last
              FROM %s
            """,
            self._sql_keys(keys),
        )

    @api.model
    def _sql_keys(self, keys):
        return SQL(
            "UNNEST(%s::int[], %s::int[]) AS key (company, partner)",
            [key[0] for key in keys],
            [key[1] for key in keys],
        )

    @api.model
    def _get_late_positions(self, fresh, company, partners, items=False):
        """Return positions in a fresh snapshot, with what this transaction wrote.

        :param fresh: environment of a transaction that has just begun
        """
        look = fresh["credit.position"]._get_positions
        positions = look(company.with_env(fresh), partners.with_env(fresh), items)
        if not self._had_written():
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
    def _had_written(self):
        """Return whether this transaction had written anything before its turn."""
        query = SQL("SELECT CURRENT_SETTING(%s)::bool", HAS_WRITTEN)
        return self.env.execute_query(query)[0][0]

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
        """Drop what is older than any transaction. The last turn of each limit stays:
        numbers are never given twice."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM credit_turn old
                 USING credit_turn newer
                 WHERE old.taken_at < %s
                   AND newer.company_key = old.company_key
                   AND newer.partner_key = old.partner_key
                   AND newer.number > old.number
                """,
                fields.Datetime.subtract(fields.Datetime.now(), days=1),
            )
        )
