# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import TODAY
from .test_score import ScoreCommon


@tagged("post_install", "-at_install")
class TestValueRange(ScoreCommon):
    """How sure a value is, told when it is asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.value_yearly_rate = 0.0
        cls.seller = new_test_user(
            cls.env,
            "seller",
            groups="sales_team.group_sale_salesman",
            company_id=cls.company.id,
        )
        cls.customer.user_id = cls.seller

    def _ask(self, user=None):
        profile = self._profile()
        profile.with_user(user or self.env.user).action_value_range()
        return profile

    def test_range(self):
        """One order of 100 today, which left 40. In one future of four it was the last:
        the tenth that is worth least brings nothing more, so the value is at least what
        it brought. An order brings 40; a tenth brings some."""
        self._learn()
        self._order(TODAY, 100, invoice=True)
        self._refresh()
        profile = self._ask(self.seller)
        self.assertEqual(profile.value_low, 40)
        self.assertGreater(profile.value_high, profile.value_total)
        self.assertEqual(round(profile.value_high) % 40, 0)
        self.assertEqual(profile.value_range_date, date(2026, 6, 30))
        self.assertIn("Eight of ten", profile.value_range_note)
        # Asked twice, told the same.
        before = profile.value_high
        self.assertEqual(self._ask().value_high, before)

    def test_thin_data(self):
        """Two customers that came back say little, and that is said."""
        for partner in (self.customer, self._customer("Other")):
            self._order("2026-05-01", 100, partner, invoice=True)
            self._order("2026-05-31", 100, partner, invoice=True)
        self._refresh()
        self.assertEqual(len(self.fits._get_current(self.company).draws), 100)
        profile = self._ask()
        self.assertLess(profile.value_low, profile.value_total)
        self.assertIn("2 customers tell little", profile.value_range_note)

    def test_until_the_next_order(self):
        self._learn()
        self._order("2026-06-01", 100, invoice=True)
        self._refresh()
        high = self._ask().value_high
        self._refresh()
        self.assertEqual(self._profile().value_high, high)
        self._order("2026-06-30", 100, invoice=True)
        self._refresh(self.customer)
        profile = self._profile()
        for name in ("value_low", "value_high", "value_range_date", "value_range_note"):
            self.assertFalse(profile[name], name)
            self.assertIsNot(profile[name], 0.0)

    def test_nothing_to_be_sure_of(self):
        """Nobody ever came back, so nothing is expected: no range, rather than one of
        zero to zero."""
        self._order(TODAY, 100, invoice=True)
        self._refresh()
        profile = self._ask()
        self.assertIs(profile.value_total, False)
        self.assertIs(profile.value_low, False)
        self.assertIs(profile.value_high, False)
        self.assertFalse(profile.value_range_date)

    def test_who_may_ask(self):
        self._learn()
        self._order(TODAY, 100, invoice=True)
        self._refresh()
        groups = "crm_finance_bridge.crm_finance_bridge_group_indicator"
        days = new_test_user(
            self.env, "days", groups=groups, company_id=self.company.id
        )
        other = new_test_user(
            self.env,
            "other",
            groups="sales_team.group_sale_salesman",
            company_id=self.company.id,
        )
        for user in (days, other):
            with self.assertRaises(AccessError):
                self._ask(user)
        self.assertFalse(self._profile().value_range_date)
        contact = self.customer.with_user(self.seller).with_company(self.company)
        contact.action_finance_value_range()
        self.assertEqual(contact.finance_value_low, 40)
