# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # Facts at a past date add back what was reconciled later.
    _max_date_idx = models.Index("(max_date)")

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._queue_finance_refresh()
        return partials

    def unlink(self):
        self._queue_finance_refresh()
        return super().unlink()

    def _queue_finance_refresh(self):
        queue = self.env["customer.finance.queue"]
        for line in self.debit_move_id | self.credit_move_id:
            if line.account_id.account_type == "asset_receivable":
                queue._push(line.partner_id, line.company_id)
