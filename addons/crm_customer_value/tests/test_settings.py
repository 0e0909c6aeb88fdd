# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestSettings(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Settings"})

    def assertRefused(self, message, **values):
        with self.assertRaisesRegex(ValidationError, message), self.env.cr.savepoint():
            self.company.write(values)

    def test_defaults_work(self):
        found = self.company._get_value_settings()
        self.assertEqual(found.horizon, 24)
        self.assertEqual(
            found.weights, {"sales": 0.3, "margin": 0.45, "timeliness": 0.25}
        )
        self.assertIsNone(found.thresholds)
        self.assertIsNone(found.profit_cut)

    def test_weights_that_sum_to_zero(self):
        self.assertRefused(
            "add up to zero",
            value_weight_sales=0,
            value_weight_margin=0,
            value_weight_timeliness=0,
        )

    def test_negative_weight(self):
        self.assertRefused("is negative", value_weight_sales=-1)

    def test_thresholds(self):
        for text in ("1, 2", "a, b, c, d", "9, 8, 7, 6", ""):
            with self.subTest(text):
                self.assertRefused(
                    "Frequency Thresholds: enter four numbers",
                    value_rfm_method="fixed",
                    value_rfm_frequency=text,
                )
        # What is not in use may be anything.
        self.company.value_rfm_recency = "later"

    def test_thresholds_of_recency_fall(self):
        self.assertRefused(
            "Recency", value_rfm_method="fixed", value_rfm_recency="30, 90, 180, 365"
        )

    def test_bounds(self):
        self.assertRefused("must rise", value_abc_a=0.96)
        self.assertRefused("severe risk", value_risk_cut=0.8)
        self.assertRefused("discount rate", value_yearly_rate=2)
        self.assertRefused("RFM window", value_rfm_days=0)
        self.assertRefused("order history", value_history_months=-1)

    def test_suggested_thresholds(self):
        """Five customers: whatever gives them the scores 1 to 5 they have."""
        settings = self.env["res.config.settings"].create(
            {"company_id": self.company.id}
        )
        with self.assertRaisesRegex(UserError, "do not differ enough"):
            settings.action_value_suggest_thresholds()
        self.env["customer.value.standing"].create(
            {
                "company_id": self.company.id,
                "as_of_date": "2026-06-30",
                "portfolio": {
                    "curve": [],
                    "points": {
                        "recency": [-80, -40, -20, -10, -5],
                        "frequency": [1, 1, 1, 2, 9],
                        "monetary": [100, 200, 300, 400, 500.4],
                    },
                },
            }
        )
        settings.action_value_suggest_thresholds()
        self.assertEqual(self.company.value_rfm_recency, "40, 20, 10, 5")
        self.assertEqual(self.company.value_rfm_frequency, "2, 2, 2, 9")
        self.assertEqual(self.company.value_rfm_monetary, "200, 300, 400, 500")

    def test_a_change_values_everybody_again(self):
        queue = self.env["customer.finance.queue"]
        queue.search([]).unlink()
        self.company.value_horizon = "36"
        self.assertEqual(queue.search([]).company_id, self.company)
