# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_finance_bridge.models.customer_finance_drill import MARGIN_LINES
from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import MARGIN
from odoo.addons.crm_finance_bridge.models.customer_finance_rows import Scope
from odoo.addons.crm_finance_bridge.models.optional_fields import OptionalFloat
from odoo.addons.crm_finance_bridge.tools.ratios import Ratio

YEAR = relativedelta(months=12)
#: From what was kept to what is new.
MOVEMENTS = [
    ("grown", "Grown"),
    ("same", "Unchanged"),
    ("shrunk", "Shrunk"),
    ("lost", "Lost"),
    ("loss", "Earned Nothing Before"),
    ("new", "New"),
]
#: What a total over several month ends is the mean of.
MEASURES = ("margin_before", "margin", "margin_change")


class CustomerMarginRetention(models.Model):
    """The margin of twelve months beside that of the twelve before, per customer and
    month end.

    Read from the margin lines by calendar month, not from the snapshots: these have the
    window of the settings, which need not be a year, and begin with the installation.
    """

    _name = "customer.margin.retention"
    _description = "Margin Retention"
    _inherit = ["customer.finance.ratio"]
    _auto = False
    _order = "as_of_date desc, margin_change, id"
    _rec_name = "partner_id"
    _finance_ratios = {
        "gross_retention": Ratio("gross_retention", {"kept": 1}, {"base": 1}),
        "net_retention": Ratio("net_retention", {"base_now": 1}, {"base": 1}),
    }

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    profile_id = fields.Many2one("customer.finance.profile", readonly=True)
    user_id = fields.Many2one(related="partner_id.user_id")
    country_id = fields.Many2one(related="partner_id.country_id")
    segment = fields.Selection(
        related="profile_id.value_segment",
        string="Segment",
        help="The segment of the customer today, not at that month end.",
    )
    tier_id = fields.Many2one(
        related="profile_id.value_tier_id",
        string="Tier",
        help="The tier of the customer today, not at that month end.",
    )
    as_of_date = fields.Date(
        string="Month End",
        readonly=True,
        help="Last day of the twelve months; months that have ended only.",
    )
    is_latest = fields.Boolean(string="Latest Month End", readonly=True)
    is_known = fields.Boolean(
        string="Year Before Known",
        readonly=True,
        help="The books begin at most a month after the earlier twelve months do. "
        "Otherwise these lack documents, and what is kept looks like more.",
    )
    customer = fields.Integer(
        string="Customers", readonly=True, aggregator="count_distinct"
    )
    movement = fields.Selection(
        MOVEMENTS,
        readonly=True,
        help="New: nothing billed in the twelve months before. Lost: nothing billed "
        "since. Earned nothing before: billed then, but at no margin or a loss.",
    )
    margin_before = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="Net sales less frozen cost of the twelve months before, in company "
        "currency. Of several month ends, their mean.",
    )
    margin = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="Net sales less frozen cost of the twelve months up to the month end, in "
        "company currency. Of several month ends, their mean.",
    )
    margin_change = fields.Monetary(
        string="Change", readonly=True, groups=MARGIN, help="Margin − margin before."
    )
    base = fields.Monetary(
        readonly=True, groups=MARGIN, help="Margin before, of customers who earned one."
    )
    kept = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="Of customers who earned a margin before, the smaller of both margins.",
    )
    base_now = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="Margin now, of customers who earned one before.",
    )
    gross_retention = OptionalFloat(
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="Σ smaller of both margins / Σ margin before, over customers who earned a "
        "margin in the twelve months before: what was kept of it, without what grew. "
        "A loss now counts as one. Empty if nobody earned one.",
    )
    net_retention = OptionalFloat(
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="Σ margin / Σ margin before, over customers who earned a margin in the "
        "twelve months before: with what grew, without new customers. Empty if nobody "
        "earned one.",
    )

    def _read_group_select(self, aggregate_spec, query):
        name, _sep, function = aggregate_spec.partition(":")
        total = super()._read_group_select(aggregate_spec, query)
        if function in ("sum", "sum_currency") and name in MEASURES:
            # Every month end tells of a whole year: several of them are averaged.
            return SQL(
                "(%s / COUNT(DISTINCT %s))", total, self._sql_measure("as_of_date")
            )
        return total

    @property
    def _table_query(self):
        facts = self.env["customer.finance.facts"]
        facts._flush_sources()
        today = self.env.company._get_finance_today()
        return SQL(
            """
            WITH company AS MATERIALIZED (
                    SELECT company.id,
                           DATE_TRUNC('month', company.today)::date AS running
                      FROM (VALUES %(companies)s) AS company (id, today)
                 ),
                 month AS MATERIALIZED (
                    SELECT line.company_id, line.partner_id,
                           DATE_TRUNC('month', line.date)::date AS month,
                           ROUND(SUM(line.net_sales - line.cost::numeric), 6)
                                AS margin
                      FROM (%(lines)s) line
                      JOIN company ON company.id = line.company_id
                     WHERE line.date < company.running
                     GROUP BY 1, 2, 3
                 ),
                 customer AS (
                    SELECT month.company_id, month.partner_id, company.running,
                           MIN(month.month) AS first,
                           LEAST(MAX(month.month) + INTERVAL '23 months',
                                 company.running - INTERVAL '1 month') AS last,
                           MIN(MIN(month.month)) OVER (PARTITION BY month.company_id)
                                AS opened
                      FROM month
                      JOIN company ON company.id = month.company_id
                     GROUP BY month.company_id, month.partner_id, company.running
                 ),
                 window_row AS (
                    SELECT customer.company_id, customer.partner_id,
                           customer.running, customer.opened, place.month::date,
                           COUNT(month.month) OVER before AS count_before,
                           COUNT(month.month) OVER now AS count_now,
                           COALESCE(SUM(month.margin) OVER before, 0)
                                AS margin_before,
                           COALESCE(SUM(month.margin) OVER now, 0) AS margin
                      FROM customer
                     CROSS JOIN LATERAL GENERATE_SERIES(
                            customer.first, customer.last, INTERVAL '1 month'
                           ) AS place (month)
                      LEFT JOIN month ON month.company_id = customer.company_id
                            AND month.partner_id = customer.partner_id
                            AND month.month = place.month
                    WINDOW now AS (
                                PARTITION BY customer.company_id, customer.partner_id
                                ORDER BY place.month
                                ROWS BETWEEN 11 PRECEDING AND CURRENT ROW),
                           before AS (
                                PARTITION BY customer.company_id, customer.partner_id
                                ORDER BY place.month
                                ROWS BETWEEN 23 PRECEDING AND 12 PRECEDING)
                 )
            SELECT (row.partner_id::bigint * 10000 + row.company_id) * 10000
                        + (EXTRACT(YEAR FROM row.month)::int - 1900) * 12
                        + EXTRACT(MONTH FROM row.month)::int AS id,
                   row.partner_id, row.company_id, profile.id AS profile_id,
                   (row.month + INTERVAL '1 month - 1 day')::date AS as_of_date,
                   row.month + INTERVAL '1 month' = row.running AS is_latest,
                   row.month - INTERVAL '22 months' >= row.opened AS is_known,
                   row.partner_id::bigint * 10000 + row.company_id AS customer,
                   CASE WHEN row.count_before = 0 THEN 'new'
                        WHEN row.margin_before <= 0 THEN 'loss'
                        WHEN row.count_now = 0 THEN 'lost'
                        WHEN row.margin > row.margin_before THEN 'grown'
                        WHEN row.margin < row.margin_before THEN 'shrunk'
                        ELSE 'same' END AS movement,
                   row.margin_before, row.margin,
                   row.margin - row.margin_before AS margin_change,
                   earned.base, earned.kept, earned.base_now,
                   (earned.kept / NULLIF(earned.base, 0))::float8 AS gross_retention,
                   (earned.base_now / NULLIF(earned.base, 0))::float8
                        AS net_retention
              FROM window_row row
             CROSS JOIN LATERAL (
                    SELECT CASE WHEN row.margin_before > 0
                                THEN row.margin_before ELSE 0 END AS base,
                           CASE WHEN row.margin_before > 0
                                THEN LEAST(row.margin, row.margin_before)
                                ELSE 0 END AS kept,
                           CASE WHEN row.margin_before > 0
                                THEN row.margin ELSE 0 END AS base_now
                   ) earned
              LEFT JOIN customer_finance_profile profile
                     ON profile.partner_id = row.partner_id
                    AND profile.company_id = row.company_id
             WHERE row.count_before + row.count_now > 0
            """,
            companies=SQL(", ").join(
                SQL("(%s, %s::date)", company.id, company._get_finance_today())
                for company in self.env.companies.sudo()
            ),
            lines=facts._sql_margin_lines(Scope(date=today)),
        )

    def action_open_now(self):
        """Open the margin lines of the twelve months up to the month end."""
        return self._open_lines(self.as_of_date)

    def action_open_before(self):
        """Open the margin lines of the twelve months before."""
        return self._open_lines(self._get_month_end_before())

    def action_open_both(self):
        """Open the margin lines of both years, by month."""
        return self._open_lines(self.as_of_date, 24, group_by=["date:month"])

    def _get_month_end_before(self):
        # Not one year back from the 28th of February: it may have a 29th.
        return self.as_of_date + timedelta(days=1) - YEAR - timedelta(days=1)

    def _open_lines(self, last, months=12, **context):
        self.ensure_one()
        first = last + timedelta(days=1) - relativedelta(months=months)
        action = self.env["ir.actions.act_window"]._for_xml_id(MARGIN_LINES)
        title = self.env._(
            "%(customer)s, %(start)s to %(end)s",
            customer=self.partner_id.display_name,
            start=fields.Date.to_string(first),
            end=fields.Date.to_string(last),
        )
        domain = Domain(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("date", ">=", first),
                ("date", "<=", last),
            ]
        )
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": list(domain),
            "context": context,
        }
