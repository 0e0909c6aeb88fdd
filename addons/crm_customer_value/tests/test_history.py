# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestHistory(ValueCommon):
    """The order history of one customer, worked by hand."""

    def assertHistory(self, partner=None, **expected):
        found = self._history(partner)
        for name, value in expected.items():
            with self.subTest(name):
                if isinstance(value, float):
                    self.assertAlmostEqual(float(found[name]), value, 2)
                else:
                    self.assertEqual(found[name], value)

    def test_nothing(self):
        self.assertEqual(self._history(), {})

    def test_one_order(self):
        self._order("2026-06-01", 100)
        self.assertHistory(
            order_days=1,
            first_date=date(2026, 6, 1),
            last_date=date(2026, 6, 1),
            net=100.0,
            margin=40.0,
            repeat_net=None,
            recent_days=1,
        )

    def test_orders_of_a_day_are_one(self):
        """Two on 1 March (100 + 50), one on 31 March (200): x = 1, t_x = 30 days,
        z̄ = 200; margin 40 − 10 + 140."""
        self._order("2026-03-01", 100)
        self._order("2026-03-01", 50)
        self._order("2026-03-31", 200)
        self.assertHistory(
            order_days=2,
            first_date=date(2026, 3, 1),
            last_date=date(2026, 3, 31),
            net=350.0,
            margin=170.0,
            repeat_net=200.0,
        )

    def test_day_is_that_of_the_company(self):
        """20:00 UTC is the next day in Shanghai."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self._order("2026-06-01").date_order = "2026-06-01 20:00:00"
        self.assertHistory(first_date=date(2026, 6, 2))

    def test_quotations_and_later_orders_do_not_count(self):
        self._order("2026-07-15")
        self.env["sale.order"].create({"partner_id": self.customer.id})
        self.assertEqual(self._history(), {})

    def test_invoice_of_an_order_is_no_second_event(self):
        self._order("2026-06-01", 100, invoice=True)
        self.assertHistory(order_days=1, net=100.0, margin=40.0)

    def test_invoices_without_orders_count(self):
        """60 × 1 is the cost of the product at posting: 100 − 60, 250 − 60."""
        self._invoice(100, "2026-02-01")
        self._invoice(250, "2026-05-01")
        self.assertHistory(order_days=2, net=350.0, margin=230.0, repeat_net=250.0)

    def test_entirely_returned_is_no_order(self):
        self._order("2026-06-01", 100)
        order = self._order("2026-06-10", 300, invoice=True)
        self._credit(order, "2026-06-20")
        self.assertHistory(order_days=1, net=100.0)

    def test_partly_returned(self):
        """A quarter of 400 came back: 300 are left, and 3/4 of the margin of 340."""
        order = self._order("2026-06-10", 400, invoice=True)
        self._credit(order, "2026-06-20", 0.25)
        self.assertHistory(order_days=1, net=300.0, margin=255.0)

    def test_corrected_invoice_takes_nothing(self):
        """Invoiced, credited, invoiced again: the order stands."""
        order = self._order("2026-06-10", 400, invoice=True)
        self._credit(order, "2026-06-11")
        again = order._create_invoices()
        again.write({"invoice_date": "2026-06-12", "date": "2026-06-12"})
        again.action_post()
        self.assertHistory(order_days=1, net=400.0)

    def test_returns_only(self):
        self._refund(100, "2026-06-01")
        self.assertEqual(self._history(), {})

    def test_invoice_less_its_credit_note(self):
        invoice = self._invoice(100, "2026-02-01")
        refund = invoice._reverse_moves([{"invoice_date": "2026-02-03"}])
        refund.action_post()
        self.assertEqual(self._history(), {})

    def test_an_order_that_pays_back_is_none(self):
        self._order("2026-06-01", -50)
        self.assertEqual(self._history(), {})

    def test_rate_of_the_order(self):
        """200 at 4 units per unit of company currency are 50, whatever came later."""
        foreign = self.env["res.currency"].create(
            {
                "name": "XTV",
                "symbol": "x",
                "rate_ids": [
                    Command.create({"name": "2026-01-01", "rate": 2.0}),
                ],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id}
        )
        order = self._order("2026-06-01", 200, pricelist_id=pricelist.id)
        order.currency_rate = 4.0
        foreign.rate_ids.rate = 8.0
        self.assertHistory(net=50.0)

    def test_currency_without_rate(self):
        """Odoo takes a missing rate for 1, so does the history: 200 stay 200."""
        foreign = self.env["res.currency"].create({"name": "XTW", "symbol": "w"})
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id}
        )
        order = self._order("2026-06-01", 200, pricelist_id=pricelist.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET currency_rate = 0 WHERE id = %s", [order.id]
        )
        self.assertHistory(net=200.0)

    def test_contacts_are_one_customer(self):
        child = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        self._order("2026-05-01", partner=child)
        self._order("2026-06-01")
        self.assertHistory(order_days=2)

    def test_window_of_rfm(self):
        """365 days up to 30 June 2026: 30 June 2025 is out, 1 July 2025 is in."""
        self._order("2025-06-30", 100)
        self._order("2025-07-01", 30)
        self.assertHistory(order_days=2, recent_days=1, recent_net=30.0)

    def test_history_can_be_cut(self):
        self.company.value_history_months = 12
        self._order("2025-06-30", 100)
        self._order("2025-07-01", 30)
        self.assertHistory(order_days=1, first_date=date(2025, 7, 1))

    def test_one_statement_for_any_number(self):
        others = [self._customer(str(number)) for number in range(5)]
        for one in others:
            self._order("2026-06-01", partner=one)
        self.history._get_histories(self.company)  # fills caches
        # One more finds the branches of the company.
        with self.assertQueryCount(2):
            rows = self.history._get_histories(self.company)
        self.assertEqual({one.id for one in others} - rows.keys(), set())

    def test_two_companies(self):
        other = self.company_data_2 if hasattr(self, "company_data_2") else None
        company = (
            other["company"]
            if other
            else self.env["res.company"].create({"name": "Other"})
        )
        self._order("2026-06-01")
        self.assertEqual(self._history(company=company), {})
