# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.acquisition_rows import ATTRIBUTIONS
from ..models.customer_cost_rows import KINDS
from ..models.customer_finance_mixin import MARGIN
from ..models.optional_fields import OptionalFloat
from ..models.utm_campaign import COST_READERS
from ..tools.ratios import RATIOS, Ratio

#: What the rows are read from; see ``_depends`` of Odoo's models.
DEPENDS = {
    "account.analytic.line": ["amount", "date", "finance_cost_kind", "category"],
    "crm.lead": [
        "campaign_id",
        "company_id",
        "medium_id",
        "partner_id",
        "source_id",
    ],
    "customer.acquisition": ["date", "margin", "net_sales", "order_id"],
    "res.partner": ["commercial_partner_id", "user_id"],
    "sale.order": [
        "campaign_id",
        "medium_id",
        "opportunity_id",
        "source_id",
        "team_id",
        "user_id",
    ],
    "utm.campaign": ["finance_analytic_account_id"],
}
RETURN_RATIOS = {
    "cac": Ratio("cac", {"acquisition_cost": 1}, {"customers": 1}),
    "roi": RATIOS["roi"],
}
MEASURES = (
    "customers",
    "net_sales",
    "margin",
    "financing_cost",
    "cost",
    "acquisition_cost",
    "net_profit",
)


class CustomerAcquisitionReport(models.Model):
    """Who won the customers, what that cost and what they brought since."""

    _name = "customer.acquisition.report"
    _description = "Return on Won Customers"
    _inherit = ["customer.finance.ratio"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = DEPENDS
    _finance_ratios = RETURN_RATIOS
    _finance_shares = {"customers_share": "customers"}
    _finance_glossary = ("cac",)

    kind = fields.Selection(
        [("won", "Customer Won"), ("cost", "Costs")], string="Row", readonly=True
    )
    attribution = fields.Selection(
        ATTRIBUTIONS,
        readonly=True,
        help="How a customer is shared out over its touches: all to the first, all to "
        "the last, or the same part to each. A touch is a lead or opportunity with a "
        "campaign or source, created up to the first order, or that order. Over "
        "several models a figure is their mean.",
    )
    attributed = fields.Selection(
        [("touched", "Attributed"), ("none", "Unattributed")],
        readonly=True,
        help="Unattributed: no touch with a campaign or source before the first order; "
        "a cost that belongs to no campaign and to no customer with a touch.",
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        help="Of the first order; of the contact where a cost has won no customer yet.",
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", readonly=True, help="Of the first order."
    )
    order_id = fields.Many2one("sale.order", string="First Order", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Touch", readonly=True)
    line_id = fields.Many2one(
        "account.analytic.line", string="Analytic Line", readonly=True
    )
    share_id = fields.Many2one(
        "customer.cost.share", string="Share of a Spread Cost", readonly=True
    )
    cost_kind = fields.Selection(KINDS, string="Kind of Cost", readonly=True)
    date = fields.Date(
        readonly=True,
        help="The period a row counts in: costs of acquisition and of campaigns when "
        "they were spent; a customer, with all it brought and cost since, when it was "
        "won.",
    )
    cost_date = fields.Date(readonly=True, help="When the cost was spent.")
    won_date = fields.Date(
        string="Won On",
        readonly=True,
        help="Day of the first confirmed order ever of the customer in the company; "
        "empty for costs that no won customer bears.",
    )
    customers = fields.Float(
        string="New Customers",
        readonly=True,
        digits=(16, 2),
        help="Customers whose first confirmed order ever in the company is of that "
        "date, each shared out over its touches. Every customer sums to 1.",
    )
    customers_share = OptionalFloat(
        string="Share",
        readonly=True,
        aggregator="avg",
        help="Part of the new customers of all groups shown beside it.",
    )
    net_sales = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="Net sales of the customers won, from their first order to today.",
    )
    margin = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="Margin, with the frozen cost, of the customers won, from their first "
        "order to today.",
    )
    financing_cost = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="Financing cost of the invoices of the customers won, from their first "
        "order to today.",
    )
    cost = fields.Monetary(
        string="Costs",
        readonly=True,
        groups=MARGIN,
        help="Costs of every kind charged to, or spread over, customers, and costs of "
        "campaigns.",
    )
    acquisition_cost = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="The part of the cost that wins customers: of the kind acquisition, and "
        "marketing of a campaign.",
    )
    net_profit = fields.Monetary(
        readonly=True, groups=MARGIN, help="Margin − cost − financing cost."
    )
    cac = OptionalFloat(
        string="CAC",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        groups=COST_READERS,
    )
    roi = OptionalFloat(
        string="ROI",
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="(Margin − cost − financing cost) / cost, of the costs you may see; of a "
        "group the quotient of its sums. Empty without cost.",
    )

    def _sql_total(self, name):
        """Each attribution model tells the whole: several of them are averaged."""
        return SQL(
            "(%s / COUNT(DISTINCT %s))",
            super()._sql_total(name),
            SQL.identifier(self._table, "attribution"),
        )

    def _sql_whole(self, name):
        """Each attribution model of the query tells the whole once more."""
        models = SQL(" + ").join(
            SQL(
                "MAX(MAX((%s = %s)::int)) OVER ()",
                SQL.identifier(self._table, "attribution"),
                code,
            )
            for code, _label in ATTRIBUTIONS
        )
        return SQL("(%s / (%s))", super()._sql_whole(name), models)

    def _read_group_select(self, aggregate_spec, query):
        name, _sep, function = aggregate_spec.partition(":")
        if function == "sum" and name in MEASURES:
            self._check_field_access(self._fields[name], "read")
            return self._sql_total(name)
        return super()._read_group_select(aggregate_spec, query)

    @property
    def _table_query(self):
        rows = self.env["acquisition.rows"]
        rows._flush_sources()
        return SQL(
            """
            SELECT part.*, margin - cost - financing_cost AS net_profit,
                   NULL::float8 AS customers_share, NULL::float8 AS cac,
                   CASE WHEN cost > 0
                        THEN (margin - cost - financing_cost) / cost END AS roi
              FROM (%s) part
            """,
            rows._sql_returns(),
        )

    def action_open_source(self):
        """Open what the row comes from: the first order, or the cost."""
        self.ensure_one()
        self.check_access("read")
        for record in (
            self.line_id.sudo().move_line_id.move_id.sudo(False),
            self.share_id.sudo().spread_id.sudo(False),
            self.line_id,
            self.order_id,
        ):
            if record and record.has_access("read"):
                return record._get_records_action(context={})
        return self._get_records_action(context={}, target="new")

    def action_open_margin_lines(self):
        """Open the margin lines of the customer since it was won."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_finance_bridge.customer_finance_margin_line_action"
        )
        return {
            **action,
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("date", ">=", self.won_date),
            ],
            "context": {},
        }
