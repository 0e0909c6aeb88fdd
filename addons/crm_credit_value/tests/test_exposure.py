# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.crm_customer_value.tests.common import ValueCommon


@tagged("post_install", "-at_install")
class TestExposure(ValueCommon):
    """One owes 500 that is overdue; one has ordered 2000 that is not invoiced yet; one
    has an invoice of 800 that is not due; one has paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late, cls.large, cls.open, cls.paid = (
            cls._customer(name) for name in ("Late", "Large", "Open", "Paid")
        )
        cls._invoice(500, "2026-03-01", "2026-04-01", partner=cls.late)
        cls._order("2026-06-20", 2000, cls.large)
        cls._invoice(800, "2026-06-20", "2026-07-20", partner=cls.open)
        cls._pay(cls._invoice(900, "2026-06-01", partner=cls.paid), 900, "2026-06-02")

    def _get_ranks(self):
        partners = self.late, self.large, self.open, self.paid
        return [self._profile(partner).value_exposure for partner in partners]

    def test_exposure_counts(self):
        """0, 500, 800, 2000: more at stake than none, one, two, three of the three."""
        self._refresh()
        self.assertEqual(
            [round(rank, 4) for rank in self._get_ranks()], [0.3333, 1, 0.6667, 0]
        )

    def test_one_customer_by_day(self):
        """2100 more to be invoiced: as much as nobody has at stake."""
        self._refresh()
        self._order("2026-06-30", 2100, self.paid)
        self._refresh(self.paid)
        self.assertEqual(self._profile(self.paid).value_exposure, 1)

    def test_what_it_opens(self):
        self._refresh()
        profile = self._profile(self.large).with_context(
            finance_figure="value_exposure"
        )
        action = profile.action_open_figure()
        self.assertEqual(action["res_model"], "credit.exposure.item")
        [(total,)] = self.env[action["res_model"]]._read_group(
            action["domain"], aggregates=["amount:sum"]
        )
        self.assertEqual(total, 2000)
