# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .alert_common import AlertCommon


@tagged("post_install", "-at_install")
class TestMarginAlert(AlertCommon):
    """90 days up to 30 June 2026 are 2 April to 30 June; a year ago the same days of
    2025. A unit costs 60."""

    def _two_years(self, then, now, price=100):
        """Sell quantities in May 2025 and in May 2026; customer since 2024."""
        self._sell(1, 100, "2024-06-01")
        self._sell(then, price, "2025-05-10")
        self._sell(now, price, "2026-05-10")
        self._refresh()

    def test_fallen(self):
        """100 × 40 = 4,000 a year ago, 60 × 40 = 2,400 now: 40 % less."""
        self._two_years(100, 60)
        alert = self._alert(kind="margin")
        self.assertRecordValues(
            alert,
            [{"amount_before": 4000, "amount_now": 2400, "amount_change": -1600}],
        )
        self.assertEqual(str(alert.start_date), "2026-04-01")
        self.assertEqual(str(alert.before_start_date), "2025-04-01")
        self.assertEqual(str(alert.before_end_date), "2025-06-30")

    def test_on_the_bound(self):
        """20 % of 4,000 are 800 = 20 units: 80 units are an alert, 81 are not."""
        self._two_years(100, 80)
        self.assertTrue(self._alert(kind="margin"))
        self._sell(1, 100, "2026-05-11")
        self._refresh()
        self.assertFalse(self._alert(kind="margin"))

    def test_amount_on_the_bound(self):
        """From 1,240 to 740 it is 500; another 1 leaves 499."""
        self._sell(1, 100, "2024-06-01")
        self._sell(31, 100, "2025-05-10")
        self._sell(31, 100, "2026-05-10")
        # A price taken down later: 500 less margin, 2,600 of sales left.
        self._refund(500, "2026-05-20", quantity=1.0, product=self._free())
        self._refresh()
        self.assertEqual(self._alert(kind="margin").amount_change, -500)
        self._sell(1, 1, "2026-05-21", product=self._free())
        self._refresh()
        self.assertFalse(self._alert(kind="margin"))

    def _free(self):
        """Return a product that costs nothing."""
        return self.env["product.product"].create(
            {"name": "Adjustment", "standard_price": 0.0, "taxes_id": False}
        )

    def test_volume_of_both(self):
        """2,000 of net sales are needed in either period: 20 units have them, 19 do
        not."""
        self._two_years(100, 20)
        self.assertTrue(self._alert(kind="margin"))
        other = self._customer("Other")
        for day, quantity in {
            "2024-06-01": 1,
            "2025-05-10": 100,
            "2026-05-10": 19,
        }.items():
            self._sell(quantity, 100, day, partner=other)
        self._refresh()
        self.assertFalse(self._alert(other))

    def test_days_of_the_windows(self):
        """2 April is in, 1 April is not; so a year ago."""
        self._sell(1, 100, "2024-06-01")
        self._sell(50, 100, "2025-04-02")
        self._sell(50, 100, "2025-06-30")
        self._sell(99, 100, "2025-04-01")
        self._sell(30, 100, "2026-04-02")
        self._sell(99, 100, "2026-04-01")
        self._refresh()
        profile = self._profile()
        self.assertEqual(profile.value_margin_recent, 1200)
        self.assertEqual(profile.value_margin_compared, 4000)
        self.assertEqual(profile.value_sales_compared, 10000)
        self.assertEqual(self._alert(kind="margin").amount_change, -2800)

    def test_no_customer_a_year_ago(self):
        """First invoice on 3 April 2025, a day after the window began: compared with
        the 90 days before, 2 January to 1 April 2026."""
        self._sell(1, 100, "2025-04-03")
        self._sell(100, 100, "2026-02-10")
        self._sell(50, 100, "2026-05-10")
        self._refresh()
        alert = self._alert(kind="margin")
        self.assertEqual(alert.amount_before, 4000)
        self.assertEqual(alert.amount_change, -2000)
        self.assertEqual(str(alert.before_end_date), "2026-04-01")
        self.assertIn("90 days before", alert.reason)

    def test_new_customer(self):
        """Nothing to compare with, not a zero."""
        self._sell(100, 100, "2026-05-10")
        self._refresh()
        self.assertFalse(self._alert())
        self.assertIs(self._profile().value_margin_compared, False)
        self.assertEqual(self._profile().value_margin_recent, 4000)

    def test_returns_only(self):
        self._refund(3000, "2026-05-10", quantity=30.0)
        self._refresh()
        self.assertFalse(self._alert())

    def test_orders_only(self):
        self._order("2026-05-10")
        self._refresh()
        self.assertIs(self._profile().value_margin_recent, False)
        self.assertFalse(self._alert())

    def test_losses_that_grow(self):
        """At 50 a unit loses 10: −1,000 became −2,000, which is 1,000 and 100 %."""
        self._two_years(100, 200, price=50)
        self.assertEqual(self._alert(kind="margin").amount_change, -1000)

    def test_cured_by_later_sales(self):
        self._two_years(100, 60)
        alert = self._alert(kind="margin")
        self._sell(40, 100, "2026-06-15")
        self._work_off()
        self.assertEqual(alert.state, "closed")
        self.assertEqual(len(alert.change_ids), 1)

    def test_products_that_explain_it(self):
        """A: 100 at 100 (cost 60), then 50 at 90 (cost 70): margin 4,000 → 1,000.
        B: 10 at 500 (cost 300), then 20 at 500: 2,000 → 4,000. C: 30 at 100 (cost
        20), then none: 2,400 → 0.

        Old prices: V₀ = 10,000 + 5,000 + 3,000 = 18,000, V₁ = 5,000 + 10,000 =
        15,000, so volume is −1/6 of 4,000, 2,000, 2,400. A: price 50 × −10 = −500,
        cost 50 × −10 = −500, mix −50 × 40 + 666.67 = −1,333.33.
        """
        a, b, c = (
            self.env["product.product"].create(
                {"name": name, "standard_price": cost, "taxes_id": False}
            )
            for name, cost in (("A", 60), ("B", 300), ("C", 20))
        )
        self._sell(1, 100, "2024-06-01")
        self._sell(100, 100, "2025-05-10", a)
        self._sell(10, 500, "2025-05-10", b)
        self._sell(30, 100, "2025-05-10", c)
        a.standard_price = 70
        self._sell(50, 90, "2026-05-10", a)
        self._sell(20, 500, "2026-05-10", b)
        self._refresh()
        alert = self._alert(kind="margin")
        self.assertEqual(alert.amount_change, 5000 - 8400)
        lines = alert.change_ids.sorted("margin_change")
        self.assertEqual(lines.product_id, a | b | c)
        self.assertRecordValues(
            lines,
            [
                {
                    "product_id": a.id,
                    "quantity_now": 50,
                    "margin_before": 4000,
                    "margin_change": -3000,
                    "price_effect": -500,
                    "cost_effect": -500,
                    "volume_effect": -666.67,
                    "mix_effect": -1333.33,
                },
                {
                    "product_id": c.id,
                    "quantity_now": 0,
                    "margin_before": 2400,
                    "margin_change": -2400,
                    "price_effect": 0,
                    "cost_effect": 0,
                    "volume_effect": -400,
                    "mix_effect": -2000,
                },
                {
                    "product_id": b.id,
                    "quantity_now": 20,
                    "margin_before": 2000,
                    "margin_change": 2000,
                    "price_effect": 0,
                    "cost_effect": 0,
                    "volume_effect": -333.33,
                    "mix_effect": 2333.33,
                },
            ],
        )
        for text in ("3,400", "8,400", "Price", "A $", "C $"):
            self.assertIn(text, alert.reason)
        self.assertNotIn("B $", alert.reason)

    def test_buttons_open_what_sums_to_it(self):
        self._two_years(100, 60)
        alert = self._alert(kind="margin")
        for before, amount in ((False, 2400), (True, 4000)):
            action = alert.with_context(alert_before=before).action_open_rows()
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(sum(rows.mapped("margin")), amount)

    def test_two_companies_and_currencies(self):
        """Each in its own: the other company has no sales of this customer, and its
        own thresholds in its currency."""
        data = self.setup_other_company(name="Other Company")
        other = data["company"]
        self._two_years(100, 60)
        self._night("2026-06-30", other)
        self.assertTrue(self._alert(kind="margin"))
        self.assertFalse(self._alert(company=other))
        alert = self._alert(kind="margin")
        self.assertEqual(alert.currency_id, self.company.currency_id)

    def test_invoices_in_foreign_currency(self):
        """100 × 200 EUR at 2 EUR for one = 100 × 100 in company currency."""
        euro = self.env["res.currency"].create(
            {"name": "EUX", "symbol": "x", "rounding": 0.01}
        )
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "rate": 2.0,
                "name": "2020-01-01",
                "company_id": self.company.id,
            }
        )
        self._sell(1, 100, "2024-06-01")
        self._sell(100, 200, "2025-05-10", currency_id=euro.id)
        self._sell(60, 200, "2026-05-10", currency_id=euro.id)
        self._refresh()
        self.assertEqual(self._alert(kind="margin").amount_change, -1600)


@tagged("post_install", "-at_install")
class TestLagAlert(AlertCommon):
    """Payments of the last 90 days, 2 April to 30 June 2026, against those of the rest
    of the year."""

    def _paid(self, late, day, amount=100):
        """Post an invoice and pay it so many days late, on a day some days ago."""
        due = self._ago(day + late)
        invoice = self._invoice(amount, self._ago(day + late + 30), due)
        self._pay(invoice, amount, self._ago(day))

    def _history(self, before, now, days=(120, 150, 180)):
        for late, day in zip(before, days, strict=True):
            self._paid(late, day)
        for late, day in zip(now, (10, 30, 89), strict=True):
            self._paid(late, day)
        self._refresh()

    def test_later(self):
        """On average 5 days late before, 16 now: 11 more than the 10 allowed."""
        self._history((0, 5, 10), (10, 16, 22))
        alert = self._alert(kind="lag")
        self.assertEqual(alert.kind, "lag")
        self.assertAlmostEqual(alert.days_before, 5)
        self.assertAlmostEqual(alert.days_now, 16)
        self.assertIn("16 days", alert.reason)

    def test_on_the_bound(self):
        """15 − 5 = 10 is not more than 10."""
        self._history((0, 5, 10), (10, 15, 20))
        self.assertFalse(self._alert(kind="lag"))

    def test_weighted_with_the_money(self):
        """300 came 20 and 3 × 100 0 days late: 10, not 5; from 0 on time on the
        bound, and 100 a day later are over it."""
        self._history((0, 0, 0), (0, 0, 0))
        self._paid(20, 20, amount=300)
        self._refresh()
        self.assertFalse(self._alert(kind="lag"))
        self._paid(20, 21, amount=100)
        self._refresh()
        self.assertAlmostEqual(self._alert(kind="lag").days_now, 8000 / 700, 1)

    def test_days_of_the_window(self):
        """90 days ago is before, 89 is recent."""
        self._history((0, 0, 0), (30, 30, 30), days=(90, 120, 150))
        self.assertTrue(self._alert(kind="lag"))
        self.assertEqual(self._profile().paid_recent_count, 3)
        self.assertEqual(self._profile().paid_recent_amount, 300)
        self.assertEqual(self._profile().paid_recent_late_days, 9000)

    def test_too_few_payments(self):
        self._paid(0, 120)
        self._paid(0, 150)
        for day in (10, 30, 50):
            self._paid(60, day)
        self._refresh()
        self.assertFalse(self._alert(kind="lag"))

    def test_cured(self):
        self._history((0, 5, 10), (10, 16, 22))
        alert = self._alert(kind="lag")
        self._paid(-10, 5)
        self._work_off()
        self.assertEqual(alert.state, "closed")

    def test_buttons_open_the_payments(self):
        self._history((0, 5, 10), (10, 16, 22))
        alert = self._alert(kind="lag")
        for before, late in ((False, 48), (True, 15)):
            action = alert.with_context(alert_before=before).action_open_rows()
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(len(rows), 3)
            self.assertEqual(sum(rows.mapped("days_late")), late)

    def test_credit_notes_are_no_payments(self):
        self._history((0, 5, 10), (10, 15, 20))
        invoice = self._invoice(500, self._ago(200), self._ago(180))
        refund = self._refund(500, self._ago(5))
        self._reconcile(invoice, refund)
        self._refresh()
        self.assertFalse(self._alert(kind="lag"))


@tagged("post_install", "-at_install")
class TestSilentAlert(AlertCommon):
    """Others order every 20 days as well, so the usual interval is 20 for everybody:
    the estimate draws towards what all do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._customer("Other")
        cls._order_every(20, 6, partner=cls.other)

    def test_on_the_bound(self):
        """1.5 × 20 = 30 days are usual, 31 are not."""
        self._order_every(20, 6, last=30)
        self._refresh()
        self.assertAlmostEqual(self._profile().value_interval, 20)
        self.assertFalse(self._alert())
        self._night("2026-07-01")
        alert = self._alert()
        self.assertEqual(alert.days_now, 31)
        self.assertEqual(alert.days_bound, 30)
        self.assertIn("31 days", alert.reason)
        self.assertIn("every 20 days", alert.reason)

    def test_own_long_intervals(self):
        """Intervals of 10, 10, 10, 10, 60: nine in ten are 60 at most, whatever the
        usual one."""
        for days in (50, 60, 70, 80, 90, 150):
            self._order(self._ago(days))
        self._refresh()
        self.assertEqual(self._profile().value_interval_long, 60)
        self.assertFalse(self._alert())
        self._night("2026-07-10")
        self.assertFalse(self._alert())
        self._night("2026-07-11")
        self.assertEqual(self._alert().days_bound, 60)

    def test_nine_in_ten(self):
        """Of ten intervals the longest is left out: 9 × 20 and one of 100."""
        for days in (*range(40, 221, 20), 320):
            self._order(self._ago(days))
        self._refresh()
        self.assertEqual(self._profile().value_interval_long, 20)

    def test_too_few_orders(self):
        self._order_every(20, 3, last=100)
        self._refresh()
        self.assertFalse(self._alert())

    def test_small_orders(self):
        """Orders of 100: worth an alert from 100, not from 101."""
        self._order_every(20, 6, last=60)
        self.company.value_silent_amount = 100
        self._refresh()
        self.assertTrue(self._alert())
        self.company.value_silent_amount = 101
        self._refresh()
        self.assertFalse(self._alert())

    def test_lost_is_no_news(self):
        """365 days silent is the last day."""
        self._order_every(20, 6, last=365)
        self._refresh()
        alert = self._alert()
        self.assertEqual(alert.days_now, 365)
        self._night("2026-07-01")
        self.assertEqual(alert.state, "closed")

    def test_orders_open(self):
        self._order_every(20, 6, last=60)
        self._refresh()
        action = self._alert().action_open_rows()
        orders = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(orders), 6)

    def test_company_without_data(self):
        data = self.setup_other_company(name="Empty Company")
        self._night("2026-06-30", data["company"])
        self.assertFalse(self.alerts.search([("company_id", "=", data["company"].id)]))

    def test_child_contacts_count_for_the_customer(self):
        child = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        self._order_every(20, 6, last=60, partner=child)
        self._refresh()
        self.assertTrue(self._alert())
        self.assertFalse(self._alert(child))
        order = self._order("2026-06-30", partner=child)
        self.assertEqual(order.partner_id, child)
        self._work_off()
        self.assertFalse(self._alert())
