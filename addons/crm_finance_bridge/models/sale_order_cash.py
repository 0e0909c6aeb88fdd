# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an order shows of the way from order to cash."""

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
            order.cash_next_due_date = order._get_next_due(positions)
            order.cash_days_late = row.get("days_late", 0)
            if sees_amounts:
                order.cash_invoiced = row.get("invoiced", 0.0)
                order.cash_collected = collected
                order.cash_open = row.get("open_amount", 0.0)
                order.cash_overdue = row.get("overdue", 0.0)

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
