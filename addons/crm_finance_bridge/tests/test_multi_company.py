# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import FinanceCommon

TODAY = "2026-06-30 12:00:00"


@tagged("post_install", "-at_install")
class TestMultiCompany(FinanceCommon):
    """One customer with 100 open in dollars here and 70 open in euros there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        data = cls.setup_other_company(name="Other", currency_id=cls.euro.id)
        cls.other = data["company"]
        cls.env.user.company_ids |= cls.other
        cls.companies = cls.company | cls.other
        with freeze_time(TODAY):
            cls._invoice(100, "2026-05-01", "2026-05-31")
            cls._invoice_there(70, "2026-06-10", "2026-06-20")
            cls.profiles._rebuild(cls.companies)
            cls.env["customer.finance.snapshot"]._rebuild(cls.companies, months=2)
        cls.env.cr.flush()
        cls.env["customer.finance.queue"].search([]).unlink()

    @classmethod
    def _invoice_there(cls, amount, day, due):
        invoice = (
            cls.env["account.move"]
            .with_company(cls.other)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.customer.id,
                    "invoice_date": day,
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Line", "price_unit": amount, "tax_ids": False}
                        )
                    ],
                }
            )
        )
        invoice.action_post()
        return invoice

    def setUp(self):
        super().setUp()
        freezer = freeze_time(TODAY)
        freezer.start()
        self.addCleanup(freezer.stop)
        self.env.invalidate_all()

    def _user(self, login, companies, group="margin"):
        return new_test_user(
            self.env,
            login,
            groups=f"crm_finance_bridge.crm_finance_bridge_group_{group},"
            "account.group_account_readonly",
            company_id=companies[:1].id,
            company_ids=[Command.set(companies.ids)],
        )

    def test_a_profile_per_company(self):
        here, there = self._profile(), self._profile(company=self.other)
        self.assertEqual((here.receivable, here.oldest_overdue_days), (100, 30))
        self.assertEqual((there.receivable, there.oldest_overdue_days), (70, 10))
        self.assertEqual(there.currency_id, self.euro)
        self.assertEqual(here.currency_id, self.company.currency_id)

    def test_contact_shows_the_current_company(self):
        """The same record, read in one transaction, first here, then there."""
        here = self.customer.with_context(allowed_company_ids=self.companies.ids)
        there = here.with_company(self.other)
        self.assertEqual(here.finance_receivable, 100)
        self.assertEqual(there.finance_receivable, 70)
        self.assertEqual(here.finance_currency_id, self.company.currency_id)
        self.assertEqual(there.finance_currency_id, self.euro)
        self.assertEqual([part["amount"] for part in here.finance_ageing][1], 100)
        self.assertEqual([part["amount"] for part in there.finance_ageing][1], 70)
        self.assertEqual(here.finance_trend["labels"], ["2026-05-31"])
        self.assertEqual(there.finance_trend["labels"], [])

    def test_search_is_in_the_current_company(self):
        partners = self.env["res.partner"].with_context(
            allowed_company_ids=self.companies.ids
        )
        domain = [("finance_receivable", "=", 70), ("id", "=", self.customer.id)]
        self.assertFalse(partners.search(domain))
        self.assertTrue(partners.with_company(self.other).search(domain))

    def test_documents_show_their_own_company(self):
        env = self.env(
            context={**self.env.context, "allowed_company_ids": self.companies.ids}
        )
        here, there = env["sale.order"].create(
            [
                {"partner_id": self.customer.id, "company_id": company.id}
                for company in self.companies
            ]
        )
        self.assertEqual((here | there).mapped("finance_receivable"), [100, 70])
        # A lead without a company belongs to the one that is worked in.
        lead = env["crm.lead"].create(
            {"name": "Lead", "partner_id": self.customer.id, "company_id": False}
        )
        self.assertEqual(lead.finance_receivable, 100)
        self.assertEqual(lead.with_company(self.other).finance_receivable, 70)

    def test_rows_of_other_companies_are_not_readable(self):
        local = self._user("local", self.company)
        both = self._user("both", self.companies)
        self.env["customer.finance.snapshot"]._take(self.other, date(2026, 6, 30))
        for model in (
            "customer.finance.profile",
            "customer.finance.snapshot",
            "customer.finance.item",
            "customer.finance.margin.line",
            "customer.finance.check",
        ):
            if model == "customer.finance.check":
                for company in self.companies:
                    self.env[model]._run(company)
            domain = [("company_id", "in", self.companies.ids)]
            rows = self.env[model].search(domain)
            self.assertEqual(rows.company_id, self.companies)
            theirs = rows.filtered(lambda row: row.company_id == self.other)
            with self.subTest(model):
                found = self.env[model].with_user(local).search(domain)
                self.assertEqual(found.company_id, self.company)
                with self.assertRaises(AccessError):
                    theirs.with_user(local).read(["company_id"])
                # Allowed both, working in one of them
                found = (
                    self.env[model]
                    .with_user(both)
                    .with_context(allowed_company_ids=self.other.ids)
                )
                self.assertEqual(found.search(domain).company_id, self.other)
                found = found.with_context(allowed_company_ids=self.companies.ids)
                self.assertEqual(found.search(domain).company_id, self.companies)

    def test_actions_across_companies(self):
        local = self._user("local", self.company)
        theirs = self._profile(company=self.other).with_user(local)
        for method in ("action_refresh", "action_open_figure"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(theirs, method)()

    def test_totals_over_companies_are_by_currency(self):
        """100 USD and 70 EUR have no sum; 30 and 10 days have a maximum."""
        env = self.env(
            context={**self.env.context, "allowed_company_ids": self.companies.ids}
        )
        rows = env["customer.finance.profile"].formatted_read_group(
            [("partner_id", "=", self.customer.id)],
            ["currency_id"],
            ["receivable:sum", "oldest_overdue_days:max"],
        )
        self.assertEqual(
            {
                row["currency_id"][0]: (
                    row["receivable:sum"],
                    row["oldest_overdue_days:max"],
                )
                for row in rows
            },
            {self.company.currency_id.id: (100, 30), self.euro.id: (70, 10)},
        )
        # The web client asks for this to convert a total to the user's currency:
        # 100 USD and 70 EUR at 0.5 EUR for 1 USD are 240 USD.
        [row] = env["customer.finance.profile"].formatted_read_group(
            [("partner_id", "=", self.customer.id)],
            [],
            ["receivable:sum_currency", "currency_id:array_agg_distinct"],
        )
        self.assertEqual(row["receivable:sum_currency"], 240)
        self.assertEqual(len(row["currency_id:array_agg_distinct"]), 2)

    def test_row_without_company_refreshes_all(self):
        self.env.cr.execute(
            "UPDATE customer_finance_profile SET receivable = 1 WHERE partner_id = %s",
            [self.customer.id],
        )
        self.profiles.invalidate_model()
        self.env["customer.finance.queue"]._push(self.customer)
        self._work_off()
        self.assertEqual(self._profile().receivable, 100)
        self.assertEqual(self._profile(company=self.other).receivable, 70)

    def test_row_with_company_refreshes_that_one_only(self):
        self.env.cr.execute(
            "UPDATE customer_finance_profile SET receivable = 1 WHERE partner_id = %s",
            [self.customer.id],
        )
        self.profiles.invalidate_model()
        self.env["customer.finance.queue"]._push(self.customer, self.other)
        self._work_off()
        self.assertEqual(self._profile().receivable, 1)
        self.assertEqual(self._profile(company=self.other).receivable, 70)

    def test_invoice_queues_its_own_company(self):
        self._invoice_there(5, "2026-06-11", "2026-06-20")
        self.env.cr.flush()
        row = self.env["customer.finance.queue"].search([])
        self.assertEqual((row.partner_id, row.company_id), (self.customer, self.other))

    def test_branch(self):
        """A branch shares the ledger's accounts and has profiles of its own."""
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        accounts = self.company_data
        entry = self.env["account.move"].create(
            {
                "company_id": branch.id,
                "journal_id": accounts["default_journal_misc"].id,
                "date": "2026-06-01",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": accounts["default_account_receivable"].id,
                            "partner_id": self.customer.id,
                            "debit": 30.0,
                            "date_maturity": "2026-06-25",
                        }
                    ),
                    Command.create(
                        {
                            "account_id": accounts["default_account_revenue"].id,
                            "credit": 30.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        self._work_off()
        self.assertEqual(self._profile(company=branch).receivable, 30)
        self.assertEqual(self._profile(company=branch).oldest_overdue_days, 5)
        self.assertEqual(self._profile().receivable, 100)
        local = self._user("local", branch)
        rows = (
            self.profiles.with_user(local)
            .with_context(allowed_company_ids=branch.ids)
            .search([("partner_id", "=", self.customer.id)])
        )
        self.assertEqual(rows.company_id, branch)

    def test_archived_company_is_left_alone(self):
        self.env["customer.finance.queue"]._push(self.customer, self.other)
        self.other.active = False
        self._work_off()
        self.assertEqual(self._profile(company=self.other).receivable, 70)
        self.assertFalse(self.env["customer.finance.queue"].search([]))


@tagged("post_install", "-at_install")
class TestCompanyDay(FinanceCommon):
    """Today is where the company is, not where the server or the user is."""

    def _refresh_at(self, moment):
        with freeze_time(moment):
            self.profiles._refresh(self.company)
            return self._profile()

    def test_around_midnight(self):
        """Due on 29 June, overdue from 30 June on; Shanghai is 8 hours ahead."""
        self._invoice(100, "2026-06-01", "2026-06-29")
        self.env.user.tz = "America/Los_Angeles"
        for timezone, moment, today, overdue in (
            ("UTC", "2026-06-29 23:59:59", date(2026, 6, 29), 0),
            ("UTC", "2026-06-30 00:00:00", date(2026, 6, 30), 100),
            ("Asia/Shanghai", "2026-06-29 15:59:59", date(2026, 6, 29), 0),
            ("Asia/Shanghai", "2026-06-29 16:00:00", date(2026, 6, 30), 100),
            ("America/New_York", "2026-06-30 03:59:59", date(2026, 6, 29), 0),
            ("America/New_York", "2026-06-30 04:00:00", date(2026, 6, 30), 100),
        ):
            with self.subTest(timezone=timezone, moment=moment):
                self.company.partner_id.tz = timezone
                profile = self._refresh_at(moment)
                self.assertEqual(profile.as_of_date, today)
                self.assertEqual(profile.overdue, overdue)

    def test_timezone_of_the_calendar_when_the_company_has_none(self):
        self.company.partner_id.tz = False
        self.company.resource_calendar_id.tz = "Asia/Tokyo"
        with freeze_time("2026-06-29 15:30:00"):
            self.assertEqual(self.company._get_finance_today(), date(2026, 6, 30))

    def test_orders_count_on_the_day_of_the_company(self):
        """Confirmed on 29 June 17:00 UTC, which is 30 June in Shanghai."""
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        order.action_confirm()
        order.date_order = "2026-06-29 17:00:00"
        self.assertFigures("2026-06-29", order_count=1)
        self.company.partner_id.tz = "Asia/Shanghai"
        self.assertFigures("2026-06-29", order_count=0)
        self.assertFigures(
            "2026-06-30", order_count=1, last_order_date=date(2026, 6, 30)
        )
