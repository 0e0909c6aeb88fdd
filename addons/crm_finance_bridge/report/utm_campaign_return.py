# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..models.acquisition_rows import ATTRIBUTIONS
from ..models.customer_finance_mixin import MARGIN
from ..models.optional_fields import OptionalFloat
from .customer_acquisition_report import DEPENDS, RETURN_RATIOS

#: What is summed of the rows a campaign consists of.
TOTALS = (
    "customers",
    "net_sales",
    "margin",
    "financing_cost",
    "cost",
    "acquisition_cost",
)


class UtmCampaignReturn(models.Model):
    """What a campaign cost, against its budget and against what it won: one row per
    campaign, company and attribution model."""

    _name = "utm.campaign.return"
    _description = "Return on Campaigns"
    _inherit = ["customer.finance.ratio"]
    _auto = False
    _order = "net_profit desc, id"
    _rec_name = "campaign_id"
    _depends = DEPENDS
    _finance_ratios = RETURN_RATIOS
    _finance_glossary = ("cac", "payback_month")

    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="campaign_id.user_id", string="Responsible")
    attribution = fields.Selection(ATTRIBUTIONS, readonly=True)
    budget = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="What the campaign may cost in all, in the company it belongs to.",
    )
    campaign_cost = fields.Monetary(
        string="Actual Cost",
        readonly=True,
        groups=MARGIN,
        help="Costs on the campaign's analytic account in the company, up to now.",
    )
    budget_left = fields.Monetary(
        readonly=True, groups=MARGIN, help="Budget less actual cost."
    )
    budget_used = OptionalFloat(
        string="Budget Used",
        readonly=True,
        aggregator=None,
        groups=MARGIN,
        help="Actual cost / budget. Empty without a budget.",
    )
    customers = fields.Float(
        string="New Customers",
        readonly=True,
        digits=(16, 2),
        help="Customers the campaign won, each shared out over its touches.",
    )
    net_sales = fields.Monetary(readonly=True, groups=MARGIN)
    margin = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="Margin of the customers won, from their first order to today.",
    )
    financing_cost = fields.Monetary(readonly=True, groups=MARGIN)
    cost = fields.Monetary(
        string="Total Cost",
        readonly=True,
        groups=MARGIN,
        help="Costs of the campaign, and of the customers it won.",
    )
    acquisition_cost = fields.Monetary(readonly=True, groups=MARGIN)
    net_profit = fields.Monetary(
        readonly=True, groups=MARGIN, help="Margin − total cost − financing cost."
    )
    cac = OptionalFloat(
        string="CAC",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        groups=MARGIN,
    )
    roi = OptionalFloat(
        string="ROI",
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="(Margin − total cost − financing cost) / total cost. Empty without cost.",
    )
    payback_month = fields.Date(
        compute="_compute_payback",
        compute_sudo=True,
        groups=MARGIN,
    )
    payback = fields.Char(
        string="Paid Back In",
        compute="_compute_payback",
        compute_sudo=True,
        groups=MARGIN,
        help="The payback month, in words.",
    )
    payback_months = OptionalFloat(
        string="Payback (months)",
        compute="_compute_payback",
        compute_sudo=True,
        digits=(16, 0),
        aggregator=None,
        groups=MARGIN,
        help="Months from the first cost of the campaign to the month that paid it "
        "back; 0 in the same month.",
    )

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        """Those who may not see amounts get the campaigns that won most first."""
        if (order or self._order) == self._order and not self._has_field_access(
            self._fields["net_profit"], "read"
        ):
            order = "customers desc, id"
        return super()._order_to_sql(order, query, alias, reverse)

    @property
    def _table_query(self):
        rows = self.env["acquisition.rows"]
        rows._flush_sources()
        return SQL(
            """
            WITH gain AS MATERIALIZED (
                SELECT campaign_id, company_id, attribution, %(totals)s
                  FROM (%(returns)s) part
                 WHERE campaign_id IS NOT NULL
                 GROUP BY campaign_id, company_id, attribution
            ), spent AS MATERIALIZED (%(spent)s)
            SELECT (place.campaign_id::bigint * 100000 + place.company_id) * 3
                        + model.number AS id,
                   place.campaign_id, place.company_id, model.attribution,
                   plan.budget,
                   COALESCE(spent.amount, 0) AS campaign_cost,
                   plan.budget - COALESCE(spent.amount, 0) AS budget_left,
                   COALESCE(spent.amount, 0) / NULLIF(plan.budget, 0) AS budget_used,
                   %(gains)s,
                   COALESCE(gain.margin - gain.cost - gain.financing_cost, 0)
                        AS net_profit,
                   CASE WHEN gain.customers > 0
                        THEN gain.acquisition_cost / gain.customers END AS cac,
                   CASE WHEN gain.cost > 0
                        THEN (gain.margin - gain.cost - gain.financing_cost)
                             / gain.cost END AS roi
              FROM (
                    SELECT id AS campaign_id, company_id FROM utm_campaign
                     WHERE company_id IS NOT NULL
                     UNION
                    SELECT campaign_id, company_id FROM gain
                     UNION
                    SELECT campaign_id, company_id FROM spent
                   ) place
             CROSS JOIN (%(models)s) model
              LEFT JOIN gain ON gain.campaign_id = place.campaign_id
                    AND gain.company_id = place.company_id
                    AND gain.attribution = model.attribution
              LEFT JOIN spent ON spent.campaign_id = place.campaign_id
                    AND spent.company_id = place.company_id
              JOIN utm_campaign campaign ON campaign.id = place.campaign_id
              JOIN LATERAL (
                    SELECT CASE WHEN campaign.company_id = place.company_id
                                THEN COALESCE(campaign.finance_budget, 0) ELSE 0
                           END AS budget
                   ) plan ON TRUE
            """,
            totals=SQL(", ").join(
                SQL("SUM(%s) AS %s", SQL.identifier(name), SQL.identifier(name))
                for name in TOTALS
            ),
            gains=SQL(", ").join(
                SQL(
                    "COALESCE(%s, 0) AS %s",
                    SQL.identifier("gain", name),
                    SQL.identifier(name),
                )
                for name in TOTALS
            ),
            returns=rows._sql_returns(),
            spent=self.env["customer.cost.rows"]._sql_campaign_costs(),
            models=rows._sql_models(),
        )

    @api.depends("campaign_id", "company_id", "attribution")
    @api.depends_context("lang")
    def _compute_payback(self):
        found = self.env["acquisition.rows"]._get_paybacks(self.campaign_id.ids)
        # Translated, for languages differ in the order of month and year.
        pattern = self.env._("MMM y")
        for row in self:
            key = row.campaign_id.id, row.company_id.id, row.attribution
            month, row.payback_months = found.get(key, (False, False))
            row.payback_month = month
            row.payback = month and format_date(self.env, month, date_format=pattern)

    def action_open_customers(self):
        """Open the customers the campaign touched, with their weight."""
        return self._open_rows([("kind", "=", "won")], self.env._("Customers Won"))

    def action_open_costs(self):
        """Open the costs of the campaign and of the customers it won."""
        return self._open_rows([("kind", "=", "cost")], self.env._("Costs"))

    def action_open_rows(self):
        """Open everything the figures of the row are made of."""
        return self._open_rows([], self.env._("Return on Won Customers"))

    def _open_rows(self, domain, title):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_finance_bridge.customer_acquisition_report_action"
        )
        return {
            **action,
            "name": f"{title} – {self.campaign_id.display_name}",
            "view_mode": "list,pivot,graph",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": [
                ("campaign_id", "=", self.campaign_id.id),
                ("company_id", "=", self.company_id.id),
                ("attribution", "=", self.attribution),
                *domain,
            ],
            "context": {},
        }
