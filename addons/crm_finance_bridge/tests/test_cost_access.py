# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_cost_entry import CostRightsCommon

MARGIN = "crm_finance_bridge.crm_finance_bridge_group_margin"


@tagged("post_install", "-at_install")
class TestCostAccess(CostRightsCommon):
    """Who sees the margin of a customer sees its costs; nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.his_account = cls._account("Bob's", cls.customers_plan, cls.his)
        cls._line(-10)
        cls._line(-20, cls.his_account)
        cls._line(-90, cls.fair)
        cls.spread = cls.env["customer.cost.spread"].create(
            {
                "name": "Fair",
                "company_id": cls.company.id,
                "account_id": cls.fair.id,
                "date_from": "2026-06-01",
                "date_to": "2026-06-30",
                "basis": "equal",
                "customers": "list",
                "partner_ids": [Command.set((cls.customer | cls.his).ids)],
            }
        )
        cls.spread.action_preview()
        cls.spread.action_post()
        cls.profiles._rebuild(cls.company)

    def _seen(self, user):
        rows = self._as(user, self.env["customer.finance.cost"]).search([])
        return rows.filtered(lambda row: row.partner_id in self.customer | self.his)

    def test_salesperson_sees_own_customers(self):
        rows = self._seen(self.ann)
        self.assertEqual(rows.partner_id, self._as(self.ann, self.customer))
        self.assertEqual(sorted(rows.mapped("amount")), [10, 45])
        profile = self._as(self.ann, self._profile())
        self.assertEqual(profile.cost, 55)
        with self.assertRaises(AccessError):
            self._as(self.ann, self._profile(self.his)).read(["cost"])

    def test_salesperson_reads_the_list_and_opens_a_cost(self):
        """Analytic lines and spreadings stay closed; the row itself opens."""
        views = self._as(self.ann, self.env["customer.finance.cost"])
        names = views.get_views([[False, "list"]])["models"][views._name]["fields"]
        spec = {name: {} for name in names}
        rows = views.web_search_read([("partner_id", "=", self.customer.id)], spec)
        self.assertEqual(rows["length"], 2)
        for row in self._seen(self.ann):
            action = row.action_open_document()
            self.assertEqual(action["res_model"], "customer.finance.cost")
            self.assertEqual(action["res_id"], row.id)

    def test_others_see_all(self):
        for user in (self.manager, self.accountant, self.auditor, self.director):
            with self.subTest(user=user.login):
                rows = self._seen(user)
                self.assertEqual(sorted(rows.mapped("amount")), [10, 20, 45, 45])

    def test_without_the_margin_group(self):
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= self.env.ref(
            MARGIN
        )
        self.assertFalse(self.ann.has_group(MARGIN))
        with self.assertRaises(AccessError):
            self._seen(self.ann)
        for name in ("cost", "cost_visit", "net_profit", "roi"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._as(self.ann, self._profile()).read([name])
            with self.subTest(name), self.assertRaises(AccessError):
                self._as(self.ann, self.customer).read([f"finance_{name}"])
        # What one enters one need not see.
        self._enter(self.ann, self.customer)

    def test_other_companies(self):
        other = self.setup_other_company()["company"]
        stranger = self._user("cost_stranger", "account.group_account_invoice")
        stranger.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.assertFalse(self._seen(stranger))
        spreads = self._as(stranger, self.env["customer.cost.spread"])
        self.assertFalse(spreads.search([("id", "=", self.spread.id)]))
        with self.assertRaises(AccessError):
            self._as(stranger, self.spread).action_undo()

    def test_salespeople_do_not_spread(self):
        for user in (self.ann, self.manager):
            for model in (
                "customer.cost.spread",
                "customer.cost.share",
                "customer.cost.rule",
            ):
                with self.subTest(user=user.login, model=model):
                    with self.assertRaises(AccessError):
                        self._as(user, self.env[model]).search([])
            with self.assertRaises(AccessError):
                self._as(user, self.spread).action_undo()

    def test_auditor_reads_only(self):
        spread = self._as(self.auditor, self.spread)
        self.assertEqual(spread.amount, 90)
        self.assertEqual(len(spread.share_ids), 2)
        for step in ("action_undo", "action_draft", "action_preview"):
            with self.subTest(step), self.assertRaises(AccessError):
                getattr(spread, step)()
        with self.assertRaises(AccessError):
            self._as(self.auditor, self.env["customer.cost.rule"]).create(
                {"name": "X", "kind": "visit"}
            )

    def test_accountants_and_directors_spread_and_rule(self):
        for user in (self.accountant, self.director):
            with self.subTest(user=user.login):
                spread = self._as(user, self.spread)
                spread.action_undo()
                spread.action_draft()
                spread.action_preview()
                self.assertEqual(len(spread.share_ids), 2)
                spread.action_open_costs()
                spread.action_post()
                self.assertEqual(spread.posted_by_id, user)
                self._as(user, self.env["customer.cost.rule"]).create(
                    {"name": "X", "kind": "visit"}
                ).unlink()

    def test_results_are_written_by_nobody(self):
        """Posting is a step, not a value."""
        spread = self._as(self.accountant, self.spread)
        for values in ({"state": "draft"}, {"state": False}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "written"):
                spread.write(values)
        spread.action_undo()
        for values in ({"state": "posted"}, {"amount": 5.0}, {"line_count": 3}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "written"):
                spread.write(values)
        with self.assertRaisesRegex(UserError, "cannot be written"):
            spread.create(
                {
                    "name": "Fair",
                    "account_id": self.fair.id,
                    "date_from": "2026-06-01",
                    "date_to": "2026-06-30",
                    "state": "posted",
                }
            )
        self.assertEqual(spread.copy().state, "draft")

    def test_shares_are_written_by_nobody(self):
        share = self.spread.share_ids[:1]
        for user in (self.accountant, self.director):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, share).write({"amount": 1})

    def test_campaign_costs(self):
        for user in (self.manager, self.accountant, self.director):
            with self.subTest(user=user.login):
                campaign = self._as(user, self.campaign)
                self.assertEqual(campaign.finance_cost, 90)
        for name in ("finance_cost", "finance_budget", "finance_analytic_account_id"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._as(self.ann, self.campaign).read([name])
        with self.assertRaises(AccessError):
            self._as(self.ann, self.campaign).finance_budget = 5
        with self.assertRaises(AccessError):
            self._as(self.ann, self.campaign).action_make_finance_account()
