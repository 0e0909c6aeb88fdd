# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What becomes of collection plans: their history, older orders, other currencies."""

from odoo import Command
from odoo.tests import freeze_time, tagged

from .test_order_cash_access import AMOUNT, OrderAccessCommon


@tagged("post_install", "-at_install")
class TestPlanHistory(OrderAccessCommon):
    def _notes(self, order=None):
        order = order or self.mine
        return order.message_ids.filtered(
            lambda message: "Collection plan" in (message.body or "")
        ).sorted("id")

    def test_who_from_to_and_why(self):
        line = self._lines(self.manager)[1]
        line.write({"date_due": "2026-09-30", "reason": "Agreed by phone"})
        self.env.cr.flush()
        [note] = self._notes()
        self.assertEqual(note.author_id, self.manager.partner_id)
        self.assertIn("Agreed by phone", note.body)
        [value] = note.sudo().tracking_value_ids
        self.assertEqual(value.field_id.name, "date_due")
        self.assertEqual(str(value.old_value_datetime.date()), "2026-08-29")
        self.assertEqual(str(value.new_value_datetime.date()), "2026-09-30")

    def test_every_instalment_has_its_note(self):
        first, second = self._lines(self.manager)
        first.write({"amount": 400, "reason": "More now"})
        second.write({"amount": 600, "reason": "Less later"})
        self.env.cr.flush()
        notes = self._notes()
        self.assertEqual(
            [
                (value.old_value_float, value.new_value_float)
                for value in notes.sudo().tracking_value_ids.sorted("id")
            ],
            [(300, 400), (700, 600)],
        )
        self.assertIn("More now", notes[0].body)
        self.assertIn("Less later", notes[1].body)

    def test_amounts_are_not_told_without_the_right(self):
        line = self._lines(self.manager)[1]
        self._lines(self.manager)[0].write({"amount": 400, "reason": "Now"})
        line.write({"amount": 600, "reason": "Then"})
        self.env.cr.flush()
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= self.env.ref(
            AMOUNT
        ) | self.env.ref(AMOUNT.replace("amount", "margin"))
        self.ann.group_ids = self.env.ref("sales_team.group_sale_salesman")
        values = self._notes().sudo().tracking_value_ids
        self.assertTrue(values._filter_has_field_access(self.env(user=self.manager)))
        self.assertFalse(values._filter_has_field_access(self.env(user=self.ann)))
        for note in self._notes():
            self.assertNotIn("00", note.body)

    def test_confirming_and_nothing_changed_says_nothing(self):
        self.assertFalse(self._notes())
        self.mine.payment_term_id = self.terms
        self.env.cr.flush()
        self.assertFalse(self._notes())

    def test_following_the_order_is_told(self):
        """1,000 become 2,000: 300 and 700 become 600 and 1,400."""
        self.mine.order_line.write({"product_uom_qty": 20, "price_unit": 100})
        self.env.cr.flush()
        values = self._notes().sudo().tracking_value_ids.sorted("id")
        self.assertEqual(
            [(value.old_value_float, value.new_value_float) for value in values],
            [(300, 600), (700, 1400)],
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestPlanLife(OrderAccessCommon):
    def _plan(self, order):
        self.env.cr.flush()
        lines = order.collection_line_ids.sorted("date_due")
        return [(str(line.date_due), line.amount) for line in lines]

    def test_cancelled_keeps_it_confirmed_again_gets_a_new_one(self):
        order = self.mine
        self._lines(self.manager)[1].write(
            {"date_due": "2026-09-30", "reason": "Agreed"}
        )
        self.env.cr.flush()
        order._action_cancel()
        self.assertEqual(self._plan(order), [("2026-06-30", 300), ("2026-09-30", 700)])
        for model in ("sale.collection.report", "sale.order.position"):
            self.assertFalse(self.env[model].search([("order_id", "=", order.id)]))
        order.action_draft()
        with freeze_time("2026-07-31"):
            order.action_confirm()
            self.assertEqual(
                self._plan(order), [("2026-07-31", 300), ("2026-09-29", 700)]
            )

    def test_another_currency_before_it_is_confirmed_again(self):
        """1,000 USD changed by hand become 600 EUR by the terms: 180 and 420."""
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.6)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": currency.id}
        )
        self._lines(self.manager)[1].write(
            {"date_due": "2026-09-30", "reason": "Agreed"}
        )
        self.env.cr.flush()
        self.mine._action_cancel()
        self.mine.action_draft()
        self.mine.pricelist_id = pricelist
        self.mine.order_line.price_unit = 60
        self.mine.action_confirm()
        self.assertEqual(
            self._plan(self.mine), [("2026-06-30", 180), ("2026-08-29", 420)]
        )
        self.assertEqual(self.mine.collection_line_ids.currency_id, currency)

    def test_order_of_zero_has_none(self):
        order = self._order(10, confirm=False)
        order.order_line.price_unit = 0
        order.action_confirm()
        self.assertEqual(self._plan(order), [])

    def test_deleted_in_the_same_transaction(self):
        order = self._order(10)
        order._action_cancel()
        order.unlink()
        self.env.cr.flush()
        self.assertFalse(order.exists())

    def test_many_older_orders_at_once(self):
        orders = self.env["sale.order"].concat(
            *(self._order(10, payment_term_id=self.terms.id) for _n in range(20))
        )
        orders |= self._order(10)
        draft = self._order(10, confirm=False)
        self.env.cr.flush()
        counts = []
        for some in (orders[:2], orders):
            orders.collection_line_ids.sudo().unlink()
            self.env.cr.precommit.clear()
            self.env.flush_all()
            for _warm in range(2):
                self.env.cr.execute("DELETE FROM sale_collection_line")
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                some._plan_collection()
                count = self.env.cr.sql_log_count - before
            counts.append(count)
        self.assertEqual(counts[0], counts[1])
        self.assertEqual(
            self._plan(orders[0]), [("2026-06-30", 300), ("2026-08-29", 700)]
        )
        orders[1].collection_line_ids.sudo().unlink()
        self.env.cr.precommit.clear()
        action = (orders | draft).with_user(self.manager).action_plan_collection()
        message = action["params"]["message"]
        self.assertIn("1 collection plans", message)
        self.assertIn("1 are not confirmed", message)
        self.assertEqual(
            self._plan(orders[1]), [("2026-06-30", 300), ("2026-08-29", 700)]
        )
        self.assertFalse(draft.collection_line_ids)

    def test_list_says_which_orders_have_none(self):
        self.mine.collection_line_ids.unlink()
        self.env.cr.precommit.clear()
        arch = self.env["sale.order"].get_view(
            self.env.ref("sale.view_sales_order_filter").id, "search"
        )["arch"]
        self.assertIn("finance_unplanned", arch)
        found = self.env["sale.order"].search(
            [("state", "=", "sale"), ("collection_line_ids", "=", False)]
        )
        self.assertIn(self.mine, found)
        self.assertNotIn(self.his, found)

    def test_instalments_added_by_hand(self):
        """A third instalment, taken from the second."""
        order = self._as(self.manager, self.mine)
        second = self._lines(self.manager)[1]
        reason = {"reason": "In three parts"}
        order.write(
            {
                "collection_line_ids": [
                    Command.update(second.id, {"amount": 500, **reason}),
                    Command.create(
                        {
                            "name": "Rest",
                            "date_due": "2026-10-31",
                            "amount": 200,
                            **reason,
                        }
                    ),
                ]
            }
        )
        self.assertEqual(
            self._plan(order),
            [("2026-06-30", 300), ("2026-08-29", 500), ("2026-10-31", 200)],
        )
