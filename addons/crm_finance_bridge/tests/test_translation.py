# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.base.tests.common import BaseCommon

from .translation import CHINESE, TranslationMixin


@tagged("post_install", "-at_install")
class TestTranslation(TranslationMixin, BaseCommon):
    """The Simplified Chinese of the module, as a user of that language reads it."""

    translated = "crm_finance_bridge"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.indicators = cls.env["customer.finance.indicator"].search([])

    def test_fields_are_called_as_in_the_glossary(self):
        self.assertTrue(self.indicators)
        profile = self.env["customer.finance.profile"].fields_get(None, ["string"])
        campaign = self.env["utm.campaign.return"].fields_get(None, ["string"])
        contact = self.env["res.partner"].fields_get(None, ["string"])
        for indicator in self.indicators:
            with self.subTest(indicator=indicator.code):
                self.assertRegex(indicator.name, CHINESE)
                labels = campaign if indicator.category == "campaign" else profile
                self.assertEqual(labels[indicator.code]["string"], indicator.name)
                shown = contact.get(f"finance_{indicator.code}")
                if shown:
                    self.assertEqual(shown["string"], indicator.name)

    def test_no_two_indicators_share_a_name(self):
        names = self.indicators.mapped("name")
        self.assertCountEqual(names, set(names))

    def test_help_comes_from_the_glossary(self):
        texts = self.env["customer.finance.profile"].fields_get(["dso"], ["help"])
        dso = self.indicators.filtered(lambda row: row.code == "dso")
        self.assertIn(dso.formula, texts["dso"]["help"])
        self.assertIn("数据来源", texts["dso"]["help"])
        self.assertRegex(dso.formula, CHINESE)
        self.assertRegex(dso.source, CHINESE)

    def test_ageing_labels(self):
        labels = self.env.company._get_finance_ageing_labels()
        for label in labels.values():
            self.assertRegex(label, CHINESE)

    def test_message_of_the_settings(self):
        with self.assertRaisesRegex(ValidationError, "账龄上限"):
            self.env.company.finance_ageing_1 = 0
