# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.customer_finance_mixin import AMOUNT

#: What the rows are read from; see ``_depends`` of Odoo's models.
DEPENDS = {
    "account.move": ["invoice_date", "move_type", "state"],
    "account.move.line": [
        "account_id",
        "amount_residual",
        "balance",
        "company_id",
        "date",
        "date_maturity",
        "journal_id",
        "move_id",
        "parent_state",
        "partner_id",
        "price_total",
        "tax_line_id",
    ],
    "account.partial.reconcile": [
        "amount",
        "credit_move_id",
        "debit_move_id",
        "max_date",
    ],
    "res.company": [
        "finance_doubtful_days",
        "finance_forecast_leads",
        "finance_lag_count",
        "finance_lead_days",
        "finance_window_days",
    ],
    "res.partner": ["commercial_partner_id", "country_id", "user_id"],
}

BASES = [
    ("customer", "Customer"),
    ("segment", "Country"),
    ("company", "All Customers"),
    ("none", "Nothing Known"),
]
LINES = [("low", "Low"), ("expected", "Expected"), ("high", "High")]


class CashForecastRow(models.AbstractModel):
    """A row of the forecast or of its back-test: one inflow in one line, on the day on
    which the line counts on it."""

    _name = "cash.forecast.row"
    _description = "Cash Forecast Row"
    _inherit = ["customer.finance.row"]
    _auto = False
    _order = "date, id"
    _rec_name = "partner_id"

    date = fields.Date(
        string="Day",
        readonly=True,
        help="Day on which this line counts on the money.",
    )
    date_due = fields.Date(string="Due", readonly=True)
    amount = fields.Monetary(readonly=True, groups=AMOUNT, help="In company currency.")
    low = fields.Monetary(
        readonly=True,
        groups=AMOUNT,
        help="Money by the day on which it comes even if it is late: the expected day "
        "and a standard deviation of the days late. Without opportunities, and without "
        "what is later than that already. In company currency.",
    )
    expected = fields.Monetary(
        readonly=True,
        groups=AMOUNT,
        help="Money by its expected day: due date + days the customer is usually late, "
        "weighted by money. What is later than that already is expected after as many "
        "days again, at least a standard deviation and a week from now. Without "
        "doubtful money. In company currency.",
    )
    high = fields.Monetary(
        readonly=True,
        groups=AMOUNT,
        help="Money by the day on which it may come early: the expected day less a "
        "standard deviation of the days late. Doubtful money counts on its expected "
        "day. In company currency.",
    )
    basis = fields.Selection(
        BASES,
        string="Lateness From",
        readonly=True,
        help="Whose payments tell how late the money will be: the customer's own if "
        "there are enough in the window, otherwise those of its country, otherwise "
        "those of all customers.",
    )

    @api.model
    def _get_finance_scope(self):
        """Only the user's companies, with the branches their payments may be in."""
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        families = companies.search(
            [("id", "child_of", self.env.companies.root_id.ids)]
        )
        return replace(super()._get_finance_scope(), family_ids=tuple(families.ids))

    @api.model
    def _sql_lines(self, column, names):
        """Return a column per line, with the amount in that of the row.

        :param column: name of the column that tells the line
        """
        return SQL(", ").join(
            SQL(
                "CASE WHEN %s = %s THEN amount ELSE 0 END AS %s",
                SQL.identifier(column),
                name,
                SQL.identifier(name),
            )
            for name in names
        )
