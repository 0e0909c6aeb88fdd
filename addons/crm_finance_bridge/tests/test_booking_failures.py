# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What cannot be booked: the order stays, somebody is told, it can be tried again."""

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .test_booking import BookingCommon


@tagged("post_install", "-at_install")
class TestBookingFailures(BookingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_data_2 = cls.setup_other_company()

    def test_failure_keeps_the_order_and_says_why(self):
        """No income account: the order stays confirmed, somebody is told once, and it
        goes through once that is put right."""
        category = self.env["product.category"].create({"name": "No account"})
        product = self.env["product.product"].create(
            {"name": "No account", "type": "service", "categ_id": category.id}
        )
        category.property_account_income_categ_id = False
        self.company.income_account_id = False
        journals = self.env["account.journal"].search([("type", "=", "sale")])
        journals.active = False
        order = self._order(1)
        self._book()
        self.assertEqual(order.state, "sale")
        booking = self.bookings.search([("order_id", "=", order.id)])
        self.assertEqual(booking.state, "failed")
        self.assertTrue(booking.error)
        self.assertEqual(order.finance_booking_error, booking.error)
        self.assertEqual(len(order.activity_ids), 1)
        booking.action_retry()
        self._book()
        self.assertEqual(len(order.activity_ids), 1)
        self.assertEqual(booking.tries, 2)
        journals.active = True
        order.action_retry_booking()
        self._book()
        self.assertEqual(booking.state, "done")
        self.assertTrue(order.invoice_ids)
        self.assertFalse(order.activity_ids)
        self.assertTrue(product)

    def _assert_failed(self, order, words):
        """The order stays confirmed, says why, and somebody is told."""
        self.assertEqual(order.state, "sale")
        booking = self.bookings.search([("order_id", "=", order.id)])
        self.assertEqual(booking.state, "failed")
        self.assertIn(words, booking.error)
        self.assertEqual(order.finance_booking_error, booking.error)
        self.assertFalse(order.invoice_ids)
        self.assertEqual(len(order.activity_ids), 1)
        self.assertIn(words, order.activity_ids.note)

    def _assert_retried(self, order):
        order.action_retry_booking()
        self._book()
        booking = self.bookings.search([("order_id", "=", order.id)])
        self.assertRecordValues(
            booking, [{"state": "done", "error": False, "tries": 2}]
        )
        self.assertEqual(booking.move_ids, order.invoice_ids)
        self.assertFalse(order.activity_ids)

    def test_no_income_account(self):
        journal = self.company_data["default_journal_sale"]
        account = journal.default_account_id
        self.product.categ_id.property_account_income_categ_id = False
        self.product.property_account_income_id = False
        self.company.income_account_id = False
        journal.default_account_id = False
        order = self._order(1)
        with mute_logger("odoo.sql_db"):
            self._book()
        self._assert_failed(order, "No income account: Product")
        journal.default_account_id = account
        self._assert_retried(order)

    def test_journal_of_the_settings_is_archived(self):
        journal = self.company_data["default_journal_sale"].copy({"code": "BOOK"})
        self.company.finance_booking_journal_id = journal
        journal.active = False
        order = self._order(1)
        self._book()
        self._assert_failed(order, journal.name)
        journal.active = True
        self._assert_retried(order)
        self.assertEqual(order.invoice_ids.journal_id, journal)

    def test_locked_period(self):
        """An invoice that is posted moves to the first open day, as Odoo does by hand:
        nothing is written to the locked period."""
        self.company.write(
            {"finance_booking_post": True, "finance_booking_date": "order"}
        )
        order = self._order(1, confirm=False)
        with freeze_time("2026-05-15"):
            order.action_confirm()
        self.company.fiscalyear_lock_date = "2026-05-31"
        self._book()
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertGreater(str(order.invoice_ids.date), "2026-05-31")

    def test_tax_that_cannot_be_booked(self):
        """A tax of another company, left behind by an import; the order after it is
        booked all the same."""
        order = self._order(1, confirm=False)
        tax = self.company_data_2["default_tax_sale"]
        order.action_confirm()
        following = self._order(1)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO account_tax_sale_order_line_rel VALUES (%s, %s)",
                order.order_line.id,
                tax.id,
            )
        )
        order.order_line.invalidate_recordset(["tax_ids"])
        self._book()
        self._assert_failed(order, tax.name)
        self.assertTrue(following.invoice_ids)
        order.order_line.tax_ids = False
        self._assert_retried(order)
