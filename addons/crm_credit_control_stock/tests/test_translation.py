# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

import polib

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_path

from odoo.addons.crm_credit_control.tests.common import CreditCommon

MODULE = "crm_credit_control_stock"
LANGUAGE = "zh_CN"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%s")


@tagged("post_install", "-at_install")
class TestTranslation(CreditCommon):
    """The Simplified Chinese of the module, as a user of that language reads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang(LANGUAGE)
        cls.env["ir.module.module"]._load_module_terms(
            [MODULE], [LANGUAGE], overwrite=True
        )

    def _load(self, name):
        return polib.pofile(file_path(f"{MODULE}/i18n/{name}"))

    def test_complete(self):
        translation = self._load(f"{LANGUAGE}.po")
        template = self._load(f"{MODULE}.pot")
        self.assertEqual(
            {entry.msgid for entry in translation}, {entry.msgid for entry in template}
        )
        lacking = [entry.msgid for entry in translation if not entry.msgstr.strip()]
        self.assertFalse(lacking)
        self.assertFalse(translation.fuzzy_entries())

    def test_placeholders_are_kept(self):
        for entry in self._load(f"{LANGUAGE}.po"):
            with self.subTest(msgid=entry.msgid):
                self.assertCountEqual(
                    PLACEHOLDER.findall(entry.msgstr), PLACEHOLDER.findall(entry.msgid)
                )

    def test_a_held_delivery(self):
        self._set_limit(1000)
        order = self._confirmed(500)
        self._account()._write_with_reason(
            {"manual_hold": True, "manual_hold_reason": "Dispute"}, "Dispute"
        )
        with self.assertRaisesRegex(UserError, "发货因信用原因被冻结：信控团队已冻结"):
            order.with_context(lang=LANGUAGE).sudo()._refuse_held_delivery()
