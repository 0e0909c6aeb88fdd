# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.cash_forecast_backtest_rows import WEEKS_AGO
from ..models.cash_forecast_rows import SCENARIOS
from ..models.customer_finance_mixin import AMOUNT
from .cash_forecast_row import DEPENDS, LINES

TESTED = [*LINES, ("actual", "Came")]


class CashForecastTest(models.Model):
    """What the cash forecast said some weeks ago, and what came, live."""

    _name = "cash.forecast.test"
    _description = "Back-Test of the Cash Forecast"
    _inherit = ["cash.forecast.row"]
    _auto = False
    _order = "date, id"
    _depends = DEPENDS

    weeks_ago = fields.Selection(
        selection="_selection_weeks_ago",
        string="Forecast Made",
        readonly=True,
        help="The forecast is computed from the ledger as it stands now: the invoices "
        "open at the end of that day and the payments known then. Orders and "
        "opportunities as they were then cannot be rebuilt, so it is about invoices "
        "only: neither forecast nor money of invoices made later count.",
    )
    line = fields.Selection(TESTED, readonly=True)
    move_id = fields.Many2one(string="Invoice")
    date = fields.Date(
        help="Day on which the line counted on the money, or on which it came."
    )
    week = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Week after the forecast was made; the first is that of the seven days "
        "after it.",
    )
    actual = fields.Monetary(
        string="Came",
        readonly=True,
        groups=AMOUNT,
        help="Money that settled, after the day of the forecast, invoices of up to "
        "that day. In company currency.",
    )
    error = fields.Monetary(
        string="Came Less Expected",
        readonly=True,
        groups=AMOUNT,
        help="What came less what was expected. In company currency.",
    )

    def _selection_weeks_ago(self):
        return [
            (f"{weeks:02}", self.env._("%(weeks)s Weeks Ago", weeks=weeks))
            for weeks in WEEKS_AGO
        ]

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT test.id, LPAD(test.weeks_ago::text, 2, '0') AS weeks_ago, test.line,
                   test.company_id, test.partner_id, test.move_id, test.date_due,
                   test.date, test.week, test.basis, test.amount, %(lines)s,
                   CASE test.line WHEN 'actual' THEN amount
                                  WHEN 'expected' THEN -amount
                                  ELSE 0 END AS error
              FROM (%(tests)s) test
            """,
            lines=self._sql_lines("line", (*SCENARIOS, "actual")),
            tests=self.env["cash.forecast.rows"]._sql_backtest(
                self._get_finance_scope()
            ),
        )
