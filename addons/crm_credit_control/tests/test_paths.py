# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every way to confirm an order, as the lowest role that can go it."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestConfirm(CreditCommon):
    """A limit of 1000 and nothing owed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_limit(1000.0)

    def _call(self, record, method, *args, user=None, context=None, **kwargs):
        """Call a method as a client does."""
        model = record.with_user(user or self.salesperson).browse()
        return call_kw(
            model, method, [record.ids, *args], {**kwargs, "context": context or {}}
        )

    def test_button(self):  # C1
        order = self._order(1001)
        action = self._call(order, "action_confirm")
        self.assertHeld(order, "over_limit")
        self.assertIn(order.name, action["params"]["message"])
        self.assertNotIn("1,000.00", action["params"]["message"], "no amounts")

    def test_held_again_is_still_one_hold(self):
        order = self._held(1001)
        order.action_confirm()
        order.action_confirm()
        self.assertEqual(len(order.sudo().credit_hold_ids), 1)

    def test_batch_each_in_turn(self):  # W7
        orders = self._order(600) | self._order(600)
        self._call(orders, "action_confirm")
        self.assertEqual(orders.mapped("state"), ["sale", "draft"])

    def test_batch_does_not_stop_good_orders(self):  # W8
        stranger = self.env["res.partner"].create({"name": "Other"})
        orders = self._order(5000) | self._order(10, partner=stranger)
        action = self._call(orders, "action_confirm")
        self.assertEqual(orders.mapped("state"), ["draft", "sale"])
        self.assertHeld(orders[0], "over_limit")
        message = action["params"]["message"]
        self.assertIn(orders[0].name, message)
        self.assertIn(f"Confirmed: {orders[1].name}", message)

    def test_sent_quotation(self):
        order = self._order(1001)
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual(order.state, "sent")
        self.assertHeld(order, "over_limit")

    def test_error_of_the_order_itself_comes_first(self):
        """An order that cannot be confirmed anyway is not put on hold."""
        order = self._order(1001)
        order.order_line.product_id = False
        with self.assertRaises(UserError):
            order.action_confirm()
        self.assertFalse(order.credit_hold_state)

    def test_write_by_rpc(self):
        order = self._order(1001)
        with self.assertCreditRefused():
            self._call(order, "write", {"state": "sale"})
        self._call(self._order(1000), "write", {"state": "sale"})

    def test_write_over_several_orders_counts_them_together(self):
        orders = self._order(600) | self._order(600)
        with self.assertCreditRefused():
            self._call(orders, "write", {"state": "sale"})

    def test_write_that_also_raises_the_order(self):
        order = self._order(900)
        with self.assertCreditRefused():
            self._call(
                order,
                "write",
                {
                    "state": "sale",
                    "order_line": [
                        Command.update(order.order_line.id, {"price_unit": 1100})
                    ],
                },
            )

    def test_create_confirmed(self):
        values = {
            "partner_id": self.customer.id,
            "state": "sale",
            "order_line": [
                Command.create(
                    {
                        "product_id": self.product.id,
                        "price_unit": 1001,
                        "tax_ids": False,
                    }
                )
            ],
        }
        orders = self.env["sale.order"].with_user(self.salesperson)
        with self.assertCreditRefused():
            orders.create(values)
        values["order_line"][0][2]["price_unit"] = 1000
        self.assertConfirmed(orders.create(values))

    def test_lines_created_for_a_confirmed_order(self):
        order = self._confirmed(500)
        line = {
            "product_id": self.product.id,
            "price_unit": 501,
            "tax_ids": False,
        }
        lines = self.env["sale.order.line"].with_user(self.salesperson)
        with self.assertCreditRefused():
            lines.create({**line, "order_id": order.id})
        with self.assertCreditRefused():
            lines.with_context(default_order_id=order.id).create(line)

    def test_import(self):
        """Import answers with the error and imports nothing."""
        fields = [
            "partner_id/.id",
            "state",
            "order_line/product_id/.id",
            "order_line/product_uom_qty",
            "order_line/price_unit",
        ]
        before = self.env["sale.order"].search_count([])
        row = [str(self.customer.id), "Sales Order", str(self.product.id), "1", "5000"]
        orders = self.env["sale.order"].with_user(self.salesperson)
        result = orders.load(fields, [row])
        self.assertFalse(result["ids"])
        self.assertIn("credit", result["messages"][0]["message"])
        self.assertEqual(self.env["sale.order"].search_count([]), before)
        row[-1] = "900"
        result = orders.load(fields, [row])
        self.assertTrue(result["ids"], result["messages"])

    def test_context_keys_open_nothing(self):  # W9
        order = self._order(1001)
        context = dict.fromkeys(
            (
                "bypass_risk",
                "force_confirm",
                "skip_credit_check",
                "credit_passes",
                "credit_bypass",
                "no_check",
                "install_mode",
                "tracking_disable",
                "import_file",
                "from_ui",
                "validate_analytic",
                "send_email",
            ),
            True,
        )
        self._call(order, "action_confirm", context=context)
        self.assertHeld(order, "over_limit")
        with self.assertCreditRefused():
            self._call(order, "write", {"state": "sale"}, context=context)

    def test_private_methods_are_private(self):  # W10
        order = self._held(1001)
        hold = order.sudo().credit_hold_id
        for record, method in (
            (order, "_action_confirm"),
            (order, "_validate_order"),
            (order, "_pass_credit_gate"),
            (order, "_let_through"),
            (order, "_guard_growth"),
            (hold, "_release"),
            (hold, "_close"),
            (hold, "_confirm_if_wanted"),
            (self.env["credit.turn"], "_leave"),
            (self.env["credit.log"], "_append"),
        ):
            for user in (self.salesperson, self.env.ref("base.user_admin")):
                with self.subTest(method=method), self.assertRaises(AccessError):
                    self._call(record, method, user=user)
        self.assertHeld(order)

    def test_private_action_confirm_is_judged_all_the_same(self):
        """Other modules call it; the wall stands behind it."""
        order = self._order(1001)
        with self.assertCreditRefused():
            order.write(order._prepare_confirmation_values())

    def _module_loaded_later(self, work):
        """Have a module do ``work(orders)`` before it calls super to confirm them."""
        last = type(self.env["sale.order"]).__mro__[1]
        original = vars(last).get("action_confirm")

        def action_confirm(orders):
            work(orders)
            if original:
                return original(orders)
            return super(last, orders).action_confirm()

        return patch.object(last, "action_confirm", action_confirm, create=True)

    def test_override_of_a_module_loaded_later(self):
        """What a module does before calling super is not done for held orders."""
        done = []
        orders = self._order(600) | self._order(600)
        with self._module_loaded_later(lambda them: done.extend(them.ids)):
            orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "draft"])
        self.assertEqual(done, orders[0].ids)

    def test_order_changed_on_the_way_is_judged_again(self):
        """What a module adds while confirming is no gap."""
        order = self._order(900)

        def raise_price(orders):
            orders.order_line.price_unit = 1100

        with self._module_loaded_later(raise_price), self.assertCreditRefused():
            order.action_confirm()

    def test_signed_on_the_portal(self):  # W15
        order = self._order(1001).sudo()
        order.write({"signed_by": "Customer", "state": "sent"})
        portal = self._new_user("visitor", "base.group_portal")
        order.with_user(portal).sudo()._validate_order()
        self.assertHeld(order, "over_limit")
        self.assertEqual(order.signed_by, "Customer")
        told = order.message_ids.notified_partner_ids
        self.assertIn(self.salesperson.partner_id, told)

    def test_zero_limit(self):  # W13
        """0 in Odoo's field means that no limit was set; "no credit" is said."""
        self._set_limit(0)
        self.assertConfirmed(self._confirmed(1))
        self._account().limit_type = "none"
        self._held(1)


@tagged("post_install", "-at_install")
class TestRights(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_limit(1000.0)
        cls.account = cls._account()
        cls.account.cover_ids = [
            Command.create({"amount": 1, "date_to": "2099-01-01", "reason": "x"})
        ]
        cls.salesperson.group_ids += cls.env.ref("base.group_partner_manager")

    def _refused(self, record, **values):
        record = record.with_user(self.salesperson)
        with self.subTest(model=record._name, **values):
            with self.assertRaises(AccessError):
                record.write(values)
            with self.assertRaises(AccessError):
                record.create(values)

    def test_salesperson_changes_no_limit(self):  # W11
        self._refused(self.customer, credit_limit=1e6)
        self._refused(self.customer, use_partner_credit_limit=False)
        self._refused(self.account, limit_type="unlimited")
        self._refused(self.account, credit_limit=5e5)
        self._refused(self.account, manual_hold=False)
        self._refused(self.account, group_limit=True)
        self._refused(self.account.cover_ids, amount=1e6)
        self.assertEqual(self.customer.credit_limit, 1000)

    def test_salesperson_with_invoicing_rights_changes_no_limit(self):  # W11
        """Odoo's own groups see the limit; here they do not set it."""
        self.salesperson.group_ids += self.env.ref("account.group_account_invoice")
        mine = self.customer.with_user(self.salesperson)
        with self.assertRaisesRegex(AccessError, "credit controllers"):
            mine.credit_limit = 1e6
        with self.assertRaisesRegex(AccessError, "credit controllers"):
            mine.use_partner_credit_limit = False
        mine.write({"credit_limit": 1000.0, "comment": "unchanged is no change"})

    def test_salesperson_changes_no_rules(self):  # W11
        self._refused(self.policy, exempt_below=1e6)
        self._refused(self.policy.rule_ids[0], action="ignore")
        self._refused(self.env.ref("crm_credit_control.credit_grade_d"), blocked=False)
        self._refused(self.company, credit_horizon_days=1)

    def test_controller_changes_no_rules(self):
        for record, values in (
            (self.policy, {"exempt_below": 1e6}),
            (self.policy.rule_ids[0], {"action": "ignore"}),
            (self.company, {"credit_controller_ceiling": 1e9}),
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.with_user(self.controller).write(values)

    def test_salesperson_opens_no_dialog_of_the_credit_team(self):
        order = self._held(1500)
        hold = order.sudo().credit_hold_id
        dialogs = (
            ("credit.limit.change", {"account_id": self.account.id, "reason": "x"}),
            (
                "credit.release",
                {"hold_ids": hold.ids, "reason_id": self.release_reason.id},
            ),
        )
        for model, values in dialogs:
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.salesperson).create(values)
        with self.assertRaises(AccessError):
            hold.with_user(self.salesperson)._release(self.release_reason)
        self.assertHeld(order)

    def test_settings_are_for_administrators(self):
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].with_user(self.manager).create(
                {"credit_controller_ceiling": 1e9}
            ).execute()
