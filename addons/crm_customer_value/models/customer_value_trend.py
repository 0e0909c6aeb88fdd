# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Net sales and margin of a customer, month by month."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_finance_bridge.models.customer_finance_drill import MARGIN_LINES
from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import AMOUNT

#: Months shown, the running one among them.
MONTHS = 24


class CustomerFinanceProfile(models.Model):
    _inherit = "customer.finance.profile"

    value_trend = fields.Json(
        string="Net Sales and Margin by Month",
        compute="_compute_value_trend",
        groups=AMOUNT,
    )

    @api.depends("partner_id", "company_id", "net_sales")
    @api.depends_context("uid", "lang")
    def _compute_value_trend(self):
        """The last 24 months as points of the graph: net sales, and margin for those
        who may see it; one statement per company."""
        names = ["net_sales"]
        if self._has_field_access(self._fields["margin"], "read"):
            names.append("margin")
        labels = self.fields_get(names, ["string"])
        self.value_trend = False
        for company, profiles in self.grouped("company_id").items():
            today = company._get_finance_today()
            months = [
                today + relativedelta(months=1 - MONTHS + number, day=1)
                for number in range(MONTHS)
            ]
            found = self._read_value_trend(company, profiles, months[0])
            for profile in profiles:
                points = found.get(profile.partner_id.id)
                if not points:
                    continue
                profile.value_trend = {
                    "labels": [fields.Date.to_string(month) for month in months],
                    "series": [
                        {
                            "name": name,
                            "label": labels[name]["string"],
                            "values": [
                                points.get(month, {}).get(name, 0.0) for month in months
                            ],
                        }
                        for name in names
                    ],
                }

    @api.model
    def _read_value_trend(self, company, profiles, start):
        """Return ``{partner id: {first of month: row}}`` from a day on."""
        facts = self.env["customer.finance.facts"]
        facts._flush_sources()
        scope = facts._get_scope(company, profiles.partner_id)
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT partner_id, DATE_TRUNC('month', date)::date AS month,
                       SUM(net_sales)::float8 AS net_sales,
                       SUM(net_sales - cost::numeric)::float8 AS margin
                  FROM (%s) line
                 WHERE date >= %s AND date <= %s
                 GROUP BY 1, 2
                """,
                facts._sql_margin_lines(scope),
                start,
                scope.date,
            )
        )
        found = {}
        for row in rows:
            found.setdefault(row["partner_id"], {})[row["month"]] = row
        return found


class CustomerFinanceDrill(models.AbstractModel):
    _inherit = "customer.finance.drill"

    @api.model
    def _get_figure_sources(self):
        return {
            **super()._get_figure_sources(),
            "value_trend": self._get_month_source,
        }

    def _get_month_source(self):
        """The lines of the month named in the context, else of all months shown."""
        month = fields.Date.to_date(self.env.context.get("finance_month"))
        last = self.as_of_date
        first = last + relativedelta(months=1 - MONTHS, day=1)
        if month:
            first = month.replace(day=1)
            last = min(last, first + relativedelta(day=31))
        days = Domain("date", ">=", first) & Domain("date", "<=", last)
        return MARGIN_LINES, self._get_customer_domain() & days, self.as_of_date
