# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import freeze_time, new_test_user, tagged

from .common import FinanceCommon

MODULE = "crm_finance_bridge.crm_finance_bridge_group_"
AMOUNTS = {
    "receivable",
    "unallocated_credit",
    "overdue",
    "not_due",
    "ageing_1",
    "ageing_2",
    "ageing_3",
    "ageing_4",
    "ageing",
    "opening_receivable",
    "sales",
    "daily_sales",
    "paid_amount",
    "paid_amount_days",
    "paid_amount_late_days",
    "due_amount",
    "due_on_time",
    "due_collected",
    "net_sales",
}
MARGINS = {
    "margin",
    "margin_rate",
    "net_sales_cost_frozen",
    "net_sales_cost_estimated",
    "cost_coverage",
    "cost_estimated_rate",
    "financing_cost",
}
DAYS = {"dso", "days_late", "days_to_pay", "on_time_rate", "oldest_overdue_days", "cei"}
FIGURES = ["customer.finance.profile", "customer.finance.snapshot"]
ROWS = [
    "customer.finance.item",
    "customer.finance.settlement",
    "customer.finance.margin.line",
]


class AccessCommon(FinanceCommon):
    """Three customers of 100, 200 and 400: Ann's, Bob's and nobody's.

    Each has a posted invoice with a cost of 60, of which 40 are paid, and a snapshot.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sales = "sales_team.group_sale_salesman"
        cls.ann = cls._user("ann", sales)
        cls.bob = cls._user("bob", sales)
        cls.customer.user_id = cls.ann
        cls.his = cls.customer.copy({"name": "Bob's", "user_id": cls.bob.id})
        cls.free = cls.customer.copy({"name": "Nobody's", "user_id": False})
        cls.amounts = {cls.customer: 100, cls.his: 200, cls.free: 400}
        cls.all = cls.customer | cls.his | cls.free
        with freeze_time("2026-06-30 12:00:00"):
            for partner, amount in cls.amounts.items():
                cls._fill(partner, amount)
            cls.profiles._rebuild(cls.company)
            cls.env["customer.finance.snapshot"]._rebuild(cls.company, months=2)

    @classmethod
    def _fill(cls, partner, amount):
        invoice = cls._invoice(amount, "2026-05-01", "2026-05-31", partner=partner)
        cls._pay(invoice, 40, "2026-06-10")

    @classmethod
    def _user(cls, login, groups):
        user = new_test_user(cls.env, login, groups=groups, company_id=cls.company.id)
        if not user.share:
            # Exports are refused because of the field, not for want of this right.
            user.group_ids += cls.env.ref("base.group_allow_export")
        return user

    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-06-30 12:00:00")
        freezer.start()
        self.addCleanup(freezer.stop)
        self.env.invalidate_all()

    def _as(self, user, model):
        return self.env(user=user, context={})[model]

    def _rpc(self, user, model, method, *args, **kwargs):
        """Call a method as the web client or the external API would."""
        return call_kw(self._as(user, model), method, list(args), kwargs)

    def assertDenied(self, user, model, method, *args, **kwargs):
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._rpc(user, model, method, *args, **kwargs)

    def assertFieldDenied(self, user, model, name):
        """Neither read nor search, group, aggregate, order or export by a field."""
        call = (user, model)
        with self.subTest(user=user.login, model=model, field=name):
            self.assertNotIn(name, self._rpc(*call, "fields_get"))
            ids = self.env[model].search([], limit=1).ids
            self.assertDenied(*call, "read", ids, [name])
            self.assertDenied(*call, "web_read", ids, {name: {}})
            self.assertDenied(*call, "export_data", ids, [name])
            field = self.env[model]._fields[name]
            if not field.store:
                return
            self.assertDenied(*call, "search", [(name, ">", 50)])
            self.assertDenied(*call, "search_count", [("id", ">", 0), (name, "!=", 0)])
            self.assertDenied(*call, "search", [], order=f"{name} desc")
            self.assertDenied(*call, "web_search_read", [], {"id": {}}, order=name)
            self.assertDenied(*call, "formatted_read_group", [], [], [f"{name}:sum"])
            self.assertDenied(*call, "formatted_read_group", [], [name], ["__count"])
            self.assertDenied(
                *call,
                "formatted_read_group",
                [],
                ["partner_id"],
                ["__count"],
                having=[(f"{name}:sum", ">", 50)],
            )
            self.assertDenied(
                *call,
                "formatted_read_group",
                [],
                ["partner_id"],
                ["__count"],
                order=f"{name}:sum desc",
            )


@tagged("post_install", "-at_install")
class TestAccessFields(AccessCommon):
    """Which figures each of the three levels sees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        seeing_all = ",base.group_partner_manager"
        cls.indicator = cls._user("indicator", MODULE + "indicator" + seeing_all)
        cls.amount = cls._user("amount", MODULE + "amount" + seeing_all)
        cls.margin = cls._user("margin", MODULE + "margin" + seeing_all)
        # Levels are about figures; whose customers is another matter.
        cls.all.user_id = False

    def test_indicator_sees_days_and_rates(self):
        """80 % of nothing: 40 of 100 due on 31 May were paid on 10 June, 10 late."""
        for model in FIGURES:
            names = set(self._rpc(self.indicator, model, "fields_get"))
            self.assertFalse(names & (AMOUNTS | MARGINS))
            self.assertLessEqual(DAYS, names)
        [row] = self._rpc(
            self.indicator,
            "customer.finance.profile",
            "web_search_read",
            [("partner_id", "=", self.customer.id)],
            {"days_late": {}, "on_time_rate": {}, "oldest_overdue_days": {}},
        )["records"]
        self.assertEqual(row["days_late"], 10)
        self.assertEqual(row["on_time_rate"], 0)
        self.assertEqual(row["oldest_overdue_days"], 30)

    def test_indicator_does_not_see_amounts(self):
        for model in FIGURES:
            for name in sorted((AMOUNTS | MARGINS) & set(self.env[model]._fields)):
                self.assertFieldDenied(self.indicator, model, name)

    def test_indicator_does_not_see_rows(self):
        for model in [*ROWS, "customer.finance.comparison", "customer.finance.check"]:
            with self.subTest(model):
                self.assertDenied(self.indicator, model, "search_count", [])
                self.assertDenied(self.indicator, model, "search_read", [], ["id"])

    def test_rows_do_not_come_in_the_order_of_amounts(self):
        """Nothing else differs, so any order but theirs is fine, and no error."""
        partners = self._as(self.indicator, "customer.finance.profile").search([])
        self.assertEqual(partners.partner_id, self.all)
        by_amount = self._as(self.margin, "customer.finance.profile").search([])
        self.assertEqual(
            by_amount.partner_id.ids, [self.free.id, self.his.id, self.customer.id]
        )
        self.assertNotEqual(partners.partner_id.ids, by_amount.partner_id.ids)

    def test_amount_does_not_see_margins(self):
        for model in FIGURES:
            names = set(self._rpc(self.amount, model, "fields_get"))
            self.assertLessEqual(AMOUNTS & set(self.env[model]._fields), names)
            for name in sorted(MARGINS):
                self.assertFieldDenied(self.amount, model, name)
        self.assertDenied(
            self.amount, "customer.finance.margin.line", "search_count", []
        )
        self.assertEqual(
            self._rpc(self.amount, "customer.finance.item", "search_count", []), 6
        )

    def test_amount_does_not_see_costs_on_invoice_lines(self):
        biller = self._user(
            "biller", MODULE + "amount,sales_team.group_sale_salesman_all_leads"
        )
        group = self.env.ref("sales_team.group_sale_salesman")
        group.implied_ids -= self.env.ref(MODULE + "margin")
        for name in ("finance_unit_cost", "finance_cost_source"):
            self.assertFieldDenied(biller, "account.move.line", name)

    def test_margin_sees_everything(self):
        [row] = self._rpc(
            self.margin,
            "customer.finance.profile",
            "web_search_read",
            [("partner_id", "=", self.customer.id)],
            {"receivable": {}, "margin": {}, "margin_rate": {}, "cost_coverage": {}},
        )["records"]
        self.assertEqual(row["receivable"], 60)
        self.assertEqual(row["margin"], 40)
        self.assertAlmostEqual(row["margin_rate"], 0.4)
        self.assertEqual(row["cost_coverage"], 1)

    def test_contact_fields_follow_the_level(self):
        contact = (self.customer.id,)
        for user, hidden, shown in (
            (self.indicator, AMOUNTS | MARGINS, DAYS),
            (self.amount, MARGINS, AMOUNTS),
        ):
            fields = self._as(user, "res.partner")._fields
            names = set(self._rpc(user, "res.partner", "fields_get"))
            for name in hidden:
                if f"finance_{name}" in fields:
                    with self.subTest(user=user.login, field=name):
                        self.assertNotIn(f"finance_{name}", names)
                        self.assertDenied(
                            user, "res.partner", "read", contact, [f"finance_{name}"]
                        )
                        self.assertDenied(
                            user,
                            "res.partner",
                            "export_data",
                            contact,
                            [f"finance_profile_id/{name}"],
                        )
            for name in shown:
                if f"finance_{name}" in fields:
                    self.assertIn(f"finance_{name}", names)

    def test_contacts_cannot_be_probed_for_amounts(self):
        """A search that counts is as good as a read."""
        for user, names in (
            (self.indicator, ("overdue", "receivable", "margin")),
            (self.amount, ("margin", "financing_cost", "margin_rate")),
        ):
            for model in ("res.partner", "sale.order", "crm.lead", "account.move"):
                if not self._as(user, model).has_access("read"):
                    continue
                for name in names:
                    for path in (
                        f"finance_profile_id.{name}",
                        f"finance_{name}",
                    ):
                        if path not in self.env[model]._fields and "." not in path:
                            continue
                        with self.subTest(user=user.login, model=model, path=path):
                            self.assertDenied(user, model, "search", [(path, ">", 50)])
                    self.assertDenied(
                        user,
                        model,
                        "search",
                        [("finance_profile_id", "any", [(name, ">", 50)])],
                    )
                    self.assertDenied(
                        user,
                        model,
                        "search",
                        [("finance_profile_id", "not any", [(name, ">", 50)])],
                    )
        found = self._rpc(
            self.amount, "res.partner", "search", [("finance_overdue", ">", 150)]
        )
        self.assertEqual(found, [self.his.id, self.free.id])

    def test_graphs_carry_no_amounts_without_the_group(self):
        profile = self._profile(self.customer)
        [row] = self._rpc(self.indicator, profile._name, "read", profile.ids, ["trend"])
        self.assertEqual([serie["label"] for serie in row["trend"]["series"]], ["DSO"])
        # 100 sold on 1 May; 31 days later 100 are open, 60 on 30 June
        self.assertEqual(row["trend"]["labels"], ["2026-05-31"])
        self.assertEqual(row["trend"]["series"][0]["values"], [31])
        self.assertDenied(
            self.indicator, profile._name, "read", profile.ids, ["ageing"]
        )
        [contact] = self._rpc(
            self.indicator, "res.partner", "read", self.customer.ids, ["finance_trend"]
        )
        self.assertEqual(contact["finance_trend"], row["trend"])
        self.assertDenied(
            self.indicator,
            "res.partner",
            "read",
            self.customer.ids,
            ["finance_ageing"],
        )

    def test_graphs_of_the_amount_group(self):
        profile = self._profile(self.customer)
        [row] = self._rpc(
            self.amount, profile._name, "read", profile.ids, ["trend", "ageing"]
        )
        self.assertEqual(
            [(serie["label"], serie["values"]) for serie in row["trend"]["series"]],
            [("Receivable", [100]), ("Overdue", [0])],
        )
        self.assertEqual([part["amount"] for part in row["ageing"]], [0, 60, 0, 0, 0])

    def test_comparison_shows_no_margins_without_the_group(self):
        snapshot = self.env["customer.finance.snapshot"].search(
            [("partner_id", "=", self.customer.id)], limit=1
        )
        rows = {}
        for user in (self.amount, self.margin):
            action = self._rpc(user, snapshot._name, "action_compare", snapshot.ids)
            rows[user] = self._rpc(
                user,
                action["res_model"],
                "web_read",
                [action["res_id"]],
                {
                    "difference_count": {},
                    "change_count": {},
                    "line_ids": {"fields": {"name": {}, "stored_value": {}}},
                },
            )[0]["line_ids"]
        names = [{line["name"] for line in rows[user]} for user in rows]
        self.assertEqual(
            names[1] - names[0],
            {"Margin", "Financing Cost", "Customer Cost", "Net Profit"},
        )
        self.assertIn("Receivable", names[0])
        self.assertDenied(
            self.indicator, snapshot._name, "action_compare", snapshot.ids
        )


@tagged("post_install", "-at_install")
class TestAccessCustomers(AccessCommon):
    """Whose customers each role sees."""

    def assertSees(self, user, model, partners):
        rows = self._as(user, model).search([])
        self.assertEqual(rows.partner_id & self.all, partners, model)

    def test_salesperson_sees_own_and_nobodys(self):
        for model in FIGURES + ROWS:
            with self.subTest(model):
                self.assertSees(self.ann, model, self.customer | self.free)
                theirs = self.env[model].search([("partner_id", "=", self.his.id)])
                self.assertTrue(theirs)
                self.assertDenied(
                    self.ann,
                    model,
                    "read",
                    theirs.ids,
                    ["date" if model in ROWS else "as_of_date"],
                )
                total = self._rpc(
                    self.ann, model, "formatted_read_group", [], ["partner_id"], []
                )
                self.assertEqual(
                    {row["partner_id"][0] for row in total},
                    {self.customer.id, self.free.id},
                )

    def test_salesperson_does_not_compare_a_colleagues_snapshot(self):
        theirs = self.env["customer.finance.snapshot"].search(
            [("partner_id", "=", self.his.id)], limit=1
        )
        self.assertDenied(self.ann, theirs._name, "action_compare", theirs.ids)
        self.assertDenied(
            self.ann,
            "customer.finance.comparison",
            "create",
            {"snapshot_id": theirs.id},
        )
        own = self.env["customer.finance.snapshot"].search(
            [("partner_id", "=", self.customer.id)], limit=1
        )
        action = self._rpc(self.ann, own._name, "action_compare", own.ids)
        comparison = self.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(comparison.line_ids)
        for record in (comparison, comparison.line_ids):
            self.assertDenied(self.bob, record._name, "read", record.ids, ["id"])
            self.assertFalse(self._rpc(self.bob, record._name, "search", []))
        self.assertDenied(
            self.ann,
            "customer.finance.comparison",
            "write",
            [action["res_id"]],
            {"snapshot_id": theirs.id},
        )

    def test_documents_of_a_colleagues_customer_show_nothing(self):
        """Ann may hold a document of Bob's customer: she sees it without figures."""
        order = self.env["sale.order"].create(
            {"partner_id": self.his.id, "user_id": self.ann.id}
        )
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "partner_id": self.his.id, "user_id": self.ann.id}
        )
        with freeze_time("2026-06-30 12:00:00"):
            invoice = self._invoice(1, "2026-06-01", partner=self.his, post=False)
        invoice.invoice_user_id = self.ann
        names = [
            "finance_profile_id",
            "finance_receivable",
            "finance_overdue",
            "finance_oldest_overdue_days",
            "finance_days_late",
        ]
        for record in (order, lead, invoice, self.his):
            with self.subTest(record._name):
                [row] = self._rpc(self.ann, record._name, "read", record.ids, names)
                self.assertEqual([row[name] for name in names], [False, 0, 0, 0, False])
                [row] = self._rpc(self.bob, "res.partner", "read", self.his.ids, names)
                self.assertEqual(row["finance_receivable"], 160)

    def test_search_finds_no_colleagues_customer(self):
        for path in ("finance_profile_id.overdue", "finance_overdue"):
            found = self._rpc(
                self.ann,
                "res.partner",
                "search",
                [(path, ">", 0), ("id", "in", self.all.ids)],
            )
            self.assertEqual(set(found), {self.customer.id, self.free.id})
        found = self._rpc(
            self.ann,
            "res.partner",
            "search",
            [("finance_profile_id", "!=", False), ("id", "in", self.all.ids)],
        )
        self.assertEqual(set(found), {self.customer.id, self.free.id})
        found = self._rpc(
            self.ann,
            "res.partner",
            "search",
            [("finance_profile_id", "=", False), ("id", "in", self.all.ids)],
        )
        self.assertEqual(found, self.his.ids)

    def test_search_by_zero(self):
        """A contact without a profile shows zero, which is not more than zero."""
        stranger = self.customer.copy({"name": "No documents"})
        for domain, partners in (
            ([("finance_overdue", ">", 100)], self.his | self.free),
            ([("finance_overdue", ">", 0)], self.all),
            ([("finance_overdue", "!=", 0)], self.all),
            ([("finance_overdue", "=", 0)], stranger),
            ([("finance_days_late", ">", 0)], self.all),
            ([("finance_days_late", "=", False)], stranger),
            ([("finance_days_late", "!=", False)], self.all),
            ([("finance_profile_id", "=", False)], stranger),
            ([("finance_profile_id.overdue", ">", 0)], self.all),
        ):
            with self.subTest(domain=domain):
                found = self.env["res.partner"].search(
                    [*domain, ("id", "in", (self.all | stranger).ids)]
                )
                self.assertEqual(found, partners)

    def test_actions_of_a_colleagues_profile(self):
        theirs = self._profile(self.his)
        for method in ("action_refresh", "action_open_figure", "action_open_partner"):
            with self.subTest(method):
                self.assertDenied(self.ann, theirs._name, method, theirs.ids)
        own = self._profile(self.customer)
        self.assertTrue(self._rpc(self.ann, own._name, "action_refresh", own.ids))

    def test_those_who_see_every_customer(self):
        for login, groups in (
            ("all_leads", "sales_team.group_sale_salesman_all_leads"),
            ("manager", "sales_team.group_sale_manager"),
            ("biller", "account.group_account_invoice"),
            ("auditor", "account.group_account_readonly"),
            ("accountant", "account.group_account_user"),
            ("director", MODULE + "director"),
        ):
            user = self._user(login, groups)
            for model in FIGURES + ROWS:
                with self.subTest(user=login, model=model):
                    self.assertSees(user, model, self.all)

    def test_director_sees_the_documents_behind_a_figure(self):
        director = self._user("director", MODULE + "director")
        own = self._profile(self.his)
        action = self._rpc(director, own._name, "action_open_figure", own.ids)
        rows = self._as(director, action["res_model"]).search(action["domain"])
        self.assertEqual(sum(rows.mapped("open_amount")), 160)
        opened = rows[:1].action_open_document()
        self.assertEqual(
            self._as(director, "account.move").browse(opened["res_id"]).partner_id,
            self.his,
        )

    def test_new_salesperson_of_a_customer_sees_it_at_once(self):
        self.his.user_id = self.ann
        for model in FIGURES + ROWS:
            self.assertSees(self.ann, model, self.all)
            self.assertSees(self.bob, model, self.free)


@tagged("post_install", "-at_install")
class TestAccessForms(AccessCommon):
    """The native screens open for everybody, with what they may see."""

    def _open(self, user, record):
        """Open a form as the web client does; return (field names, values)."""
        views = self._rpc(
            user, record._name, "get_views", [[False, "form"]], options={}
        )
        arch = etree.fromstring(views["views"]["form"]["arch"])
        names = {
            node.get("name")
            for node in arch.iterfind(".//field")
            if not any(parent.tag == "field" for parent in node.iterancestors())
        }
        spec = {name: {} for name in names}
        [values] = self._rpc(user, record._name, "web_read", record.ids, spec)
        return {name for name in names if name.startswith("finance_")}, values

    def test_salesperson(self):
        names, values = self._open(self.ann, self.customer)
        self.assertIn("finance_margin", names)
        self.assertEqual(values["finance_receivable"], 60)
        self.assertEqual(values["finance_margin"], 40)
        _names, values = self._open(self.ann, self.his)
        self.assertFalse(values["finance_profile_id"])
        self.assertFalse(values["finance_receivable"])
        self.assertFalse(values["finance_trend"])

    def test_indicator(self):
        user = self._user("indicator", MODULE + "indicator")
        names, values = self._open(user, self.free)
        self.assertIn("finance_days_late", names)
        self.assertFalse(names & {f"finance_{name}" for name in AMOUNTS | MARGINS})
        self.assertEqual(values["finance_days_late"], 10)

    def test_plain_user_sees_no_figures(self):
        user = self._user("plain", "base.group_user")
        names, values = self._open(user, self.free)
        # What is left decides on visibility
        self.assertLessEqual(
            names, {"finance_profile_id", "finance_currency_id", "finance_is_child"}
        )
        self.assertFalse(values.get("finance_profile_id"))
        names = [
            name
            for name in self._rpc(user, "res.partner", "fields_get")
            if name.startswith("finance_") and name != "finance_is_child"
        ]
        [row] = self._rpc(user, "res.partner", "read", self.free.ids, names)
        self.assertEqual([name for name in names if row[name]], [])

    def test_other_documents_open(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.his.id, "user_id": self.ann.id}
        )
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "partner_id": self.his.id, "user_id": self.ann.id}
        )
        invoice = self.env["account.move"].search(
            [("partner_id", "=", self.his.id), ("move_type", "=", "out_invoice")]
        )
        biller = self._user("biller", "account.group_account_invoice")
        for user, record, receivable in (
            (self.ann, order, 0),
            (self.ann, lead, 0),
            (self.bob, order, 160),
            (biller, invoice, 160),
        ):
            order.user_id = user if user != biller else False
            with self.subTest(user=user.login, model=record._name):
                names, values = self._open(user, record)
                self.assertIn("finance_receivable", names)
                self.assertEqual(values["finance_receivable"], receivable)

    def test_profile_form_at_every_level(self):
        profile = self._profile(self.free)
        for level, shown in (
            ("indicator", 0),
            ("amount", 360),
            ("margin", 360),
            ("director", 360),
        ):
            with self.subTest(level):
                user = self._user(level, MODULE + level)
                _names, values = self._open(user, profile)
                self.assertEqual(values.get("receivable", 0), shown)
                self.assertEqual("margin" in values, level in ("margin", "director"))


@tagged("post_install", "-at_install")
class TestAccessOutside(AccessCommon):
    """Portal and public users get nothing, nobody writes."""

    def test_portal_and_public(self):
        portal = self._user("portal", "base.group_portal")
        portal.partner_id.parent_id = self.free
        public = self.env.ref("base.public_user")
        profile = self._profile(self.free)
        snapshot = self.env["customer.finance.snapshot"].search([], limit=1)
        item = self.env["customer.finance.item"].search([], limit=1)
        for user in (portal, public):
            with self.subTest(user.login):
                for model in [
                    *FIGURES,
                    *ROWS,
                    "customer.finance.check",
                    "customer.finance.check.line",
                    "customer.finance.comparison",
                    "customer.finance.indicator",
                    "customer.finance.queue",
                ]:
                    self.assertDenied(user, model, "search_count", [])
                for record, method in (
                    (profile, "action_refresh"),
                    (profile, "action_open_figure"),
                    (profile, "action_open_partner"),
                    (snapshot, "action_open_figure"),
                    (snapshot, "action_compare"),
                    (item, "action_open_document"),
                    (self.free, "action_refresh_finance"),
                    (self.free, "action_open_finance_figure"),
                    (self.free, "action_open_finance_profile"),
                ):
                    self.assertDenied(user, record._name, method, record.ids)

    def test_portal_user_reads_no_figures_of_its_own_company(self):
        portal = self._user("portal", "base.group_portal")
        portal.partner_id.parent_id = self.free
        order = self.env["sale.order"].create({"partner_id": portal.partner_id.id})
        order.action_confirm()
        order.message_subscribe(portal.partner_id.ids)
        for record in (self.free, order):
            names = [
                name
                for name in self._rpc(portal, record._name, "fields_get")
                if name.startswith("finance_") and name != "finance_is_child"
            ]
            self.assertNotIn("finance_receivable", names)
            [row] = self._rpc(portal, record._name, "read", record.ids, names)
            self.assertEqual([name for name in names if row[name]], [])
            self.assertDenied(
                portal, record._name, "read", record.ids, ["finance_receivable"]
            )
            for path in (
                "finance_profile_id.overdue",
                "finance_profile_id.days_late",
                "finance_overdue",
                "finance_days_late",
            ):
                self.assertDenied(portal, record._name, "search", [(path, ">", 0)])

    def test_nobody_writes(self):
        admin = self._user("admin2", f"base.group_system,{MODULE}director")
        director = self._user("director", MODULE + "director")
        check = self.env["customer.finance.check"]._run(self.company)
        queue = self.env["customer.finance.queue"]
        queue._push_all(self.company)
        records = [
            self._profile(self.free),
            self.env["customer.finance.snapshot"].search([], limit=1),
            queue.search([], limit=1),
            check,
            self.env["customer.finance.item"].search([], limit=1),
        ]
        for user in (self.ann, director, admin):
            for record in records:
                with self.subTest(user=user.login, model=record._name):
                    self.assertTrue(record)
                    values = {"company_id": self.company.id}
                    if "partner_id" in record._fields:
                        values["partner_id"] = self.customer.id
                    call = (user, record._name)
                    self.assertDenied(*call, "write", record.ids, values)
                    self.assertDenied(*call, "create", [values])
                    self.assertDenied(*call, "unlink", record.ids)
                    self.assertDenied(*call, "copy", record.ids)

    def test_no_private_method_by_rpc(self):
        for model, method in (
            ("customer.finance.profile", "_refresh"),
            ("customer.finance.profile", "_get_figures"),
            ("customer.finance.queue", "_push_all"),
            ("customer.finance.snapshot", "_take"),
            ("customer.finance.check", "_run"),
        ):
            with self.subTest(method):
                self.assertDenied(self.ann, model, method, [])

    def test_glossary_is_edited_by_administrators_only(self):
        row = self.env["customer.finance.indicator"].search([], limit=1)
        self.assertDenied(self.ann, row._name, "write", row.ids, {"name": "X"})
        admin = self._user("admin2", "base.group_system")
        self.assertTrue(self._rpc(admin, row._name, "write", row.ids, {"name": "X"}))
        self.assertDenied(admin, row._name, "unlink", row.ids)


@tagged("post_install", "-at_install")
class TestAccessSettings(AccessCommon):
    """What salespeople see is a setting."""

    def _set(self, **values):
        self.env["res.config.settings"].create(values).execute()

    def _sees(self, user):
        names = self._rpc(user, "customer.finance.profile", "fields_get")
        return "receivable" in names, "margin" in names

    def _settings(self):
        names = ["group_finance_salesperson_amount", "group_finance_salesperson_margin"]
        values = self.env["res.config.settings"].default_get(names)
        return tuple(values[name] for name in names)

    def test_toggles(self):
        manager = self._user("manager", "sales_team.group_sale_manager")
        auditor = self._user("auditor", "account.group_account_readonly")
        level = self._user("level", MODULE + "margin")
        self.assertEqual(self._settings(), (True, True))
        self.assertEqual(self._sees(self.ann), (True, True))
        self._set(group_finance_salesperson_margin=False)
        self.assertEqual(self._settings(), (True, False))
        self.assertEqual(self._sees(self.ann), (True, False))
        self._set(group_finance_salesperson_amount=False)
        self.assertEqual(self._settings(), (False, False))
        self.assertEqual(self._sees(self.ann), (False, False))
        self.assertEqual(
            self._rpc(self.ann, self.profiles._name, "search_count", []), 2
        )
        # The others' rights do not hang on what salespeople see.
        for user in (manager, auditor, level):
            with self.subTest(user.login):
                self.assertEqual(self._sees(user), (True, True))
        self._set(
            group_finance_salesperson_amount=True, group_finance_salesperson_margin=True
        )
        self.assertEqual(self._settings(), (True, True))
        self.assertEqual(self._sees(self.ann), (True, True))

    def test_no_amounts_is_no_margins(self):
        self._set(group_finance_salesperson_amount=False)
        self.assertEqual(self._settings(), (False, False))
        self.assertEqual(self._sees(self.ann), (False, False))

    def test_margins_come_with_amounts_on_the_screen(self):
        settings = self.env["res.config.settings"].new(
            {"group_finance_salesperson_amount": False}
        )
        settings.group_finance_salesperson_margin = True
        settings._onchange_group_finance_salesperson_margin()
        self.assertTrue(settings.group_finance_salesperson_amount)
        settings.group_finance_salesperson_amount = False
        settings._onchange_group_finance_salesperson_amount()
        self.assertFalse(settings.group_finance_salesperson_margin)

    def test_own_rights_stay(self):
        """A salesperson given the level personally keeps it."""
        self.ann.group_ids = [Command.link(self.env.ref(MODULE + "amount").id)]
        self._set(group_finance_salesperson_amount=False)
        self.assertEqual(self._sees(self.ann), (True, False))
        self.assertEqual(self._sees(self.bob), (False, False))
