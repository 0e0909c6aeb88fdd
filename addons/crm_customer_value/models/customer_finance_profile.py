# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import AMOUNT, MARGIN
from odoo.addons.crm_finance_bridge.models.optional_fields import (
    OptionalFloat,
    OptionalInteger,
    OptionalMonetary,
)

SCORES = [(str(score), str(score)) for score in range(1, 6)]
STATES = [
    ("fitted", "Fitted Model"),
    ("estimate", "Simple Estimate"),
    ("none", "Not Enough Data"),
]
#: From best to worst.
SEGMENTS = [
    ("champions", "Champions"),
    ("loyal", "Loyal Customers"),
    ("potential_loyal", "Potential Loyalists"),
    ("new", "New Customers"),
    ("promising", "Promising"),
    ("need_attention", "Need Attention"),
    ("about_to_sleep", "About to Sleep"),
    ("at_risk", "At Risk"),
    ("cannot_lose", "Cannot Lose Them"),
    ("hibernating", "Hibernating"),
    ("lost", "Lost"),
]
#: 八类客户: recent, frequent, of high value.
CLASSES = [
    ("key_value", "Key – Cherish"),
    ("key_develop", "Key – Develop"),
    ("key_keep", "Key – Keep"),
    ("key_win_back", "Key – Win Back"),
    ("general_value", "General – Upgrade"),
    ("general_develop", "General – Develop"),
    ("general_keep", "General – Keep"),
    ("general_win_back", "General – Let Go"),
]
QUADRANTS = [
    ("core_growth", "Core Growth"),
    ("steady", "Steady Profit"),
    ("high_profit_high_risk", "High Profit, High Risk"),
    ("potential", "Potential"),
    ("low_value", "Low Value"),
    ("high_risk", "High Risk"),
]


class CustomerFinanceProfile(models.Model):
    """What a customer is worth, beside what it owes and brings.

    The columns are written by SQL (customer_value_score.py), never by people. Their
    help is that of the glossary. One without enough data is empty, not zero.
    """

    _inherit = "customer.finance.profile"

    value_state = fields.Selection(
        STATES, string="Value Based On", readonly=True, index=False
    )
    value_reason = fields.Char(
        string="Why", compute="_compute_value_reason", compute_sudo=True
    )

    # Net profit to date
    value_historic = fields.Monetary(
        string="Value to Date", readonly=True, groups=MARGIN
    )
    value_margin = fields.Monetary(
        string="Margin to Date", readonly=True, groups=MARGIN
    )
    value_cost = fields.Monetary(string="Cost to Date", readonly=True, groups=MARGIN)

    # To be expected
    value_predicted_12 = OptionalMonetary(
        string="Expected Value, 12 Months", readonly=True, groups=MARGIN
    )
    value_predicted_24 = OptionalMonetary(
        string="Expected Value, 24 Months", readonly=True, groups=MARGIN
    )
    value_predicted_36 = OptionalMonetary(
        string="Expected Value, 36 Months", readonly=True, groups=MARGIN
    )
    value_total = OptionalMonetary(
        string="Customer Value", readonly=True, groups=MARGIN
    )
    value_margin_rate = OptionalFloat(
        string="Margin Rate Used", readonly=True, aggregator="avg", groups=MARGIN
    )
    value_p_alive = OptionalFloat(
        string="Still a Customer", readonly=True, aggregator="avg"
    )
    value_p_order = OptionalFloat(
        string="Order in 90 Days", readonly=True, aggregator="avg"
    )
    value_churn = OptionalFloat(
        string="No Order in a Year", readonly=True, aggregator="avg"
    )
    value_orders = OptionalFloat(
        string="Expected Orders, 12 Months", readonly=True, digits=(16, 1)
    )

    # Orders so far
    value_order_days = OptionalInteger(string="Order Days", readonly=True)
    value_order_amount = OptionalMonetary(
        string="Usual Order", readonly=True, groups=AMOUNT, aggregator="avg"
    )
    value_first_order_date = fields.Date(
        string="First Order", readonly=True, aggregator="min"
    )
    value_last_order_date = fields.Date(
        string="Last Order Day", readonly=True, aggregator="max"
    )
    value_interval = OptionalFloat(
        string="Days between Orders", readonly=True, aggregator="avg", digits=(16, 0)
    )
    value_next_order_date = fields.Date(
        string="Next Order", readonly=True, aggregator="min"
    )
    value_due_date = fields.Date(
        string="Due by Rhythm", readonly=True, aggregator="min"
    )

    value_interval_long = OptionalInteger(
        string="Long Interval", readonly=True, aggregator="avg"
    )

    # The last days, and what they are compared with
    value_sales_recent = OptionalMonetary(
        string="Recent Net Sales", readonly=True, groups=AMOUNT
    )
    value_sales_compared = OptionalMonetary(
        string="Net Sales Compared With", readonly=True, groups=AMOUNT
    )
    value_margin_recent = OptionalMonetary(
        string="Recent Margin", readonly=True, groups=MARGIN
    )
    value_margin_compared = OptionalMonetary(
        string="Margin Compared With", readonly=True, groups=MARGIN
    )

    # Standing among the others
    value_r = fields.Selection(SCORES, string="Recency", readonly=True)
    value_f = fields.Selection(SCORES, string="Frequency", readonly=True)
    value_m = fields.Selection(SCORES, string="Monetary", readonly=True)
    value_segment = fields.Selection(
        SEGMENTS, string="Segment", readonly=True, group_expand=True
    )
    value_class = fields.Selection(
        CLASSES, string="Class of Eight", readonly=True, group_expand=True
    )
    value_score = OptionalFloat(
        string="Contribution", readonly=True, aggregator="avg", digits=(16, 1)
    )
    value_score_missing = fields.Char(readonly=True)
    value_score_note = fields.Char(compute="_compute_value_score_note")
    value_rank = OptionalInteger(string="Rank", readonly=True, aggregator="min")
    value_rank_previous = OptionalInteger(
        string="Rank Last Month", readonly=True, aggregator="min"
    )
    value_share = OptionalFloat(
        string="Cumulative Share", readonly=True, aggregator=None, groups=MARGIN
    )
    value_abc = fields.Selection(
        [("A", "A"), ("B", "B"), ("C", "C")], string="ABC", readonly=True
    )
    value_risk = OptionalFloat(string="Risk", readonly=True, aggregator="avg")
    value_lateness = OptionalFloat(
        string="Pays Later Than", readonly=True, aggregator="avg"
    )
    value_exposure = OptionalFloat(
        string="More at Stake Than", readonly=True, aggregator="avg"
    )
    value_decline = OptionalFloat(
        string="Margin Fell More Than", readonly=True, aggregator="avg", groups=MARGIN
    )
    value_severe = fields.Boolean(string="Severe Risk", readonly=True)
    value_quadrant = fields.Selection(
        QUADRANTS, string="Quadrant", readonly=True, group_expand=True
    )

    @api.depends("value_state", "company_id", "value_order_days")
    @api.depends_context("lang")
    def _compute_value_reason(self):
        """Why the figures are an estimate, or missing."""
        fits = {
            company: self.env["customer.value.fit"]._get_current(company)
            for company in self.company_id
        }
        for profile in self:
            found = fits[profile.company_id]
            reason = False
            if not profile.value_order_days:
                reason = self.env._(
                    "This customer has no order that was kept: nothing can be expected "
                    "from it yet."
                )
            elif profile.value_state == "none":
                reason = found._say_model()
            elif profile.value_state == "estimate":
                reason = found.reason or found._say_model()
            profile.value_reason = reason

    @api.depends("value_score_missing")
    @api.depends_context("lang")
    def _compute_value_score_note(self):
        names = {
            "sales": self.env._("net sales"),
            "margin": self.env._("margin"),
            "timeliness": self.env._("timeliness of payment"),
        }
        for profile in self:
            missing = (profile.value_score_missing or "").split(",")
            known = [names[name] for name in missing if name in names]
            profile.value_score_note = bool(known) and self.env._(
                "Without %(dimensions)s, not known yet; the others weigh more.",
                dimensions=", ".join(known),
            )

    @api.model
    def _after_refresh(self, company, partners=None):
        """Value the customers anew, by the last fit."""
        result = super()._after_refresh(company, partners)
        self.env["customer.value.score"]._score(company, partners)
        return result
