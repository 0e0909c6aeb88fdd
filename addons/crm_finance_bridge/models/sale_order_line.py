# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _compute_purchase_price(self):
        result = super()._compute_purchase_price()
        invoiced = self._origin.filtered("invoice_lines")
        self.env["account.move.line"]._refreeze_order_lines(invoiced)
        return result

    def write(self, vals):
        result = super().write(vals)
        if "purchase_price" in vals:
            self.env["account.move.line"]._refreeze_order_lines(self)
        return result
