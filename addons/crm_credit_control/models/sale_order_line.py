# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

#: Fields of an order line that may raise what its customer owes.
WATCHED_LINE = {
    "order_id",
    "product_id",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "display_type",
    "is_downpayment",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        with self._get_growing_orders(vals_list)._guard_growth():
            return super().create(vals_list)

    def write(self, vals):
        with self._get_growing_orders([vals])._guard_growth():
            return super().write(vals)

    def _get_growing_orders(self, vals_list):
        """Return the orders that may grow by creating or writing these values."""
        orders = self.env["sale.order"]
        for vals in vals_list:
            if not WATCHED_LINE.isdisjoint(vals):
                orders |= self.order_id
            order_id = vals.get("order_id")
            if not order_id and not self:
                order_id = self.env.context.get("default_order_id")
            if order_id:
                orders |= orders.browse(order_id)
        return orders
