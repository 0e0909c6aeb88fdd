# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import FinanceCommon


@tagged("post_install", "-at_install")
class TestAgeing(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Days overdue on 2026-06-30: 0, 1, 30, 31, 60, 61, 90, 91
        cls.dues = {
            "2026-06-30": 1,
            "2026-06-29": 2,
            "2026-05-31": 4,
            "2026-05-30": 8,
            "2026-05-01": 16,
            "2026-04-30": 32,
            "2026-04-01": 64,
            "2026-03-31": 128,
        }

    def setUp(self):
        super().setUp()
        for due, amount in self.dues.items():
            self._invoice(amount, "2026-03-01", due)

    def test_bounds(self):
        self.assertFigures(
            "2026-06-30",
            not_due=1,
            ageing_1=2 + 4,
            ageing_2=8 + 16,
            ageing_3=32 + 64,
            ageing_4=128,
            overdue=254,
            oldest_overdue_days=91,
        )

    def test_buckets_less_credit_are_the_receivable(self):
        self._refund(1000, "2026-06-01")
        figures = self._figures("2026-06-30")
        self.assertEqual(figures["unallocated_credit"], 1000)
        self.assertEqual(figures["receivable"], 255 - 1000)

    def test_company_bounds(self):
        self.company.write(
            {"finance_ageing_1": 1, "finance_ageing_2": 31, "finance_ageing_3": 61}
        )
        self.assertFigures(
            "2026-06-30",
            not_due=1,
            ageing_1=2,
            ageing_2=4 + 8,
            ageing_3=16 + 32,
            ageing_4=64 + 128,
        )

    def test_bad_bounds(self):
        for values in (
            {"finance_ageing_1": 0},
            {"finance_ageing_2": 30},
            {"finance_ageing_3": 45},
            {"finance_window_days": 0},
            {"finance_yearly_rate": 1.01},
            {"finance_yearly_rate": -0.01},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.company.write(values)

    def test_company_made_while_the_module_is_not_loaded(self):
        """As by the tests of a module that is loaded earlier."""
        self.env.cr.execute(
            """SELECT column_name, column_default FROM information_schema.columns
                WHERE table_name = 'res_company' AND column_name LIKE 'finance%'
                  AND is_nullable = 'NO'"""
        )
        defaults = dict(self.env.cr.fetchall())
        self.assertEqual(defaults["finance_window_days"], "365")
        self.assertEqual(defaults["finance_ageing_3"], "90")
        self.assertNotIn(None, defaults.values())
