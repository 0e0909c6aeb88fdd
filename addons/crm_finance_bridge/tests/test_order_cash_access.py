# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who sees positions and plans, who changes plans, and what is refused in words."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .test_order_cash import OrderCommon

INDICATOR = "crm_finance_bridge.crm_finance_bridge_group_indicator"
AMOUNT = "crm_finance_bridge.crm_finance_bridge_group_amount"
REPORTS = ["sale.order.position", "sale.collection.report"]
MODELS = [*REPORTS, "sale.collection.line", "sale.order.booking"]


class OrderAccessCommon(OrderCommon):
    """Ann and Bob each have an order of 1,000: 300 now, 700 in 60 days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sales = "sales_team.group_sale_salesman"
        cls.ann = cls._user("cash_ann", sales)
        cls.bob = cls._user("cash_bob", sales)
        cls.manager = cls._user("cash_manager", "sales_team.group_sale_manager")
        cls.accountant = cls._user("cash_accountant", "account.group_account_invoice")
        cls.auditor = cls._user("cash_auditor", "account.group_account_readonly")
        cls.portal = cls._user("cash_portal", "base.group_portal")
        cls.customer.user_id = False
        with freeze_time("2026-06-30"):
            cls.mine = cls._order(10, payment_term_id=cls.terms.id, user_id=cls.ann.id)
            cls.his = cls._order(10, payment_term_id=cls.terms.id, user_id=cls.bob.id)
            cls.env.cr.flush()

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(cls.env, login, groups=groups, company_id=cls.company.id)

    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-06-30")
        freezer.start()
        self.addCleanup(freezer.stop)
        self.env.invalidate_all()

    def _as(self, user, record):
        return record.with_env(self.env(user=user, context={}))

    def _lines(self, user, order=None):
        order = self._as(user, order or self.mine)
        return order.collection_line_ids.sorted("date_due")


@tagged("post_install", "-at_install")
class TestOrderCashAccess(OrderAccessCommon):
    def test_salesperson_sees_own_orders(self):
        for model in [*REPORTS, "sale.collection.line"]:
            with self.subTest(model=model):
                found = self._as(self.ann, self.env[model]).search([])
                self.assertEqual(found.order_id, self.mine)

    def test_manager_and_accountants_see_all(self):
        for user in (self.manager, self.accountant, self.auditor):
            for model in [*REPORTS, "sale.collection.line"]:
                with self.subTest(user=user.login, model=model):
                    found = self._as(user, self.env[model]).search([])
                    self.assertEqual(found.order_id, self.mine | self.his)

    def test_portal_sees_nothing(self):
        self.mine.message_subscribe(self.portal.partner_id.ids)
        for model in MODELS:
            with self.subTest(model=model), self.assertRaises(AccessError):
                self._as(self.portal, self.env[model]).search([])
        for name in (
            "cash_collected",
            "cash_progress",
            "cash_next_due_date",
            "cash_reminder_date",
            "collection_line_ids",
            "finance_booking_error",
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self._as(self.portal, self.mine).read([name])

    def test_without_the_amount_group(self):
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= self.env.ref(
            AMOUNT
        ) | self.env.ref(AMOUNT.replace("amount", "margin"))
        self.ann.group_ids = self.env.ref("sales_team.group_sale_salesman")
        self.assertFalse(self.ann.has_group(AMOUNT))
        self.assertTrue(self.ann.has_group(INDICATOR))
        order = self._as(self.ann, self.mine)
        self.assertEqual(str(order.cash_next_due_date), "2026-06-30")
        self.assertEqual(order.cash_progress, 0)
        self.assertEqual(self._lines(self.ann).mapped("state"), ["planned"] * 2)
        for record, names in (
            (order, ["cash_invoiced", "cash_collected", "cash_open", "cash_overdue"]),
            (self._lines(self.ann), ["amount", "collected"]),
            (
                self._as(self.ann, self.env["sale.order.position"]).search([]),
                ["ordered", "invoiced", "collected", "open_amount", "overdue"],
            ),
            (
                self._as(self.ann, self.env["sale.collection.report"]).search([]),
                ["amount", "planned", "collected", "missing"],
            ),
        ):
            for name in names:
                with self.subTest(model=record._name, field=name):
                    with self.assertRaises(AccessError):
                        record.read([name])
        for model in (*REPORTS, "sale.order", "crm.lead"):
            views = self._as(self.ann, self.env[model]).get_views(
                [(False, "list"), (False, "form"), (False, "search")]
            )
            self.assertNotIn('name="overdue"', str(views))
            self.assertNotIn('name="cash_overdue"', str(views))
            self.assertNotIn('name="missing"', str(views))

    def test_salesperson_does_not_edit_plans(self):
        self.assertFalse(self._as(self.ann, self.mine).collection_plan_editable)
        line = self._lines(self.ann)[0]
        with self.assertRaises(AccessError):
            line.write({"date_due": "2026-07-31", "reason": "Please"})
        with self.assertRaises(AccessError):
            line.unlink()
        with self.assertRaises(AccessError):
            self._as(self.ann, self.mine).write(
                {"collection_line_ids": [Command.delete(line.id)]}
            )

    def test_salesperson_makes_the_plan_of_an_old_order(self):
        self.mine.collection_line_ids.unlink()
        self.env.cr.precommit.clear()
        self.assertFalse(self.mine.collection_line_ids)
        self._as(self.ann, self.mine).action_plan_collection()
        self.assertEqual(self._lines(self.ann).mapped("amount"), [300, 700])
        with self.assertRaises(AccessError):
            self._as(self.auditor, self.mine).action_plan_collection()

    def test_retry_needs_the_right_to_change_the_order(self):
        self.env["sale.order.booking"].create(
            {"order_id": self.mine.id, "state": "failed", "error": "No journal"}
        )
        booking = self.env["sale.order.booking"].search([])
        with self.assertRaises(AccessError):
            self._as(self.auditor, booking).action_retry()
        with self.assertRaises(AccessError):
            self._as(self.bob, self.mine).action_retry_booking()
        self._as(self.ann, self.mine).action_retry_booking()
        self.assertEqual(booking.state, "waiting")


@tagged("post_install", "-at_install")
class TestPlanByHand(OrderAccessCommon):
    def test_reason_is_needed_and_kept(self):
        for user in (self.manager, self.accountant):
            with self.subTest(user=user.login):
                line = self._lines(user)[1]
                line.reason = False
                with self.assertRaises(ValidationError) as caught:
                    line.date_due = "2026-09-15"
                self.assertIn(self.mine.name, str(caught.exception))
                line.write({"date_due": "2026-09-30", "reason": "Agreed by phone"})
                self.env.cr.flush()
                self.assertRecordValues(
                    line, [{"origin": "manual", "reason": "Agreed by phone"}]
                )
                self.env.cr.flush()
                line.sudo().write({"date_due": "2026-08-29", "origin": "terms"})

    def test_origin_is_not_for_clients(self):
        """The way around giving a reason."""
        line = self._lines(self.manager)[1]
        with self.assertRaises(ValidationError):
            line.write({"date_due": "2026-09-30", "origin": "terms"})
        with self.assertRaises(ValidationError):
            line.create(
                {
                    "order_id": self.mine.id,
                    "name": "Another",
                    "date_due": "2026-09-30",
                    "amount": 1,
                    "origin": "terms",
                }
            )

    def test_due_before_the_order_is_refused(self):
        with self.assertRaises(ValidationError) as caught:
            self._lines(self.manager)[0].write(
                {"date_due": "2026-06-29", "reason": "Wrong"}
            )
        self.assertIn("before the order", str(caught.exception))

    def test_what_does_not_sum_up_is_refused(self):
        line = self._lines(self.manager)[1]
        with self.assertRaises(ValidationError) as caught:
            line.write({"amount": 600, "reason": "Less"})
            self.env.cr.flush()
        self.assertIn("900.00", str(caught.exception))
        self.assertIn("1,000.00", str(caught.exception))
        self.assertIn("100.00", str(caught.exception))

    def test_refused_when_a_line_is_deleted(self):
        lines = self._lines(self.manager)
        with self.assertRaises(ValidationError):
            lines[0].unlink()
            self.env.cr.flush()

    def test_all_lines_deleted_means_from_the_terms_again(self):
        first, second = self._lines(self.manager)
        second.write({"date_due": "2026-09-30", "reason": "Agreed"})
        self.env.cr.flush()
        (first | second).unlink()
        self.env.cr.flush()
        self.assertEqual(
            [str(line.date_due) for line in self._lines(self.manager)],
            ["2026-06-30", "2026-08-29"],
        )

    def test_form(self):
        """In one save the lines sum up again; the reason is asked for at once."""
        with Form(self._as(self.manager, self.mine)) as form:
            with form.collection_line_ids.edit(0) as line:
                line.amount = 500
                self.assertEqual(line.origin, "manual")
                line.reason = "Half now"
            with form.collection_line_ids.edit(1) as line:
                line.amount = 500
                line.reason = "Half now"
        self.env.cr.flush()
        self.assertEqual(self._lines(self.manager).mapped("amount"), [500, 500])

    def test_the_screen_shows_the_plan_that_is_kept(self):
        """What a save returns is the plan after the order's change."""
        self._lines(self.manager)[1].write(
            {"date_due": "2026-09-30", "reason": "Agreed"}
        )
        self.env.cr.flush()
        order = self._as(self.manager, self.mine)
        specification = {"collection_line_ids": {"fields": {"amount": {}}}}
        change = [Command.update(order.order_line.id, {"product_uom_qty": 12})]
        [row] = order.web_save({"order_line": change}, specification)
        self.assertEqual(
            [line["amount"] for line in row["collection_line_ids"]], [300, 900]
        )
        by_hand = [
            Command.update(row["collection_line_ids"][1]["id"], {"amount": 5}),
        ]
        with self.assertRaises(ValidationError):
            order.web_save({"collection_line_ids": by_hand}, specification)

    def test_booking_chosen_after_confirmation(self):
        self._as(self.manager, self.mine).finance_booking = "confirm"
        self.env.cr.flush()
        waiting = self.env["sale.order.booking"].search([("state", "=", "waiting")])
        self.assertEqual(waiting.order_id, self.mine)

    def test_confirming_without_lines_says_so(self):
        order = self._order(10, confirm=False)
        order.order_line.product_id = False
        with self.assertRaises(UserError) as caught:
            order.action_confirm()
        self.assertTrue(str(caught.exception))


@tagged("post_install", "-at_install")
class TestOrderCashQueries(OrderAccessCommon):
    def test_lists_ask_the_same_for_two_orders_and_for_twenty(self):
        orders = self.mine | self.his
        for _n in range(18):
            orders |= self._order(1, payment_term_id=self.terms.id)
        self.env.cr.flush()
        names = ["cash_progress", "cash_overdue", "cash_next_due_date"]
        names += ["cash_days_late", "cash_reminder_date", "finance_booking_error"]
        # Not by way of the orders: the cache that says what to fetch is emptied below.
        lines = self.env["sale.collection.line"].browse(orders.collection_line_ids.ids)
        for records, fields in ((orders, names), (lines, ["state", "collected"])):
            counts = []
            for some in (records[:2], records):
                some = self._as(self.manager, some)
                for _warm in range(2):
                    self.env.invalidate_all()
                    before = self.env.cr.sql_log_count
                    some.read(fields)
                    count = self.env.cr.sql_log_count - before
                counts.append(count)
            with self.subTest(model=records._name):
                self.assertEqual(counts[0], counts[1])
