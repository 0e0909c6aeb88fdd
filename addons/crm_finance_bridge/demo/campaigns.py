# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from odoo import api, models

from .costs import FAIR


@dataclass(frozen=True)
class Campaign:
    """What was done to win customers. Ages are days before today.

    title: of the campaign; empty for a source without one.
    source, medium: how it reached people.
    costs: (age, amount, what for, kind; empty for the kind the rules give).
    touches: (customer, age, subject); an empty customer is a lead nobody bought from.
    """

    title: str
    source: str
    medium: str
    budget: int = 0
    costs: tuple[tuple[int, int, str, str], ...] = ()
    touches: tuple[tuple[str, int, str], ...] = field(default=())


CAMPAIGNS = (
    # Over budget, and it won one customer.
    Campaign(
        "Laboratory Roadshow",
        "Roadshow",
        "Event",
        budget=6_000,
        costs=(
            (140, 4_200, "Van with instruments, two weeks", "acquisition"),
            (122, 1_650, "Travel and hotel", "visit"),
            (118, 980, "Leaflets", ""),
        ),
        touches=(
            ("mistral", 121, "Wants calibrated pH probes"),
            ("", 120, "Visitor: dosing pumps for a dairy"),
            ("", 119, "Visitor: level sensors"),
        ),
    ),
    # The fair (see costs.py): half of a customer.
    Campaign(
        FAIR,
        "Trade Fair",
        "Stand",
        touches=(
            ("baltic", 66, "Flow meters for ballast water, met at the stand"),
            ("", 66, "Visitor: sludge level in a digester"),
        ),
    ),
    # Cheap, and the last thing one customer saw before ordering.
    Campaign(
        "Calibration Mailing",
        "Newsletter",
        "Email",
        budget=1_500,
        costs=((34, 900, "Text and addresses", ""),),
        touches=(
            ("baltic", 30, "Answer to the mailing"),
            ("", 28, "Answer to the mailing: price list"),
        ),
    ),
    # Long ago, and paid back many times.
    Campaign(
        "Distributor Days",
        "Partner Event",
        "Event",
        budget=8_000,
        costs=((450, 5_400, "Hotel and catering", "acquisition"),),
        touches=(
            ("hanul", 430, "Training and calibration"),
            ("redwood", 428, "Spare parts by the month"),
        ),
    ),
    # Money spent, nobody came.
    Campaign(
        "Search Ads",
        "Search Engine",
        "Banner",
        budget=2_000,
        costs=((75, 700, "Clicks", ""), (45, 820, "Clicks", "")),
        touches=(("", 50, "Form: price of a gas analyser"),),
    ),
    # Somebody's word; no campaign and no cost.
    Campaign("", "Recommendation", "Phone", touches=(("cascade", 600, "Recommended"),)),
)


class CrmFinanceBridgeDemoCampaign(models.AbstractModel):
    """Where new customers came from, and what that cost."""

    _name = "crm.finance.bridge.demo.campaign"
    _description = "Demonstration Data: Campaigns"
    _inherit = ["crm.finance.bridge.demo.cost"]

    @api.model
    def _load_campaigns(self, today):
        """Create the campaigns with their leads and costs."""
        for plan in CAMPAIGNS:
            campaign = self.env["utm.campaign"].search([("name", "=", plan.title)])
            if plan.title and not campaign:
                campaign = self._create_campaign(plan, today)
            values = {
                "type": "lead",
                "campaign_id": campaign.id,
                "source_id": self._find_utm("utm.source", plan.source).id,
                "medium_id": self._find_utm("utm.medium", plan.medium).id,
                "company_id": self.env.company.id,
            }
            self.env["crm.lead"].create(
                [
                    {**values, **self._prepare_touch_vals(key, today, age, subject)}
                    for key, age, subject in plan.touches
                ]
            )

    def _create_campaign(self, plan, today):
        campaign = self.env["utm.campaign"].create(
            {
                "title": plan.title,
                "company_id": self.env.company.id,
                "user_id": self._demo_ref("res_users", "sales_manager").id,
                "finance_budget": plan.budget,
            }
        )
        campaign.action_make_finance_account()
        account = campaign.finance_analytic_account_id
        self.env["account.analytic.line"].create(
            [
                {
                    "name": name,
                    "date": today - timedelta(days=age),
                    "amount": -amount,
                    "company_id": self.env.company.id,
                    account.plan_id._column_name(): account.id,
                    "finance_cost_kind": kind,
                }
                for age, amount, name, kind in plan.costs
            ]
        )
        return campaign

    def _find_utm(self, model, name):
        return self.env[model].search([("name", "=", name)], limit=1) or self.env[
            model
        ].create({"name": name})

    def _prepare_touch_vals(self, key, today, age, subject):
        partner = key and self._demo_ref("res_partner", key)
        salesperson = (
            partner.user_id if partner else self._demo_ref("res_users", "sales")
        )
        return {
            "name": subject,
            "partner_id": partner.id if partner else False,
            "user_id": salesperson.id,
            "team_id": salesperson.sale_team_id.id,
            "type": "opportunity" if partner else "lead",
            "create_date": datetime.combine(today - timedelta(days=age), time(9)),
        }
