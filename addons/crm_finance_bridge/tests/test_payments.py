# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from .common import FinanceCommon


@tagged("post_install", "-at_install")
class TestPayments(FinanceCommon):
    def test_days_weighted_by_amount(self):
        """300 after 10 days (20 early), 100 after 50 days (20 late):
        (3000 + 5000) / 400 = 20 days; (−6000 + 2000) / 400 = −10 days."""
        early = self._invoice(300, "2026-03-01", "2026-03-31")
        self._pay(early, 300, "2026-03-11")
        late = self._invoice(100, "2026-03-01", "2026-03-31")
        self._pay(late, 100, "2026-04-20")
        self.assertFigures("2026-06-30", paid_amount=400, days_to_pay=20, days_late=-10)

    def test_partial_payments_count_by_their_own_day(self):
        invoice = self._invoice(100, "2026-03-01", "2026-03-31")
        self._pay(invoice, 50, "2026-03-21")
        self._pay(invoice, 50, "2026-04-10")
        self.assertFigures("2026-06-30", days_to_pay=30, days_late=0)
        self.assertFigures("2026-03-31", paid_amount=50, days_to_pay=20)

    def test_credit_note_is_no_payment(self):
        invoice = self._invoice(100, "2026-03-01", "2026-03-31")
        refund = self._refund(40, "2026-03-11")
        self._reconcile(invoice, refund)
        self._pay(invoice, 60, "2026-04-10")
        self.assertFigures(
            "2026-06-30",
            paid_amount=60,
            days_to_pay=40,
            due_amount=60,
            due_collected=60,
            due_on_time=0,
            collection_rate=1,
            on_time_rate=0,
        )

    def test_write_off_entry_is_no_payment(self):
        invoice = self._invoice(100, "2026-03-01", "2026-03-31")
        self._pay(invoice, 80, "2026-03-21")
        entry = self.env["account.move"].create(
            {
                "date": "2026-05-01",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_receivable"
                            ].id,
                            "partner_id": self.customer.id,
                            "credit": 20.0,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_expense"
                            ].id,
                            "debit": 20.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        self._reconcile(invoice, entry)
        self.assertFigures(
            "2026-06-30",
            receivable=0,
            paid_amount=80,
            days_to_pay=20,
            due_amount=100,
            collection_rate=0.8,
            on_time_rate=0.8,
        )

    def test_write_off_inside_the_payment_is_no_payment(self):
        """The customer pays 90 and the rest is written off with the payment."""
        invoice = self._invoice(100, "2026-03-01", "2026-03-31")
        self._pay(
            invoice,
            90,
            "2026-03-21",
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertFigures(
            "2026-06-30", receivable=0, paid_amount=90, collection_rate=0.9
        )

    def test_one_payment_for_two_invoices(self):
        invoices = self._invoice(100, "2026-03-01", "2026-03-31")
        invoices |= self._invoice(200, "2026-03-11", "2026-04-10")
        self._pay(invoices, 300, "2026-03-31")
        # (100 × 30 + 200 × 20) / 300
        self.assertFigures("2026-06-30", paid_amount=300, days_to_pay=23.33)

    def test_prepayment_settles_on_the_day_of_the_invoice(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.customer.id,
                "amount": 100,
                "date": "2026-03-01",
            }
        )
        payment.action_post()
        self.assertFigures("2026-03-10", receivable=-100, unallocated_credit=100)
        invoice = self._invoice(100, "2026-03-11", "2026-04-10")
        self._reconcile(invoice, payment.move_id)
        self.assertFigures("2026-03-10", receivable=-100, unallocated_credit=100)
        self.assertFigures("2026-06-30", receivable=0, days_to_pay=0, days_late=-30)

    def test_on_time_on_the_bound(self):
        """Paid on the due date is on time; a day later is not."""
        first = self._invoice(100, "2026-03-01", "2026-03-31")
        self._pay(first, 100, "2026-03-31")
        second = self._invoice(300, "2026-03-01", "2026-03-31")
        self._pay(second, 300, "2026-04-01")
        self.assertFigures(
            "2026-06-30", due_amount=400, on_time_rate=0.25, collection_rate=1
        )
        # On the due date itself both have fallen due, one is paid.
        self.assertFigures("2026-03-31", due_amount=400, collection_rate=0.25)

    def test_nothing_fell_due(self):
        self._invoice(100, "2026-06-01", "2026-07-31")
        self.assertFigures("2026-06-30", on_time_rate=None, collection_rate=None)

    def test_paid_before_the_window_fell_due_in_it(self):
        invoice = self._invoice(100, "2025-06-01", "2025-07-15")
        self._pay(invoice, 100, "2025-06-10")
        self.assertFigures(
            "2026-06-30", paid_amount=0, days_to_pay=None, on_time_rate=1
        )

    def test_financing_cost(self):
        """7.3 % a year. 1000 paid after 50 days: 1000 × 50 / 365 × 7.3 % = 10.
        500 open since 20 days: 500 × 20 / 365 × 7.3 % = 2."""
        self.company.finance_yearly_rate = 0.073
        paid = self._invoice(1000, "2026-03-01")
        self._pay(paid, 1000, "2026-04-20")
        self._invoice(500, "2026-06-10")
        self.assertFigures("2026-06-30", financing_cost=12)
        # Half way: 1000 open since 25 days.
        self.assertFigures("2026-03-26", financing_cost=5)

    def test_financing_cost_counts_days_in_the_window_only(self):
        """Open for two years: 365 days of it count."""
        self.company.finance_yearly_rate = 0.10
        self._invoice(1000, "2024-06-30")
        self.assertFigures("2026-06-30", financing_cost=100)
