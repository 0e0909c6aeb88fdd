# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.crm_finance_bridge.tests.test_access import MODULE, AccessCommon


@tagged("post_install", "-at_install")
class TestReportAccess(AccessCommon):
    """Ann's, Bob's and nobody's customer, billed 100, 200 and 400 with a cost of 60
    each, as the roles see them in the reports."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.indicator = cls._user("report_indicator", MODULE + "indicator")
        cls.amount = cls._user("report_amount", MODULE + "amount")
        cls.manager = cls._user("report_manager", "sales_team.group_sale_manager")
        cls.reports = {
            "customer.cohort": "net_sales",
            "customer.margin.change": "margin",
        }

    def _partners(self, user, model):
        rows = self._rpc(user, model, "search_read", [], ["partner_id"])
        return {row["partner_id"][0] for row in rows} & set(self.all.ids)

    def test_own_customers_only(self):
        for model in self.reports:
            with self.subTest(model):
                own = set((self.customer | self.free).ids)
                self.assertEqual(self._partners(self.ann, model), own)
                self.assertEqual(self._partners(self.manager, model), set(self.all.ids))

    def test_own_margin_retention(self):
        """May 2026 is the latest month end; all three are new."""
        own = set((self.customer | self.free).ids)
        model = "customer.margin.retention"
        self.assertEqual(self._partners(self.ann, model), own)
        self.assertEqual(self._partners(self.manager, model), set(self.all.ids))

    def test_groups_are_of_own_customers(self):
        """40 + 340 of Ann's and nobody's; 40 + 140 + 340 in all."""
        for model in ("customer.margin.change", "customer.margin.product"):
            for user, margin in ((self.ann, 380), (self.manager, 520)):
                [row] = self._rpc(
                    user, model, "formatted_read_group", [], [], ["margin:sum"]
                )
                self.assertAlmostEqual(row["margin:sum"], margin, msg=model)

    def test_ranking_tells_nothing_of_others(self):
        """Rate and share are of the customers one may see: 380 / 500."""
        names = ["margin", "margin_rate_all", "margin_share", "quantity"]
        [row] = self._rpc(self.ann, "customer.margin.product", "search_read", [], names)
        row.pop("id")
        self.assertEqual(
            row,
            {
                "margin": 380,
                "margin_rate_all": 0.76,
                "margin_share": 1.0,
                "quantity": 2.0,
            },
        )

    def test_change_tells_nothing_of_others(self):
        """Bob's customer bought for 200 a year before: three pieces now, for 700 in
        all, are 100 more than at that price. Ann has no earlier price to compare with.
        """
        self._invoice(200, "2025-05-01", partner=self.his)
        self.env.flush_all()
        measures = ["price_effect:sum", "margin_change:sum"]
        for user, expected in ((self.ann, (0, 380)), (self.manager, (100, 380))):
            [row] = self._rpc(
                user, "customer.margin.change", "formatted_read_group", [], [], measures
            )
            found = tuple(row[name] for name in measures)
            self.assertEqual(found, expected, user.login)

    def test_cohorts_without_amounts(self):
        model = "customer.cohort"
        self._rpc(self.indicator, model, "search_read", [], ["ordered", "retention"])
        self.assertFieldDenied(self.indicator, model, "net_sales")
        self.assertFieldDenied(self.indicator, model, "margin")
        self.assertFieldDenied(self.amount, model, "margin")
        self.assertFieldDenied(self.amount, model, "margin_per_customer")
        self._rpc(self.amount, model, "search_read", [], ["net_sales"])

    def test_margins_only_for_those_who_may(self):
        for model in (
            "customer.margin.retention",
            "customer.margin.change",
            "customer.margin.product",
        ):
            for user in (self.indicator, self.amount):
                self.assertDenied(user, model, "search_read", [], ["product_id"])
        for user in (self.indicator, self.amount):
            self.assertDenied(user, "customer.margin.comparison", "create", {})

    def test_choice_of_periods(self):
        """As the button of the lists calls it, with no row chosen."""
        for model in ("customer.margin.change", "customer.margin.product"):
            action = self._rpc(self.ann, model, "action_choose_periods", [])
            self.assertEqual(action["context"]["default_now_to"], "2026-06-30")
            [wizard] = self._rpc(
                self.ann, action["res_model"], "create", [{"period": "quarter"}]
            )
            action = self._rpc(
                self.ann, action["res_model"], "action_open_change", [wizard]
            )
            self.assertEqual(action["context"]["margin_periods"][0], "2025-10-01")

    def test_nobody_writes(self):
        for model in (*self.reports, "customer.margin.retention"):
            ids = self.env[model].search([], limit=1).ids
            self.assertDenied(self.manager, model, "write", ids, {"partner_id": False})
            self.assertDenied(self.manager, model, "unlink", ids)

    def test_menus(self):
        """Whoever sees a menu may open it."""
        cohort = self.env.ref("crm_customer_value.customer_cohort_menu")
        margins = self.env.ref(
            "crm_customer_value.customer_margin_retention_menu"
        ) | self.env.ref("crm_customer_value.customer_margin_product_menu")
        for user, seen in ((self.indicator, cohort), (self.ann, cohort | margins)):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(set((cohort | margins).ids) & set(visible), set(seen.ids))

    def test_other_company(self):
        data = self.setup_other_company(name="Other")
        for model in (*self.reports, "customer.margin.retention"):
            found = self._rpc(self.manager, model, "search_read", [], ["company_id"])
            self.assertEqual({row["company_id"][0] for row in found}, {self.company.id})
            self.assertDenied(
                self.manager,
                model,
                "search_read",
                [],
                context={"allowed_company_ids": data["company"].ids},
            )
