# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierOverride(TierCommon):
    def _set(self, code, tier, until="2026-07-10", **values):
        return self.overrides.create(
            {
                "partner_id": self.of[code].id,
                "company_id": self.company.id,
                "tier_id": self.tier[tier].id,
                "reason": "Framework agreement",
                "date_end": until,
                **values,
            }
        )

    def test_counts_at_once_and_expires_by_itself(self):
        """The last day is 10 July: the night of the 11th the rules decide again."""
        self._set("c", "a")
        self.assertTiers(c="a")
        profile = self._profile(self.of["c"])
        self.assertEqual(profile.value_tier_rule_id, self.tier["c"])
        self.assertIn("Framework agreement", profile.value_tier_note)
        self._night("2026-07-10")
        self.assertTiers(c="a")
        self._night("2026-07-11")
        self.assertTiers(c="c")
        self.assertFalse(self.overrides.search([]))
        self.assertEqual(
            self._history("c"),
            [("", "C", "new"), ("C", "A", "manual"), ("A", "C", "expired")],
        )
        expired, manual = self.moves.search([("partner_id", "=", self.of["c"].id)])[:2]
        self.assertEqual(manual.user_id, self.env.user)
        self.assertEqual(manual.note, "Framework agreement")
        self.assertEqual(str(manual.date_end), "2026-07-10")
        self.assertFalse(expired.user_id)

    def test_rules_go_on_beneath(self):
        """C earns 60 meanwhile: when the manual tier ends it is Key, and no later."""
        self._set("c", "b")
        self._earn("c", 60)
        self._day("c")
        self.assertTiers(c="b")
        self.assertEqual(
            self._profile(self.of["c"]).value_tier_rule_id, self.tier["key"]
        )
        self.overrides.search([]).action_end()
        self.assertTiers(c="key")
        self.assertEqual(self._history("c")[-1], ("B", "Key", "ended"))

    def test_same_tier_expires_with_a_word(self):
        self._set("c", "c", "2026-06-30")
        self._night("2026-07-01")
        self.assertTiers(c="c")
        self.assertEqual(
            self._history("c")[1:], [("C", "C", "manual"), ("C", "C", "expired")]
        )

    def test_prospect(self):
        """Who has no figures yet may be key all the same."""
        self.of["new"] = self._customer("New")
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.of["new"].id}
        )
        one = self._set("new", "key", partner_id=contact.id)
        self.assertEqual(one.partner_id, self.of["new"])
        self.assertEqual(self.of["new"].value_tier_id, self.tier["key"])
        self.assertEqual(contact.value_tier_id, self.tier["key"])
        self._night("2026-07-11")
        self.assertFalse(self.of["new"].value_tier_id)
        self.assertEqual(
            self._history("new"), [("", "Key", "manual"), ("Key", "", "expired")]
        )

    def test_changed(self):
        one = self._set("c", "a")
        one.write({"tier_id": self.tier["b"].id, "reason": "Less than agreed"})
        self.assertTiers(c="b")
        self.assertEqual(self._history("c")[-1], ("A", "B", "manual"))
        with self.assertRaisesRegex(UserError, "stays with its customer"):
            one.partner_id = self.of["d"]

    def test_bad_input(self):
        def refused(message, *args, **values):
            with (
                self.assertRaisesRegex(ValidationError, message),
                self.env.cr.savepoint(),
            ):
                self._set(*args, **values)

        refused("in the past", "c", "a", "2026-06-29")
        refused("Tell why", "c", "a", reason="  ")
        foreign = self.env["customer.value.tier.scheme"].create(
            {
                "name": "Old",
                "active": False,
                "tier_ids": [(0, 0, {"name": "Gold", "measure": "any"})],
            }
        )
        refused("Gold is not a tier of", "c", "a", tier_id=foreign.tier_ids.id)
        self.assertTiers(c="c")
