# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who sees what customers and campaigns returned."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .test_return import ReturnCommon

MARGIN = "crm_finance_bridge.crm_finance_bridge_group_margin"
MENUS = {
    "product": "crm_finance_bridge.customer_finance_margin_line_menu_product",
    "campaigns": "crm_finance_bridge.utm_campaign_return_menu",
    "customers": "crm_finance_bridge.customer_acquisition_report_menu",
}


@tagged("post_install", "-at_install")
class TestReturnAccess(ReturnCommon):
    """Ann and Bob each won a customer by the fair, which cost 300."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls._user("ann", "sales_team.group_sale_salesman")
        cls.bob = cls._user("bob", "sales_team.group_sale_salesman")
        cls.all_leads = cls._user("all", "sales_team.group_sale_salesman_all_leads")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.director = cls._user(
            "boss", "crm_finance_bridge.crm_finance_bridge_group_director"
        )
        cls.accountant = cls._user("bookkeeper", "account.group_account_invoice")
        cls.clerk = cls._user("clerk", "base.group_user")
        cls.portal = cls._user("visitor", "base.group_portal")
        cls._campaign_cost(300, "2026-02-01")
        cls.customer.user_id = cls.ann
        cls.his = cls._customer("His", user_id=cls.bob.id)
        for partner, user in ((cls.customer, cls.ann), (cls.his, cls.bob)):
            order = cls._win("2026-03-01", cls.fair, partner=partner, user_id=user.id)
            cls._bill(order, "2026-03-01")
        cls._customer_cost(50, "2026-04-01")
        cls.env["customer.acquisition"]._refresh(cls.company)

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(cls.env, login, groups=groups, company_id=cls.company.id)

    def _as(self, user, record):
        self.env.invalidate_all()
        return record.with_env(self.env(user=user, context={}))

    def _seen(self, user):
        """Return the rows a user sees by the last touch."""
        report = self._as(user, self.report)
        return report.search(
            [("attribution", "=", "last"), ("campaign_id", "in", [self.fair.id, False])]
        )

    def test_salesperson_sees_own_customers_only(self):
        """Neither Bob's customer nor what the fair cost."""
        rows = self._seen(self.ann)
        self.assertEqual(rows.partner_id, self.customer)
        self.assertEqual(sum(rows.mapped("customers")), 1)
        self.assertEqual(sum(rows.mapped("cost")), 50)
        self.assertNotIn(False, rows.mapped("partner_id.id"))
        self.assertEqual(self._seen(self.bob).partner_id, self.his)

    def test_salesperson_sees_no_cac(self):
        """Without the cost of the campaign it would be wrong."""
        rows = self._seen(self.ann)
        with self.assertRaises(AccessError):
            rows.read(["cac"])
        with self.assertRaises(AccessError):
            rows._read_group([], [], ["cac:avg"])
        self.assertNotIn("cac", rows.fields_get())
        with self.assertRaises(AccessError):
            self._as(self.ann, self.returns).search([])
        fair = self._as(self.ann, self.fair)
        for name in ("finance_return_ids", "finance_customers", "finance_cost"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                fair.read([name])
        views = self._as(self.ann, self.env["utm.campaign"]).get_views(
            [(False, "form"), (False, "list")]
        )
        self.assertNotIn("finance_return_ids", str(views))

    def test_managers_directors_and_accountants_see_all(self):
        for user in (self.manager, self.director, self.accountant):
            with self.subTest(user=user.login):
                rows = self._seen(user)
                self.assertEqual(sum(rows.mapped("customers")), 2)
                self.assertEqual(sum(rows.mapped("cost")), 350)
                [(cac,)] = rows._read_group([("id", "in", rows.ids)], [], ["cac:avg"])
                self.assertEqual(cac, 150)
                campaign = self._as(user, self.fair)
                self.assertEqual(campaign.finance_customers, 2)
                self.assertEqual(
                    campaign.finance_return_ids.mapped("cac"), [150, 150, 150]
                )
                action = campaign.action_open_returns()
                found = self._as(user, self.returns).search(action["domain"])
                self.assertEqual(found, campaign.finance_return_ids)

    def test_all_documents_sees_all_customers_but_no_cac(self):
        rows = self._seen(self.all_leads)
        self.assertEqual(sum(rows.mapped("customers")), 2)
        with self.assertRaises(AccessError):
            rows.read(["cac"])

    def test_opening_a_row(self):
        """A salesperson without access to the analytic line gets the row itself."""
        cost = self._seen(self.ann).filtered(lambda row: row.kind == "cost")
        self.assertEqual(cost.action_open_source()["type"], "ir.actions.act_window")
        his = self._seen(self.bob)
        with self.assertRaises(AccessError):
            self._as(self.ann, his).action_open_source()
        with self.assertRaises(AccessError):
            self._as(self.ann, his).action_open_margin_lines()

    def test_others_see_nothing(self):
        models = (self.report, self.returns, self.env["customer.acquisition"])
        for user in (self.clerk, self.portal):
            for model in models:
                with self.subTest(user=user.login, model=model._name):
                    with self.assertRaises(AccessError):
                        self._as(user, model).search([])

    def test_without_margins(self):
        """A sales manager who sees no margins sees none here either."""
        groups = self.env["res.groups"].search(
            [("implied_ids", "in", self.env.ref(MARGIN).ids)]
        )
        groups.implied_ids -= self.env.ref(MARGIN)
        self.manager.group_ids = self.env.ref("sales_team.group_sale_manager")
        self.assertFalse(self.manager.has_group(MARGIN))
        with self.assertRaises(AccessError):
            self._as(self.manager, self.report).search([])
        row = self._as(self.manager, self.returns).search(
            [("campaign_id", "=", self.fair.id)], limit=1
        )
        for name in ("margin", "cost", "roi", "cac", "payback_month", "budget"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                row.read([name])

    def test_nobody_writes(self):
        for user in (self.manager, self.director, self.accountant):
            for model in (self.report, self.returns, self.env["customer.acquisition"]):
                with self.subTest(user=user.login, model=model._name):
                    with self.assertRaises(AccessError):
                        self._as(user, model).create({})

    def test_other_companies_stay_hidden(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.write({"company_ids": other.ids, "company_id": other.id})
        for model in (self.report, self.returns):
            rows = self._as(self.manager, model).search([])
            self.assertNotIn(self.company, rows.sudo().company_id)

    def test_menus(self):
        expected = {
            self.ann: {"product", "customers"},
            self.manager: set(MENUS),
            self.director: set(MENUS),
            self.accountant: set(MENUS),
            self.clerk: set(),
        }
        for user, names in expected.items():
            visible = self._as(user, self.env["ir.ui.menu"])._visible_menu_ids()
            seen = {
                name
                for name, xmlid in MENUS.items()
                if self.env.ref(xmlid).id in visible
            }
            with self.subTest(user=user.login):
                self.assertEqual(seen, names)
