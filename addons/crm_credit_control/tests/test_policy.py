# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import CreditCommon

TODAY = "2026-06-30 12:00:00"


class PolicyCase(CreditCommon):
    def setUp(self):
        super().setUp()
        freezer = freeze_time(TODAY)
        freezer.start()
        self.addCleanup(freezer.stop)

    def _policy(self, name="Other", sequence=1, rules=None, **values):
        rules = [("order_amount", "hold", 10)] if rules is None else rules
        return self.env["credit.policy"].create(
            {
                "name": name,
                "sequence": sequence,
                "rule_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {"code": code, "action": action, "threshold": threshold}
                        )
                        for code, action, threshold in rules
                    ),
                ],
                **values,
            }
        )

    def _rule(self, code, **values):
        rule = self.policy.rule_ids.filtered(lambda rule: rule.code == code)
        rule.write(values)
        return rule

    def _policy_of(self, partner=None, company=None):
        partner = partner or self.customer
        return self.env["credit.policy"]._get_policies(
            company or self.company, partner
        )[partner]


@tagged("post_install", "-at_install")
class TestChoice(PolicyCase):
    """Which policy applies to whom."""

    def test_unconfigured(self):
        """One limit set, nothing else: over it and 91 days overdue is held."""
        self._set_limit(1000)
        self._held(1000.01)
        self.assertConfirmed(self._confirmed(100))
        other = self.env["res.partner"].create({"name": "Late"})
        self._invoice(1, "2026-01-01", due="2026-04-01", partner=other)
        self.assertConfirmed(self._confirmed(5, partner=other))  # 90 days
        self._invoice(1, "2026-01-01", due="2026-03-31", partner=other)
        order = self._order(5, partner=other)
        order.action_confirm()
        self.assertHeld(order, "overdue_days")

    def test_without_any_policy(self):
        self.policy.active = False
        self.assertFalse(self._policy_of())
        self._set_limit(100)
        self._held(101)
        self.assertIn("built-in", self._account().policy_explanation)

    def test_tag(self):
        tag, other = self.env["res.partner.category"].create(
            [{"name": "Public"}, {"name": "Other"}]
        )
        policy = self._policy(category_ids=[Command.set((tag | other).ids)])
        self.assertEqual(self._policy_of(), self.policy)
        self.customer.category_id = tag
        self.assertEqual(self._policy_of(), policy)
        self.assertEqual(self._account().policy_explanation, "Other (tag “Public”)")
        self._held(11)

    def test_grade(self):
        grade = self.env.ref("crm_credit_control.credit_grade_c")
        policy = self._policy(grade_ids=[Command.set(grade.ids)])
        self.assertEqual(self._policy_of(), self.policy)
        self._account().grade_id = grade
        self.assertEqual(self._policy_of(), policy)
        self.assertEqual(self._account().policy_explanation, "Other (grade “C”)")

    def test_explanation_names_the_grade_of_the_customer_only(self):
        grades = self.env.ref("crm_credit_control.credit_grade_c") | self.env.ref(
            "crm_credit_control.credit_grade_b"
        )
        self._policy(grade_ids=[Command.set(grades.ids)])
        self._account().grade_id = grades[0]
        self.assertEqual(
            self._account().policy_explanation, f"Other (grade “{grades[0].name}”)"
        )

    def test_tag_and_grade_both(self):
        tag = self.env["res.partner.category"].create({"name": "Public"})
        grade = self.env.ref("crm_credit_control.credit_grade_c")
        policy = self._policy(
            category_ids=[Command.set(tag.ids)], grade_ids=[Command.set(grade.ids)]
        )
        self.customer.category_id = tag
        self.assertEqual(self._policy_of(), self.policy)
        self._account().grade_id = grade
        self.assertEqual(self._policy_of(), policy)

    def test_company(self):
        other = self.setup_other_company(name="Other")["company"]
        there = self._policy("There", sequence=100, company_id=other.id)
        here = self._policy("Here", sequence=100, company_id=self.company.id)
        self.assertEqual(self._policy_of(), here)
        self.assertEqual(self._policy_of(company=other), there)
        self.assertIn(self.company.name, self._account().policy_explanation)

    def test_first_by_sequence(self):
        later = self._policy("Later", sequence=50)
        first = self._policy("First", sequence=40)
        self.assertEqual(self._policy_of(), first)
        first.active = False
        self.assertEqual(self._policy_of(), later)

    def test_explanation_of_the_default(self):
        self.assertEqual(
            self._account().policy_explanation,
            "Standard Policy (applies to every customer)",
        )


@tagged("post_install", "-at_install")
class TestRules(PolicyCase):
    """Each rule, as the company sets it."""

    def _decision(self, amount=0.0):
        return self.check._judge_customers(
            self.company, self.customer, {self.customer.id: amount}
        )[self.customer.id]

    def _codes(self, amount=0.0):
        return {(r.code, r.action) for r in self._decision(amount).reasons}

    def test_over_limit_with_tolerance(self):
        self._set_limit(1000)
        self._rule("over_limit", threshold=5)
        self.assertConfirmed(self._confirmed(1050))
        self._held(0.01)

    def test_over_limit_as_a_warning(self):
        self._set_limit(1000)
        self._rule("over_limit", action="warn")
        self.assertEqual(self._codes(1001), {("over_limit", "warn")})
        self.assertConfirmed(self._confirmed(1001))

    def test_over_limit_ignored(self):
        self._set_limit(1000)
        self._rule("over_limit", action="ignore")
        self._rule("near_limit", action="ignore")
        self.assertEqual(self._codes(1e6), set())

    def test_overdue_days_of_an_instalment(self):  # W22
        """The first instalment is 91 days late; the invoice's last is not due."""
        terms = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 0}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 365}
                    ),
                ],
            }
        )
        self._invoice(100, "2026-03-31", terms=terms)
        order = self._held(1)
        hold = order.sudo().credit_hold_id
        self.assertEqual(hold.to_pay, 50)
        self.assertIn("oldest receivable: 91 (allowed: 90)", hold.reason_text_plain)

    def test_overdue_days_own_bound(self):
        self._rule("overdue_days", threshold=10)
        self._invoice(100, "2026-01-01", due="2026-06-20")
        self.assertEqual(self._codes(1), set())
        self._invoice(100, "2026-01-01", due="2026-06-19")
        self.assertEqual(self._codes(1), {("overdue_days", "hold")})

    def test_overdue_credit_is_not_overdue(self):
        self._refund(100, "2026-01-01", due="2026-01-01")
        self.assertEqual(self._codes(1), set())

    def test_overdue_amount_and_share(self):
        self._set_limit(1000)
        self._rule("overdue_amount", action="hold", threshold=100, share=50)
        self._invoice(101, "2026-06-01", due="2026-06-29")
        self.assertEqual(self._codes(399), set())  # 500 of 1000
        self.assertEqual(self._codes(400), {("overdue_amount", "hold")})

    def test_due_today_is_not_overdue(self):
        self._rule("overdue_amount", action="hold")
        self._invoice(101, "2026-06-01", due="2026-06-30")
        self.assertEqual(self._codes(1), set())

    def test_large_order(self):
        self._rule("order_amount", action="hold", threshold=500)
        self.assertConfirmed(self._confirmed(500))
        order = self._held(500.01)
        self.assertIn("500.01", order.sudo().credit_reasons)

    def test_manual_hold(self):
        account = self._account()
        account.write({"manual_hold": True, "manual_hold_reason": "Dispute"})
        order = self._held(1)
        self.assertNotIn("Dispute", order.sudo().credit_reasons_plain)
        account.manual_hold = False
        self._work_off()
        self.assertConfirmed(order)

    def test_expired_limit_as_a_hold(self):
        self._set_limit(1000)
        self._rule("limit_expired", action="hold", threshold=3)
        account = self._account()
        account.limit_until = "2026-06-27"
        self.assertEqual(self._codes(1), set())
        account.limit_until = "2026-06-26"
        self.assertEqual(self._codes(1), {("limit_expired", "hold")})

    def test_review_expired(self):
        self._account().review_date = "2026-06-29"
        self.assertEqual(self._codes(1), {("review_expired", "warn")})

    def test_blocked_grade(self):
        self._account().grade_id = self.env.ref("crm_credit_control.credit_grade_d")
        self._held(1)

    def test_all_reasons_are_kept(self):  # W22, W23
        self._set_limit(10)
        self._invoice(100, "2026-01-01", due="2026-01-01")
        account = self._account()
        account.write({"manual_hold": True, "manual_hold_reason": "Dispute"})
        order = self._held(1)
        self.assertHeld(order, "over_limit", "overdue_days", "manual_hold")
        self.assertEqual(order.credit_hold_state, "open")
        found = self.env["sale.order"].search([("credit_hold_state", "=", "open")])
        self.assertEqual(found, order.with_env(self.env))

    def test_way_out(self):
        self._set_limit(1000)
        invoice = self._invoice(600, "2026-01-01", due="2099-01-01")
        order = self._held(500).sudo()
        self.assertEqual(
            order.credit_way_out.replace("\xa0", " "),
            f"A payment of $ 100.00 would release it ({invoice.name}). "
            "Up to $ 400.00 could be ordered now.",
        )
        self.assertEqual(
            order.credit_way_out_plain, "A payment of the customer would release it."
        )


@tagged("post_install", "-at_install")
class TestExclusions(PolicyCase):
    """Orders that are no credit, of a customer who gets none."""

    def setUp(self):
        super().setUp()
        self._account().limit_type = "none"

    def _transaction(self, order, amount, state="done"):
        provider = self.env["payment.provider"].search([], limit=1)
        method = (
            self.env["payment.method"]
            .with_context(active_test=False)
            .search([], limit=1)
        )
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": amount,
                "currency_id": order.currency_id.id,
                "partner_id": self.customer.id,
                "sale_order_ids": [Command.set(order.ids)],
                "reference": f"{order.name} {amount} {state}",
                "state": state,
            }
        )

    def test_paid_in_advance(self):
        self._invoice(10, "2026-01-01", due="2026-01-01")  # 180 days late
        order = self._order(100)
        self._transaction(order, 99.99)
        order.action_confirm()
        self.assertHeld(order)
        self._transaction(order, 0.01)
        order.action_confirm()
        self.assertConfirmed(order)

    def test_pending_payment_is_no_payment(self):
        order = self._order(100)
        for state in ("draft", "pending", "cancel", "error"):
            self._transaction(order, 100, state)
        order.action_confirm()
        self.assertHeld(order)

    def test_paid_in_advance_not_exempt_by_setting(self):
        self.policy.exempt_prepaid = False
        self._rule("order_amount", action="hold", threshold=50)
        order = self._order(100)
        self._transaction(order, 100)
        order.action_confirm()
        self.assertHeld(order, "order_amount")

    def test_paid_by_down_payment(self):
        """Its paid invoices cover the order; another receivable is late."""
        self._account().limit_type = "limit"
        order = self._confirmed(100).sudo()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 60})
        )
        down = wizard._create_invoices(order)
        down.invoice_date = "2026-06-01"
        down.action_post()
        self.assertEqual(order._get_credit_prepaid(), 0)
        self._pay(down, 60, "2026-06-02")
        self.assertEqual(order._get_credit_prepaid(), 60)
        final = order._create_invoices(final=True)
        final.invoice_date = "2026-06-03"
        final.action_post()
        self._pay(final, 40, "2026-06-04")
        self.assertEqual(order._get_credit_prepaid(), 100)
        self._invoice(10, "2026-01-01", due="2026-01-01")
        self.assertEqual(
            self.policy._get_exemption(order, order._get_credit_prepaid(), 100),
            "paid in advance",
        )
        final._reverse_moves([{"invoice_date": "2026-06-05"}], cancel=True)
        self.assertEqual(order._get_credit_prepaid(), 20)

    def test_free_goods(self):
        """A replacement under warranty is no credit."""
        self._invoice(10, "2026-01-01", due="2026-01-01")
        order = self._confirmed(0)
        with self.assertCreditRefused():
            order.order_line.price_unit = 1
        account = self._account()
        account.write({"manual_hold": True, "manual_hold_reason": "Dispute"})
        self._held(0)

    def test_cash_terms(self):
        cash = self.env["account.payment.term"].create({"name": "Cash on Delivery"})
        self.policy.exempt_term_ids = cash
        self.assertConfirmed(self._confirmed(100, payment_term_id=cash.id))
        self._held(1)

    def test_small_orders(self):
        self.policy.exempt_below = 50
        self.assertConfirmed(self._confirmed(49.99))
        self._held(50)

    def test_small_in_company_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        prices = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id}
        )
        self.policy.exempt_below = 50
        self._held(25, pricelist_id=prices.id)
        self.assertConfirmed(self._confirmed(24.99, pricelist_id=prices.id))

    def test_many_small_orders_do_not_grow_large(self):
        self.policy.exempt_below = 50
        order = self._confirmed(49)
        with self.assertCreditRefused():
            order.order_line.price_unit = 51

    def test_manual_hold_stops_them_all(self):
        self.policy.exempt_below = 50
        self._account().write({"manual_hold": True, "manual_hold_reason": "Fraud"})
        self._held(1)


@tagged("post_install", "-at_install")
class TestBadPolicies(PolicyCase):
    def test_no_rule(self):
        with self.assertRaisesRegex(ValidationError, "has no rule"):
            self._policy(rules=())
        with self.assertRaisesRegex(ValidationError, "without a rule"):
            self.policy.rule_ids.unlink()
        with self.assertRaises(ValidationError):
            self.policy.rule_ids = [Command.clear()]

    def test_absurd_values(self):
        for code, values in (
            ("over_limit", {"threshold": -1}),
            ("over_limit", {"threshold": 1001}),
            ("near_limit", {"threshold": 5000}),
            ("overdue_days", {"threshold": -5}),
            ("overdue_amount", {"share": -1}),
            ("overdue_amount", {"share": 1001}),
        ):
            with self.subTest(code=code, **values), self.assertRaises(ValidationError):
                self._rule(code, **values)
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            self.policy.exempt_below = -1

    def test_absurd_settings(self):
        for values in (
            {"credit_horizon_days": -1},
            {"credit_horizon_days": 3661},
            {"credit_controller_ceiling": -1},
            {"credit_release_days": 0},
            {"credit_release_days": 367},
            {"credit_release_tolerance": -1},
            {"credit_release_tolerance": 101},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError):
                self.company.write(values)

    def test_rule_twice(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._policy(rules=(("over_limit", "hold", 0), ("over_limit", "warn", 0)))
