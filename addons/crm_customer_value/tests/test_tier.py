# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..tools.tiers import DEFAULT_RULES
from .tier_common import TierCommon

SCORE, AMOUNT = "score", "amount"


@tagged("post_install", "-at_install")
class TestTier(TierCommon):
    def test_first_placed(self):
        self.assertTiers(key="key", a="a", b="b", c="c", d="d")
        for code in self.of:
            self.assertEqual(
                self._history(code), [("", self.tier[code].name, "new")], code
            )
        move = self.moves.search([("partner_id", "=", self.of["a"].id)])
        self.assertEqual((move.amount, move.share, move.bound), (30, 0.8, 0.8))
        self.assertEqual(move.direction, "new")
        self.assertFalse(move.user_id)

    def test_defaults_are_those_of_the_rules(self):
        found = [(rule.measure, rule.bound) for rule in self.scheme._get_rules()]
        wanted = [(rule.measure, rule.bound) for rule in DEFAULT_RULES]
        self.assertEqual(found, wanted)
        self.assertEqual(
            self.scheme.tier_ids.filtered("is_key"), self.tier["key"] | self.tier["a"]
        )

    def test_rise_at_once_by_day(self):
        """B earns 35 more and has 50, as much as Key: half of the value of the night
        before."""
        self._earn("b", 35)
        self._day("b")
        self.assertTiers(b="key")
        self.assertEqual(self._history("b")[1:], [("B", "Key", "met")])
        move = self.moves.search([("partner_id", "=", self.of["b"].id)], limit=1)
        self.assertEqual(move.direction, "rise")
        self.assertEqual((move.amount_before, move.amount), (15, 50))
        self.assertEqual((move.share_before, move.share), (0.95, 0.5))
        self.assertEqual(self._profile(self.of["b"]).value_tier_date, date(2026, 6, 30))

    def test_fall_after_two_nights(self):
        """A gives 27 back and has 3 of 73, the last that is positive: C."""
        self._give_back("a", 27)
        self._day("a")
        self.assertTiers(a="a")
        self.assertFalse(self._profile(self.of["a"]).value_tier_runs)
        for _again in range(2):
            self._night("2026-07-01")
            self.assertTiers(a="a")
            self.assertEqual(self._profile(self.of["a"]).value_tier_runs, 1)
        self._day("a", "2026-07-01")
        self.assertEqual(
            self._profile(self.of["a"]).value_tier_candidate_id, self.tier["c"]
        )
        self.assertIn(
            "in C in 1 of 2 nights", self._profile(self.of["a"]).value_tier_note
        )
        self._night("2026-07-02")
        self.assertTiers(a="c")
        self.assertEqual(self._history("a")[1:], [("A", "C", "missed")])
        self.assertFalse(self._profile(self.of["a"]).value_tier_candidate_id)

    def test_recovered_between_two_nights(self):
        """With 14 of 84 A is behind B, whose 15 and Key's 50 make 77 %."""
        credit = self._give_back("a", 16)
        self._night("2026-07-01")
        self.assertEqual(self._profile(self.of["a"]).value_tier_runs, 1)
        credit.button_draft()
        self._day("a", "2026-07-01")
        self.assertFalse(self._profile(self.of["a"]).value_tier_runs)
        credit.action_post()
        self._night("2026-07-02")
        self.assertTiers(a="a")

    def test_rise_may_wait(self):
        """Two days in a row; two orders on one day are one day."""
        self.scheme.runs_up = 2
        self._earn("b", 35)
        self._day("b")
        self._day("b")
        self.assertTiers(b="b")
        self.assertEqual(self._profile(self.of["b"]).value_tier_runs, 1)
        self._day("b", "2026-07-01")
        self.assertTiers(b="key")

    def test_amount_and_score(self):
        """Contributions: of margin alone 100, 75, 50, 25, 0 in place of the margin."""
        self.company.write({"value_weight_sales": 0, "value_weight_timeliness": 0})
        self.scheme.write(
            {
                "tier_ids": [
                    Command.update(self.tier["key"].id, {"measure": SCORE, SCORE: 75}),
                    Command.update(self.tier["a"].id, {"measure": AMOUNT, AMOUNT: 15}),
                    Command.update(self.tier["b"].id, {"measure": AMOUNT, AMOUNT: 5}),
                    Command.update(self.tier["c"].id, {"active": False}),
                ]
            }
        )
        self.env.cr.flush()
        self._night("2026-06-30")
        self.assertTiers(key="key", a="key", b="a", c="b", d="d")

    def test_changed_rules_count_at_once(self):
        """And nobody is told: it is not the customer who has changed."""
        self.tier["key"].share = 0.8
        self.tier["a"].share = 0.9
        self.env.cr.flush()
        self._night("2026-07-01")
        self.assertTiers(a="key", b="b")
        self.tier["a"].share = 0.6
        self.tier["key"].share = 0.5
        self.env.cr.flush()
        self._night("2026-07-02")
        self.assertTiers(a="b")
        self.assertEqual(
            self._history("a")[1:], [("A", "Key", "rules"), ("Key", "B", "rules")]
        )
        self.assertFalse(self.of["a"].activity_ids)

    def test_few_customers_have_no_share(self):
        """One customer is no portfolio: no share is known, and no tier."""
        other = self.setup_other_company(name="Other")["company"]
        self._invoice_there(other, self.of["d"], 200)
        self._night("2026-06-30", other)
        profile = self._profile(self.of["d"], other)
        self.assertEqual(profile.margin, 140)
        self.assertFalse(profile.value_tier_id)
        self.assertFalse(profile.value_tier_note)

    def test_without_figures(self):
        """No order, no invoice: no tier. Whose figures go loses it at night."""
        self.assertFalse(self.customer.value_tier_id)
        self.env["account.move"].search(
            [("partner_id", "=", self.of["c"].id)]
        ).button_draft()
        self._day("c")
        self.assertFalse(self._profile(self.of["c"]))
        self._night("2026-07-01")
        self.assertFalse(self.of["c"].value_tier_id)
        self.assertEqual(self._history("c")[1:], [("C", "", "unknown")])

    def test_value_of_an_order(self):
        """What the tiers come with: an order raises the customer value at once."""
        self.scheme.measure = "total"
        self._night("2026-06-30")
        before = self._profile(self.of["d"]).value_tier_id
        self.assertEqual(before, self.tier["d"])
        self._order("2026-06-30", 5000, partner=self.of["d"], invoice=True)
        self._day("d")
        self.assertTiers(d="key")

    def test_contacts_follow(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.of["a"].id}
        )
        self.assertEqual(contact.value_tier_id, self.tier["a"])
        self._earn("a", 35)
        self._day("a")
        self.assertEqual(contact.value_tier_id, self.tier["key"])
        contact.parent_id = self.of["d"]
        self.assertEqual(contact.value_tier_id, self.tier["d"])
        contact.parent_id = False
        self._night("2026-07-01")
        self.assertFalse(contact.value_tier_id)
        found = self.env["res.partner"].search([("value_tier_id", "=", "Key")])
        self.assertEqual(found, self.of["key"] | self.of["a"])
        groups = self.env["res.partner"]._read_group(
            [("id", "in", [one.id for one in self.of.values()])],
            ["value_tier_id"],
            ["__count"],
        )
        self.assertEqual(
            dict(groups)[self.tier["key"]], 2, "A contact is grouped by its tier"
        )

    def test_merged(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        empty = self._customer("Empty")
        wizard._merge((self.of["key"] | empty).ids, empty)
        self.assertEqual(empty.value_tier_id, self.tier["key"])
        self.of["key"] = empty
        self._work_off()
        self.assertTiers(key="key")
        # The history of who went is that of who stayed, without a second entry.
        self.assertEqual(self._history("key"), [("", "Key", "new")])

    def test_archived(self):
        self.of["b"].active = False
        self._earn("b", 35)
        self._day("b")
        self.assertTiers(b="key")
        self.assertFalse(self.of["b"].activity_ids)

    def test_two_companies(self):
        """Key here, nothing there: a tier is of one company, its own tiers too."""
        other = self.setup_other_company(name="Other")["company"]
        own = self.env["customer.value.tier.scheme"].create(
            {
                "name": "Own",
                "company_id": other.id,
                "measure": "margin",
                "tier_ids": [
                    Command.create({"name": "Big", "measure": AMOUNT, AMOUNT: 100}),
                    Command.create({"name": "Small", "measure": "any", "sequence": 20}),
                ],
            }
        )
        self.env.cr.flush()
        self._invoice_there(other, self.of["key"], 200)
        self._night("2026-06-30", other)
        customer = self.of["key"]
        self.assertEqual(customer.value_tier_id, self.tier["key"])
        self.assertEqual(customer.with_company(other).value_tier_id, own.tier_ids[:1])

    def assertRefused(self, message, change):
        with self.assertRaisesRegex(ValidationError, message), self.env.cr.savepoint():
            change()
            self.env.cr.flush()

    def test_bad_rules(self):
        tier = self.tier
        self.assertRefused(
            "nobody can get there", lambda: tier["a"].write({"share": 0.4})
        )
        self.assertRefused("more than 0 %", lambda: tier["key"].write({"share": 1.5}))
        self.assertRefused("more than 0 %", lambda: tier["key"].write({"share": 0}))
        self.assertRefused(
            "no rule", lambda: tier["d"].write({"measure": "amount", "amount": 1})
        )
        self.assertRefused("no rule", lambda: tier["d"].write({"active": False}))
        self.assertRefused("nobody can", lambda: tier["d"].write({"sequence": 1}))

    def test_several_rules_in_a_row(self):
        """Swapping two: bad in between, good in the end."""
        self.tier["key"].share = 0.85
        self.tier["a"].share = 0.9
        self.env.cr.flush()
        self.scheme.tier_ids.browse(
            [self.tier[code].id for code in ("key", "a", "b", "c", "d")]
        ).web_resequence({})
        self.env.cr.flush()

    def test_used_tiers_stay(self):
        with self.assertRaisesRegex(UserError, "archive it instead"):
            self.tier["d"].unlink()
