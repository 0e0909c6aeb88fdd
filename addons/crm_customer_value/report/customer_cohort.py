# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_finance_bridge.models.customer_finance_drill import (
    MARGIN_LINES,
    ORDERS,
)
from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import AMOUNT, MARGIN
from odoo.addons.crm_finance_bridge.models.optional_fields import OptionalFloat
from odoo.addons.crm_finance_bridge.tools.ratios import Ratio

QUARTER = relativedelta(months=3)


class CustomerCohort(models.Model):
    """Who came back: one row per customer and quarter since its first order.

    A customer counts in every quarter up to the running one, whether it ordered or not,
    so what could not be observed yet has no row: such a cell of a pivot is empty.
    """

    _name = "customer.cohort"
    _description = "Cohort of Customers"
    _inherit = ["customer.finance.ratio"]
    _auto = False
    _order = "first_order_date desc, partner_id, age"
    _rec_name = "partner_id"
    _finance_ratios = {
        "retention": Ratio("retention", {"ordered": 1}, {"observed": 1}),
        "margin_per_customer": Ratio(
            "margin_per_customer", {"margin": 1}, {"customer": 1}
        ),
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
        help="The segment of the customer today, not at that time.",
    )
    tier_id = fields.Many2one(
        related="profile_id.value_tier_id",
        string="Tier",
        help="The tier of the customer today, not at that time.",
    )
    first_order_date = fields.Date(
        string="First Order",
        readonly=True,
        help="First day ever, where the company is, on which the customer ordered: a "
        "confirmed order that was kept, or an invoice without order. Its quarter, "
        "month or year is the cohort.",
    )
    age = fields.Integer(
        string="Age (Quarters)",
        readonly=True,
        aggregator=None,
        help="Calendar quarters since that of the first order, which is 0.",
    )
    period_start = fields.Date(
        string="Quarter", readonly=True, help="First day of the quarter of the row."
    )
    is_running = fields.Boolean(
        string="Still Running",
        readonly=True,
        help="The quarter has not ended: who has not ordered in it still may.",
    )
    customer = fields.Integer(
        string="Customers",
        readonly=True,
        aggregator="count_distinct",
        help="Customers of the cohort who have reached that age. Each counts once per "
        "company, over however many ages a total goes.",
    )
    active_customer = fields.Integer(
        string="Active",
        readonly=True,
        aggregator="count_distinct",
        help="Those of them who ordered at that age; in a total, at any of its ages.",
    )
    observed = fields.Integer(readonly=True)
    ordered = fields.Integer(
        readonly=True, help="1 if the customer ordered in that quarter."
    )
    order_days = fields.Integer(
        readonly=True, help="Days on which the customer ordered in that quarter."
    )
    retention = OptionalFloat(
        readonly=True,
        aggregator="avg",
        help="Active customers / customers who have reached that age. Empty in a total "
        "over several ages, where each customer would count several times.",
    )
    net_sales = fields.Monetary(
        readonly=True,
        groups=AMOUNT,
        help="Posted invoices less credit notes of that quarter, without tax, in "
        "company currency; what was billed before the first order counts at age 0.",
    )
    margin = fields.Monetary(
        readonly=True, groups=MARGIN, help="Net sales less frozen cost."
    )
    margin_per_customer = OptionalFloat(
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        groups=MARGIN,
        help="Margin / customers of the cohort who have reached that age; of several "
        "ages, what a customer brought in all of them.",
    )

    def _sql_total(self, name):
        if name == "observed":
            # Customers, as long as none of them is in the group at two ages.
            return SQL(
                "CASE WHEN COUNT(*) = %(customers)s THEN COUNT(*) END",
                customers=self._sql_total("customer"),
            )
        if name == "customer":
            return SQL("COUNT(DISTINCT %s)", self._sql_measure(name))
        return super()._sql_total(name)

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(
            SQL("(%s)", self._sql_company(company)) for company in self.env.companies
        )

    def _sql_company(self, company):
        """Return the rows of a company."""
        days = self.env["customer.value.day"]
        scope = self.env["customer.finance.facts"]._get_scope(company)
        return SQL(
            """
            WITH billed AS MATERIALIZED (%(billed)s),
                 ordered AS MATERIALIZED (
                    SELECT partner_id, DATE_TRUNC('quarter', date)::date AS quarter,
                           MIN(date) AS first_date, COUNT(*) AS order_days
                      FROM (%(days)s) day
                     GROUP BY 1, 2
                 ),
                 customer AS MATERIALIZED (
                    SELECT partner_id, MIN(first_date) AS first_date,
                           MIN(quarter) AS quarter,
                           DATE_TRUNC('quarter', %(today)s::date) AS running
                      FROM ordered GROUP BY partner_id
                 ),
                 earned AS (
                    SELECT customer.partner_id,
                           GREATEST(customer.quarter,
                                    DATE_TRUNC('quarter', billed.date)::date)
                                AS quarter,
                           SUM(billed.net) AS net_sales, SUM(billed.margin) AS margin
                      FROM billed
                      JOIN customer ON customer.partner_id = billed.partner_id
                     GROUP BY 1, 2
                 )
            SELECT row.*, 1 AS observed,
                   CASE WHEN row.order_days > 0 THEN 1 ELSE 0 END AS ordered,
                   CASE WHEN row.order_days > 0 THEN row.customer
                        END AS active_customer,
                   CASE WHEN row.order_days > 0 THEN 1 ELSE 0 END::float8 AS retention,
                   row.margin::float8 AS margin_per_customer
              FROM (
                    SELECT (customer.partner_id::bigint * 10000 + %(company)s) * 1000
                                + age.age AS id,
                           customer.partner_id, %(company)s AS company_id,
                           profile.id AS profile_id,
                           customer.first_date AS first_order_date, age.age,
                           place.quarter AS period_start,
                           place.quarter = customer.running AS is_running,
                           customer.partner_id::bigint * 10000 + %(company)s
                                AS customer,
                           COALESCE(ordered.order_days, 0)::int AS order_days,
                           COALESCE(earned.net_sales, 0) AS net_sales,
                           COALESCE(earned.margin, 0) AS margin
                      FROM customer
                     CROSS JOIN LATERAL GENERATE_SERIES(0, (
                            (EXTRACT(YEAR FROM customer.running)
                                - EXTRACT(YEAR FROM customer.quarter)) * 4
                            + EXTRACT(QUARTER FROM customer.running)
                                - EXTRACT(QUARTER FROM customer.quarter))::int
                           ) AS age (age)
                     CROSS JOIN LATERAL (
                            SELECT (customer.quarter
                                + age.age * INTERVAL '3 months')::date AS quarter
                           ) place
                      LEFT JOIN ordered ON ordered.partner_id = customer.partner_id
                            AND ordered.quarter = place.quarter
                      LEFT JOIN earned ON earned.partner_id = customer.partner_id
                            AND earned.quarter = place.quarter
                      LEFT JOIN customer_finance_profile profile
                             ON profile.partner_id = customer.partner_id
                            AND profile.company_id = %(company)s
                   ) row
            """,
            billed=days._sql_billed(scope),
            days=days._sql_ordered(scope),
            today=scope.date,
            company=company.id,
        )

    def action_open_documents(self):
        """Open the margin lines that sum to sales and margin of the row."""
        self.ensure_one()
        domain = Domain(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("date", "<", self.period_start + QUARTER),
                ("date", "<=", self.company_id.sudo()._get_finance_today()),
            ]
        )
        if self.age:
            domain &= Domain("date", ">=", self.period_start)
        return self._open_rows(MARGIN_LINES, domain)

    def action_open_orders(self):
        """Open the confirmed orders of the row's quarter."""
        self.ensure_one()
        domain = Domain(
            [
                ("state", "=", "sale"),
                ("company_id", "=", self.company_id.id),
                ("partner_invoice_id.commercial_partner_id", "=", self.partner_id.id),
                ("date_order", ">=", self._get_midnight(self.period_start)),
                ("date_order", "<", self._get_midnight(self.period_start + QUARTER)),
            ]
        )
        return self._open_rows(ORDERS, domain)

    def _get_midnight(self, date):
        """Return the moment, in UTC, at which a day begins where the company is."""
        timezone = pytz.timezone(self.company_id.sudo()._get_finance_timezone())
        midnight = timezone.localize(datetime.combine(date, time.min))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)

    def _open_rows(self, xmlid, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        last = self.period_start + QUARTER - timedelta(days=1)
        title = self.env._(
            "%(customer)s, %(start)s to %(end)s",
            customer=self.partner_id.display_name,
            start=fields.Date.to_string(self.period_start),
            end=fields.Date.to_string(last),
        )
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": list(domain),
            "context": {},
        }
