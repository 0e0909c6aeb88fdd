# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_credit_control.tests.common import CreditCommon


@tagged("post_install", "-at_install")
class TestDelivery(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.is_storable = True
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        ) or cls.env["stock.warehouse"].create(
            {"name": "House", "code": "HSE", "company_id": cls.company.id}
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.product, cls.warehouse.lot_stock_id, 1000
        )
        cls._set_limit(1000)
        cls.keeper = cls._new_user("keeper", "stock.group_stock_user")

    def _ship(self, order, quantity=None, backorder=False):
        """Deliver an order as the storekeeper; return the picking."""
        picking = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        picking.action_assign()
        if quantity is not None:
            picking.move_ids.write({"quantity": quantity, "picked": True})
        picking = picking.with_user(self.keeper).with_context(
            skip_backorder=True,
            picking_ids_not_to_backorder=None if backorder else picking.ids,
        )
        picking.button_validate()
        return picking

    def test_delivered_and_not_invoiced(self):
        order = self._confirmed(500, quantity=10)
        self._ship(order, 4, backorder=True)
        self.assertEqual(self._exposure(), (0, 0, 200, 300, 500))

    def test_closed_remainder_does_not_count(self):
        order = self._confirmed(500, quantity=10)
        self._ship(order, 4)
        self.assertEqual(self._exposure(), (0, 0, 200, 0, 200))

    def test_reopened_remainder_is_judged(self):
        order = self._confirmed(500, quantity=10)
        self._ship(order, 4)
        self._confirmed(750)
        with self.assertRaisesRegex(UserError, "held for credit reasons"):
            order.order_line.write({"product_uom_qty": 11, "price_unit": 50})

    def test_customer_on_hold_is_not_delivered(self):
        order = self._confirmed(500, quantity=10)
        self._account().write({"manual_hold": True, "manual_hold_reason": "Lawsuit"})
        picking = self._ship(order)
        self.assertEqual(picking.state, "assigned")
        self.assertTrue(picking.credit_held)
        hold = order.sudo().credit_hold_id
        self.assertEqual((hold.stage, hold.main_code), ("delivery", "manual_hold"))
        # Whatever else lets the goods leave meets the same wall.
        with self.assertRaisesRegex(UserError, "held for credit reasons"):
            order.picking_ids.sudo().move_ids._action_done()

    def test_released_delivery(self):
        order = self._confirmed(500, quantity=10)
        self._account().write({"manual_hold": True, "manual_hold_reason": "Lawsuit"})
        self._ship(order)
        hold = order.sudo().credit_hold_id
        hold.with_user(self.controller)._release(self.release_reason, "Settled")
        self.assertEqual(self._ship(order).state, "done")
        self.assertEqual(hold.state, "used")

    def test_hold_lifted_frees_the_delivery(self):
        order = self._confirmed(500, quantity=10)
        self._account().write({"manual_hold": True, "manual_hold_reason": "Lawsuit"})
        self._ship(order)
        hold = order.sudo().credit_hold_id
        self._account().manual_hold = False
        self._work_off()
        self.assertEqual(hold.state, "cured")
        self.assertEqual(self._ship(order).state, "done")

    def test_overdue_since_confirmation(self):
        order = self._confirmed(500, quantity=10)
        self._invoice(10, "2020-01-01")
        self.assertEqual(self._ship(order).state, "assigned")
        self.assertEqual(order.sudo().credit_hold_id.main_code, "overdue_days")

    def test_good_picking_goes_through_beside_a_held_one(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        good = self._confirmed(100, partner=other)
        bad = self._confirmed(100)
        self._account().write({"manual_hold": True, "manual_hold_reason": "Lawsuit"})
        pickings = good.picking_ids | bad.picking_ids
        pickings.action_assign()
        pickings.with_user(self.keeper).button_validate()
        self.assertEqual(pickings.mapped("state"), ["done", "assigned"])

    def test_setting_off(self):
        order = self._confirmed(500, quantity=10)
        self.company.credit_check_delivery = False
        self._account().write({"manual_hold": True, "manual_hold_reason": "Lawsuit"})
        self.assertEqual(self._ship(order).state, "done")

    def test_shipped_goods_are_invoiced(self):
        """# W16: what left the house is invoiced, whatever happened since."""
        order = self._confirmed(500, quantity=10)
        self._ship(order)
        self._account().write({"manual_hold": True, "manual_hold_reason": "Lawsuit"})
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_held_quotation_has_nothing_to_deliver(self):
        order = self._held(1500)
        self.assertFalse(order.picking_ids)

    def test_return_lowers_the_exposure(self):
        order = self._confirmed(500, quantity=10)
        picking = self._ship(order)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.write({"quantity": 4, "to_refund": True})
        returned = wizard._create_return()
        returned.move_ids.write({"quantity": 4, "picked": True})
        returned.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 6)
        self.assertEqual(self._exposure()[-1], 300)
