# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What holds for the Simplified Chinese of every module of the suite."""

import re

import polib

from odoo.tools import file_path

LANGUAGE = "zh_CN"
CHINESE = re.compile("[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%s")


class TranslationMixin:
    """Has the module ``translated`` read in Chinese, and checks its files."""

    # Without it Odoo's loader leaves out the tests of this class.
    allow_inherited_tests_method = True
    translated = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang(LANGUAGE)
        cls.env["ir.module.module"]._load_module_terms(
            [cls.translated], [LANGUAGE], overwrite=True
        )
        cls.env = cls.env(context={**cls.env.context, "lang": LANGUAGE})
        identifiers = cls.env["ir.model.data"].search(
            [
                ("module", "=", cls.translated),
                ("model", "=", "customer.finance.indicator"),
            ]
        )
        cls.indicators = cls.env["customer.finance.indicator"].browse(
            identifiers.mapped("res_id")
        )

    def _load(self, name):
        return polib.pofile(file_path(f"{self.translated}/i18n/{name}"))

    def test_complete(self):
        translation = self._load(f"{LANGUAGE}.po")
        template = self._load(f"{self.translated}.pot")
        self.assertEqual(
            {entry.msgid for entry in translation}, {entry.msgid for entry in template}
        )
        lacking = [entry.msgid for entry in translation if not entry.msgstr.strip()]
        self.assertFalse(lacking)
        self.assertFalse(translation.fuzzy_entries())

    def test_fields_are_called_as_in_the_glossary(self):
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

    def test_placeholders_are_kept(self):
        for entry in self._load(f"{LANGUAGE}.po"):
            with self.subTest(msgid=entry.msgid):
                self.assertCountEqual(
                    PLACEHOLDER.findall(entry.msgstr), PLACEHOLDER.findall(entry.msgid)
                )
