# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Invoices, and what becomes of a hold when its order or customer changes."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import CreditCommon
from .test_exposure import FAR


@tagged("post_install", "-at_install")
class TestInvoices(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_limit(1000.0)

    def _stop_customer(self):
        self._account().write({"manual_hold": True, "manual_hold_reason": "Dispute"})

    def test_shipped_goods_are_invoiced_whatever_the_credit(self):  # W16
        orders = [self._confirmed(300), self._confirmed(300), self._confirmed(300)]
        self._set_limit(1)
        self._stop_customer()
        first, second, third = (order.sudo()._create_invoices() for order in orders)
        first.action_post()
        second._post()
        third.write({"auto_post": "at_date", "date": "2026-01-05"})
        third.invoice_date = "2026-01-05"
        cron = self.env.ref("account.ir_cron_auto_post_draft_entry")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        for invoice in (first, second, third):
            self.assertEqual(invoice.state, "posted")

    def test_invoice_screen_warns_and_lets_post(self):  # W16, C3
        self._set_limit(100)
        invoice = self._invoice(101, "2026-01-05", due=FAR, post=False)
        invoice = invoice.with_user(self.manager)
        self.assertIn("101.00", invoice.partner_credit_warning)
        invoice.sudo().action_post()
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(invoice.partner_credit_warning)

    def test_held_quotation_is_not_invoiced(self):
        order = self._held(1500).sudo()
        with self.assertRaisesRegex(UserError, "credit hold"):
            order._create_invoices()
        wizards = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        for values in (
            {"advance_payment_method": "percentage", "amount": 50},
            {"advance_payment_method": "fixed", "fixed_amount": 50},
            {"advance_payment_method": "delivered"},
        ):
            with (
                self.subTest(**values),
                self.assertRaisesRegex(UserError, "credit hold"),
            ):
                wizards.create(values).create_invoices()
        self.assertFalse(order.invoice_ids)

    def test_one_held_order_among_others(self):
        orders = (self._held(1500) | self._confirmed(100)).sudo()
        with self.assertRaisesRegex(UserError, orders[0].name):
            orders._create_invoices()


@tagged("post_install", "-at_install")
class TestLifeOfAnOrder(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_limit(1000.0)

    def test_cancel_and_reset(self):
        order = self._held(1500)
        hold = order.sudo().credit_hold_id
        order._action_cancel()
        self.assertEqual((hold.state, order.credit_hold_state), ("lapsed", False))
        self.assertTrue(hold.closed_at)
        order.action_draft()
        self.assertFalse(order.credit_hold_state)
        # No gap: judged anew, on a new record.
        order.action_confirm()
        self.assertHeld(order, "over_limit")
        self.assertEqual(len(order.sudo().credit_hold_ids), 2)

    def test_cancel_takes_the_release_along(self):
        order = self._held(1500)
        hold = order.sudo().credit_hold_id
        hold.with_user(self.manager)._release(self.release_reason, confirm=False)
        self.assertEqual(order.credit_hold_state, "released")
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertHeld(order, "over_limit")

    def test_confirmed_cancelled_reset_and_confirmed_again(self):
        order = self._confirmed(900)
        order._action_cancel()
        order.action_draft()
        self._confirmed(500)
        order.action_confirm()
        self.assertHeld(order, "over_limit")

    def test_copy(self):
        order = self._held(1500)
        copy = order.copy()
        self.assertFalse(copy.credit_hold_state)
        self.assertFalse(copy.sudo().credit_hold_ids)
        copy.action_confirm()
        self.assertHeld(copy)
        released = order.sudo().credit_hold_id.with_user(self.manager)
        released._release(self.release_reason, confirm=False)
        copy = order.copy()
        copy.action_confirm()
        self.assertHeld(copy)

    def test_delete(self):
        order = self._held(1500)
        manager = self._new_user("boss", "sales_team.group_sale_manager")
        with self.assertRaisesRegex(UserError, "kept on record"):
            order.with_user(manager).unlink()
        self._order(5).with_user(manager).unlink()

    def test_held_order_made_smaller(self):
        order = self._held(1500)
        order.order_line.price_unit = 800
        order.action_confirm()
        self.assertConfirmed(order)
        self.assertEqual(order.sudo().credit_hold_ids.state, "cured")

    def test_held_order_of_another_customer_now(self):
        """The hold follows the order to whoever is to pay."""
        order = self._held(1500)
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        order.write({"partner_id": other.id, "partner_invoice_id": other.id})
        self.assertEqual(order.sudo().credit_hold_id.partner_id, other)
        self._work_off()
        self.assertConfirmed(order)


@tagged("post_install", "-at_install")
class TestContacts(CreditCommon):
    """Customers are merged or move while an order is held."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_limit(1000.0)
        cls.other = cls.env["res.partner"].create(
            {"name": "Other", "is_company": True, "user_id": cls.salesperson.id}
        )

    def _merge(self, source, target, user=None):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        if user:
            wizard = wizard.with_user(user)
        wizard.create({})._merge((source | target).ids, target.with_env(wizard.env))
        self.env.invalidate_all()

    def test_merge_while_held(self):
        order = self._held(1500)
        hold = order.sudo().credit_hold_id
        self._account().write({"manual_hold": True, "manual_hold_reason": "Dispute"})
        self._account(self.other)
        self._merge(self.customer, self.other)
        self.assertEqual(order.partner_id, self.other)
        self.assertEqual(hold.partner_id, self.other)
        self.assertHeld(order)
        account = self._account(self.other)
        self.assertEqual(
            len(self.accounts.search([("partner_id", "=", self.other.id)])), 1
        )
        self.assertEqual(
            (account.manual_hold, account.manual_hold_reason), (True, "Dispute")
        )
        self.assertTrue(
            account.log_ids.filtered(lambda log: log.field_name == "merged")
        )
        self._work_off()
        self.assertHeld(order, "manual_hold", "over_limit")

    def test_merge_into_a_customer_without_file(self):
        self._account().limit_type = "none"
        self._merge(self.customer, self.other)
        self.assertEqual(self._account(self.other).limit_type, "none")

    def test_merge_keeps_the_stricter_limit(self):
        """Of 1000 and 200 it is 200; of a limit and none, the limit."""
        self._set_limit(200, self.other)
        third = self.env["res.partner"].create({"name": "Third", "is_company": True})
        self._merge(self.customer, self.other)
        self.assertEqual(self.other.with_company(self.company).credit_limit, 200)
        self._merge(self.other, third)
        self.assertEqual(third.with_company(self.company).credit_limit, 200)

    def test_merge_by_somebody_without_credit_rights(self):
        user = self._new_user(
            "clerk", "base.group_partner_manager,sales_team.group_sale_salesman"
        )
        self._set_limit(200, self.other)
        self._merge(self.customer, self.other, user)
        self.assertEqual(self.other.with_company(self.company).credit_limit, 200)

    def test_merge_keeps_the_log_and_the_covers(self):
        account = self._account()
        account.cover_ids = [
            Command.create({"amount": 50, "date_to": FAR, "reason": "Season"})
        ]
        logs = account.log_ids
        self._merge(self.customer, self.other)
        kept = self._account(self.other)
        self.assertEqual(kept.cover_ids.amount, 50)
        self.assertLessEqual(logs, kept.log_ids)
        self.assertEqual(set(logs.mapped("partner_id")), {self.other})

    def test_contact_moves_to_another_company(self):
        """What the contact bought goes with it, and so does its held order."""
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        self._confirmed(900, partner=contact)
        waiting = self._held(500)
        moving = self._held(500, partner=contact)
        contact.parent_id = self.other
        self._work_off()
        self.assertEqual(self._exposure()[-1], 500, "900 went, 500 was cured")
        self.assertConfirmed(waiting)
        self.assertEqual(moving.sudo().credit_hold_ids.partner_id, self.other)
        self.assertConfirmed(moving)
        self.assertEqual(self._exposure(self.other)[-1], 1400)

    def test_contact_becomes_its_own_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        held = self._held(1500, partner=contact)
        contact.parent_id = False
        self._set_limit(100, contact)
        self._work_off()
        self.assertHeld(held, "over_limit")
        [reason] = held.sudo().credit_hold_id.reason_ids
        self.assertEqual(reason.threshold, 100)

    def test_time_alone(self):
        """The nightly run finds what nobody touched."""
        with freeze_time("2026-03-01 12:00:00"):
            self._account().cover_ids = [
                Command.create(
                    {
                        "amount": 500,
                        "date_from": "2026-03-05",
                        "date_to": "2026-03-31",
                        "reason": "Season",
                    }
                )
            ]
            order = self._held(1200)
            self._work_off()
            self.assertHeld(order)
        with freeze_time("2026-03-05 12:00:00"):
            self.env["customer.finance.queue"]._push_all(self.company)
            self._work_off()
            self.assertConfirmed(order)
