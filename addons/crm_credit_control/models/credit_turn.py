# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One sale at a time per limit.

Two transactions that confirm orders of the same customer must not both count on the
same credit. They queue for an advisory lock of the customer, held until the end of the
transaction. PostgreSQL hands it over in the order of asking and nothing fails.

The trap: a transaction's snapshot is older than the wait. Whoever waited still sees
the exposure as it was before. So every transaction that was let through leaves a row
here; who finds, in a fresh snapshot, a row it cannot see itself, knows that it is late.
Then it judges in that fresh snapshot, provided that it wrote nothing yet (the usual
case: a client calls the confirmation). If it did write, its own changes are not in the
fresh snapshot, so Odoo is asked to run it again from the start.

A counter on a row, the other way to do this, makes all waiting transactions fail at
once when the first commits; Odoo tries each five times and then shows an error.
"""

from contextlib import contextmanager

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
        """Wait for the turn of these limits; yield the environment to judge in.

        :param keys: iterable of (company id, partner id of the limit's owner)
        :raise ConcurrencyError: when the transaction has to start anew
        """
        keys = sorted(set(keys))
        if not keys or not self.env.registry.ready:
            # While modules are being installed nobody else sells, and other
            # transactions do not see the table yet.
            yield self.env(su=True)
            return
        self.env.cr.execute(
            SQL(
                """SELECT pg_advisory_xact_lock(company, partner)
                     FROM UNNEST(%s::int[], %s::int[]) AS key (company, partner)""",
                [key[0] for key in keys],
                [key[1] for key in keys],
            )
        )
        with self.env.registry.cursor() as cr:
            fresh = api.Environment(cr, SUPERUSER_ID, dict(self.env.context))
            if fresh[self._name]._get_last(keys) <= self._get_last(keys):
                fresh = None
            elif self._has_written():
                raise ConcurrencyError(
                    "Credit of the same customer was used meanwhile, trying again"
                )
            else:
                yield fresh
        if fresh is None:
            yield self.env(su=True)

    @api.model
    def _get_last(self, keys):
        """Return the newest turn of these limits this transaction can see."""
        [[last]] = self.env.execute_query(
            SQL(
                """SELECT COALESCE(MAX(turn.id), 0)
                     FROM credit_turn turn
                     JOIN UNNEST(%s::int[], %s::int[]) AS key (company, partner)
                       ON turn.company_key = key.company
                      AND turn.partner_key = key.partner""",
                [key[0] for key in keys],
                [key[1] for key in keys],
            )
        )
        return last

    @api.model
    def _has_written(self):
        self.env.flush_all()
        [[transaction]] = self.env.execute_query(
            SQL("SELECT pg_current_xact_id_if_assigned()::text")
        )
        return transaction is not None

    @api.model
    def _leave(self, keys):
        """Tell those who come next that credit of these limits was used."""
        self.sudo().create(
            [
                {
                    "company_key": company_id,
                    "partner_key": partner_id,
                    "taken_at": fields.Datetime.now(),
                }
                for company_id, partner_id in sorted(set(keys))
            ]
        )

    @api.autovacuum
    def _gc_turns(self):
        """Drop what is older than any transaction."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        self.sudo().search([("taken_at", "<", limit)]).unlink()
