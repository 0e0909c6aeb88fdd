# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.customer_finance_mixin import AMOUNT
from ..models.order_cash_rows import AMOUNTS

#: What the rows are read from; see ``_depends`` of Odoo's models.
DEPENDS = {
    "account.move": ["amount_total", "amount_total_signed", "move_type", "state"],
    "account.move.line": [
        "account_id",
        "amount_residual",
        "balance",
        "date_maturity",
        "move_id",
        "price_total",
    ],
    "account.partial.reconcile": [
        "amount",
        "credit_move_id",
        "debit_move_id",
        "max_date",
    ],
    "sale.order": ["amount_total", "currency_rate", "partner_invoice_id", "state"],
}


class SaleOrderPosition(models.Model):
    """From order to cash: one row per confirmed order, live, in company currency."""

    _name = "sale.order.position"
    _description = "Order to Cash"
    _auto = False
    _order = "overdue desc, open_amount desc, id desc"
    _rec_name = "order_id"
    _depends = DEPENDS

    order_id = fields.Many2one("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    opportunity_id = fields.Many2one("crm.lead", readonly=True)
    date_order = fields.Datetime(string="Order Date", readonly=True)
    ordered = fields.Monetary(
        readonly=True,
        groups=AMOUNT,
        help="Order total, tax included, in company currency at the order's rate.",
    )
    invoiced = fields.Monetary(
        readonly=True,
        groups=AMOUNT,
        help="Posted invoices less credit notes of the order, tax included.",
    )
    to_invoice = fields.Monetary(
        string="Not Invoiced",
        readonly=True,
        groups=AMOUNT,
        help="Ordered less invoiced, at least zero.",
    )
    collected = fields.Monetary(
        readonly=True,
        groups=AMOUNT,
        help="Money received on the order's invoices, less what was paid back. An "
        "invoice of several orders shares its money in proportion to what it bills of "
        "each.",
    )
    open_amount = fields.Monetary(
        string="Unpaid",
        readonly=True,
        groups=AMOUNT,
        help="What is still to be paid of the order's invoices. Ordered, less not "
        "invoiced, collected and unpaid, was written off or discounted.",
    )
    overdue = fields.Monetary(
        readonly=True, groups=AMOUNT, help="The part of it past its due date."
    )
    next_due_date = fields.Date(string="Next Due", readonly=True, aggregator="min")
    days_late = fields.Integer(
        string="Days Overdue",
        readonly=True,
        aggregator="max",
        help="Days since the oldest unpaid due date; 0 when nothing is late.",
    )
    collected_rate = fields.Float(
        string="Collected (%)",
        readonly=True,
        aggregator="avg",
        help="Collected in per cent of ordered.",
    )

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        """Those who may not see amounts get the latest debts first."""
        if (order or self._order) == self._order and not self._has_field_access(
            self._fields["overdue"], "read"
        ):
            order = "days_late desc, id desc"
        return super()._order_to_sql(order, query, alias, reverse)

    def _read_group_select(self, aggregate_spec, query):
        """The rate of a group is the quotient of its sums, not a mean of rates."""
        if aggregate_spec != "collected_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100 * SUM(%s) / NULLIF(SUM(%s), 0)",
            SQL.identifier(self._table, "collected"),
            SQL.identifier(self._table, "ordered"),
        )

    @property
    def _table_query(self):
        amounts = [
            SQL(
                "ROUND(position.%s / position.rate, 6) AS %s",
                SQL.identifier(name),
                SQL.identifier(name),
            )
            for name in AMOUNTS
        ]
        return SQL(
            """
            SELECT position.order_id AS id, position.order_id, position.company_id,
                   partner.commercial_partner_id AS partner_id,
                   sale.user_id, sale.team_id, sale.opportunity_id, sale.date_order,
                   %s,
                   GREATEST(0, position.ordered - position.invoiced) / position.rate
                        AS to_invoice,
                   position.next_due_date, position.days_late,
                   100 * position.collected / NULLIF(position.ordered, 0)
                        AS collected_rate
              FROM (%s) position
              JOIN sale_order sale ON sale.id = position.order_id
              JOIN res_partner partner ON partner.id = sale.partner_invoice_id
            """,
            SQL(", ").join(amounts),
            self.env["order.cash.rows"]._sql_order_positions(),
        )

    def action_open_order(self):
        """Open the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }
