# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Orders that invoice themselves."""

from odoo import Command
from odoo.tests import tagged

from .test_order_cash import OrderCommon


class BookingCommon(OrderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.finance_booking = "confirm"
        cls.bookings = cls.env["sale.order.booking"]
        cls.cron = cls.env.ref("crm_finance_bridge.ir_cron_book_orders")

    def _book(self):
        """Do what a commit and the scheduled action do."""
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()


@tagged("post_install", "-at_install")
class TestBooking(BookingCommon):
    def test_on_confirmation_a_draft(self):
        order = self._order(10)
        self.assertFalse(order.invoice_ids)
        self._book()
        self.assertRecordValues(
            order.invoice_ids, [{"state": "draft", "amount_total": 1000}]
        )
        self.assertEqual(self.bookings.search([]).state, "done")

    def test_posted_with_journal_and_date(self):
        journal = self.company_data["default_journal_sale"].copy({"code": "BOOK"})
        self.company.write(
            {
                "finance_booking_post": True,
                "finance_booking_date": "order",
                "finance_booking_journal_id": journal.id,
            }
        )
        order = self._order(10)
        self._book()
        invoice = order.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.journal_id, journal)
        self.assertEqual(
            invoice.invoice_date, self.company._get_finance_date(order.date_order)
        )

    def test_never_twice(self):
        order = self._order(10)
        self.env.cr.flush()
        self.bookings._push(order)
        self.bookings._push(order)
        self.assertEqual(self.bookings.search_count([]), 1)
        self._book()
        self.bookings._push(order)
        self._book()
        self.assertEqual(len(order.invoice_ids), 1)

    def test_invoiced_by_hand_meanwhile(self):
        order = self._order(10)
        self.env.cr.flush()
        order._create_invoices()
        self._book()
        self.assertEqual(len(order.invoice_ids), 1)

    def test_by_hand_is_left_alone(self):
        self.company.finance_booking = "manual"
        order = self._order(10)
        self._book()
        self.assertFalse(order.invoice_ids)
        self.assertFalse(self.bookings.search([]))

    def test_customer_then_order_overrides(self):
        self.customer.finance_booking = "manual"
        self.assertEqual(self._order(1, confirm=False).finance_booking, "manual")
        self.company.finance_booking = "manual"
        self.customer.finance_booking = "confirm"
        by_customer = self._order(1)
        by_order = self._order(1, finance_booking="manual")
        self._book()
        self.assertTrue(by_customer.invoice_ids)
        self.assertFalse(by_order.invoice_ids)

    def test_on_delivery(self):
        self.company.finance_booking = "delivery"
        self.product.invoice_policy = "delivery"
        order = self._order(10)
        self._book()
        self.assertFalse(order.invoice_ids)
        order.order_line.qty_delivered = 4
        self._book()
        self.assertEqual(order.invoice_ids.amount_total, 400)
        order.order_line.qty_delivered = 10
        self._book()
        self.assertEqual(sorted(order.invoice_ids.mapped("amount_total")), [400, 600])

    def test_return_after_delivery(self):
        """10 delivered and invoiced, 3 come back: a credit note of 300."""
        self.company.write(
            {"finance_booking": "delivery", "finance_booking_post": True}
        )
        self.product.invoice_policy = "delivery"
        order = self._order(10)
        order.order_line.qty_delivered = 10
        self._book()
        order.order_line.qty_delivered = 7
        self._book()
        self.assertRecordValues(
            order.invoice_ids.sorted("id"),
            [
                {"move_type": "out_invoice", "amount_total": 1000},
                {"move_type": "out_refund", "amount_total": 300},
            ],
        )
        self.assertPosition(order, invoiced=700)

    def test_down_payment_beside_deliveries(self):
        """300 in advance; 4 of 10 delivered take 400, of which the advance is taken."""
        self.company.finance_booking = "delivery"
        self.product.invoice_policy = "delivery"
        order = self._order(10)
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 300})
        )
        wizard._create_invoices(order).action_post()
        order.order_line.filtered("product_id")[0].qty_delivered = 4
        self._book()
        first = order.invoice_ids.sorted("id")[-1]
        self.assertEqual(first.amount_total, 100)
        order.order_line.filtered("product_id")[0].qty_delivered = 10
        self._book()
        self.assertEqual(order.invoice_ids.sorted("id")[-1].amount_total, 600)

    def test_cancelled_before_it_was_booked(self):
        order = self._order(10)
        self.env.cr.flush()
        order._action_cancel()
        self._book()
        self.assertFalse(order.invoice_ids)

    def test_down_payment_is_deducted(self):
        self.company.finance_booking = "manual"
        order = self._order(10)
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 300})
        )
        wizard._create_invoices(order).action_post()
        self.bookings._push(order)
        self._book()
        final = order.invoice_ids.sorted("id")[-1]
        self.assertEqual(final.amount_untaxed, 700)

    def test_salesperson_confirms_and_it_is_booked(self):
        user = self.env["res.users"].create(
            {
                "name": "Seller",
                "login": "booking_seller",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [
                    Command.set(
                        [
                            self.env.ref("base.group_user").id,
                            self.env.ref("sales_team.group_sale_salesman").id,
                        ]
                    )
                ],
            }
        )
        order = self._order(10, confirm=False, user_id=user.id)
        order.with_user(user).action_confirm()
        self._book()
        self.assertTrue(order.invoice_ids)
