# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import datetime, time, timedelta

from odoo import Command, api, fields, models
from odoo.tools import groupby, split_every

from .planner import QUARTER_DAYS, plan_orders
from .stories import ARCHIVED, OPEN_ORDERS

_logger = logging.getLogger(__name__)

# Odoo is fastest with about a hundred documents at a time.
INVOICE_BATCH = 100

# The history is years old: no mail, no chatter about today.
QUIET = {
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
}


class CrmFinanceBridgeDemo(models.AbstractModel):
    """Write the history by the steps a user would take, only in batches."""

    _name = "crm.finance.bridge.demo"
    _description = "Demonstration Data: History"
    _inherit = ["crm.finance.bridge.demo.campaign"]

    @api.model
    def _load_history(self):
        """Write 24 months of business up to today; do nothing when it is there."""
        demo = self.with_context(**QUIET).with_company(self._demo_company())
        if demo._has_history():
            return
        today = fields.Date.context_today(self)
        demo._set_up(today)
        demo._load_orders(today)
        demo._load_open_orders(today)
        demo._load_write_offs(today)
        demo._load_payments(today)
        demo._load_credit_notes(today)
        demo._load_advances(today)
        demo._load_costs(today)
        demo._load_campaigns(today)
        demo._archive_customers()
        demo._load_indicators()

    def _has_history(self):
        return bool(
            self.env["account.move"].search_count(
                [("partner_id", "in", self._demo_customers().ids)], limit=1
            )
        )

    def _load_orders(self, today):
        """Create the orders, a quarter at a time, then invoice them all.

        Product costs move from one quarter to the next, and an order line keeps the
        cost of its day.
        """
        costs = self._current_costs()
        prices = self._list_prices()
        planned = [
            order
            for story in self._demo_stories()
            for order in plan_orders(story, prices, today)
        ]
        planned.sort(key=lambda plan: plan.order_date)
        orders = self.env["sale.order"]
        for quarter, batch in groupby(planned, key=lambda plan: plan.quarter):
            self._set_costs(costs, quarter * QUARTER_DAYS)
            orders |= self._create_orders(batch)
        self._set_costs(costs, 0)
        plans = dict(zip(orders, planned, strict=True))
        self._create_invoices(plans).action_post()
        _logger.info("Demo history: %s orders", len(planned))

    def _list_prices(self):
        """Return the list price by product code."""
        codes = {code for story in self._demo_stories() for code in story.basket}
        return {code: self._demo_ref("product", code).list_price for code in codes}

    def _create_orders(self, batch):
        """Confirm one order per plan, dated that day, delivered when invoiced."""
        orders = self.env["sale.order"].create(
            [
                self._prepare_order_vals(
                    self._demo_ref("res_partner", plan.buyer),
                    plan.lines,
                    plan.order_date,
                    plan.story.currency,
                    plan.story.discount,
                )
                for plan in batch
            ]
        )
        orders.action_confirm()
        for plan, order in zip(batch, orders, strict=True):
            order.date_order = _moment(plan.order_date)
            if plan.invoice_date:
                self._deliver(order)
        return orders

    def _prepare_order_vals(self, partner, lines, day, currency="", discount=0.0):
        salesperson = partner.user_id or partner.commercial_partner_id.user_id
        pricelist = currency and self._demo_ref("product_pricelist", currency.lower())
        return {
            "partner_id": partner.id,
            "date_order": _moment(day),
            "create_date": _moment(day),
            "user_id": salesperson.id,
            "team_id": salesperson.sale_team_id.id,
            **({"pricelist_id": pricelist.id} if pricelist else {}),
            "order_line": [
                Command.create(
                    {
                        "product_id": self._demo_ref("product", code).id,
                        "product_uom_qty": quantity,
                        "discount": discount,
                    }
                )
                for code, quantity in lines
            ],
        }

    def _deliver(self, orders):
        """Mark as delivered what is invoiced on delivery."""
        for line in orders.order_line:
            if line.product_id.invoice_policy == "delivery":
                line.qty_delivered = line.product_uom_qty

    def _create_invoices(self, planned):
        """Return draft invoices: one per order, or one per month where agreed.

        :param planned: the plan of every order
        """
        invoices = self.env["account.move"]
        Order = self.env["sale.order"]
        billed = [order for order, plan in planned.items() if plan.invoice_date]
        single = [order.id for order in billed if not planned[order].story.monthly]
        for batch in split_every(INVOICE_BATCH, single, Order.browse):
            invoices |= batch._create_invoices(grouped=True)
        monthly = [order for order in billed if planned[order].story.monthly]
        for _key, orders in groupby(monthly, key=lambda o: _bill_key(planned[o])):
            invoices |= Order.concat(*orders)._create_invoices()
        by_day = invoices.grouped(
            lambda inv: planned[inv.line_ids.sale_line_ids.order_id[:1]].invoice_date
        )
        for day, same_day in by_day.items():
            same_day.invoice_date = day
        return invoices

    def _load_open_orders(self, today):
        """Create the quotations and the orders still to invoice."""
        for plan in OPEN_ORDERS:
            vals = self._prepare_order_vals(
                self._demo_ref("res_partner", plan.key),
                plan.lines,
                today - timedelta(days=plan.age),
                plan.currency,
            )
            if plan.lead:
                vals["opportunity_id"] = self._demo_ref("crm_lead", plan.lead).id
            order = self.env["sale.order"].create(vals)
            if plan.state == "sent":
                order.action_quotation_sent()
            elif plan.state == "sale":
                order.action_confirm()
            elif plan.state == "cancel":
                order._action_cancel()
            order.date_order = vals["date_order"]

    def _archive_customers(self):
        for key in ARCHIVED:
            self._demo_ref("res_partner", key).action_archive()

    def _load_indicators(self):
        """Fill the profile and the month-end snapshots from that history."""
        company = self.env.company
        self.env["customer.finance.profile"]._rebuild(company)
        self.env["customer.acquisition"]._refresh(company)
        self.env["customer.finance.snapshot"]._rebuild(company, months=24)


def _bill_key(plan):
    """Return what the orders of one collective invoice have in common."""
    return plan.story.key, plan.invoice_date


def _moment(day):
    """Return ten in the morning of a day."""
    return datetime.combine(day, time(10))
