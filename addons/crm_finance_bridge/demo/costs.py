# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass
from datetime import timedelta

from odoo import Command, api, models


@dataclass(frozen=True)
class Cost:
    """A cost entered by hand, in company currency at `age` (days before today).

    every: entered again after so many days, up to today; 0 for once.
    """

    key: str
    kind: str
    age: int
    amount: float
    name: str
    every: int = 0


@dataclass(frozen=True)
class Bill:
    """A vendor bill charged to a customer's account; an empty key is the fair.

    kind: set on the analytic lines; empty: the cost rules decide.
    """

    vendor: str
    age: int
    amount: float
    name: str
    key: str = ""
    kind: str = ""


COSTS = (
    # Many small orders, and somebody drives there every month: costs eat the margin.
    Cost("redwood", "service", 355, 2_080, "Technician on site, two days", 30),
    # The key account is visited every quarter.
    Cost("suzhou", "visit", 330, 1_450, "Quarterly visit: flights and hotel", 90),
    Cost("shenzhen", "visit", 328, 620, "Stopover at the plant", 180),
    # What it took to win the newest customers.
    Cost("mistral", "acquisition", 110, 2_600, "Tender documents and trial run"),
    Cost("baltic", "acquisition", 25, 3_900, "Sea trial with a loaned sensor"),
    # A prospect that has cost money and bought nothing yet.
    Cost("rotterdam", "acquisition", 15, 1_150, "Site survey for the proposal"),
)

BILLS = (
    Bill("organiser", 70, 11_400, "Stand of 36 m², water and power included"),
    Bill("organiser", 66, 2_350, "Catalogue entry and badges"),
    Bill("field_service", 58, 1_680, "Stand build-up and dismantling"),
    # A claim: the repair costs more than half of the year's margin.
    Bill(
        "field_service",
        45,
        9_800,
        "Repair of 14 dosing pumps on site",
        "monterrey",
        "service",
    ),
    Bill(
        "field_service",
        120,
        4_300,
        "Recalibration after the recall",
        "guangzhou",
        "service",
    ),
)

FAIR = "Water Technology Fair"
FAIR_BUDGET = 15_000
FAIR_START, FAIR_END = 75, 55


class CrmFinanceBridgeDemoCost(models.AbstractModel):
    """What customers cost: visits, repairs, and a fair shared by sales."""

    _name = "crm.finance.bridge.demo.cost"
    _description = "Demonstration Data: Costs"
    _inherit = ["crm.finance.bridge.demo.settlement"]

    def _load_costs(self, today):
        """Enter costs by hand, post vendor bills and spread the fair."""
        for cost in COSTS:
            ages = range(cost.age, 0, -cost.every) if cost.every else [cost.age]
            for age in ages:
                self._enter_cost(cost, today - timedelta(days=age))
        campaign = self._create_fair()
        for bill in BILLS:
            self._create_bill(bill, campaign, today - timedelta(days=bill.age))
        spread = self._create_fair_spread(campaign, today)
        spread.action_preview()
        spread.action_post()

    @api.model
    def _prepare_entry(self, key, **values):
        return self.env["customer.cost.entry"].create(
            {"partner_id": self._demo_ref("res_partner", key).id, **values}
        )

    def _enter_cost(self, cost, day):
        entry = self._prepare_entry(
            cost.key, date=day, amount=cost.amount, kind=cost.kind, name=cost.name
        )
        entry._create_line().user_id = entry.partner_id.user_id or self.env.user

    def _create_fair(self):
        campaign = self.env["utm.campaign"].create(
            {
                "title": FAIR,
                "user_id": self._demo_ref("res_users", "sales_manager").id,
                "company_id": self.env.company.id,
                "finance_budget": FAIR_BUDGET,
            }
        )
        campaign.action_make_finance_account()
        return campaign

    def _create_bill(self, bill, campaign, day):
        account = campaign.finance_analytic_account_id
        if bill.key:
            entry = self._prepare_entry(bill.key, name=bill.name)
            account = entry._get_customer_account()
        move = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self._demo_ref("res_partner", bill.vendor).id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": bill.name,
                            "price_unit": bill.amount,
                            "tax_ids": False,
                            "account_id": self._cost_account().id,
                            "analytic_distribution": {str(account.id): 100},
                        }
                    )
                ],
            }
        )
        move.action_post()
        move.line_ids.analytic_line_ids.finance_cost_kind = bill.kind

    def _cost_account(self):
        """Return an ordinary expense account of the company."""
        return self.env["account.account"].search(
            [
                *self.env["account.account"]._check_company_domain(self.env.company),
                ("account_type", "=", "expense"),
                ("name", "!=", "Bad debts"),
            ],
            order="id",
            limit=1,
        )

    def _create_fair_spread(self, campaign, today):
        return self.env["customer.cost.spread"].create(
            {
                "name": campaign.title,
                "account_id": campaign.finance_analytic_account_id.id,
                "date_from": today - timedelta(days=FAIR_START),
                "date_to": today - timedelta(days=FAIR_END),
                "basis": "sales",
                "kind": "marketing",
            }
        )
