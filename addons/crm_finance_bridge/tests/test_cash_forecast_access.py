# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who sees the cash forecast."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .test_cash_forecast import TODAY, ForecastCommon

MODELS = ["cash.forecast", "cash.forecast.test", "cash.forecast.overview"]


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestCashForecastAccess(ForecastCommon):
    """Ann has a customer who owes 100, Bob one who owes 70 and an order of 300."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls._user("flow_ann", "sales_team.group_sale_salesman")
        cls.bob = cls._user("flow_bob", "sales_team.group_sale_salesman")
        cls.customer.user_id = cls.ann
        cls.other.user_id = cls.bob
        cls._invoice(100, "2026-05-01", "2026-06-10")
        cls._invoice(70, "2026-05-01", "2026-06-10", cls.other)
        cls._order(3, partner=cls.other, user_id=cls.bob.id)
        cls.env.cr.flush()

    @classmethod
    def _user(cls, login, groups, **values):
        return new_test_user(
            cls.env, login, groups=groups, company_id=cls.company.id, **values
        )

    def _as(self, user, model):
        return self.env(user=user, context={})[model]

    def _expected(self, user):
        [(amount,)] = self._as(user, "cash.forecast")._read_group(
            [], [], ["expected:sum"]
        )
        return amount

    def test_salesperson_sees_own_customers(self):
        self.assertEqual(self._expected(self.ann), 100)
        self.assertEqual(self._expected(self.bob), 370)
        tested = self._as(self.ann, "cash.forecast.test").search([])
        self.assertEqual(tested.partner_id, self.customer)
        overview = self._as(self.ann, "cash.forecast.overview").search([])
        self.assertEqual(overview.expected_26, 100)
        self.assertIn("100.00", overview.headline)
        self.assertNotIn("170.00", overview.headline)

    def test_accountant_director_and_manager_see_all(self):
        for login, group in (
            ("flow_accountant", "account.group_account_invoice"),
            ("flow_auditor", "account.group_account_readonly"),
            ("flow_director", "crm_finance_bridge.crm_finance_bridge_group_director"),
            ("flow_manager", "sales_team.group_sale_manager"),
        ):
            with self.subTest(login):
                user = self._user(login, group)
                self.assertEqual(self._expected(user), 470)
                tested = self._as(user, "cash.forecast.test").search([])
                self.assertEqual(tested.partner_id, self.customer | self.other)
                action = self._as(user, "cash.forecast.overview").action_open_overview()
                self.assertEqual(action["res_id"], self.company.id)

    def test_screens_of_an_accountant(self):
        user = self._user("flow_views", "account.group_account_invoice")
        for model, views in (
            ("cash.forecast", ("list", "pivot", "graph", "search")),
            ("cash.forecast.test", ("list", "pivot", "graph", "search")),
            ("cash.forecast.overview", ("form",)),
        ):
            self._as(user, model).get_views([(False, view) for view in views])
        menu = self.env.ref("crm_finance_bridge.cash_forecast_menu")
        self.assertIn(menu.id, self._as(user, "ir.ui.menu")._visible_menu_ids())
        self.assertNotIn(menu.id, self._as(self.ann, "ir.ui.menu")._visible_menu_ids())

    def test_without_amounts_nothing(self):
        group = "crm_finance_bridge.crm_finance_bridge_group_indicator"
        for user in (
            self._user("flow_indicator", group),
            self._user("flow_portal", "base.group_portal"),
        ):
            for model in MODELS:
                with self.subTest(user=user.login, model=model):
                    with self.assertRaises(AccessError):
                        self._as(user, model).search([])

    def test_nobody_writes(self):
        user = self._user("flow_writer", "account.group_account_manager")
        for model in MODELS:
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self._as(user, model).has_access(operation))

    def test_companies_of_the_user_only(self):
        other = self.setup_other_company()["company"]
        move = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": "2026-06-01",
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Line", "price_unit": 5, "tax_ids": False}
                        )
                    ],
                }
            )
        )
        move.action_post()
        user = self._user("flow_here", "account.group_account_invoice")
        self.assertEqual(self._expected(user), 470)
        self.assertEqual(
            self._as(user, "cash.forecast.overview").search([]).company_id, self.company
        )
        both = self._user(
            "flow_both",
            "account.group_account_invoice",
            company_ids=[Command.set((self.company | other).ids)],
        )
        rows = (
            self._as(both, "cash.forecast")
            .with_context(allowed_company_ids=(self.company | other).ids)
            .search([("scenario", "=", "expected")])
        )
        self.assertEqual(rows.company_id, self.company | other)
        self.assertEqual(sum(rows.mapped("amount")), 475)
