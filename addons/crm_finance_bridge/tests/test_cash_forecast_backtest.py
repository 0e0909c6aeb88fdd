# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was forecast, and what came; worked by hand as of June 30, 2026."""

from odoo.tests import freeze_time, tagged

from .test_cash_forecast import TODAY, ForecastCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestBacktest(ForecastCommon):
    def _test(self, weeks="04"):
        """Return ``[(line, week, amount)]`` of the forecast made ``weeks`` ago."""
        rows = self.env["cash.forecast.test"].search(
            [("partner_id", "=", self.customer.id), ("weeks_ago", "=", weeks)]
        )
        return sorted((row.line, row.week, row.amount) for row in rows)

    def test_what_came_on_another_day(self):
        """Made on June 2, no payment known: due on June 12 (the second week), paid on
        June 20, the third."""
        invoice = self._invoice(200, "2026-05-01", "2026-06-12")
        self._pay(invoice, 200, "2026-06-20")
        self.assertEqual(
            self._test(),
            [
                ("actual", 3, 200),
                ("expected", 2, 200),
                ("high", 2, 200),
                ("low", 2, 200),
            ],
        )
        # Made on May 5: 38 days to June 12 are the sixth week, 46 the seventh.
        self.assertEqual(
            self._test("08")[:2], [("actual", 7, 200), ("expected", 6, 200)]
        )
        # Made on April 7, before the invoice.
        self.assertFalse(self._test("12"))

    def test_paid_on_the_very_day(self):
        """Paid on June 2: known that day, neither forecast nor come. It tells that
        money comes 10 days early: what is due on July 5 is expected on June 25."""
        paid = self._invoice(100, "2026-05-01", "2026-06-12")
        self._pay(paid, 100, "2026-06-02")
        self._invoice(30, "2026-06-02", "2026-07-05")
        self.assertEqual(
            self._test(), [("expected", 4, 30), ("high", 4, 30), ("low", 4, 30)]
        )

    def test_paid_today(self):
        """June 30 ends the fourth week; what is expected later is left out."""
        invoice = self._invoice(100, "2026-05-01", "2026-07-01")
        self._pay(invoice, 100, TODAY)
        self.assertEqual(self._test(), [("actual", 4, 100)])

    def test_later_invoices_do_not_count(self):
        invoice = self._invoice(100, "2026-06-03", "2026-06-10")
        self._pay(invoice, 100, "2026-06-10")
        self.assertFalse(self._test())

    def test_credit_note_is_no_money(self):
        invoice = self._invoice(100, "2026-05-01", "2026-06-10")
        refund = self._refund(100, "2026-06-10")
        self._reconcile(invoice, refund)
        self.assertEqual(
            [line for line, _week, _amount in self._test()],
            [
                "expected",
                "high",
                "low",
            ],
        )

    def test_error_and_headline(self):
        """Made on June 2: 300 expected on June 8 (week 1) and 100 on June 20 (week 3).
        Came: 250 on June 9, nothing since. Only at the end of the first week... 250 of
        300: outside; then 250 of 300, of 400, of 400."""
        first = self._invoice(300, "2026-05-01", "2026-06-08")
        self._invoice(100, "2026-05-01", "2026-06-20")
        self._pay(first, 250, "2026-06-09")
        domain = [("partner_id", "=", self.customer.id), ("weeks_ago", "=", "04")]
        [(expected, actual, error)] = self.env["cash.forecast.test"]._read_group(
            domain, [], ["expected:sum", "actual:sum", "error:sum"]
        )
        self.assertEqual((expected, actual, error), (400, 250, -150))
        overview = self.env["cash.forecast.overview"].browse(self.company.id)
        [last, before, oldest] = overview.headline.replace(
            "\N{NO-BREAK SPACE}", " "
        ).splitlines()
        self.assertIn("4 weeks ago (06/02/2026) we expected $ 400.00 by now", last)
        self.assertIn("$ 250.00 came. At the end of 0 of 4 weeks", last)
        self.assertIn("8 weeks ago (05/05/2026) we expected $ 400.00", before)
        # By the end of the first four weeks nothing was expected, and nothing came.
        self.assertIn("At the end of 4 of 8 weeks", before)
        self.assertIn("nothing was due to come", oldest)
        points = overview.backtest["series"]
        self.assertEqual([one["line"] for one in points][3], "actual")

    def test_overview(self):
        """100 in ten days, 50 doubtful (120 days: in 120 days), 30 after 200 days."""
        self._invoice(100, "2026-06-01", "2026-07-10")
        self._invoice(50, "2026-02-01", "2026-03-02")
        self._invoice(30, "2026-06-01", "2027-01-16")
        overview = self.env["cash.forecast.overview"].browse(self.company.id)
        self.assertRecordValues(
            overview,
            [
                {
                    "low_4": 100,
                    "expected_4": 100,
                    "high_4": 100,
                    "expected_26": 100,
                    "high_13": 100,
                    "high_26": 150,
                    "later": 30,
                    "doubtful": 50,
                }
            ],
        )
        self.assertEqual(overview.band["labels"][:2], ["2026-06-30", "2026-07-07"])
        self.assertEqual(overview.band["series"][1]["values"][:4], [0, 0, 100, 100])
        for code in ("low_4", "expected_26", "high_26", "later", "doubtful"):
            with self.subTest(code):
                action = overview.with_context(finance_figure=code).action_open_figure()
                rows = self.env["cash.forecast"].search(action["domain"])
                self.assertEqual(sum(rows.mapped("amount")), overview[code])
        for action in (
            overview.action_open_weeks(),
            overview.action_open_payments(),
            overview.action_open_backtest(),
        ):
            self.assertEqual(action["domain"], [("company_id", "=", self.company.id)])
