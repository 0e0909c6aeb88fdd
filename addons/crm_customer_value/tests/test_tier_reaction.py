# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import new_test_user, tagged

from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierReaction(TierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = new_test_user(
            cls.env,
            "tier_ann",
            "sales_team.group_sale_salesman",
            company_id=cls.company.id,
        )
        cls.bob = new_test_user(
            cls.env,
            "tier_bob",
            "sales_team.group_sale_salesman",
            company_id=cls.company.id,
        )
        cls.b = cls.of["b"]
        cls.b.user_id = cls.ann
        cls.guest = cls._customer("Guest")
        cls.b.message_subscribe((cls.bob.partner_id | cls.guest).ids)

    def _notes(self):
        return self.b.message_ids.filtered(
            lambda one: "has risen" in (one.body or "")
            and not one.mail_activity_type_id
        )

    def test_order_to_activity(self):
        """An order and its invoice, then what the queue does within the minute: one
        activity for the salesperson, one note for followers of the company."""
        self._order("2026-06-30", 95, partner=self.b, invoice=True)
        self._work_off()
        self.assertTiers(b="key")
        activity = self.b.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.ann)
        self.assertIn("has risen to Key", activity.note)
        note = self._notes()
        self.assertEqual(len(note), 1)
        self.assertTrue(note.subtype_id.internal)
        told = note.notified_partner_ids
        self.assertIn(self.bob.partner_id, told)
        self.assertNotIn(self.guest, told)
        self.assertIn("who make the first 50% of the value.", note.body)
        self.assertNotIn("share:", note.body)

    def test_once(self):
        """Another order the same day, then a night: still one of each."""
        self._earn("b", 35)
        self._work_off()
        self._earn("b", 100)
        self._work_off()
        self._night("2026-07-01")
        self.assertEqual(len(self.b.activity_ids), 1)
        self.assertEqual(len(self._notes()), 1)

    def test_within_the_key_list(self):
        """From A to Key there is nothing new to hear."""
        self.of["a"].user_id = self.ann
        self._earn("a", 35)
        self._work_off()
        self.assertTiers(a="key")
        self.assertFalse(self.of["a"].activity_ids)

    def test_fallen_before_it_was_done(self):
        self._earn("b", 35)
        self._work_off()
        self._give_back("b", 48)
        self._work_off()
        self._night("2026-07-01")
        self.assertEqual(len(self.b.activity_ids), 1)
        self._night("2026-07-02")
        self.assertTiers(b="c")
        self.assertFalse(self.b.activity_ids)

    def test_done_and_risen_again(self):
        self._earn("b", 35)
        self._work_off()
        self.b.activity_ids.action_feedback("Called")
        self._give_back("b", 48)
        self._night("2026-07-01")
        self._night("2026-07-02")
        self._earn("b", 70)
        self._day("b", "2026-07-03")
        self.assertEqual(len(self.b.activity_ids), 1)
        self.assertEqual(len(self._notes()), 2)

    def test_nobody_to_tell(self):
        """Without a salesperson, or one who has left: a note, no activity."""
        self.b.user_id = False
        self._earn("b", 35)
        self._work_off()
        self.assertFalse(self.b.activity_ids)
        self.assertEqual(len(self._notes()), 1)

    def test_new_customer(self):
        """First placed by its own order is a rise; by the run of everybody it is not,
        or an installation would bury everybody in activities."""
        for code in self.MARGINS:
            self.assertFalse(self.of[code].activity_ids)
        self.of["new"] = self._customer("New", user_id=self.ann.id)
        self._earn("new", 80)
        self._work_off()
        self.assertTiers(new="key")
        self.assertEqual(self.of["new"].activity_ids.user_id, self.ann)

    def test_lead_learns_from_the_tier(self):
        """Open leads follow, closed ones keep what they had; the scoring works."""
        leads = self.env["crm.lead"]
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("crm.pls_fields", "value_tier_id")
        values = {
            "partner_id": self.b.id,
            "type": "opportunity",
            "user_id": self.ann.id,
        }
        won, lost, still = leads.create(
            [{"name": name, **values} for name in ("Won", "Lost", "Open")]
        )
        self.assertEqual((won | lost | still).value_tier_id, self.tier["b"])
        won.action_set_won()
        lost.action_set_lost()
        frequency = self.env["crm.lead.scoring.frequency"].search(
            [("variable", "=", "value_tier_id"), ("team_id", "=", won.team_id.id)]
        )
        self.assertEqual(frequency.value, str(self.tier["b"].id))
        # One each, and the tenth Odoo adds.
        self.assertAlmostEqual(frequency.won_count, 1.1)
        self.assertAlmostEqual(frequency.lost_count, 1.1)
        self._earn("b", 35)
        self._work_off()
        self.assertEqual(still.value_tier_id, self.tier["key"])
        self.assertEqual((won | lost).value_tier_id, self.tier["b"])
        leads._cron_update_automated_probabilities()
        self.assertTrue(still.prepare_pls_tooltip_data()["probability"])

    def test_automation_sees_the_change(self):
        """What base_automation builds on: the ORM's write, with the tier only."""
        seen = []
        partners = type(self.env["res.partner"])
        original = partners.write

        def write(records, vals):
            if "value_tier_id" in vals:
                seen.append((records, vals))
            return original(records, vals)

        self.patch(partners, "write", write)
        self._earn("b", 35)
        self._work_off()
        self._day("b")
        self.assertEqual(seen, [(self.b, {"value_tier_id": self.tier["key"].id})])
