# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class AccountAnalyticAccount(models.Model):
    _inherit = "account.analytic.account"

    def write(self, vals):
        """An account that changes its customer takes its costs along."""
        if {"partner_id", "plan_id"}.isdisjoint(vals):
            return super().write(vals)
        queue = self.env["customer.finance.queue"]
        queue._push(self.sudo().partner_id)
        result = super().write(vals)
        queue._push(self.sudo().partner_id)
        return result
