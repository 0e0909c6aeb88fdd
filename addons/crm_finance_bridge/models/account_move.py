# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

#: Fields of an entry that change what its customers owe or bought.
FIELDS = {"state", "partner_id", "date", "invoice_date", "move_type", "company_id"}


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "customer.finance.link"]

    def write(self, vals):
        touches = not FIELDS.isdisjoint(vals)
        if touches:
            self._queue_finance_refresh()
        result = super().write(vals)
        if touches:
            self._queue_finance_refresh()
        return result

    def unlink(self):
        self._queue_finance_refresh()
        return super().unlink()

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted.line_ids._freeze_finance_cost()
        return posted

    def _queue_finance_refresh(self):
        """Queue the customers of posted entries."""
        self.env["customer.finance.queue"]._push_moves(
            self.filtered(lambda move: move.state == "posted")
        )
