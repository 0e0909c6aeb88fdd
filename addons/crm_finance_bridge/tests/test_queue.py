# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import FinanceCommon


class QueueCommon(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.queue = cls.env["customer.finance.queue"]
        cls.queue.search([]).unlink()
        cls.second = cls.customer.copy({"name": "Second"})
        cls.receivable = cls.company_data["default_account_receivable"]
        cls.bank = cls.company_data["default_journal_bank"]

    def _entry(self, amount, account=None, day="2026-06-01"):
        """Create a draft entry of ``amount`` on an account, against revenue."""
        account = account or self.receivable
        return self.env["account.move"].create(
            {
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.customer.id,
                            "balance": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_revenue"
                            ].id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )

    def _payment(self, amount, day="2026-06-10"):
        """Create a draft payment that is not meant for any invoice."""
        return self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "journal_id": self.bank.id,
                "amount": amount,
                "date": day,
            }
        )

    def _receive(self, amount, day="2026-06-10"):
        """Import a bank transaction."""
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": day,
                "payment_ref": "Transfer",
                "partner_id": self.customer.id,
                "amount": amount,
            }
        )

    def _get_suspense(self, transaction):
        _liquidity, suspense, _other = transaction._seek_for_lines()
        return suspense


@tagged("post_install", "-at_install")
class TestQueueEvents(QueueCommon):
    """Whatever changes a customer's figures queues the customer."""

    def assertRefreshed(self, **expected):
        """The queue holds the customer, and working it off gives these figures."""
        self.env.cr.flush()
        self.assertIn(self.customer, self.queue.search([]).partner_id)
        self._work_off()
        profile = self._profile()
        self.assertEqual({name: profile[name] for name in expected}, expected)

    def test_entry_without_an_invoice(self):
        entry = self._entry(40)
        self.assertFalse(self._queued())
        entry.action_post()
        self.assertRefreshed(receivable=40, sales=0)
        entry.button_draft()
        self.assertRefreshed(receivable=0)
        self.assertFalse(self._profile())

    def test_account_changed_to_receivable(self):
        entry = self._entry(40, account=self.company_data["default_account_expense"])
        entry.action_post()
        self.assertFalse(self._queued())
        entry.line_ids.filtered("partner_id").account_id = self.receivable
        self.assertRefreshed(receivable=40)
        entry.line_ids.filtered("partner_id").account_id = self.company_data[
            "default_account_expense"
        ]
        self.assertRefreshed(receivable=0)

    def test_partner_of_a_posted_item(self):
        entry = self._entry(40)
        entry.action_post()
        self._work_off()
        entry.line_ids.filtered("partner_id").partner_id = self.second
        self.assertEqual(self._queued(), self.customer | self.second)

    def test_amounts_of_a_posted_entry(self):
        entry = self._entry(40)
        entry.action_post()
        self._work_off()
        item, revenue = entry.line_ids.sorted("balance", reverse=True)
        with entry._check_balanced({"records": entry}):
            item.with_context(check_move_validity=False).balance = 30
            revenue.with_context(check_move_validity=False).balance = -30
        self.assertRefreshed(receivable=30)

    def test_payment_without_an_invoice(self):
        payment = self._payment(50)
        payment.action_post()
        self.assertRefreshed(receivable=-50, unallocated_credit=50)

    def test_payment_changed(self):
        payment = self._payment(50)
        payment.action_post()
        self._work_off()
        payment.action_draft()
        self.assertRefreshed(receivable=0)
        payment.write({"amount": 30, "date": "2026-06-12"})
        payment.action_post()
        self.assertRefreshed(receivable=-30)
        payment.action_draft()
        payment.action_cancel()
        self.assertRefreshed(receivable=0)

    def test_date_of_a_payment_on_an_invoice(self):
        """Paid on 10 June, moved to 20 June: 9 and 19 days after the invoice."""
        invoice = self._invoice(100, "2026-06-01")
        payment = self._pay(invoice, 100, "2026-06-10")
        with freeze_time("2026-06-30 12:00:00"):
            self.assertRefreshed(days_to_pay=9)
            payment.action_draft()
            payment.date = "2026-06-20"
            payment.action_post()
            self.assertRefreshed(receivable=0, days_to_pay=19)

    def test_bank_transaction(self):
        invoice = self._invoice(100, "2026-06-01")
        self._work_off()
        transaction = self._receive(100)
        # Nobody has said yet whose debt it settles
        self.assertFalse(self._queued())
        self._get_suspense(transaction).account_id = self.receivable
        self.assertRefreshed(receivable=0, unallocated_credit=100)
        self._reconcile(invoice, transaction.move_id)
        self.assertRefreshed(receivable=0, unallocated_credit=0, paid_amount=100)
        transaction.action_undo_reconciliation()
        self.assertRefreshed(receivable=100, unallocated_credit=0)

    def test_bank_transaction_matched_by_new_items(self):
        """Matching replaces the suspense item of the posted entry."""
        transaction = self._receive(100)
        suspense = self._get_suspense(transaction)
        transaction.move_id.with_context(
            force_delete=True, skip_readonly_check=True
        ).line_ids = [
            Command.delete(suspense.id),
            Command.create(
                {
                    "account_id": self.receivable.id,
                    "partner_id": self.customer.id,
                    "balance": -100,
                }
            ),
        ]
        self.assertRefreshed(unallocated_credit=100)
        transaction.action_undo_reconciliation()
        self.assertRefreshed(unallocated_credit=0)

    def test_cash_basis_entries(self):
        """The tax becomes due with the payment; that entry is nobody's debt."""
        tax = self.env["account.tax"].create(
            {
                "name": "On payment",
                "amount": 10,
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": self.company_data[
                    "default_account_assets"
                ]
                .copy({"reconcile": True, "code": "TRANS1"})
                .id,
            }
        )
        self.company.tax_exigibility = True
        invoice = self._invoice(100, "2026-06-01", post=False)
        invoice.invoice_line_ids.tax_ids = tax
        invoice.action_post()
        self.assertRefreshed(receivable=110)
        self._pay(invoice, 110, "2026-06-10")
        created = self.env["account.move"].search(
            [("tax_cash_basis_origin_move_id", "=", invoice.id)]
        )
        self.assertTrue(created)
        self.assertRefreshed(receivable=0, sales=110, net_sales=100, paid_amount=110)

    def test_exchange_difference(self):
        """1000 EUR at 2 USD, paid at 4 USD: 2000 USD settle 2000 USD."""
        euro = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 0.5), ("2026-06-15", 0.25)]
        )
        invoice = self._invoice(1000, "2026-06-01", currency_id=euro.id)
        self.assertRefreshed(receivable=2000)
        payment = self._pay(invoice, 1000, "2026-06-20", currency_id=euro.id)
        self.assertTrue(
            invoice.line_ids.matched_credit_ids.exchange_move_id
            | payment.move_id.line_ids.matched_debit_ids.exchange_move_id
        )
        self.assertRefreshed(receivable=0, unallocated_credit=0, paid_amount=2000)

    def test_customer_of_an_invoice_changed(self):
        invoice = self._invoice(100, "2026-06-01")
        self.assertRefreshed(receivable=100)
        invoice.button_draft()
        invoice.partner_id = self.second
        invoice.action_post()
        self.env.cr.flush()
        self.assertEqual(self.queue.search([]).partner_id, self.customer | self.second)
        self._work_off()
        self.assertFalse(self._profile())
        self.assertEqual(self._profile(self.second).receivable, 100)

    def test_deleted_invoice(self):
        invoice = self._invoice(100, "2026-06-01")
        self._work_off()
        invoice.button_draft()
        invoice.name = False
        invoice.unlink()
        self.assertRefreshed(receivable=0)

    def test_reversal(self):
        invoice = self._invoice(100, "2026-06-01")
        self._work_off()
        self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"journal_id": invoice.journal_id.id}).modify_moves()
        self.assertRefreshed(receivable=0)

    def test_company_settings(self):
        """A due date 20 days back is in the second bucket once that starts at 11."""
        with freeze_time("2026-06-30 12:00:00"):
            self._invoice(100, "2026-06-01", "2026-06-10")
            self._work_off()
            self.assertEqual(self._profile().ageing_1, 100)
            self.company.write({"finance_ageing_1": 10, "finance_window_days": 100})
            row = self.queue.search([])
            self.assertEqual(row.company_id, self.company)
            self.assertFalse(row.partner_id)
            self._work_off()
        profile = self._profile()
        self.assertEqual((profile.ageing_1, profile.ageing_2), (0, 100))
        self.assertEqual(profile.window_days, 100)
        self.company.name = "Renamed"
        self.assertFalse(self.queue.search([]))


@tagged("post_install", "-at_install")
class TestQueue(QueueCommon):
    def test_rolled_back_transaction_queues_nothing(self):
        invoice = self._invoice(100, "2026-06-01", post=False)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            invoice.action_post()
            raise ZeroDivisionError
        self.assertEqual(invoice.state, "draft")
        self.assertFalse(self._queued())

    def test_rolled_back_part_leaves_the_rest(self):
        """What was done before a savepoint is queued although the rest is undone."""
        self._invoice(100, "2026-06-01")
        other = self._invoice(100, "2026-06-01", partner=self.second, post=False)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            other.action_post()
            raise ZeroDivisionError
        self.assertEqual(self._queued(), self.customer)

    def test_one_row_per_customer_and_transaction(self):
        for _index in range(3):
            self._invoice(100, "2026-06-01")
        self._invoice(100, "2026-06-01", partner=self.second)
        self.env.cr.flush()
        rows = self.queue.search([])
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows.partner_id, self.customer | self.second)
        self.assertEqual(rows.company_id, self.company)

    def test_contact_of_the_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        self._queued()
        self.queue._push(contact, self.company)
        self.assertEqual(self._queued(), self.customer)

    def test_deleted_contact(self):
        """What was queued for a contact that is gone concerns nobody."""
        gone = self.env["res.partner"].create({"name": "Gone"})
        self.queue._push(gone, self.company)
        gone.unlink()
        self.env.cr.flush()
        self.assertEqual(self.queue.search_count([]), 1)
        self._work_off()
        self.assertFalse(self.queue.search([]))

    def test_duplicates_are_refreshed_once(self):
        self._invoice(100, "2026-06-01")
        for _index in range(3):
            self.queue._push(self.customer, self.company)
            self.env.cr.flush()
        self.assertEqual(self.queue.search_count([]), 3)
        refreshed = []
        refresh = type(self.profiles)._refresh

        def count(model, company, partners=None):
            refreshed.append((company, partners))
            return refresh(model, company, partners)

        self.patch(type(self.profiles), "_refresh", count)
        self._work_off()
        self.assertEqual(refreshed, [(self.company, self.customer)])
        self.assertEqual(self._profile().receivable, 100)

    def test_appending_triggers_the_scheduled_action(self):
        cron = self.env.ref("crm_finance_bridge.ir_cron_refresh_profiles")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self._invoice(100, "2026-06-01")
        self.env.cr.flush()
        self.assertTrue(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        )

    def test_scheduled_action(self):
        self._invoice(100, "2026-06-01")
        self.env.cr.flush()
        with freeze_time("2026-06-30 12:00:00"), self.enter_registry_test_mode():
            self.env.ref(
                "crm_finance_bridge.ir_cron_refresh_profiles"
            ).method_direct_trigger()
        self.assertFalse(self.queue.search([]))
        self.assertEqual(self._profile().receivable, 100)
        self.assertEqual(self._profile().as_of_date, date(2026, 6, 30))

    def test_scheduled_action_takes_month_ends_too(self):
        self._invoice(100, "2026-05-01")
        days = [date(2026, 5, 31), date(2026, 4, 30)]
        self.queue._push_all(self.company, days)
        with freeze_time("2026-06-30 12:00:00"), self.enter_registry_test_mode():
            self.env.ref(
                "crm_finance_bridge.ir_cron_refresh_profiles"
            ).method_direct_trigger()
        self.assertFalse(self.queue.search([]))
        snapshots = self.env["customer.finance.snapshot"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(snapshots.mapped("as_of_date"), [date(2026, 5, 31)])

    def test_batches(self):
        partners = self.customer
        for _index in range(4):
            partners |= self.customer.copy()
        for partner in partners:
            self._invoice(100, "2026-06-01", partner=partner)
        self.env.cr.flush()
        steps = []

        def progress(_cron, processed=0, *, remaining=None):
            steps.append((processed, remaining))
            return 60

        self.patch(type(self.env["ir.cron"]), "_commit_progress", progress)
        self.queue._cron_process(batch_size=2)
        self.assertEqual(steps, [(2, 3), (2, 1), (1, 0)])
        self.assertEqual(
            self.profiles.search([("partner_id", "in", partners.ids)]).partner_id,
            partners,
        )

    def test_scheduled_action_stops_when_its_time_is_up(self):
        for partner in self.customer | self.second:
            self._invoice(100, "2026-06-01", partner=partner)
        self.env.cr.flush()
        self.patch(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0
        )
        self.queue._cron_process(batch_size=1)
        self.assertEqual(self.queue.search_count([]), 1)
        self.assertEqual(len(self._profile() | self._profile(self.second)), 1)

    def test_deleted_customer(self):
        gone = self.second.copy()
        self.queue._push(gone | self.customer)
        self.env.cr.flush()
        self.queue._push(gone)
        gone.unlink()
        self.assertEqual(self._queued(), self.customer)
        self._invoice(100, "2026-06-01")
        gone = self.second.copy()
        self.queue._push(gone)
        self.env.cr.flush()
        gone.unlink()
        self._work_off()
        self.assertFalse(self.queue.search([]))
        self.assertEqual(self._profile().receivable, 100)

    def test_contact_of_the_customer_is_queued_as_the_customer(self):
        child = self.env["res.partner"].create(
            {"name": "Child", "parent_id": self.customer.id}
        )
        self._queued()
        self._invoice(100, "2026-06-01", partner=child)
        self.assertEqual(self._queued(), self.customer)


@tagged("post_install", "-at_install")
class TestNightly(QueueCommon):
    def _run_night(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("crm_finance_bridge.ir_cron_nightly").method_direct_trigger()
        self.env.invalidate_all()

    def _get_check(self):
        return self.env["customer.finance.check"].search(
            [("company_id", "=", self.company.id)], limit=1
        )

    def _get_snapshots(self):
        return self.env["customer.finance.snapshot"].search(
            [("partner_id", "=", self.customer.id)]
        )

    def test_days_pass(self):
        with freeze_time("2026-06-20 12:00:00"):
            self._invoice(100, "2026-06-01", "2026-06-20")
            self._work_off()
        self.assertEqual(self._profile().overdue, 0)
        self._run_night("2026-06-21 00:30:00")
        self.assertEqual(self._profile().overdue, 100)
        self.assertEqual(self._profile().oldest_overdue_days, 1)
        check = self._get_check()
        self.assertEqual((check.state, check.ledger_receivable), ("ok", 100))
        self.assertEqual((check.profile_count, check.sample_count), (1, 1))

    def test_once_a_day_in_the_first_hour_of_the_companys_own_day(self):
        """Midnight in Shanghai is 16:00 UTC."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self._invoice(100, "2026-06-01", "2026-06-20")
        self._run_night("2026-06-20 15:10:00")
        self.assertEqual(self._profile().as_of_date, date(2026, 6, 20))
        self.assertEqual(self._profile().overdue, 0)
        self._run_night("2026-06-20 16:10:00")
        self.assertEqual(self._profile().as_of_date, date(2026, 6, 21))
        self.assertEqual(self._profile().overdue, 100)
        checks = self.env["customer.finance.check"].search_count([])
        self._run_night("2026-06-20 17:10:00")
        self.assertEqual(self.env["customer.finance.check"].search_count([]), checks)

    def test_month_end_is_taken_once(self):
        self._invoice(100, "2026-05-01")
        self._run_night("2026-06-01 00:30:00")
        self.assertEqual(self._get_snapshots().mapped("receivable"), [100])
        self._invoice(50, "2026-05-02")
        self._run_night("2026-06-02 00:30:00")
        snapshot = self._get_snapshots()
        self.assertEqual(snapshot.as_of_date, date(2026, 5, 31))
        self.assertEqual(snapshot.receivable, 100)
        self._run_night("2026-07-01 00:30:00")
        self.assertEqual(
            self._get_snapshots().mapped(lambda row: (row.as_of_date, row.receivable)),
            [(date(2026, 6, 30), 150), (date(2026, 5, 31), 100)],
        )

    def test_every_company_however_long_the_first_takes(self):
        data = self.setup_other_company()
        self._invoice(100, "2026-06-01")
        invoice = self._invoice(100, "2026-06-01", post=False)
        invoice = (
            self.env["account.move"]
            .with_company(data["company"])
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
        self.patch(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0
        )
        with freeze_time("2026-06-30 00:30:00"):
            self.queue._cron_nightly()
        self.assertEqual(self._profile().receivable, 100)
        self.assertEqual(self._profile(company=data["company"]).receivable, 7)

    def test_payment_dated_ahead_is_no_drift(self):
        """A cheque dated next month leaves the debt open until then."""
        invoice = self._invoice(100, "2026-06-01")
        self._pay(invoice, 100, "2026-07-15")
        self._run_night("2026-06-30 00:30:00")
        self.assertEqual(self._profile().receivable, 100)
        check = self._get_check()
        self.assertEqual(check.ledger_receivable, 100)
        self.assertEqual(check.state, "ok")
        self._run_night("2026-07-15 00:30:00")
        self.assertEqual(self._profile().receivable, 0)
        self.assertEqual(self._get_check().state, "ok")
