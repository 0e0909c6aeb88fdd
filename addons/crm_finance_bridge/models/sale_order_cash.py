# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an order, an opportunity and a customer show of the way from order to cash."""

from odoo import api, fields, models

from .customer_finance_mixin import AMOUNT, INDICATOR


class SaleOrder(models.Model):
    _inherit = "sale.order"

    cash_invoiced = fields.Monetary(
        string="Invoiced",
        compute="_compute_cash_position",
        groups=AMOUNT,
        help="Posted invoices less credit notes of this order, tax included, in the "
        "order's currency.",
    )
    cash_collected = fields.Monetary(
        string="Collected",
        compute="_compute_cash_position",
        groups=AMOUNT,
        help="Money received on this order's invoices. An invoice of several orders "
        "shares its money in proportion to what it bills of each.",
    )
    cash_open = fields.Monetary(
        string="Unpaid",
        compute="_compute_cash_position",
        groups=AMOUNT,
        help="What is still to be paid of this order's invoices.",
    )
    cash_overdue = fields.Monetary(
        string="Order Overdue",
        compute="_compute_cash_position",
        groups=AMOUNT,
        help="What is past its due date of this order's invoices.",
    )
    cash_progress = fields.Float(
        string="Collected (%)",
        compute="_compute_cash_position",
        groups=INDICATOR,
        help="Collected in per cent of the order's total.",
    )
    cash_next_due_date = fields.Date(
        string="Next Due",
        compute="_compute_cash_position",
        groups=INDICATOR,
        help="Of an invoice not paid yet, else of the collection plan.",
    )
    cash_days_late = fields.Integer(
        string="Order Days Late",
        compute="_compute_cash_position",
        groups=INDICATOR,
        help="Days since the oldest unpaid due date of this order's invoices.",
    )

    @api.depends("state", "amount_total", "collection_line_ids.date_due")
    def _compute_cash_position(self):
        confirmed = self.filtered(lambda order: order.state == "sale")
        positions = {}
        if confirmed.ids:
            rows = self.env["order.cash.rows"].sudo()
            positions = rows._get_order_positions(confirmed._origin)
        sees_amounts = self._has_field_access(self._fields["cash_open"], "read")
        for order in self:
            row = positions.get(order._origin.id, {})
            collected = float(row.get("collected", 0.0))
            order.cash_progress = (
                100 * collected / order.amount_total if order.amount_total else 0.0
            )
            order.cash_next_due_date = row.get(
                "next_due_date"
            ) or order._get_next_planned_date(collected)
            order.cash_days_late = row.get("days_late", 0)
            if sees_amounts:
                order.cash_invoiced = row.get("invoiced", 0.0)
                order.cash_collected = collected
                order.cash_open = row.get("open_amount", 0.0)
                order.cash_overdue = row.get("overdue", 0.0)

    def _get_cash_totals(self, name):
        """Return ``{record: (ordered, collected, overdue)}`` of these orders.

        In company currency at each order's rate; one statement.

        :param name: field to group the orders by
        """
        rows = self.env["order.cash.rows"].sudo()._get_order_positions(self)
        totals = {}
        for key, orders in self.grouped(name).items():
            found = [rows[order.id] for order in orders if order.id in rows]
            totals[key] = tuple(
                sum(float(row[part] / row["rate"]) for row in found)
                for part in ("ordered", "collected", "overdue")
            )
        return totals

    def action_open_cash_position(self):
        """Open this order's instalments and payments."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_finance_bridge.sale_collection_report_action"
        )
        return {
            **action,
            "domain": [("order_id", "=", self.id)],
            "context": {},
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
        }

    def action_open_cash_invoices(self):
        """Open the invoices and credit notes behind the amounts."""
        self.ensure_one()
        return self.action_view_invoice()


class CrmLead(models.Model):
    _inherit = "crm.lead"

    cash_collected_rate = fields.Float(
        string="Collected (%)",
        compute="_compute_cash_collected",
        help="Collected in per cent of what was ordered, of this opportunity's "
        "confirmed orders.",
    )
    cash_overdue = fields.Monetary(
        string="Orders Overdue",
        compute="_compute_cash_collected",
        currency_field="company_currency",
        groups=AMOUNT,
        help="What is past its due date of this opportunity's orders, in company "
        "currency.",
    )

    def _compute_cash_collected(self):
        orders = self.env["sale.order"].search(
            [("opportunity_id", "in", self.ids), ("state", "=", "sale")]
        )
        totals = orders._get_cash_totals("opportunity_id")
        sees_amounts = self._has_field_access(self._fields["cash_overdue"], "read")
        for lead in self:
            ordered, collected, overdue = totals.get(lead._origin, (0.0, 0.0, 0.0))
            lead.cash_collected_rate = 100 * collected / ordered if ordered else 0.0
            if sees_amounts:
                lead.cash_overdue = overdue

    def action_open_cash_positions(self):
        """List this opportunity's orders from order to cash."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_finance_bridge.sale_order_position_action"
        )
        return {**action, "domain": [("opportunity_id", "=", self.id)], "context": {}}
