# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import CreditCommon

FAR = "2099-01-01"


class ExposureCase(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.delivered = cls.env["product.product"].create(
            {"name": "On Delivery", "invoice_policy": "delivery", "taxes_id": False}
        )

    def _tax(self, included):
        return self.env["account.tax"].create(
            {
                "name": f"Tax {included}",
                "amount": 10.0,
                "price_include_override": included,
                "company_id": self.company.id,
            }
        )

    def _invoice_order(self, order, post=False):
        invoice = order.sudo()._create_invoices()
        invoice.invoice_date = "2026-01-05"
        if post:
            invoice.action_post()
        return invoice

    def _down_payment(self, order, percent):
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": percent})
        )
        return wizard._create_invoices(order.sudo())

    def assertExposure(self, receivable=0, draft=0, shipped=0, ordered=0, **kw):
        total = receivable + draft + shipped + ordered
        self.assertEqual(
            self._exposure(**kw), (receivable, draft, shipped, ordered, total)
        )
        # The documents listed sum to the figures.
        partner = kw.get("partner") or self.customer
        self.env["credit.exposure.item"].invalidate_model()
        company = kw.get("company") or self.company
        items = (
            self.env["credit.exposure.item"]
            .with_context(allowed_company_ids=company.ids)
            .search([("partner_id", "=", partner.id)])
        )
        sums = dict.fromkeys(("receivable", "draft_invoice", "shipped", "ordered"), 0)
        for item in items:
            sums[item.bucket] += item.amount
        for value, expected in zip(
            sums.values(), (receivable, draft, shipped, ordered), strict=True
        ):
            self.assertAlmostEqual(value, expected)


@tagged("post_install", "-at_install")
class TestReceivable(ExposureCase):
    def test_no_documents(self):
        self.assertExposure()

    def test_instalments_partly_paid(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "30/70",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 30}),
                    Command.create(
                        {"value": "percent", "value_amount": 70, "nb_days": 60}
                    ),
                ],
            }
        )
        invoice = self._invoice(1000, "2026-01-05", terms=terms)
        self.assertExposure(receivable=1000)
        self._pay(invoice, 450, "2026-01-20")
        self.assertExposure(receivable=550)

    def test_unallocated_credit(self):
        self._invoice(1000, "2026-01-05", due=FAR)
        self._refund(300, "2026-01-06")
        self.assertExposure(receivable=700)
        self.company.credit_net_unallocated = False
        self.assertExposure(receivable=1000)

    def test_credit_notes_larger_than_sales(self):
        self._invoice(100, "2026-01-05", due=FAR)
        self._refund(400, "2026-01-06")
        self.assertExposure(receivable=-300)
        self._set_limit(200)
        # 200 of credit and 300 of their own money.
        self.assertConfirmed(self._confirmed(500))
        self._held(0.01)

    def test_profile_says_the_same(self):
        self._invoice(1000, "2026-01-05", due=FAR)
        self._refund(300, "2026-01-06")
        self._work_off()
        self.assertEqual(self._profile().receivable, 700)
        self.assertExposure(receivable=700)

    def test_archived_customer(self):
        self._invoice(120, "2026-01-05", due=FAR)
        self.customer.active = False
        self.assertExposure(receivable=120)

    def test_child_contact(self):  # W17, W19
        """What is bought through a contact counts for its company, and the contact
        shows the company's credit."""
        self._set_limit(1000)
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        self._invoice(300, "2026-01-05", due=FAR, partner=contact)
        self._confirmed(600, partner=contact)
        self.assertExposure(receivable=300, ordered=600)
        order = self._order(50, partner=contact).with_user(self.manager)
        self.assertEqual(order.credit_available, 100)
        self.assertEqual(order.credit_available_after, 50)
        self.assertEqual(contact.with_user(self.manager).credit_exposure, 900)
        self._held(100.01, partner=contact)

    def test_payment_in_advance_lowers(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 250,
                "date": "2026-01-05",
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        if not payment.move_id:
            self.skipTest("payments are booked by the bank statement here")
        self.assertExposure(receivable=-250)


@tagged("post_install", "-at_install")
class TestDrafts(ExposureCase):
    def test_draft_of_an_order_counts_once(self):  # W14
        order = self._confirmed(1000)
        self.assertExposure(ordered=1000)
        invoice = self._invoice_order(order)
        self.assertExposure(draft=1000)
        invoice.action_post()
        self.assertExposure(receivable=1000)

    def test_draft_without_order(self):
        self._invoice(80, "2026-01-05", post=False)
        self.assertExposure(draft=80)

    def test_cancelled_and_deleted_draft(self):
        order = self._confirmed(1000)
        invoice = self._invoice_order(order)
        invoice.button_cancel()
        self.assertExposure(ordered=1000)
        invoice.unlink()
        self.assertExposure(ordered=1000)

    def test_draft_refund_lowers_nothing(self):
        self._invoice(500, "2026-01-05", due=FAR)
        self._refund(200, "2026-01-06", post=False)
        self.assertExposure(receivable=500)

    def test_draft_refund_of_an_order_counts_nothing_twice(self):
        """The order is invoiced; a credit note being written changes nothing yet."""
        order = self._confirmed(1000)
        invoice = self._invoice_order(order, post=True)
        self.assertExposure(receivable=1000)
        invoice._reverse_moves()
        self.assertEqual(self._exposure()[-1], 1000)

    def test_draft_with_tax(self):
        self._invoice(
            0,
            "2026-01-05",
            post=False,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Taxed",
                        "price_unit": 100,
                        "tax_ids": self._tax("tax_excluded").ids,
                    }
                )
            ],
        )
        self.assertExposure(draft=110)


@tagged("post_install", "-at_install")
class TestOrders(ExposureCase):
    def test_quotation_counts_nothing(self):
        self._order(500)
        self.assertExposure()

    def test_undelivered_order_invoiced_on_delivery(self):  # C2
        order = self._confirmed(500, product=self.delivered, quantity=5)
        self.assertExposure(ordered=500)
        order.order_line.qty_delivered = 2
        self.assertExposure(ordered=300, shipped=200)

    def test_delivered_more_than_ordered(self):
        order = self._confirmed(500, product=self.delivered, quantity=5)
        order.order_line.qty_delivered = 7
        self.assertExposure(shipped=700)

    def test_partly_invoiced(self):
        order = self._confirmed(500, product=self.delivered, quantity=5)
        order.order_line.qty_delivered = 2
        self._invoice_order(order, post=True)
        self.assertExposure(receivable=200, ordered=300)
        order.order_line.qty_delivered = 3
        self.assertExposure(receivable=200, shipped=100, ordered=200)

    def test_invoiced_before_delivery(self):
        order = self._confirmed(500, quantity=5)
        self._invoice_order(order, post=True)
        self.assertExposure(receivable=500)

    def test_tax_excluded_and_included(self):
        for included in ("tax_excluded", "tax_included"):
            order = self._order(100)
            order.order_line.sudo().tax_ids = self._tax(included)
            order.action_confirm()
        # 100 + 10 % and 100 with 10 % in it.
        self.assertExposure(ordered=210)

    def test_discount(self):
        order = self._order(400, quantity=4)
        order.order_line.discount = 25
        order.action_confirm()
        self.assertExposure(ordered=300)

    def test_negative_line(self):
        order = self._order(400)
        order.order_line.copy({"order_id": order.id, "price_unit": -150})
        order.action_confirm()
        self.assertExposure(ordered=250)

    def test_return_line(self):
        order = self._order(400)
        order.order_line.copy(
            {"order_id": order.id, "product_uom_qty": -1, "price_unit": 30}
        )
        order.action_confirm()
        self.assertExposure(ordered=370)

    def test_order_of_credit_counts_nothing(self):
        order = self._order(-50)
        order.action_confirm()
        self.assertExposure()

    def test_cancelled_order(self):
        order = self._confirmed(400)
        order._action_cancel()
        self.assertExposure()

    def test_down_payment(self):
        order = self._confirmed(1000)
        invoice = self._down_payment(order, 30)
        self.assertExposure(draft=300, ordered=700)
        invoice.action_post()
        self.assertExposure(receivable=300, ordered=700)
        self._pay(invoice, 300, "2026-02-01")
        self.assertExposure(ordered=700)
        final = order.sudo()._create_invoices(final=True)
        self.assertExposure(draft=700)
        final.invoice_date = "2026-02-02"
        final.action_post()
        self.assertExposure(receivable=700)

    def test_cancelled_down_payment(self):
        order = self._confirmed(1000)
        self._down_payment(order, 30).button_cancel()
        self.assertExposure(ordered=1000)

    def test_horizon(self):
        self._confirmed(100)
        self._confirmed(200, commitment_date="2099-01-01 12:00:00")
        self.assertExposure(ordered=300)
        self.company.credit_horizon_days = 60
        self.assertExposure(ordered=100)

    def test_order_beyond_the_horizon_asks_for_nothing(self):
        self._set_limit(100)
        self.company.credit_horizon_days = 60
        self.assertConfirmed(
            self._confirmed(5000, commitment_date="2099-01-01 12:00:00")
        )
        self._held(100.01)
        self.assertConfirmed(self._confirmed(100))

    def test_last_day_of_the_horizon(self):
        self.company.credit_horizon_days = 60
        today = self.company._get_finance_today()
        for days in (60, 61):
            self._confirmed(
                100, commitment_date=f"{today + timedelta(days=days)} 12:00:00"
            )
        self.assertExposure(ordered=100)
