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

    def test_alerts_are_not_settled_like_items(self):
        """“Open” is an item that is not reconciled; an alert goes on until it ends."""
        found = self.env["customer.finance.alert"].fields_get(["state"], ["selection"])
        labels = dict(found["state"]["selection"])
        self.assertEqual(labels["open"], "未解除")
        self.assertEqual(labels["closed"], "已解除")
