# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierTerms(TierCommon):
    """A has a ceiling of 10 %; the product's list price is 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        salesman = "sales_team.group_sale_salesman"
        cls.ann = cls._new_user("terms_ann", salesman)
        cls.boss = cls._new_user("terms_boss", "sales_team.group_sale_manager")
        cls.customers = cls.env["res.partner"].union(*cls.of.values())
        cls.customers.user_id = cls.ann
        cls.product.write({"list_price": 100.0, "invoice_policy": "order"})
        cls.tier["a"].write({"has_ceiling": True, "discount_max": 10})
        cls.env.cr.flush()

    @classmethod
    def _new_user(cls, login, groups):
        return new_test_user(cls.env, login, groups, company_id=cls.company.id)

    def _sell(self, user, code="a", lines=({},), **values):
        """Have a user write an order, one product per line, and commit."""
        order = (
            self.env["sale.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": self.of.get(code, self.customer).id,
                    "user_id": self.ann.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": 1,
                                "tax_ids": False,
                                **line,
                            }
                        )
                        for line in lines
                    ],
                    **values,
                }
            )
        )
        self.env.cr.flush()
        return order

    def assertRefused(self, message, change, error=ValidationError):
        with self.assertRaisesRegex(error, message), self.env.cr.savepoint():
            change()
            self.env.cr.flush()
        self.env.cr.precommit.clear()
        self.env.invalidate_all()

    # ------------------------------------------------------------------
    # Ceiling
    # ------------------------------------------------------------------

    def test_up_to_the_ceiling(self):
        order = self._sell(self.ann, lines=({"discount": 10},))
        self.assertEqual((order.value_discount, order.value_discount_max), (10, 10))
        order.action_confirm()
        self.env.cr.flush()
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.value_discount_approved)

    def test_above_the_ceiling(self):
        """As a discount, as a lower price, as both, or as a line that takes away: of
        two products of 100 together 20 less is 10 %, 21 less is not."""
        refused = "a discount of .* % is more than the 10.00 %"
        for lines in (
            [{"discount": 10.5}],
            [{"price_unit": 89}],
            [{"price_unit": 95, "discount": 6}],
            [{}, {}, {"price_unit": -21}],
        ):
            with self.subTest(lines):
                self.assertRefused(
                    refused, lambda lines=lines: self._sell(self.ann, lines=lines)
                )
        self.assertRefused(
            "order as a whole",
            lambda: self._sell(self.ann, lines=[{}, {"price_unit": -50}]),
        )
        self._sell(self.ann, lines=[{}, {}, {"price_unit": -20}])
        # Dearer is no discount, and pays for nothing on another line.
        self.assertRefused(
            "Product: a discount of 20.00 %",
            lambda: self._sell(self.ann, lines=[{"price_unit": 150}, {"discount": 20}]),
        )

    def test_changed_later(self):
        order = self._sell(self.ann)
        line = order.order_line
        self.assertRefused("Lower it", lambda: line.write({"discount": 11}))
        self.assertRefused("Lower it", lambda: line.sudo().write({"discount": 11}))
        self.assertRefused(
            "Lower it",
            lambda: line.with_context(sale_write_from_compute=True).write(
                {"price_unit": 80}
            ),
        )
        order.action_confirm()
        self.env.cr.flush()
        self.assertRefused("Lower it", lambda: line.write({"price_unit": 80}))
        self.assertRefused(
            "Lower it",
            lambda: order.write(
                {
                    "order_line": [
                        Command.create({"product_id": self.product.id, "discount": 50})
                    ]
                }
            ),
        )

    def test_other_customers(self):
        """No ceiling, no question; another customer's ceiling counts when it comes."""
        order = self._sell(self.ann, "b", lines=({"discount": 40},))
        self.assertFalse(order.value_discount_limited)
        self.assertRefused(
            "tier A", lambda: order.write({"partner_id": self.of["a"].id})
        )

    def test_without_a_tier(self):
        """Who is not known yet is held to what everybody else is."""
        self.customer.user_id = self.ann
        self._sell(self.ann, "nobody", lines=({"discount": 40},))
        self.tier["d"].write({"has_ceiling": True, "discount_max": 0})
        self.assertRefused(
            "tier D",
            lambda: self._sell(self.ann, "nobody", lines=({"discount": 1},)),
        )

    def test_manager_decides(self):
        order = self._sell(self.boss, lines=({"discount": 30},))
        self.assertEqual(order.value_discount_approved, 30)
        self.assertIn("Discounts up to 30.00 % approved", order.message_ids[0].body)
        self.assertEqual(order.message_ids[0].author_id, self.boss.partner_id)
        mine = order.with_user(self.ann)
        mine.action_confirm()
        self.env.cr.flush()
        self.assertEqual(order.state, "sale")
        self.assertRefused("30.00 %", lambda: mine.order_line.write({"discount": 31}))
        self.assertFalse(mine.copy().value_discount_approved)
        self.env.cr.precommit.clear()

    def test_ceiling_has_fallen_since(self):
        """Promised under another ceiling: a manager confirms, or approves it."""
        order = self._sell(self.ann, lines=({"discount": 10},))
        self.tier["a"].discount_max = 5
        self.env.invalidate_all()
        self.assertTrue(order.value_discount_over)
        self.assertRefused("5.00 %", order.action_confirm)
        self.assertRefused(
            "Only a sales manager", order.action_approve_discount, UserError
        )
        order.with_user(self.boss).action_approve_discount()
        order.action_confirm()
        self.env.cr.flush()
        self.assertEqual(order.state, "sale")

    def test_approval_cannot_be_written(self):
        order = self._sell(self.ann)
        for user in (self.ann, self.boss):
            with self.assertRaises(AccessError):
                order.with_user(user).write({"value_discount_approved": 90})
        self.assertRefused(
            "value_discount_approved",
            lambda: self._sell(self.ann, value_discount_approved=90),
            AccessError,
        )

    def test_customers_are_not_held_to_it(self):
        """An order paid on the website is confirmed by nobody of the company."""
        order = self._sell(self.ann, lines=({"discount": 10},))
        self.tier["a"].discount_max = 5
        portal = new_test_user(self.env, "terms_portal", "base.group_portal")
        order.with_user(portal).sudo().action_confirm()
        self.env.cr.flush()
        self.assertEqual(order.state, "sale")

    # ------------------------------------------------------------------
    # Pricelist
    # ------------------------------------------------------------------

    def _use_pricelists(self):
        group = self.env.ref("product.group_product_pricelist")
        self.env.ref("base.group_user").implied_ids += group
        pricelists = self.env["product.pricelist"]
        pricelists.search([]).active = False
        self.public = pricelists.create({"name": "Public", "sequence": 1})
        self.good = pricelists.create(
            {
                "name": "Good",
                "sequence": 2,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "fixed",
                            "fixed_price": 80,
                            "applied_on": "3_global",
                        }
                    )
                ],
            }
        )
        self.tier["a"].pricelist_id = self.good
        self.env.invalidate_all()

    def test_proposed_and_applied(self):
        """80 by the pricelist of the tier is no discount; 10 % less is 72."""
        self._use_pricelists()
        order = self._sell(self.ann)
        self.assertEqual(order.pricelist_id, self.public)
        self.assertEqual(order.value_tier_pricelist_id, self.good)
        order.action_apply_tier_pricelist()
        self.env.cr.flush()
        self.assertEqual(order.pricelist_id, self.good)
        self.assertEqual(order.order_line.price_unit, 80)
        self.assertEqual(order.value_discount, 0)
        self.assertFalse(order.value_tier_pricelist_id)
        self.assertRefused("10.00 %", lambda: order.order_line.write({"discount": 11}))
        with self.assertRaisesRegex(UserError, "no other pricelist"):
            order.action_apply_tier_pricelist()

    def test_own_pricelist_wins(self):
        self._use_pricelists()
        own = self.public.copy({"name": "Own"})
        self.of["a"].property_product_pricelist = own
        order = self._sell(self.ann)
        self.assertEqual(order.pricelist_id, own)
        self.assertFalse(order.value_tier_pricelist_id)

    def test_any_pricelist_does_not_do(self):
        """A cheap one taken from the list is a discount like any other."""
        self._use_pricelists()
        cheap = self.good.copy({"name": "Cheap"})
        cheap.item_ids.fixed_price = 50
        self.assertRefused(
            "a discount of 37.50 %",
            lambda: self._sell(self.ann, pricelist_id=cheap.id),
        )

    # ------------------------------------------------------------------
    # Response
    # ------------------------------------------------------------------

    def _lead(self, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Lead",
                "type": "opportunity",
                "partner_id": self.of["a"].id,
                "user_id": self.ann.id,
                **values,
            }
        )

    def test_answer_in_time(self):
        self.tier["a"].write({"response_days": 2, "lead_priority": "2"})
        lead = self._lead()
        self.assertEqual(lead.priority, "2")
        self.assertEqual(lead.value_response_date, date(2026, 7, 2))
        activity = lead.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.ann)
        self.assertEqual(activity.date_deadline, date(2026, 7, 2))
        # Given to somebody else, it is not asked for twice.
        lead.user_id = self.boss
        self.assertEqual(len(lead.activity_ids), 1)

    def test_chosen_priority_stays(self):
        self.tier["a"].lead_priority = "2"
        self.assertEqual(self._lead(priority="1").priority, "1")
        self.assertEqual(self._lead(priority="3").priority, "3")
        self.assertEqual(self._lead(partner_id=self.of["b"].id).priority, "0")
        self.assertFalse(self._lead().activity_ids)

    def test_asked_when_somebody_has_it(self):
        self.tier["a"].response_days = 2
        lead = self._lead(user_id=False)
        self.assertFalse(lead.activity_ids)
        lead.user_id = self.ann
        self.assertEqual(lead.activity_ids.user_id, self.ann)
