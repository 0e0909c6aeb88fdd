# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The cash forecast of June 30, 2026, worked by hand."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .test_order_cash import OrderCommon

TODAY = "2026-06-30"


class ForecastCommon(OrderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].create({"name": "Other", "is_company": True})

    @classmethod
    def _history(cls, *lates, partner=None, amount=100):
        """Pay an invoice due on April 1 for each number of days late."""
        for late in lates:
            invoice = cls._invoice(amount, "2026-03-01", "2026-04-01", partner)
            day = fields.Date.to_date("2026-04-01") + timedelta(days=late)
            cls._pay(invoice, amount, str(day))

    def _rows(self, scenario=None, partner=None, **context):
        self.env.cr.flush()
        self.profiles._rebuild(self.company)
        # Rows are what they were when they were read first.
        self.env.invalidate_all()
        domain = [("partner_id", "=", (partner or self.customer).id)]
        if scenario:
            domain.append(("scenario", "=", scenario))
        return self.env["cash.forecast"].with_context(**context).search(domain)

    def assertForecast(self, expected, partner=None, **context):
        """:param expected: ``[(amount, early, expected, late)]``, days as mm-dd"""
        rows = self._rows("expected", partner, **context)
        found = [
            (
                row.amount,
                *(
                    str(day)[5:]
                    for day in (row.date_early, row.date_expected, row.date_late)
                ),
            )
            for row in rows
        ]
        self.assertEqual(found, expected)
        return rows


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestCashForecast(ForecastCommon):
    # -- How late ------------------------------------------------------------

    def test_no_history(self):
        """Due in ten days: that day, in the second week."""
        self._invoice(100, "2026-06-01", "2026-07-10")
        row = self.assertForecast([(100, "07-10", "07-10", "07-10")])
        self.assertEqual((row.basis, row.lag, row.spread), ("none", 0, 0))
        self.assertEqual(row.week, "w02")

    def test_own_lateness(self):
        """Mean (0 + 20 + 3 × 10) / 5 = 10, variance (100 + 100) / 5 = 40, deviation
        6. Two weeks to the early day: still in the second week."""
        self._history(0, 10, 20, 10, 10)
        self._invoice(100, "2026-06-01", "2026-07-10")
        row = self.assertForecast([(100, "07-14", "07-20", "07-26")])
        self.assertEqual((row.basis, row.lag, row.spread), ("customer", 10, 6))
        lines = {
            row.scenario: (row.week, str(row.date), row.low, row.expected, row.high)
            for row in self._rows()
        }
        self.assertEqual(
            lines,
            {
                "low": ("w04", "2026-07-26", 100, 0, 0),
                "expected": ("w03", "2026-07-20", 0, 100, 0),
                "high": ("w02", "2026-07-14", 0, 0, 100),
            },
        )
        self.assertAlmostEqual(self._profile().days_late_spread, 6.3)

    def test_week_bounds(self):
        """Seven days ahead end the first week, 182 the last; today is in the first."""
        for days in (0, 7, 8, 182, 183):
            due = fields.Date.to_date(TODAY) + timedelta(days=days)
            self._invoice(100, "2026-06-01", str(due))
        rows = self._rows("expected")
        self.assertEqual(rows.mapped("week"), ["w01", "w01", "w02", "w26", "w27"])
        labels = dict(rows.fields_get(["week"])["week"]["selection"])
        self.assertEqual((labels["w01"], labels["w27"]), ("7 Jul 2026", "Later"))

    def test_few_payments_take_those_of_the_country(self):
        """Four payments on time are too few; with one of 20 days late of another
        customer there, the country has five: mean 4, variance 400 / 5 − 16 = 64."""
        self.customer.country_id = self.other.country_id = self.env.ref("base.de")
        self._history(0, 0, 0, 0)
        self._history(20, partner=self.other)
        self._history(50, 50, 50, partner=self.env["res.partner"].create({"name": "X"}))
        self._invoice(100, "2026-06-01", "2026-07-10")
        row = self.assertForecast([(100, "07-06", "07-14", "07-22")])
        self.assertEqual((row.basis, row.lag, row.spread), ("segment", 4, 8))

    def test_otherwise_those_of_the_company(self):
        """No country: (4 × 0 + 4 × 10) / 8 = 5, variance 25."""
        self._history(0, 0, 0, 0)
        self._history(10, 10, 10, 10, partner=self.other)
        self._invoice(100, "2026-06-01", "2026-07-10")
        row = self.assertForecast([(100, "07-10", "07-15", "07-20")])
        self.assertEqual(row.basis, "company")
        self.company.finance_lag_count = 4
        row = self.assertForecast([(100, "07-10", "07-10", "07-10")])
        self.assertEqual(row.basis, "customer")

    def test_early_payer(self):
        """Ten days early, always. What is due in five days should be here: five days
        past its day, it is expected in a week at the earliest."""
        self._history(-10, -10, -10, -10, -10)
        self._invoice(100, "2026-06-01", "2026-07-20")
        self._invoice(200, "2026-06-01", "2026-07-05")
        self.assertForecast(
            [(200, "06-30", "07-07", "07-14"), (100, "07-10", "07-10", "07-10")]
        )

    def test_later_than_usual(self):
        """Nine days past: in nine days again, in eighteen at the latest."""
        self._invoice(100, "2026-05-01", "2026-06-21")
        self.assertForecast([(100, "06-30", "07-09", "07-18")])

    def test_doubtful(self):
        """91 days overdue: only the high line counts on it, in 91 days. 90 are not
        doubtful, but too late for the low line."""
        self._invoice(100, "2026-03-01", "2026-03-31")
        self._invoice(50, "2026-03-01", "2026-04-01")
        rows = self._rows()
        found = [(r.scenario, r.amount, str(r.date)) for r in rows]
        self.assertEqual(
            sorted(found),
            [
                ("expected", 50, "2026-09-28"),
                ("high", 50, "2026-06-30"),
                ("high", 100, "2026-09-29"),
            ],
        )
        self.assertEqual(rows.filtered("is_doubtful").amount, 100)

    def test_slow_payer_is_not_doubtful(self):
        """Mean (4 × 40 + 90) / 5 = 50, variance (4 × 100 + 1600) / 5 = 400, deviation
        20. Overdue for 45 days: not even as late as usual. For 65 days: 15 later than
        usual, within the deviation. For 75 days: later than a late payment."""
        self.company.finance_doubtful_days = 30
        self._history(40, 40, 40, 40, 90)
        self._invoice(100, "2026-03-01", "2026-05-16")
        self._invoice(200, "2026-03-01", "2026-04-26")
        self._invoice(300, "2026-03-01", "2026-04-16")
        self.assertForecast(
            [(100, "06-30", "07-05", "07-25"), (200, "06-30", "07-20", "08-09")]
        )
        doubtful = self._rows().filtered("is_doubtful")
        # 25 days later than usual: in 25 days again.
        self.assertEqual((doubtful.amount, str(doubtful.date)), (300, "2026-07-25"))

    # -- What comes ------------------------------------------------------------

    def test_instalments(self):
        """30 % now, 70 % in 60 days."""
        self._invoice(100, "2026-06-30", terms=self.terms)
        self.assertForecast(
            [(30, "06-30", "06-30", "06-30"), (70, "08-29", "08-29", "08-29")]
        )

    def test_partly_paid(self):
        invoice = self._invoice(100, "2026-06-01", "2026-07-10")
        self._pay(invoice, 40, "2026-06-10")
        # The one payment known was 30 days early.
        self.assertForecast([(60, "06-30", "07-20", "08-09")])

    def test_credit_note_is_taken_off_the_earliest(self):
        self._invoice(100, "2026-06-01", "2026-08-10")
        self._invoice(50, "2026-06-01", "2026-07-10")
        self._refund(70, "2026-06-05")
        self.assertForecast([(80, "08-10", "08-10", "08-10")])

    def test_credit_larger_than_the_items(self):
        """150 against 100: nothing comes of the items, and 50 less of the order."""
        self._invoice(100, "2026-06-01", "2026-07-10")
        self._refund(150, "2026-06-05")
        self.assertFalse(self._rows())
        self._order(2)
        row = self._rows("expected")
        self.assertEqual((row.kind, row.amount), ("plan", 150))

    def test_foreign_currency(self):
        """1 dollar is half a euro: 100 EUR are 200 USD; a payment of 50 leaves half."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        invoice = self._invoice(100, "2026-06-01", "2026-07-10", currency_id=euro.id)
        self._invoice(70, "2026-06-01", "2026-07-10")
        self._pay(invoice, 50, "2026-06-01", currency_id=euro.id)
        rows = self._rows("expected")
        self.assertEqual(
            {row.document_currency_id.name: row.amount for row in rows},
            {"EUR": 100, "USD": 70},
        )
        foreign = rows.filtered(lambda row: row.document_currency_id == euro)
        self.assertEqual(foreign.amount_currency, 50)
        sums = self.env["cash.forecast"]._read_group(
            [("partner_id", "=", self.customer.id)],
            ["document_currency_id"],
            ["expected:sum"],
        )
        self.assertEqual(
            {c.name: amount for c, amount in sums}, {"EUR": 100, "USD": 70}
        )

    # -- Orders ----------------------------------------------------------------

    def test_order_not_invoiced(self):
        self._order(10, payment_term_id=self.terms.id)
        rows = self.assertForecast(
            [(300, "06-30", "06-30", "06-30"), (700, "08-29", "08-29", "08-29")]
        )
        self.assertEqual(set(rows.mapped("kind")), {"plan"})

    def test_order_partly_invoiced(self):
        """400 of 1,000 are invoiced: they fill 300 and 100 of the 700."""
        order = self._order(10, payment_term_id=self.terms.id)
        self.env.cr.flush()
        self._bill(order, "2026-06-30", "2026-07-15", quantity=4)
        rows = self.assertForecast(
            [(400, "07-15", "07-15", "07-15"), (600, "08-29", "08-29", "08-29")]
        )
        self.assertEqual(rows.mapped("kind"), ["item", "plan"])

    def test_down_payment(self):
        """300 invoiced in advance and paid: 700 are to come."""
        order = self._order(10, payment_term_id=self.terms.id)
        self.env.cr.flush()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 300})
        )
        advance = wizard._create_invoices(order)
        advance.invoice_date = TODAY
        advance.action_post()
        self.assertEqual(sum(self._rows("expected").mapped("amount")), 1000)
        self._pay(advance, 300, TODAY)
        rows = self._rows("expected")
        self.assertEqual([(row.kind, row.amount) for row in rows], [("plan", 700)])

    def test_credited_order_is_not_expected_again(self):
        order = self._order(10)
        invoice = self._bill(order, "2026-06-01", "2026-07-10")
        refund = invoice._reverse_moves([{"invoice_date": "2026-06-10"}])
        refund.invoice_line_ids.quantity = 3
        refund.action_post()
        self._reconcile(invoice, refund)
        self.assertEqual(order.invoice_status, "to invoice")
        self.assertForecast([(700, "07-10", "07-10", "07-10")])

    def test_cancelled_order(self):
        order = self._order(10)
        self.assertTrue(self._rows())
        order._action_cancel()
        self.assertFalse(self._rows())

    def test_order_in_foreign_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": euro.id}
        )
        self._order(10, pricelist_id=pricelist.id)
        row = self._rows("expected")
        self.assertEqual((row.amount, row.amount_currency), (2000, 1000))
        self.assertEqual(row.document_currency_id, euro)

    # -- Opportunities ---------------------------------------------------------

    def _lead(self, **values):
        lead = self.env["crm.lead"].create(
            {
                "name": "Lead",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "expected_revenue": 1000,
                "date_deadline": "2026-07-31",
                **values,
            }
        )
        lead.probability = values.get("probability", 50)
        return lead

    def test_opportunity(self):
        """Half of 1,000, 30 days after July 31; the low line does not count on it."""
        self._lead()
        self.assertFalse(self._rows())
        self.company.finance_forecast_leads = True
        row = self.assertForecast([(500, "08-30", "08-30", "08-30")])
        self.assertEqual(row.kind, "lead")
        self.assertEqual(set(self._rows().mapped("scenario")), {"expected", "high"})
        self.assertEqual(row.action_open_document()["res_model"], "crm.lead")

    def test_opportunity_past_its_closing(self):
        self.company.finance_forecast_leads = True
        self.company.finance_lead_days = 10
        self._lead(date_deadline="2026-05-31")
        self.assertForecast([(500, "07-10", "07-10", "07-10")])

    def test_opportunities_left_out(self):
        self.company.finance_forecast_leads = True
        self._lead(date_deadline=False)
        self._lead(active=False)
        self._lead().action_set_won()
        ordered = self._lead()
        self._order(1, opportunity_id=ordered.id)
        self.assertEqual(self._rows("expected").mapped("kind"), ["plan"])

    # -- As of another date; settings --------------------------------------------

    def test_as_of_a_past_date(self):
        """On May 31 the two invoices were open, and nothing of the order is known."""
        invoice = self._invoice(100, "2026-05-01", "2026-06-10")
        self._pay(invoice, 100, "2026-06-05")
        self._invoice(50, "2026-05-01", "2026-06-20")
        self._order(1)
        self.assertForecast(
            [(100, "06-10", "06-10", "06-10"), (50, "06-20", "06-20", "06-20")],
            finance_date="2026-05-31",
        )

    def test_opens_the_document(self):
        invoice = self._invoice(100, "2026-06-01", "2026-07-10")
        order = self._order(1, partner=self.other)
        action = self._rows("expected").action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            (
                "account.move",
                invoice.id,
            ),
        )
        action = self._rows("expected", self.other).action_open_document()
        self.assertEqual(action["res_id"], order.id)

    def test_settings_are_refused_in_words(self):
        for name in ("finance_lag_count", "finance_doubtful_days", "finance_lead_days"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.company[name] = -1

    def test_branches_and_other_companies(self):
        """Lateness and items of each company are its own."""
        other = self.setup_other_company()["company"]
        self._history(10, 10, 10, 10, 10)
        self._invoice(100, "2026-06-01", "2026-07-10")
        move = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": "2026-06-01",
                    "invoice_date_due": "2026-07-10",
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Line", "price_unit": 70, "tax_ids": False}
                        )
                    ],
                }
            )
        )
        move.action_post()
        companies = (self.company | other).ids
        rows = self._rows("expected", allowed_company_ids=companies)
        self.assertEqual(
            {row.company_id: (row.basis, str(row.date_expected)) for row in rows},
            {
                self.company: ("customer", "2026-07-20"),
                other: ("none", "2026-07-10"),
            },
        )
        here = self._rows("expected", allowed_company_ids=self.company.ids)
        self.assertEqual(here.company_id, self.company)
