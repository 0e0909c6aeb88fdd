# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..models.cash_forecast_backtest_rows import WEEKS_AGO
from ..models.cash_forecast_rows import SCENARIOS, WEEKS
from ..models.customer_finance_mixin import AMOUNT
from ..tools.payment_lag import band_share

#: Weeks ahead whose totals are shown.
AHEAD = (4, 13, WEEKS)


def total(string, text=None):
    """Return a field that sums expected payments, in company currency."""
    return fields.Monetary(
        string=string, compute="_compute_forecast", groups=AMOUNT, help=text
    )


class CashForecastOverview(models.Model):
    """The cash forecast of a company on one screen: what is to come, and how good
    earlier forecasts were. Computed live, of the rows the user may see."""

    _name = "cash.forecast.overview"
    _description = "Cash Forecast Overview"
    _auto = False
    _rec_name = "company_id"
    _order = "id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="As Of", compute="_compute_forecast")
    headline = fields.Text(
        string="Earlier Forecasts",
        compute="_compute_backtest",
        groups=AMOUNT,
        help="Forecasts as they would have been made from the invoices and payments "
        "known then, and the money that settled these invoices since. The band is "
        "that of the low and the high line, both cumulated.",
    )
    band = fields.Json(compute="_compute_forecast", groups=AMOUNT)
    backtest = fields.Json(compute="_compute_backtest", groups=AMOUNT)
    low_4 = total("Low, 4 Weeks")
    expected_4 = total("Expected, 4 Weeks")
    high_4 = total("High, 4 Weeks")
    low_13 = total("Low, 13 Weeks")
    expected_13 = total("Expected, 13 Weeks")
    high_13 = total("High, 13 Weeks")
    low_26 = total("Low, 26 Weeks")
    expected_26 = total("Expected, 26 Weeks")
    high_26 = total("High, 26 Weeks")
    later = total("Later", "Expected after 26 weeks. In company currency.")
    doubtful = total(
        "Doubtful",
        "Overdue for longer than the company's bound and later than even a late "
        "payment of the customer: in the high line only. In company currency.",
    )

    @property
    def _table_query(self):
        return SQL("SELECT id, id AS company_id FROM res_company WHERE active")

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Cash Forecast")

    # ------------------------------------------------------------------
    # What is to come
    # ------------------------------------------------------------------

    @api.depends("company_id")
    @api.depends_context("uid", "lang", "allowed_company_ids", "finance_date")
    def _compute_forecast(self):
        forecast = self.env["cash.forecast"]
        today = forecast._get_finance_scope().date
        weeks = defaultdict(lambda: [0.0] * (WEEKS + 1))
        doubtful = defaultdict(float)
        for company, scenario, week, is_doubtful, amount in forecast._read_group(
            [("company_id", "in", self.company_id.ids)],
            ["company_id", "scenario", "week", "is_doubtful"],
            ["amount:sum"],
        ):
            weeks[company, scenario][int(week[1:]) - 1] += amount
            if is_doubtful:
                doubtful[company] += amount
        for row in self:
            company = row.company_id
            row.date = today
            row.doubtful = doubtful[company]
            row.later = weeks[company, "expected"][-1]
            for scenario in SCENARIOS:
                for ahead in AHEAD:
                    row[f"{scenario}_{ahead}"] = sum(weeks[company, scenario][:ahead])
            row.band = self._get_curves(
                today, {name: weeks[company, name][:WEEKS] for name in SCENARIOS}
            )

    # ------------------------------------------------------------------
    # What earlier forecasts said, and what came
    # ------------------------------------------------------------------

    @api.depends("company_id")
    @api.depends_context("uid", "lang", "allowed_company_ids", "finance_date")
    def _compute_backtest(self):
        tests = self.env["cash.forecast.test"]
        today = tests._get_finance_scope().date
        amounts = defaultdict(float)
        for company, weeks_ago, line, week, amount in tests._read_group(
            [("company_id", "in", self.company_id.ids)],
            ["company_id", "weeks_ago", "line", "week"],
            ["amount:sum"],
        ):
            amounts[company, int(weeks_ago), line, week] = amount
        for row in self:
            curves = {
                ago: {
                    line: [
                        amounts[row.company_id, ago, line, week]
                        for week in range(1, ago + 1)
                    ]
                    for line in (*SCENARIOS, "actual")
                }
                for ago in WEEKS_AGO
            }
            row.headline = "\n".join(
                row._get_headline(today, ago, curves[ago]) for ago in WEEKS_AGO
            )
            oldest = max(WEEKS_AGO)
            row.backtest = self._get_curves(
                today - timedelta(weeks=oldest), curves[oldest]
            )

    def _get_headline(self, today, ago, curves):
        """Return in words what was forecast some weeks ago, and what came."""
        self.ensure_one()
        total = {line: sum(curve) for line, curve in curves.items()}
        day = format_date(self.env, today - timedelta(weeks=ago))
        if not any(total.values()):
            return self.env._(
                "%(weeks)s weeks ago (%(day)s) nothing was due to come by now, and "
                "nothing came.",
                weeks=ago,
                day=day,
            )
        share = band_share(
            list(zip(curves["low"], curves["high"], curves["actual"], strict=True))
        )
        return self.env._(
            "%(weeks)s weeks ago (%(day)s) we expected %(expected)s by now, between "
            "%(low)s and %(high)s; %(actual)s came. At the end of %(inside)s of "
            "%(weeks)s weeks, what had come lay within the band.",
            weeks=ago,
            day=day,
            inside=round(share * ago),
            **{line: self.currency_id.format(total[line]) for line in total},
        )

    @api.model
    def _get_curves(self, start, curves):
        """Return the cumulated lines as points of the trend graph.

        :param start: the day before the first week
        :param curves: ``{line: [amount of each week]}``
        """
        tests = self.env["cash.forecast.test"]
        labels = dict(tests._fields["line"]._description_selection(self.env))
        series = []
        for name, amounts in curves.items():
            total, values = 0.0, []
            for amount in [0.0, *amounts]:
                total += amount
                values.append(round(total, 2))
            series.append({"label": labels[name], "values": values, "line": name})
        return {
            "unit": "day",
            "labels": [
                fields.Date.to_string(start + timedelta(weeks=week))
                for week in range(len(series[0]["values"]))
            ],
            "series": series,
        }

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    @api.model
    def action_open_overview(self):
        """Open the forecast of the current company."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "crm_finance_bridge.cash_forecast_overview_action"
            ),
            "res_id": self.env.company.id,
        }

    def _open(self, xmlid, **values):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"crm_finance_bridge.{xmlid}"
        )
        domain = [("company_id", "=", self.company_id.id)]
        return {**action, "domain": domain + values.pop("domain", []), **values}

    def action_open_figure(self):
        """Open the rows behind the figure named in the context."""
        code = self.env.context.get("finance_figure", "expected_26")
        label = self.fields_get([code], ["string"])[code]["string"]
        if code == "doubtful":
            domain = [("is_doubtful", "=", True)]
        elif code == "later":
            domain = [("scenario", "=", "expected"), ("week", "=", f"w{WEEKS + 1}")]
        else:
            scenario, _sep, ahead = code.partition("_")
            domain = [
                ("scenario", "=", scenario),
                ("week", "in", [f"w{week:02}" for week in range(1, int(ahead) + 1)]),
            ]
        return self._open(
            "cash_forecast_action_payment",
            domain=domain,
            name=label,
            display_name=label,
            context={},
        )

    def action_open_weeks(self):
        """Open the forecast by week."""
        return self._open("cash_forecast_action")

    def action_open_payments(self):
        """Open the list of expected payments."""
        return self._open("cash_forecast_action_payment")

    def action_open_backtest(self):
        """Open the back-test by week."""
        return self._open("cash_forecast_test_action")
