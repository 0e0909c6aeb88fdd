# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The customer's side: signing, seeing, paying."""

from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.payment.tests.common import PaymentCommon

from .common import CreditCommon

SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestPortal(CreditCommon, PaymentCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.portal_confirmation_sign = True
        cls._set_limit(1000.0)
        cls.customer.email = "customer@example.com"

    def _quotation(self, amount, **values):
        order = self._order(
            amount, require_signature=True, require_payment=False, **values
        ).sudo()
        order.action_quotation_sent()
        return order

    def _page(self, order):
        response = self.url_open(order.get_portal_url())
        self.assertEqual(response.status_code, 200)
        return response.text

    def _sign(self, order):
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order._portal_ensure_token(),
                "name": "Customer",
                "signature": SIGNATURE,
            },
        )

    def _transaction(self, order, amount, state):
        """Return an online payment as its provider reports it, post-processed."""
        transaction = self._create_transaction(
            "direct",
            amount=amount,
            currency_id=order.currency_id.id,
            partner_id=self.customer.id,
            sale_order_ids=[order.id],
            reference=f"{order.name}-{amount}",
        )
        getattr(transaction, f"_set_{state}")()
        transaction._post_process()
        return transaction

    def test_signature_within_the_limit_confirms(self):
        order = self._quotation(900)
        self._sign(order)
        self.assertConfirmed(order)

    def test_signature_over_the_limit_is_kept(self):
        """# W15: the order is held, the signature stays, the salesperson is told."""
        order = self._quotation(1100)
        answer = self._sign(order)
        self.assertTrue(answer["force_refresh"])
        order.invalidate_recordset()
        self.assertHeld(order, "over_limit")
        self.assertEqual(order.signed_by, "Customer")
        told = order.message_ids.filtered(lambda m: "credit" in (m.body or ""))
        self.assertTrue(told)
        self.assertIn(self.salesperson.partner_id, told.notified_partner_ids)

    def test_page_is_neutral(self):
        order = self._quotation(1100)
        self._sign(order)
        page = self._page(order)
        self.assertIn("We are checking this order", page)
        hold = order.credit_hold_id
        for secret in (hold.reason_text, hold.reason_text_plain, "1,000.00"):
            self.assertNotIn(secret, page)

    def test_page_with_figures_when_allowed(self):
        self.company.credit_portal_figures = True
        order = self._quotation(1100)
        self._sign(order)
        self.assertIn("1,000.00", self._page(order))

    def test_page_of_a_free_order_says_nothing(self):
        self.assertNotIn("credit_hold", self._page(self._quotation(500)))

    def test_way_to_pay_invoices(self):
        self._invoice(100, "2026-01-05", due="2099-01-01")
        order = self._quotation(1100)
        self.assertNotIn("credit_pay_invoices", self._page(order))
        self._sign(order)
        self.assertIn("credit_pay_invoices", self._page(order))

    def test_way_to_pay_the_order(self):
        order = self._quotation(1100)
        self._sign(order)
        page = self._page(order)
        self.assertIn("payment_amount=1100.0", page)
        link = order._get_credit_portal_values()["pay_url"]
        self.assertIn("o_sale_portal_paynow", self.url_open(link).text)

    def test_paid_in_advance_confirms(self):
        order = self._quotation(1100)
        self._sign(order)
        self.assertHeld(order)
        self._transaction(order, 1100, "done")
        self.assertConfirmed(order)
        # Paid, so the order takes nothing of the limit.
        self.assertConfirmed(self._confirmed(1000))

    def test_authorized_payment_confirms(self):
        order = self._quotation(1100)
        self.provider.support_manual_capture = "full_only"
        self._transaction(order, 1100, "authorized")
        self.assertConfirmed(order)
        self.assertEqual(self._exposure()[-1], 0)

    def test_part_payment_leaves_the_rest_to_the_limit(self):
        self.provider.support_manual_capture = "full_only"
        order = self._quotation(1500)
        order.require_payment = True
        order.prepayment_percent = 0.2
        self._transaction(order, 300, "done")
        # 1,500 less 300 paid is 1,200 against a limit of 1,000.
        self.assertHeld(order, "over_limit")
        order = self._quotation(1200)
        self._transaction(order, 300, "authorized")
        self.assertConfirmed(order)

    def test_portal_user_reads_no_credit_fields(self):
        portal = self._new_user("customer", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        order = self._quotation(1100)
        self._sign(order)
        self.authenticate("customer", "customer")
        for name in ("credit_reasons_plain", "credit_hold_state", "credit_state"):
            with (
                self.subTest(field=name),
                mute_logger("odoo.http"),
                self.assertRaises(JsonRpcException),
            ):
                self.make_jsonrpc_request(
                    "/web/dataset/call_kw",
                    {
                        "model": "sale.order",
                        "method": "read",
                        "args": [order.ids, [name]],
                        "kwargs": {},
                    },
                )
