# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """The wall: whatever lets goods of an order leave is judged.

        :raise UserError: when the customer is held and the picking's own button did
            not stop it
        """
        self._get_credit_orders()._refuse_held_delivery()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _get_credit_orders(self):
        """Return the orders whose goods these moves bring to a customer."""
        leaving = self.filtered(
            lambda move: move.state not in ("done", "cancel")
            and move.sale_line_id
            and move.location_dest_id.usage == "customer"
        )
        return leaving.sudo().sale_line_id.order_id.filtered(
            lambda order: order.company_id.credit_check_delivery
        )
