# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from .common import FinanceCommon


@tagged("post_install", "-at_install")
class TestReceivable(FinanceCommon):
    def test_no_documents(self):
        self.assertEqual(self._figures("2026-06-30"), {})

    def test_open_invoice(self):
        self._invoice(100, "2026-06-01", "2026-07-01")
        self.assertFigures(
            "2026-06-30", receivable=100, overdue=0, not_due=100, oldest_overdue_days=0
        )

    def test_before_the_invoice(self):
        self._invoice(100, "2026-06-01", "2026-07-01")
        self.assertEqual(self._figures("2026-05-31"), {})

    def test_due_today_is_not_overdue(self):
        self._invoice(100, "2026-06-01", "2026-06-30")
        self.assertFigures("2026-06-30", overdue=0, not_due=100)
        self.assertFigures("2026-07-01", overdue=100, not_due=0, oldest_overdue_days=1)

    def test_partial_payment(self):
        invoice = self._invoice(100, "2026-06-01", "2026-06-11")
        self._pay(invoice, 30, "2026-06-20")
        self.assertFigures("2026-06-19", receivable=100, overdue=100)
        self.assertFigures("2026-06-20", receivable=70, overdue=70)

    def test_unreconcile(self):
        invoice = self._invoice(100, "2026-06-01", "2026-06-11")
        payment = self._pay(invoice, 100, "2026-06-20")
        self.assertFigures("2026-06-30", receivable=0, unallocated_credit=0, overdue=0)
        self._get_receivable_lines(payment.move_id).remove_move_reconcile()
        self.assertFigures(
            "2026-06-30", receivable=0, unallocated_credit=100, overdue=100
        )

    def test_credit_note_larger_than_sales(self):
        self._invoice(100, "2026-06-01", "2026-06-11")
        self._refund(250, "2026-06-15")
        self.assertFigures(
            "2026-06-30",
            receivable=-150,
            unallocated_credit=250,
            overdue=100,
            sales=-150,
            dso=None,
            ar_turnover=None,
        )

    def test_draft_and_cancelled_do_not_count(self):
        self._invoice(100, "2026-06-01", post=False)
        cancelled = self._invoice(50, "2026-06-01")
        cancelled.button_draft()
        self.assertEqual(self._figures("2026-06-30"), {})
        cancelled.button_cancel()
        self.assertEqual(self._figures("2026-06-30"), {})

    def test_child_contact_counts_for_its_company(self):
        child = self.env["res.partner"].create(
            {"name": "Child", "parent_id": self.customer.id}
        )
        self._invoice(100, "2026-06-01", partner=child)
        self.assertFigures("2026-06-30", receivable=100)
        self.assertEqual(self._figures("2026-06-30", child), {})

    def test_entry_on_a_child_contact(self):
        """An accountant may put any contact on a journal item."""
        child = self.env["res.partner"].create(
            {"name": "Child", "parent_id": self.customer.id}
        )
        entry = self.env["account.move"].create(
            {
                "date": "2026-06-01",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_receivable"
                            ].id,
                            "partner_id": child.id,
                            "debit": 40.0,
                            "date_maturity": "2026-06-10",
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_revenue"
                            ].id,
                            "credit": 40.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        self.assertFigures("2026-06-30", receivable=40, overdue=40, sales=0)

    def test_non_trade_account(self):
        account = self.company_data["default_account_receivable"].copy(
            {"non_trade": True, "code": "NT1"}
        )
        partner = self.customer.copy()
        partner.property_account_receivable_id = account
        self._invoice(100, "2026-06-01", partner=partner)
        self.assertFigures("2026-06-30", partner=partner, receivable=0)

    def test_instalments_count_by_their_own_due_date(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in 60 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 0}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 60}
                    ),
                ],
            }
        )
        self._invoice(100, "2026-06-01", terms=terms)
        self.assertFigures("2026-06-02", receivable=100, overdue=50, not_due=50)
        self.assertFigures(
            "2026-08-10", receivable=100, overdue=100, oldest_overdue_days=70
        )

    def test_foreign_currency_counts_once(self):
        """1000 EUR at 2 USD = 1 EUR are 2000 USD, before and after the rate moves."""
        euro = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 0.5), ("2026-06-15", 0.25)]
        )
        invoice = self._invoice(1000, "2026-06-01", "2026-06-10", currency_id=euro.id)
        self.assertFigures("2026-06-30", receivable=2000, overdue=2000, sales=2000)
        # Paid at 4 USD for 1 EUR: the difference is no receivable and no payment.
        self._pay(invoice, 1000, "2026-06-20", currency_id=euro.id)
        self.assertFigures("2026-06-30", receivable=0, overdue=0, unallocated_credit=0)
        self.assertFigures("2026-06-19", receivable=2000)
        self.assertFigures("2026-06-30", paid_amount=2000, days_late=10)

    def test_two_companies(self):
        other = self.setup_other_company()
        self._invoice(100, "2026-06-01")
        invoice = (
            self.env["account.move"]
            .with_company(other["company"])
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": "2026-06-01",
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Line", "price_unit": 7.0, "tax_ids": False}
                        )
                    ],
                }
            )
        )
        invoice.action_post()
        self.assertFigures("2026-06-30", receivable=100, sales=100)
        self.assertFigures(
            "2026-06-30", company=other["company"], receivable=7, sales=7
        )

    def test_branch_payment_settles_head_office_invoice(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        invoice = self._invoice(100, "2026-06-01", "2026-06-11")
        entry = self.env["account.move"].create(
            {
                "company_id": branch.id,
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": "2026-06-21",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_journal_bank"
                            ].default_account_id.id,
                            "debit": 100.0,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_receivable"
                            ].id,
                            "partner_id": self.customer.id,
                            "credit": 100.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        self._reconcile(invoice, entry)
        self.assertFigures(
            "2026-06-30", receivable=0, paid_amount=100, days_to_pay=20, days_late=10
        )
