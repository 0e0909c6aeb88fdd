# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class SaleOrderLine(models.Model):
    """Guards growth around Odoo's own launch of deliveries: raising a line whose
    remainder was cancelled brings back the whole of it."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        with self._get_growing_orders(vals_list)._guard_growth():
            return super().create(vals_list)

    def write(self, vals):
        with self._get_growing_orders([vals])._guard_growth():
            return super().write(vals)
