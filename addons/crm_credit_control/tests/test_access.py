# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CreditCommon
from .test_exposure import FAR

AMOUNT = "crm_finance_bridge.crm_finance_bridge_group_amount"
MARGIN = "crm_finance_bridge.crm_finance_bridge_group_margin"


@tagged("post_install", "-at_install")
class TestAccess(CreditCommon):
    """Mine, a colleague's and nobody's customer, each with an order held at 1500."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Salespeople of this firm see no amounts unless told otherwise.
        sales = cls.env.ref("sales_team.group_sale_salesman")
        sales.implied_ids -= cls.env.ref(AMOUNT) | cls.env.ref(MARGIN)
        cls.colleague = cls._new_user("colleague", "sales_team.group_sale_salesman")
        cls.amount_seller = cls._new_user(
            "amountseller", f"sales_team.group_sale_salesman,{AMOUNT}"
        )
        cls.leader = cls._new_user("leader", "sales_team.group_sale_salesman_all_leads")
        cls.plain = cls._new_user("plain", "base.group_user")
        cls.portal = cls._new_user("portal", "base.group_portal")
        cls.mine, cls.theirs, cls.nobodys = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "user_id": user and user.id,
                }
                for name, user in (
                    ("Mine", cls.salesperson),
                    ("Theirs", cls.colleague),
                    ("Nobody's", False),
                )
            ]
        )
        cls.partners = cls.mine | cls.theirs | cls.nobodys
        cls.orders = cls.env["sale.order"]
        for partner, user in zip(
            cls.partners, (cls.salesperson, cls.colleague, cls.manager), strict=True
        ):
            cls._set_limit(1000.0, partner)
            cls._confirmed(600, partner=partner, user=cls.env.user)
            order = cls._order(1500, partner=partner, user=cls.env.user)
            order.user_id = user if user != cls.manager else False
            order.action_confirm()
            cls.orders |= order
        cls.held = cls.orders.credit_hold_id

    def _seen(self, model, user, field="partner_id"):
        records = self.env[model].with_user(user).search([])
        return records.sudo()[field] & self.partners

    def test_rows(self):
        """Holds, their reasons, exposures and files of one's own customers and of
        nobody's; leaders and the credit team see all."""
        for model in (
            "credit.hold",
            "credit.exposure",
            "credit.hold.report",
            "credit.account",
        ):
            self.partners.mapped(self._account)
            with self.subTest(model=model):
                self.assertEqual(
                    self._seen(model, self.salesperson), self.mine | self.nobodys
                )
                self.assertEqual(
                    self._seen(model, self.colleague), self.theirs | self.nobodys
                )
                for user in (self.leader, self.controller, self.manager):
                    self.assertEqual(self._seen(model, user), self.partners)

    def test_reasons_follow_their_holds(self):
        reasons = self.env["credit.hold.reason"].with_user(self.salesperson).search([])
        self.assertEqual(
            reasons.sudo().hold_id.partner_id & self.partners, self.mine | self.nobodys
        )
        reasons = self.env["credit.hold.reason"].with_user(self.controller).search([])
        self.assertEqual(reasons.sudo().hold_id & self.held, self.held)

    def test_documents_with_the_amount_group_only(self):
        items = self.env["credit.exposure.item"]
        with self.assertRaises(AccessError):
            items.with_user(self.salesperson).search([])
        seen = items.with_user(self.amount_seller).search([]).sudo().partner_id
        self.assertEqual(seen & self.partners, self.nobodys)

    def test_amounts_with_the_amount_group_only(self):
        hidden = {
            "credit.hold": (
                "amount",
                "to_pay",
                "way_out",
                "reason_text",
                "decision",
            ),
            "credit.hold.reason": ("value", "threshold", "text"),
            "credit.exposure": (
                "exposure",
                "limit_in_force",
                "available",
                "utilisation",
                "receivable",
                "ordered",
                "overdue",
            ),
            "credit.account": ("credit_limit", "exposure", "cover", "base_limit"),
            "credit.hold.report": ("amount",),
            "credit.log": ("old_value", "new_value"),
            "res.partner": (
                "credit_exposure",
                "credit_available",
                "credit_total_limit",
                "credit_utilisation",
                "credit_buckets",
            ),
            "sale.order": (
                "credit_reasons",
                "credit_way_out",
                "credit_available_after",
                "credit_expected_reasons",
                "credit_exposure",
            ),
            "crm.lead": ("credit_exceeded", "credit_available"),
        }
        for model, names in hidden.items():
            records = self.env[model]
            fields = records.with_user(self.salesperson).fields_get()
            allowed = records.with_user(self.amount_seller).fields_get()
            for name in names:
                with self.subTest(model=model, field=name):
                    self.assertNotIn(name, fields)
                    self.assertIn(name, allowed)
        with self.assertRaises(AccessError):
            self.held.with_user(self.salesperson).search([("amount", ">", 1)])
        with self.assertRaises(AccessError):
            self.mine.with_user(self.salesperson).search([("credit_available", ">", 1)])

    def test_words_without_amounts(self):
        order = self.orders[0].with_user(self.salesperson)
        self.assertEqual(
            order.credit_reasons_plain, "The credit limit would be exceeded."
        )
        texts = (
            order.credit_reasons_plain
            + order.credit_way_out_plain
            + (order.credit_expected_reasons_plain or "")
            + (order.partner_credit_warning or "")
            + " ".join(order.message_ids.mapped("body"))
        )
        for amount in ("1,000", "1,500", "2,100", "600"):
            self.assertNotIn(amount, texts)

    def test_contact_of_a_colleague(self):
        amount = self.mine.with_user(self.amount_seller)
        self.assertFalse(amount.credit_state)
        self.assertEqual(amount.credit_exposure, 0)
        free = self.nobodys.with_user(self.amount_seller)
        self.assertEqual((free.credit_state, free.credit_exposure), ("limited", 600))

    def test_plain_employee_and_portal_see_nothing(self):
        for user in (self.plain, self.portal):
            for model in (
                "credit.hold",
                "credit.hold.reason",
                "credit.exposure",
                "credit.exposure.item",
                "credit.account",
                "credit.cover",
                "credit.log",
                "credit.policy",
                "credit.policy.rule",
                "credit.grade",
                "credit.turn",
                "credit.hold.report",
                "credit.check.wizard",
                "credit.release",
                "credit.limit.change",
                "credit.release.request",
                "credit.reason",
            ):
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(self.env[model].with_user(user).has_access("read"))
            if user == self.plain:
                self.assertFalse(self.mine.with_user(user).credit_state)

    def test_portal_customer_calls_nothing(self):
        """The customer who may read the order neither asks nor decides."""
        self.portal.partner_id.parent_id = self.mine
        self.orders[0].message_subscribe(self.portal.partner_id.ids)
        order = self.orders[0].with_user(self.portal)
        order.check_access("read")
        hold = self.held[0].with_user(self.portal)
        for call in (
            order.action_request_credit_release,
            order.action_confirm,
            hold.action_request,
            hold.action_judge_again,
        ):
            with self.subTest(call=call.__name__), self.assertRaises(AccessError):
                call()
        self.assertFalse(order.partner_credit_warning)
        self.assertEqual(self.orders[0].state, "draft")

    def test_two_companies(self):
        """Nothing of another company is seen, whoever asks."""
        other = self.setup_other_company(name="Other")["company"]
        self.env.user.company_ids |= other
        self._set_limit(10, self.nobodys, other)
        self.env["sale.order"].with_company(other).create(
            {
                "partner_id": self.nobodys.id,
                "company_id": other.id,
                "user_id": False,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 50,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        ).action_confirm()
        self._account(self.nobodys, other)
        for model in (
            "credit.hold",
            "credit.hold.reason",
            "credit.account",
            "credit.hold.report",
            "credit.log",
            "credit.exposure",
        ):
            found = self.env[model].with_user(self.manager).search([])
            with self.subTest(model=model):
                self.assertTrue(found)
                self.assertEqual(found.company_id, self.company)


@tagged("post_install", "-at_install")
class TestSearch(CreditCommon):
    """Contacts and orders found by their credit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("none", "unlimited", "limited", "near", "over", "blocked")
        cls.by_name = {
            name: cls.env["res.partner"].create({"name": name, "is_company": True})
            for name in names
        }
        cls.all = cls.env["res.partner"].union(*cls.by_name.values())
        for name in ("limited", "near", "over"):
            cls._set_limit(1000, cls.by_name[name])
        cls._confirmed(500, partner=cls.by_name["unlimited"])
        cls._confirmed(500, partner=cls.by_name["limited"])
        cls._confirmed(900, partner=cls.by_name["near"])
        cls._invoice(1001, "2026-01-05", due=FAR, partner=cls.by_name["over"])
        cls._account(cls.by_name["blocked"]).write(
            {"manual_hold": True, "manual_hold_reason": "Dispute"}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.by_name["over"].id}
        )
        cls.all |= cls.contact
        cls.env.flush_all()

    def _found(self, *domain, user=None):
        partners = self.env["res.partner"].with_user(user or self.manager)
        found = partners.search([("id", "in", self.all.ids), *domain])
        return sorted(found.mapped("name"))

    def test_state(self):
        for state, names in {
            "over": ["Buyer", "over"],
            "blocked": ["blocked"],
            "limited": ["limited", "near"],
            "unlimited": ["none", "unlimited"],
        }.items():
            with self.subTest(state=state):
                self.assertEqual(self._found(("credit_state", "=", state)), names)
                shown = self.all.with_user(self.manager).filtered(
                    lambda partner, state=state: partner.credit_state == state
                )
                self.assertEqual(sorted(shown.mapped("name")), names)

    def test_states_together(self):
        self.assertEqual(
            self._found(("credit_state", "in", ["over", "blocked"])),
            ["Buyer", "blocked", "over"],
        )
        self.assertEqual(
            self._found(("credit_state", "not in", ["unlimited", "limited"])),
            ["Buyer", "blocked", "over"],
        )

    def test_utilisation(self):
        self.assertEqual(
            self._found(("credit_utilisation", ">=", 80)), ["Buyer", "near", "over"]
        )
        self.assertEqual(
            self._found(("credit_utilisation", ">", 100)), ["Buyer", "over"]
        )

    def test_exposure_and_available(self):
        self.assertEqual(
            self._found(("credit_exposure", ">", 500)), ["Buyer", "near", "over"]
        )
        self.assertEqual(
            self._found(("credit_exposure", "=", 500)), ["limited", "unlimited"]
        )
        self.assertEqual(self._found(("credit_exposure", "=", 0)), ["blocked", "none"])
        self.assertEqual(self._found(("credit_available", "<", 0)), ["Buyer", "over"])

    def test_salesperson_finds_own_customers_only(self):
        self.by_name["over"].user_id = self.manager
        self.assertEqual(
            self._found(
                ("credit_state", "in", ["over", "blocked"]), user=self.salesperson
            ),
            ["blocked"],
        )

    def test_orders(self):
        order = self._held(500, partner=self.by_name["over"])
        orders = self.env["sale.order"].with_user(self.manager)
        mine = [("partner_id", "child_of", self.all.ids)]
        found = orders.search([*mine, ("credit_hold_state", "!=", False)])
        self.assertEqual(found.ids, order.ids)
        free = orders.search([*mine, ("credit_hold_state", "=", False)])
        self.assertNotIn(order.id, free.ids)
        self.assertEqual(len(free), 3)
        self.assertEqual(
            orders.search([*mine, ("credit_state", "=", "over")]).ids, order.ids
        )
