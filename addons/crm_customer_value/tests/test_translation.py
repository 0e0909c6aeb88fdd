# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.crm_finance_bridge.tests.translation import CHINESE, TranslationMixin

from ..models.customer_finance_profile import CLASSES, QUADRANTS, SEGMENTS
from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestTranslation(TranslationMixin, ValueCommon):
    """The Simplified Chinese of the module, as a user of that language reads it."""

    translated = "crm_customer_value"

    def _get_labels(self, model, name):
        description = self.env[model].fields_get([name], ["selection"])
        return dict(description[name]["selection"])

    def test_eight_classes_are_those_every_manager_knows(self):
        labels = self._get_labels("customer.finance.profile", "value_class")
        self.assertEqual(
            [labels[code] for code, _label in CLASSES],
            [
                f"{weight}{kind}客户"
                for weight in ("重要", "一般")
                for kind in ("价值", "发展", "保持", "挽留")
            ],
        )

    def test_segments_and_quadrants_are_chinese(self):
        for name, choices in (
            ("value_segment", SEGMENTS),
            ("value_quadrant", QUADRANTS),
        ):
            labels = self._get_labels("customer.finance.profile", name)
            self.assertEqual(len(set(labels.values())), len(choices))
            for label in labels.values():
                self.assertRegex(label, CHINESE)

    def test_words_with_another_meaning_elsewhere(self):
        """“Hold” is a word of credit, “Lost” one of the pipeline, “New Customers” a
        number too."""
        labels = self._get_labels("customer.margin.product", "suggestion")
        self.assertEqual(labels["hold"], "维持")
        labels = self._get_labels("customer.finance.profile", "value_segment")
        self.assertEqual(labels["lost"], "已流失")
        self.assertEqual(labels["new"], "新客户")
