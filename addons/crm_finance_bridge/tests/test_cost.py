# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .cost_common import CostCommon


@tagged("post_install", "-at_install")
class TestCost(CostCommon):
    """What counts as a cost of a customer, of which kind, and only once."""

    def assertCosts(self, *amounts, partner=None):
        self.assertEqual(self._costs(partner).mapped("amount"), list(amounts))

    def test_manual_line(self):
        self._line(-120)
        self.assertFigures("2026-06-30", cost=120, cost_other=120, net_profit=-120)
        # −120 ÷ 120
        self.assertFigures("2026-06-30", roi=-1)

    def test_vendor_bill_with_a_distribution(self):
        """40 % of 500 is the customer's."""
        self._vendor_bill(500, {str(self.account.id): 40})
        self.assertFigures("2026-06-30", cost=200, cost_other=200)
        self.assertEqual(self._costs().move_id.partner_id, self.vendor)
        self.assertFalse(self._costs().is_over_charged)

    def test_vendor_refund_reduces_the_cost(self):
        bill = self._vendor_bill(500, {str(self.account.id): 100})
        refund = bill._reverse_moves([{"invoice_date": "2026-06-10"}])
        refund.invoice_line_ids.price_unit = 200
        refund.action_post()
        self.assertFigures("2026-06-30", cost=300)

    def test_bill_reset_to_draft(self):
        bill = self._vendor_bill(500, {str(self.account.id): 100})
        bill.button_draft()
        self.assertFigures("2026-06-30", cost=0)

    def test_profit_after_costs(self):
        """Margin 40; 10 cost; the invoice of 100 unpaid for 29 days at 6 %:
        100 × 29 × 0.06 ÷ 365 = 0.48. Profit 29.52, per unit of cost 2.952."""
        self._invoice(100, "2026-06-01")
        self._line(-10)
        self.assertFigures(
            "2026-06-30",
            margin=40,
            cost=10,
            financing_cost=0.48,
            net_profit=29.52,
            roi=2.952,
        )

    def test_no_cost_no_roi(self):
        self._invoice(100, "2026-06-01")
        self.assertFigures("2026-06-30", cost=0, roi=None)

    def test_window(self):
        """365 days up to 2026-06-30 begin on 2025-07-01."""
        self._line(-1, day="2025-06-30")
        self._line(-2, day="2025-07-01")
        self._line(-4, day="2026-06-30")
        self._line(-8, day="2026-07-01")
        self.assertFigures("2026-06-30", cost=6)
        self.assertFigures("2026-07-01", cost=12)

    def test_customer_invoices_are_no_costs(self):
        invoice = self._invoice(100, "2026-06-01", post=False)
        invoice.invoice_line_ids.analytic_distribution = {str(self.account.id): 100}
        invoice.action_post()
        refund = self._refund(30, "2026-06-02", post=False)
        refund.invoice_line_ids.analytic_distribution = {str(self.account.id): 100}
        refund.action_post()
        self.assertFigures("2026-06-30", net_sales=70, cost=0)

    def test_entries_on_income_accounts_are_no_costs(self):
        self._line(
            -50,
            general_account_id=self.company_data["default_account_revenue"].id,
        )
        self.assertCosts()

    def test_cost_of_goods_is_in_the_margin(self):
        goods = self.expense.copy({"account_type": "expense_direct_cost"})
        self._vendor_bill(80, {str(self.account.id): 100}, account_id=goods.id)
        self.assertCosts()
        # A rule about something else does not bring it back, one that names it does.
        rule = self.rules.create({"name": "All", "sequence": 1, "kind": "visit"})
        self.assertCosts()
        rule.account_ids = goods
        self.assertFigures("2026-06-30", cost=80, cost_visit=80)

    def test_reinvoiced_on_a_line_that_carries_the_cost(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        self.assertEqual(order.order_line.purchase_price, 60)
        line = self._line(-60, so_line=order.order_line.id)
        self.assertCosts()
        # Without a cost on the order line the margin holds the whole price.
        order.order_line.purchase_price = 0
        self.assertCosts(60)
        self.assertEqual(self._costs().line_id, line)

    def test_contact_counts_for_the_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        self._line(-5, self._account("Contact", self.project_plan, contact))
        self.assertFigures("2026-06-30", cost=5)

    def test_several_plans_count_once(self):
        """The plan that comes first in the order of plans decides."""
        other = self.env["res.partner"].create({"name": "Other"})
        project = self._account("Project", self.project_plan, other)
        self.project_plan.sequence = 1
        self.customers_plan.sequence = 2
        self._line(-7, self.account | project)
        self.assertCosts(7, partner=other)
        self.assertCosts()
        self.project_plan.sequence = 3
        self.assertCosts(partner=other)
        self.assertCosts(7)

    def test_archived_customer(self):
        self._line(-9)
        self.customer.active = False
        self.assertFigures("2026-06-30", cost=9)

    def test_other_company(self):
        other = self.setup_other_company()["company"]
        shared = self._account("Shared", self.project_plan, self.customer)
        shared.company_id = False
        env = self.env(context={**self.env.context, "allowed_company_ids": [other.id]})
        self._line(-9, shared, company_id=other.id).with_env(env)
        self.assertFigures("2026-06-30", cost=0)
        self.assertFigures("2026-06-30", company=other, cost=9)

    # ------------------------------------------------------------------
    # Kinds
    # ------------------------------------------------------------------

    def test_first_rule_wins(self):
        self.rules.create(
            [
                {
                    "name": "Second",
                    "sequence": 2,
                    "kind": "visit",
                    "account_ids": self.expense.ids,
                },
                {
                    "name": "First",
                    "sequence": 1,
                    "kind": "service",
                    "account_ids": self.expense.ids,
                    "product_ids": self.product.ids,
                },
            ]
        )
        key = str(self.account.id)
        self._vendor_bill(10, {key: 100})
        self._vendor_bill(20, {key: 100}, product_id=self.product.id)
        self._line(-40)
        self.assertFigures(
            "2026-06-30", cost=70, cost_visit=10, cost_service=20, cost_other=40
        )

    def test_rule_on_category_and_plan(self):
        child = self.env["product.category"].create(
            {"name": "Child", "parent_id": self.product_category.id}
        )
        self.product.categ_id = child
        self.rules.create(
            [
                {
                    "name": "Category",
                    "sequence": 1,
                    "kind": "acquisition",
                    "categ_id": self.product_category.id,
                },
                {
                    "name": "Plan",
                    "sequence": 2,
                    "kind": "visit",
                    "plan_id": self.project_plan.id,
                },
            ]
        )
        self._line(-1, product_id=self.product.id)
        self._line(-2, self._account("Project", self.project_plan, self.customer))
        self._line(-4)
        self.assertFigures(
            "2026-06-30", cost_acquisition=1, cost_visit=2, cost_other=4, cost=7
        )

    def test_rule_of_another_company(self):
        other = self.setup_other_company()["company"]
        self.rules.create(
            {"name": "X", "sequence": 1, "kind": "visit", "company_id": other.id}
        )
        self._line(-1)
        self.assertFigures("2026-06-30", cost_visit=0, cost_other=1)

    def test_does_not_count(self):
        self.rules.create(
            {"name": "X", "sequence": 1, "kind": "none", "origin": "manual"}
        )
        line = self._line(-1)
        self.assertCosts()
        line.finance_cost_kind = "service"
        self.assertFigures("2026-06-30", cost_service=1)
        line.finance_cost_kind = "none"
        self.assertCosts()

    def test_defaults_without_configuration(self):
        """Campaigns are marketing, expense products visits, hours service."""
        travel = self.env["product.product"].create(
            {
                "name": "Travel",
                "categ_id": self.env.ref("product.product_category_expenses").id,
            }
        )
        self._line(-1, self.account | self.fair)
        self._line(-2, product_id=travel.id)
        self._line(-4, unit_amount=3.0)
        self._line(-8)
        self.assertFigures(
            "2026-06-30",
            cost_marketing=1,
            cost_visit=2,
            cost_service=4,
            cost_other=8,
            cost=15,
        )

    # ------------------------------------------------------------------
    # Campaigns
    # ------------------------------------------------------------------

    def test_campaign_costs(self):
        """300 of the fair's, 50 of a customer at the fair."""
        self._line(-300, self.fair)
        self._line(-50, self.account | self.fair)
        self._line(-20)
        self.assertEqual(self.campaign.finance_cost, 350)
        self.assertEqual(self.campaign.finance_budget_left, 650)
        self.assertCosts(20, 50)
        at_fair = self._costs().filtered("campaign_id")
        self.assertEqual(at_fair.amount, 50)
        self.assertEqual(at_fair.campaign_id, self.campaign)
        found = self.env["account.analytic.line"].search(
            self.campaign.action_open_finance_costs()["domain"]
        )
        self.assertEqual(-sum(found.mapped("amount")), 350)

    def test_campaign_account_of_a_customer(self):
        with self.assertRaisesRegex(ValidationError, "of a customer"):
            self.campaign.finance_analytic_account_id = self.account

    def test_make_an_account_for_a_campaign(self):
        campaign = self.env["utm.campaign"].create({"title": "Mailing"})
        campaign.action_make_finance_account()
        account = campaign.finance_analytic_account_id
        self.assertEqual(account.plan_id, self.campaigns_plan)
        self.assertEqual(account.name, "Mailing")

    # ------------------------------------------------------------------
    # Flags, drill-down, refresh
    # ------------------------------------------------------------------

    def test_over_100_percent_is_flagged(self):
        """60 % + 60 % of 100: two customers pay 120 for a bill of 100."""
        other = self.env["res.partner"].create({"name": "Other"})
        second = self._account("Other", self.customers_plan, other)
        self._vendor_bill(100, {str(self.account.id): 60, str(second.id): 60})
        self.assertEqual(self._costs().amount, 60)
        self.assertTrue(self._costs().is_over_charged)
        self.assertTrue(self._costs(other).is_over_charged)

    def test_figures_open_what_they_sum(self):
        self._invoice(100, "2026-06-01")
        self._line(-10)
        self._line(-5, finance_cost_kind="visit")
        self._line(-99, day="2025-06-01")
        self.profiles._rebuild(self.company)
        profile = self._profile()
        for code, amount in (("cost", 15), ("cost_visit", 5), ("net_profit", 15)):
            with self.subTest(code):
                action = profile.with_context(finance_figure=code).action_open_figure()
                rows = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(sum(rows.mapped("amount")), amount)

    def test_open_document(self):
        bill = self._vendor_bill(500, {str(self.account.id): 40})
        self.assertEqual(self._costs().action_open_document()["res_id"], bill.id)
        bill.button_draft()
        line = self._line(-5)
        self.assertEqual(self._costs().action_open_document()["res_id"], line.id)

    def test_changes_queue_the_customer(self):
        other = self.env["res.partner"].create({"name": "Other"})
        second = self._account("Other", self.customers_plan, other)
        self._queued()
        line = self._line(-1)
        self.assertEqual(self._queued(), self.customer)
        line.name = "Renamed"
        self.assertFalse(self._queued())
        line[self.customers_plan._column_name()] = second
        self.assertEqual(self._queued(), self.customer | other)
        line.amount = -2
        self.assertEqual(self._queued(), other)
        second.partner_id = self.customer
        self.assertEqual(self._queued(), self.customer | other)
        line.unlink()
        self.assertEqual(self._queued(), self.customer)

    def test_posting_and_cancelling_a_bill_queues_the_customer(self):
        self._queued()
        bill = self._vendor_bill(500, {str(self.account.id): 40})
        self.assertEqual(self._queued(), self.customer)
        bill.button_draft()
        self.assertEqual(self._queued(), self.customer)

    def test_rules_queue_the_companies(self):
        self.env["customer.finance.queue"].search([]).unlink()
        self.rules.create({"name": "X", "kind": "visit", "company_id": self.company.id})
        rows = self.env["customer.finance.queue"].search([])
        self.assertEqual(rows.company_id, self.company)
        self.assertFalse(rows.partner_id)

    def test_refresh_of_one_customer_and_of_all_agree(self):
        other = self.env["res.partner"].create({"name": "Other"})
        self._line(-7, self._account("Project", self.project_plan, other))
        self._line(-3)
        all_figures = self.profiles._get_figures(self.company)
        for partner, cost in ((self.customer, 3), (other, 7)):
            one = self.profiles._get_figures(self.company, partner)
            self.assertEqual(list(one), partner.ids)
            self.assertEqual(one[partner.id]["cost"], cost)
            self.assertEqual(all_figures[partner.id]["cost"], cost)
