# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_finance_bridge.tests.test_access import MODULE, AccessCommon

OWN = "crm_customer_value"


@tagged("post_install", "-at_install")
class TestTierAccess(AccessCommon):
    """Three customers: Ann's, Bob's and nobody's; tiers by margin from 100 and 300."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contacts = ",base.group_partner_manager"
        cls.plain = cls._user("tier_plain", "base.group_user" + contacts)
        cls.indicator = cls._user("tier_indicator", MODULE + "indicator" + contacts)
        cls.manager = cls._user("tier_manager", "sales_team.group_sale_manager")
        cls.scheme = cls.env.ref(
            "crm_customer_value.customer_value_tier_scheme_default"
        )
        cls.scheme.measure = "margin"
        big, *middle, rest = cls.scheme.tier_ids
        big.write({"measure": "amount", "amount": 300})
        cls.env["customer.value.tier"].union(*middle).active = False
        cls.env.cr.flush()
        cls.big, cls.rest = big, rest
        cls.env["customer.value.tier.run"]._run(cls.company)
        cls.model = "customer.value.tier.move"

    def test_own_history_only(self):
        def customers(user):
            found = self._rpc(user, self.model, "search_read", [], ["partner_id"])
            return {row["partner_id"][0] for row in found}

        self.assertEqual(customers(self.ann), set((self.customer | self.free).ids))
        self.assertEqual(customers(self.manager), set(self.all.ids))
        self.assertDenied(self.plain, self.model, "search", [])

    def test_nobody_changes_history(self):
        move = self.env[self.model].search([], limit=1)
        admin = self._user("tier_admin", "base.group_system")
        for user in (self.ann, self.manager, admin):
            self.assertDenied(user, self.model, "write", move.ids, {"note": "No"})
            self.assertDenied(user, self.model, "unlink", move.ids)
            self.assertDenied(user, self.model, "create", {"partner_id": self.free.id})

    def test_label_is_read_by_all_and_written_by_nobody(self):
        [row] = self._rpc(
            self.plain, "res.partner", "read", self.free.ids, ["value_tier_id"]
        )
        self.assertEqual(row["value_tier_id"], (self.big.id, "Key"))
        for user in (self.plain, self.manager):
            for partner in (self.free, self.customer):
                self.assertDenied(
                    user,
                    "res.partner",
                    "write",
                    partner.ids,
                    {"value_tier_id": self.rest.id},
                )
            self.assertDenied(
                user,
                "res.partner",
                "create",
                {"name": "New", "value_tier_id": self.big.id},
            )
        # Everything else of the contact, and its contacts, as ever.
        self._rpc(self.manager, "res.partner", "write", self.free.ids, {"name": "F"})
        child = self._rpc(
            self.plain,
            "res.partner",
            "create",
            {"name": "Child", "parent_id": self.free.id},
        )
        self.assertEqual(self.env["res.partner"].browse(child).value_tier_id, self.big)
        copied = self._rpc(self.plain, "res.partner", "copy", self.free.ids)
        self.assertFalse(self.env["res.partner"].browse(copied).value_tier_id)

    def test_amounts_for_those_who_may_see_them(self):
        for name in ("amount", "amount_before", "share", "share_before", "bound"):
            self.assertFieldDenied(self.indicator, self.model, name)
        tier = "customer.value.tier"
        self.assertNotIn("amount", self._rpc(self.indicator, tier, "fields_get"))
        self.assertDenied(self.indicator, tier, "read", self.big.ids, ["amount"])
        self.assertDenied(self.indicator, tier, "search", [("amount", ">", 50)])
        move = self.env[self.model].search([("partner_id", "=", self.free.id)])

        def why(user):
            [row] = self._rpc(user, self.model, "read", move.ids, ["reason"])
            return row["reason"]

        self.assertEqual(
            why(self.indicator), "The rules changed. Worth what Key takes."
        )
        self.assertIn("340.00", why(self.manager))
        [row] = self._rpc(
            self.indicator,
            "customer.finance.profile",
            "read",
            self._profile(self.free).ids,
            ["value_tier_note"],
        )
        self.assertNotIn("340", row["value_tier_note"])

    def test_by_hand_is_for_managers(self):
        model = "customer.value.tier.override"
        vals = {
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "tier_id": self.big.id,
            "reason": "Strategic",
            "date_end": "2026-07-31",
        }
        for user in (self.plain, self.ann):
            self.assertDenied(user, model, "create", vals)
        one = self._rpc(self.manager, model, "create", vals)
        self.assertEqual(self.customer.value_tier_id, self.big)
        for user in (self.plain, self.ann):
            self.assertDenied(user, model, "write", [one], {"reason": "Mine"})
            self.assertDenied(user, model, "unlink", [one])
            self.assertDenied(user, model, "action_end", [one])
        action = self._rpc(
            self.manager, "res.partner", "action_set_tier", self.customer.ids
        )
        self.assertEqual(action["res_id"], one)
        self._rpc(self.manager, model, "action_end", [one])
        self.assertEqual(self.customer.value_tier_id, self.rest)

    def test_rules_are_for_managers(self):
        for user in (self.plain, self.ann):
            self._rpc(user, "customer.value.tier", "read", self.big.ids, ["name"])
            self.assertDenied(
                user, "customer.value.tier", "write", self.big.ids, {"score": 1}
            )
        self._rpc(
            self.manager, "customer.value.tier", "write", self.big.ids, {"amount": 100}
        )

    def test_merged_by_those_who_may(self):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        admin = self._user(
            "tier_merger", "base.group_system,base.group_partner_manager"
        )
        empty = self.env["res.partner"].create({"name": "Empty"})
        self.free.email = empty.email = "same@example.com"
        wizard.with_user(admin)._merge((self.free | empty).ids, empty.with_user(admin))
        self.assertEqual(empty.value_tier_id, self.big)

    def test_runs_are_internal(self):
        with self.assertRaises(AccessError):
            self._rpc(self.ann, "customer.value.tier.run", "_run", self.company.id)
