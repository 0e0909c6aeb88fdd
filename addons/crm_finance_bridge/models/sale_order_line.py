# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

#: Fields that change the total of an order.
PLANNED = {"product_uom_qty", "price_unit", "discount", "tax_ids", "product_id"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _compute_purchase_price(self):
        result = super()._compute_purchase_price()
        invoiced = self._origin.filtered("invoice_lines")
        self.env["account.move.line"]._refreeze_order_lines(invoiced)
        return result

    def _compute_qty_delivered(self):
        result = super()._compute_qty_delivered()
        self.order_id.filtered("id")._run_at_end("_book_delivered")
        return result

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._push_plan_check()
        return lines

    def unlink(self):
        self._push_plan_check()
        return super().unlink()

    def _push_plan_check(self):
        orders = self.filtered(lambda line: line.state == "sale").order_id
        if orders:
            orders._push_plan_check()

    def write(self, vals):
        result = super().write(vals)
        if not PLANNED.isdisjoint(vals):
            self._push_plan_check()
        if "qty_delivered" in vals:
            self.order_id._run_at_end("_book_delivered")
        if "purchase_price" in vals:
            self.env["account.move.line"]._refreeze_order_lines(self)
        return result
