# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_credit_control.tests.common import CreditCommon
from odoo.addons.crm_finance_bridge.tests.translation import LANGUAGE, TranslationMixin


@tagged("post_install", "-at_install")
class TestTranslation(TranslationMixin, CreditCommon):
    """The Simplified Chinese of the module, as a user of that language reads it."""

    translated = "crm_credit_control_stock"

    def test_a_held_delivery(self):
        self._set_limit(1000)
        order = self._confirmed(500)
        self._account()._write_with_reason(
            {"manual_hold": True, "manual_hold_reason": "Dispute"}, "Dispute"
        )
        with self.assertRaisesRegex(UserError, "发货因信用原因被冻结：信控团队已冻结"):
            order.with_context(lang=LANGUAGE).sudo()._refuse_held_delivery()
