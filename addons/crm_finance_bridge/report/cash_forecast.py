# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL, format_date

from ..models.cash_forecast_rows import KINDS, SCENARIOS, WEEKS
from ..models.customer_finance_mixin import AMOUNT
from .cash_forecast_row import DEPENDS, LINES


class CashForecast(models.Model):
    """The cash forecast: what money is to come when, live.

    An inflow is a row in each of the lines low, expected and high, so that amounts can
    be summed by day and week: a line counts on the same money on another day.
    """

    _name = "cash.forecast"
    _description = "Cash Forecast"
    _inherit = ["cash.forecast.row"]
    _auto = False
    _depends = {
        **DEPENDS,
        "crm.lead": [
            "active",
            "company_id",
            "date_deadline",
            "expected_revenue",
            "partner_id",
            "probability",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
        "customer.finance.profile": ["paid_amount", "paid_count"],
        "sale.collection.line": ["amount", "date_due", "order_id"],
        "sale.order": [
            "currency_rate",
            "invoice_status",
            "opportunity_id",
            "partner_invoice_id",
            "state",
            "user_id",
        ],
    }

    scenario = fields.Selection(LINES, string="Line", readonly=True)
    kind = fields.Selection(
        [
            ("item", "Invoiced"),
            ("plan", "Ordered, Not Invoiced"),
            ("lead", "Opportunity"),
        ],
        readonly=True,
        help="Invoiced: open receivable items, each instalment by its own due date, "
        "less the customer's unallocated credit, which is taken off the earliest. "
        "Ordered, not invoiced: the rest of the collection plans of orders. "
        "Opportunity: expected revenue × probability, if the company forecasts "
        "opportunities.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        related=None,
        readonly=True,
        help="Of the customer, the order or the opportunity.",
    )
    order_id = fields.Many2one("sale.order", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    document_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_currency = fields.Monetary(
        string="In Document Currency",
        currency_field="document_currency_id",
        readonly=True,
        aggregator=None,
        groups=AMOUNT,
        help="The amount at the rate of the document.",
    )
    week = fields.Selection(
        selection="_selection_week",
        string="Until",
        readonly=True,
        help="Last day of the week, counted from today, in which this line counts on "
        "the money.",
    )
    date_early = fields.Date(string="Early Day", readonly=True)
    date_expected = fields.Date(string="Expected Day", readonly=True)
    date_late = fields.Date(string="Late Day", readonly=True)
    lag = fields.Integer(
        string="Usually Late (days)",
        readonly=True,
        aggregator=None,
        help="Mean of the days late, weighted by money; negative when early.",
    )
    spread = fields.Integer(
        string="Spread (days)",
        readonly=True,
        aggregator=None,
        help="Standard deviation of the days late, weighted by money.",
    )
    is_doubtful = fields.Boolean(
        string="Doubtful",
        readonly=True,
        help="Overdue for longer than the company's bound and later than even a late "
        "payment of the customer; only the high line counts on it.",
    )

    def _selection_week(self):
        """Return the weeks with their last day, and what comes after them."""
        today = self._get_finance_scope().date
        # Translated, for languages differ in the order of day, month and year.
        pattern = self.env._("d MMM y")
        weeks = [
            (
                f"w{week:02}",
                format_date(
                    self.env, today + timedelta(weeks=week), date_format=pattern
                ),
            )
            for week in range(1, WEEKS + 1)
        ]
        return [*weeks, (f"w{WEEKS + 1}", self.env._("Later"))]

    @property
    def _table_query(self):
        kinds = SQL(" ").join(
            SQL("WHEN %s THEN %s", kind, place) for place, kind in enumerate(KINDS)
        )
        return SQL(
            """
            SELECT (forecast.id::bigint * %(kind_count)s + CASE kind %(kinds)s END)
                        * %(line_count)s + number AS id,
                   forecast.kind, forecast.scenario, forecast.company_id,
                   forecast.partner_id,
                   CASE kind WHEN 'item' THEN partner.user_id
                             WHEN 'plan' THEN sale.user_id
                             ELSE lead.user_id END AS user_id,
                   forecast.move_id, forecast.order_id, forecast.lead_id,
                   COALESCE(item.currency_id, sale.currency_id, company.currency_id)
                        AS document_currency_id,
                   ROUND(forecast.amount * COALESCE(
                            item.amount_currency / NULLIF(item.balance, 0),
                            NULLIF(sale.currency_rate, 0), 1),
                         currency.decimal_places) AS amount_currency,
                   forecast.date_due, forecast.date,
                   'w' || LPAD(LEAST(forecast.week, %(later)s)::text, 2, '0') AS week,
                   forecast.early AS date_early, forecast.expected AS date_expected,
                   forecast.late AS date_late,
                   forecast.basis, forecast.lag, forecast.spread, forecast.is_doubtful,
                   forecast.amount, %(lines)s
              FROM (%(forecast)s) forecast
              JOIN res_company company ON company.id = forecast.company_id
              LEFT JOIN res_partner partner ON partner.id = forecast.partner_id
              LEFT JOIN account_move_line item
                     ON item.id = forecast.id AND forecast.kind = 'item'
              LEFT JOIN sale_order sale ON sale.id = forecast.order_id
              LEFT JOIN crm_lead lead ON lead.id = forecast.lead_id
              JOIN res_currency currency ON currency.id = COALESCE(
                        item.currency_id, sale.currency_id, company.currency_id)
            """,
            kinds=kinds,
            kind_count=len(KINDS),
            line_count=len(SCENARIOS),
            later=WEEKS + 1,
            lines=self._sql_lines("scenario", SCENARIOS),
            forecast=self.env["cash.forecast.rows"]._sql_forecast(
                self._get_finance_scope()
            ),
        )

    def action_open_document(self):
        """Open the invoice, order or opportunity the money is expected from."""
        self.ensure_one()
        document = self.move_id or self.order_id or self.lead_id
        return document._get_records_action(context={})
