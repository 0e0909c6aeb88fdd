# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.crm_finance_bridge.tests.translation import (
    CHINESE,
    LANGUAGE,
    TranslationMixin,
)

from ..tools.decision import Decision, Reason
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestTranslation(TranslationMixin, CreditCommon):
    """The Simplified Chinese of the module, as a user of that language reads it."""

    translated = "crm_credit_control"

    def test_every_reason_is_a_sentence(self):
        check = self.env["credit.check"]
        for code, label in self.env["credit.hold"]._selection_code():
            self.assertRegex(label, CHINESE)
            for shared in (False, True):
                reason = Reason(code, "hold", 95.0, 100.0, shared, "XYZ")
                for amounts in (False, True):
                    with self.subTest(code=code, shared=shared, amounts=amounts):
                        text = check._describe_reason(reason, self.company, amounts)
                        self.assertRegex(text, CHINESE)
                        self.assertNotRegex(text, r"%%|%\(")
                        self.assertTrue(text.endswith("。") or code == "missing_rate")

    def test_every_way_out_is_a_sentence(self):
        check = self.env["credit.check"]
        for decision in (
            Decision("hold", to_pay=100.0, curable=True, largest=50.0),
            Decision("hold"),
        ):
            for amounts in (False, True):
                text = check._describe_way_out(decision, self.company, amounts)
                self.assertRegex(text, CHINESE)
                self.assertNotRegex(text, r"release|pay|order")

    def test_rules_in_words(self):
        rules = self.env["credit.policy.rule"]
        for code, label in rules._fields["code"]._description_selection(self.env):
            for threshold in (0, 10):
                for share in (0, 50):
                    rule = rules.new(
                        {"code": code, "threshold": threshold, "share": share}
                    )
                    with self.subTest(rule=label, threshold=threshold, share=share):
                        self.assertRegex(rule.meaning, CHINESE)
                        self.assertNotRegex(rule.meaning, "%%")

    def test_states(self):
        for model, name in (
            ("credit.hold", "state"),
            ("credit.hold", "stage"),
            ("credit.account", "state"),
            ("credit.account", "limit_type"),
            ("credit.cover", "kind"),
            ("credit.log", "field_name"),
            ("credit.hold.report", "outcome"),
            ("sale.order", "credit_hold_state"),
            ("sale.order", "credit_outcome"),
        ):
            field = self.env[model]._fields[name]
            labels = [label for _key, label in field._description_selection(self.env)]
            with self.subTest(field=field):
                self.assertCountEqual(labels, set(labels))
                for label in labels:
                    self.assertRegex(label, CHINESE)

    def test_a_held_order(self):
        self._set_limit(1000)
        order = self._order(1500).with_context(lang=LANGUAGE)
        notification = order.action_confirm()["params"]
        self.assertHeld(order)
        self.assertEqual(notification["title"], "因信用原因被冻结")
        self.assertIn("授信额度", notification["message"])
        self.assertIn("授信额度", order.message_ids[0].body)
        hold = order.sudo().credit_hold_id
        self.assertIn("信用占用", hold.reason_text)
        # Read again in the language of whoever looks.
        english = hold.with_context(lang="en_US")
        english.invalidate_recordset(["reason_text"])
        self.assertIn("would owe", english.reason_text)

    def test_refusals(self):
        self._set_limit(1000)
        order = self._held(1500)
        order.sudo().user_id = self.controller
        hold = order.sudo().credit_hold_id.with_user(self.controller)
        hold = hold.with_context(lang=LANGUAGE)
        with self.assertRaisesRegex(AccessError, "须由他人审批"):
            hold._release(self.release_reason)

    def test_message_of_the_settings(self):
        with self.assertRaisesRegex(ValidationError, "放行容差须为 0 至 100%。"):
            self.company.with_env(self.env).credit_release_tolerance = 200
