# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import TODAY, ValueCommon


@tagged("post_install", "-at_install")
class TestRisk(ValueCommon):
    """What the risk consists of, but for the orders: the fit says nothing of them.

    Whoever pays does it at once, so only what a test makes late or open counts.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fits.create(
            {"company_id": cls.company.id, "as_of_date": TODAY, "state": "fitted"}
        )

    def _sell(self, partner, day, amount, paid=None):
        """Post an invoice due the same day, paid on another."""
        invoice = self._invoice(amount, day, day, partner=partner)
        self._pay(invoice, amount, paid or day)
        return invoice

    def test_margin_that_falls(self):
        """Margins of the year before and of this one: 1000 and 500, 1000 and 1000,
        1000 and 2000, none and 500. The first fell more than both that it can be
        compared with; who gained is level with who kept. All paid at once, so nobody
        pays later than anybody: (.3 · 0 + .2 · 1) / .5."""
        fell, kept, gained, new = (self._customer(str(number)) for number in range(4))
        for partner, before, now in (
            (fell, 1060, 560),
            (kept, 1060, 1060),
            (gained, 1060, 2060),
        ):
            self._sell(partner, "2025-01-15", before)
            self._sell(partner, "2026-01-15", now)
        self._sell(new, "2026-01-15", 560)
        self._refresh()
        found = [self._profile(partner) for partner in (fell, kept, gained, new)]
        self.assertEqual([one.value_decline for one in found], [1, 0, 0, False])
        self.assertEqual([one.value_lateness for one in found], [0, 0, 0, 0])
        self.assertEqual([one.value_exposure for one in found], [0, 0, 0, 0])
        self.assertEqual([round(one.value_risk, 6) for one in found], [0.4, 0, 0, 0])

    def test_the_higher_of_exposure_and_decline(self):
        """One fell from 1000 to 500 and owes nothing, the margin of another grew and
        2000 of it is overdue: each is as risky as the other."""
        fell, owes, calm = (self._customer(str(number)) for number in range(3))
        for partner, now in ((fell, 560), (owes, 1060), (calm, 1060)):
            self._sell(partner, "2025-01-15", 1060)
            self._sell(partner, "2026-01-15", now)
        self._invoice(2000, "2026-02-01", "2026-03-01", partner=owes)
        self._refresh()
        found = [self._profile(partner) for partner in (fell, owes, calm)]
        self.assertEqual([one.value_exposure for one in found], [0, 1, 0])
        self.assertEqual([one.value_decline for one in found], [1, 0, 0])
        self.assertEqual([round(one.value_risk, 6) for one in found], [0.4, 0.4, 0])

    def test_lateness(self):
        """Paid 0, 10, 10 and 30 days late: later than none, one, one and all three
        others."""
        four = [self._customer(str(number)) for number in range(4)]
        for partner, day in zip(four, (1, 11, 11, 31), strict=True):
            self._sell(partner, "2026-05-01", 100, f"2026-05-{day:02}")
        self._refresh()
        found = [self._profile(partner) for partner in four]
        self.assertEqual(
            [round(one.value_lateness, 6) for one in found],
            [0, 0.333333, 0.333333, 1],
        )
        # (.3 · lateness + .2 · 0) / .5
        self.assertEqual(
            [round(one.value_risk, 6) for one in found], [0, 0.2, 0.2, 0.6]
        )

    def test_parts_open_what_they_come_from(self):
        self._sell(self.customer, "2025-01-15", 1060)
        self._sell(self.customer, "2026-01-15", 560, "2026-02-15")
        self._invoice(700, "2026-03-01", "2026-04-01")
        self._refresh()
        profile = self._profile()
        for code, measure, expected in (
            ("value_lateness", "money", 560),
            ("value_decline", "margin", 500 + 640),
        ):
            action = profile.with_context(finance_figure=code).action_open_figure()
            [(total,)] = self.env[action["res_model"]]._read_group(
                action["domain"], aggregates=[f"{measure}:sum"]
            )
            self.assertAlmostEqual(total, expected, 2, code)
        self.assertTrue(
            profile.with_context(finance_figure="value_exposure").action_open_figure()
        )
