# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta
from random import Random

from odoo.tests import tagged

from .common import ValueCommon


def make_orders(number, seed=1):
    """Return (customer, date, net) of customers with a rhythm of their own, some of
    whom get lost, over three years up to 30 June 2026."""
    random, end, rows = Random(seed), date(2026, 6, 30), []
    for key in range(number):
        day = end - timedelta(days=random.randint(30, 1000))
        gap, size = random.gammavariate(2, 30) + 3, random.gammavariate(4, 25)
        while day <= end:
            rows.append((key, day, random.gammavariate(6, size / 6)))
            if random.random() < 0.15:
                break
            day += timedelta(days=max(1, round(random.expovariate(1 / gap))))
    return rows


@tagged("post_install", "-at_install")
class TestFit(ValueCommon):
    """What is learnt from days with orders, and what is said about it."""

    def _fit(self, days):
        vals = self.fits._prepare_fit_vals(
            self.company, days, self.company._get_finance_today()
        )
        return self.fits.create(vals)

    def test_enough_data(self):
        found = self._fit(make_orders(400))
        self.assertEqual(found.state, "fitted")
        self.assertIn(found.model, ("mbg_nbd", "bg_nbd"))
        self.assertEqual(found.parameters.keys(), {"r", "alpha", "a", "b"})
        self.assertRegex(found.parameters_text, r"^r = [\d.]+, alpha = [\d.]+, a = ")
        self.assertLess(found.log_likelihood, 0)
        self.assertEqual(found.customers, 400)
        self.assertEqual(found.test_date, date(2026, 4, 1))
        # Not BG/NBD: all are lost alike here, which leaves its parameters open.
        self.assertEqual(
            set(found.outcome_ids.mapped("name")),
            {"mbg_nbd", "interval", "recency", "ticket", "rfm"},
        )
        self.assertIn("400 customers have ordered since", found.verdict)
        self.assertIn("Tested on the past", found.verdict)
        self.assertFalse(found.refusal)
        orders, spend = found._get_models()
        self.assertEqual(orders.parameters, found.parameters)
        self.assertEqual(spend.model, "gamma_gamma")

    def test_the_best_is_used(self):
        """By how far off all sales were, the model; by who bought, the probability."""
        found = self._fit(make_orders(400))
        outcomes = {one.name: one for one in found.outcome_ids}
        models = [one for one in found.outcome_ids if not one.baseline]
        best = min(models, key=lambda one: abs(one.value_error))
        self.assertEqual(found.model, best.name)
        rivals = [one for one in found.outcome_ids if one.baseline] + [best]
        self.assertEqual(outcomes[found.predictor].auc, max(one.auc for one in rivals))
        self.assertEqual(
            set(found.outcome_ids.filtered("chosen").mapped("name")),
            {found.model, found.predictor},
        )

    def test_few_customers(self):
        found = self._fit(make_orders(50))
        self.assertEqual((found.state, found.model), ("estimate", "interval"))
        self.assertIn("50 customers have ordered, 200 are needed", found.reason)

    def test_few_repeaters(self):
        """300 ordered once, ten of them a second time."""
        rows = [(key, date(2026, 1, 1), 100.0) for key in range(300)]
        rows += [(key, date(2026, 2, 1), 100.0) for key in range(10)]
        found = self._fit(rows)
        self.assertEqual(found.state, "estimate")
        self.assertIn("10 customers came back, 50 are needed", found.reason)

    def test_nobody_came_back(self):
        found = self._fit([(key, date(2026, 1, 1), 100.0) for key in range(300)])
        self.assertEqual((found.state, found.model), ("none", False))
        self.assertEqual(found._get_models(), (None, None))
        self.assertIn("Nobody has come back", found.verdict)

    def test_nothing(self):
        found = self._fit([])
        self.assertEqual(found.state, "none")
        self.assertIn("nothing to learn from", found.verdict)

    def test_too_young_to_be_tested(self):
        rows = [(key, date(2026, 6, day), 9.0) for key in range(9) for day in (1, 9)]
        found = self._fit(rows)
        self.assertFalse(found.outcome_ids)
        self.assertIn("do not reach back far enough", found.verdict)

    def test_a_rule_of_thumb_may_tell_buyers(self):
        """Its probabilities are the shares that bought in the test."""
        found = self._fit(make_orders(400))
        found.write(
            {"predictor": "recency", "predictor_steps": [[-300, 0.1], [-45, 0.7]]}
        )
        self._order("2026-06-01", 100, invoice=True)
        late = self._customer("Late")
        self._order("2026-01-01", 100, late, invoice=True)
        self._refresh()
        # 29 days ago and 180 days ago
        self.assertEqual(self._profile().value_p_order, 0.7)
        self.assertEqual(self._profile(late).value_p_order, 0.1)

    def test_days_are_read_from_the_orders(self):
        self._order("2026-05-01", 100)
        self._order("2026-05-01", 50)
        self._order("2026-06-01", 30)
        self.env["customer.value.day"]._refresh(self.company)
        rows = self.env["customer.value.day"]._get_ordered(self.company)
        mine = {row[1:] for row in rows if row[0] == self.customer.id}
        self.assertEqual(mine, {(date(2026, 5, 1), 150.0), (date(2026, 6, 1), 30.0)})

    def test_monthly(self):
        self._order("2026-05-01", 100)
        self._order("2026-06-01", 100)
        cron = self.env.ref("crm_customer_value.ir_cron_fit")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self.fits._get_current(self.company).customers, 1)

    def test_thin_portfolio_is_learnt_anew_as_it_grows(self):
        self._order("2026-05-01", 100, invoice=True)
        self._refresh()
        first = self.fits._get_current(self.company)
        self._refresh()
        self.assertEqual(self.fits._get_current(self.company), first)
        self._order("2026-06-01", 100, invoice=True)
        self._refresh()
        again = self.fits._get_current(self.company)
        self.assertNotEqual(again, first)
        self.assertEqual(again.repeaters, 1)

    def test_old_ones_go_but_for_the_one_in_use(self):
        old, used = self._fit([]), self._fit([])
        (old | used).date = "2020-01-01"
        self.fits._gc_old_fits()
        self.assertFalse(old.exists())
        self.assertTrue(used.exists())
