# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestLock(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_limit(1000.0)

    def test_on_the_bound(self):
        self.assertConfirmed(self._confirmed(600))
        order = self._order(400.01)
        action = order.action_confirm()
        self.assertHeld(order, "over_limit")
        self.assertEqual(action["tag"], "display_notification")
        self.assertConfirmed(self._confirmed(400))

    def test_batch_each_judged_in_turn(self):
        orders = self._order(600) | self._order(600) | self._order(400)
        orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "draft", "sale"])
        self.assertHeld(orders[1], "over_limit")

    def test_write_state_is_refused(self):
        order = self._order(1001)
        with self.assertCreditRefused():
            order.write({"state": "sale"})

    def test_growth_is_judged(self):
        order = self._confirmed(900)
        with self.assertCreditRefused():
            order.order_line.price_unit = 45_000
        order.order_line.invalidate_recordset()
        order.order_line.price_unit = 1000

    def test_release_and_confirm(self):
        order = self._held(1500)
        order.action_request_credit_release()
        self.assertEqual(order.credit_hold_state, "requested")
        hold = order.sudo().credit_hold_id.with_user(self.controller)
        hold._release(self.release_reason, "fine")
        self.assertConfirmed(order)
        self.assertEqual(hold.state, "used")

    def test_cured_by_payment(self):
        invoice = self._invoice(800, "2026-01-05", due="2099-01-01")
        order = self._held(500)
        self._pay(invoice, 400, "2026-02-01")
        self._work_off()
        self.assertConfirmed(order)

    def test_exposure(self):
        self._invoice(100, "2026-01-05", due="2099-01-01")
        self._invoice(50, "2026-01-05", due="2099-01-01", post=False)
        self._confirmed(200)
        self.assertEqual(self._exposure(), (100, 50, 0, 200, 350))
