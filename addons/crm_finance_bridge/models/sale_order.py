# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from .sale_order_plan import ANEW

#: Fields that change what is to be collected of an order, or when.
PLANNED = {
    "state",
    "order_line",
    "payment_term_id",
    "date_order",
    "currency_id",
    "pricelist_id",
}


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "customer.finance.link"]

    def _get_finance_partner(self):
        return self.partner_invoice_id or self.partner_id

    def _get_finance_path(self):
        return ["partner_id", "partner_invoice_id", "company_id"]

    def _get_finance_search_path(self):
        return "partner_invoice_id.commercial_partner_id"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._queue_finance_refresh()
        confirmed = orders.filtered(lambda order: order.state == "sale")
        confirmed._push_plan_check()
        confirmed._push_confirmed()
        return orders

    def write(self, vals):
        touches = not {
            "state",
            "partner_id",
            "partner_invoice_id",
            "date_order",
        }.isdisjoint(vals)
        if touches:
            self._queue_finance_refresh()
        confirming = self.browse()
        if vals.get("state") == "sale":
            confirming = self.filtered(lambda order: order.state != "sale")
        result = super().write(vals)
        if touches:
            self._queue_finance_refresh()
        if confirming:
            confirming._push_plan_check(ANEW)
        if not PLANNED.isdisjoint(vals):
            self.filtered(lambda order: order.state == "sale")._push_plan_check()
        if "finance_booking" in vals:
            self._push_confirmed()
            self._run_at_end("_book_delivered")
        elif confirming:
            confirming._push_confirmed()
        return result

    def unlink(self):
        self._queue_finance_refresh()
        result = super().unlink()
        self._forget_pending()
        return result

    def _prepare_cost_entry_vals(self):
        return {
            **super()._prepare_cost_entry_vals(),
            "kind": "service",
            "campaign_id": self.campaign_id._with_cost_account().id,
        }

    def _queue_finance_refresh(self):
        """Queue the customers of confirmed orders."""
        for order in self.filtered(lambda order: order.state == "sale"):
            self.env["customer.finance.queue"]._push(
                order._get_finance_partner(), order.company_id
            )
