# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .cost_common import CostCommon

ALL = "sales_team.group_sale_salesman_all_leads"


class CostRightsCommon(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls._user("cost_ann", "sales_team.group_sale_salesman")
        cls.bob = cls._user("cost_bob", "sales_team.group_sale_salesman")
        cls.manager = cls._user("cost_manager", "sales_team.group_sale_manager")
        cls.accountant = cls._user("cost_accountant", "account.group_account_invoice")
        cls.auditor = cls._user("cost_auditor", "account.group_account_readonly")
        cls.director = cls._user(
            "cost_director", "crm_finance_bridge.crm_finance_bridge_group_director"
        )
        cls.customer.user_id = cls.ann
        cls.his = cls.env["res.partner"].create(
            {"name": "Bob's", "user_id": cls.bob.id}
        )

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(cls.env, login, groups=groups, company_id=cls.company.id)

    def _as(self, user, record):
        return record.with_env(self.env(user=user, context={}))

    def _enter(self, user, source, **values):
        """Enter a cost from a document, as the user does."""
        source = self._as(user, source)
        action = source.action_enter_finance_cost()
        form = Form(source.env[action["res_model"]].with_context(**action["context"]))
        values = {"name": "Train", "amount": 50.0, "date": "2026-06-05", **values}
        for name, value in values.items():
            setattr(form, name, value)
        return form.save().action_enter()


@tagged("post_install", "-at_install")
class TestCostEntry(CostRightsCommon):
    def test_from_a_contact(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        result = self._enter(self.ann, contact, kind="visit")
        self.assertIn("Customer", result["params"]["message"])
        self.assertFigures("2026-06-30", cost=50, cost_visit=50)
        line = self._costs().line_id
        self.assertEqual(line.amount, -50)
        self.assertEqual(line.user_id, self.ann)
        self.assertEqual(line[self.customers_plan._column_name()], self.account)

    def test_account_is_made_once(self):
        self._enter(self.bob, self.his)
        self._enter(self.bob, self.his, amount=7.0)
        self.assertFigures("2026-06-30", partner=self.his, cost=57)
        account = self.env["account.analytic.account"].search(
            [("partner_id", "=", self.his.id)]
        )
        self.assertEqual(len(account), 1)
        self.assertEqual(account.name, "Bob's")
        self.assertEqual(account.company_id, self.company)

    def test_each_company_has_its_account(self):
        other = self.setup_other_company()["company"]
        self.ann.company_ids |= other
        for company in (self.company, other):
            entry = self.env(
                user=self.ann, context={"allowed_company_ids": company.ids}
            )["customer.cost.entry"]
            entry.create(
                {"partner_id": self.customer.id, "name": "X", "amount": 5}
            ).action_enter()
        accounts = self.env["account.analytic.account"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(accounts.company_id, self.company | other)
        self.assertFigures("2026-06-30", cost=5)
        self.assertFigures("2026-06-30", company=other, cost=5)

    def test_from_an_order_with_a_campaign(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.ann.id,
                "campaign_id": self.campaign.id,
            }
        )
        self._enter(self.ann, order)
        self.assertFigures("2026-06-30", cost=50, cost_service=50)
        self.assertEqual(self._costs().campaign_id, self.campaign)
        self.assertEqual(self.campaign.finance_cost, 50)

    def test_from_an_opportunity(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "user_id": self.ann.id,
                "partner_id": self.customer.id,
            }
        )
        self._enter(self.ann, lead)
        self.assertFigures("2026-06-30", cost_acquisition=50)
        lead.partner_id = False
        with self.assertRaisesRegex(UserError, "no customer to charge yet"):
            self._enter(self.ann, lead)

    def test_no_amount(self):
        for amount in (0.0, -10.0, 0.001):
            with (
                self.subTest(amount=amount),
                self.assertRaisesRegex(UserError, "positive amount"),
            ):
                self._enter(self.ann, self.customer, amount=amount)

    def test_closed_period(self):
        self.company.fiscalyear_lock_date = "2026-06-04"
        self._enter(self.ann, self.customer)
        self.company.fiscalyear_lock_date = "2026-06-05"
        with self.assertRaisesRegex(UserError, "closed period"):
            self._enter(self.ann, self.customer)

    def test_campaign_without_an_account(self):
        campaign = self.env["utm.campaign"].create({"title": "Mailing"})
        with self.assertRaisesRegex(UserError, "no cost account yet"):
            self._enter(self.ann, self.customer, campaign_id=campaign)

    def test_campaign_in_the_plan_of_customers(self):
        self.campaign.finance_analytic_account_id = self._account(
            "Wrong plan", self.customers_plan
        )
        with self.assertRaisesRegex(UserError, "same analytic plan"):
            self._enter(self.ann, self.customer, campaign_id=self.campaign)

    def test_who_enters_for_whom(self):
        with self.assertRaisesRegex(AccessError, "Ask cost_bob"):
            self._enter(self.ann, self.his)
        self._enter(self.ann, self.second_hand())
        for user in (self.manager, self.accountant, self.director):
            with self.subTest(user=user.login):
                self._enter(user, self.his)
        with self.assertRaises(AccessError):
            self._enter(self.auditor, self.his)

    def second_hand(self):
        """Return a customer of nobody."""
        return self.env["res.partner"].create({"name": "Nobody's"})

    def test_company_one_does_not_work_in(self):
        other = self.setup_other_company()["company"]
        entry = self._as(self.ann, self.env["customer.cost.entry"]).create(
            {"partner_id": self.customer.id, "name": "X", "amount": 5}
        )
        with self.assertRaises(AccessError):
            entry.company_id = other
            entry.action_enter()
