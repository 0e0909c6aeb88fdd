# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from ..tools.decision import Position
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestCeilings(CreditCommon):
    """Orders pass at once when even an exposure counted too high is within the limit:
    it must never be counted too low."""

    def _ceiling(self, *orders):
        orders = self.env["sale.order"].union(*orders)
        return self.positions._get_ceiling(self.company, self.customer, orders)

    def test_everything_counts(self):
        self._invoice(100, "2026-01-05", due="2099-01-01")
        self._invoice(50, "2026-01-05", due="2099-01-01", post=False)
        self._confirmed(200)
        order = self._order(30)
        self.assertEqual(self._ceiling(order).own.exposure, 380)
        self.assertEqual(self._exposure()[-1], 350)

    def test_discount_line_takes_nothing_off(self):
        order = self._order(100)
        order.order_line.copy({"order_id": order.id, "price_unit": -40})
        self.assertEqual(self._ceiling(order).own.exposure, 140)

    def test_delivered_more_than_ordered(self):
        order = self._confirmed(100)
        order.order_line.qty_delivered = 3
        self.assertEqual(self._exposure()[-1], 300)
        self.assertEqual(self._ceiling().own.exposure, 300)

    def test_down_payment_cannot_be_told(self):
        order = self._confirmed(100)
        order.order_line.copy({"order_id": order.id, "is_downpayment": True})
        self.assertFalse(self._ceiling())

    def test_foreign_currency(self):
        """1,000 EUR at two dollars each; a third of a euro is rounded up."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": euro.id}
        )
        order = self._order(1000, pricelist_id=pricelist.id)
        self.assertEqual(self._ceiling(order).own.exposure, 2000)
        euro.rate_ids.unlink()
        self.assertFalse(self._ceiling(order))

    def test_overdue_is_seen(self):
        self._invoice(10, "2020-01-01")
        ceiling = self._ceiling()
        self.assertEqual(ceiling.overdue, 10)
        self.assertGreater(ceiling.oldest_overdue_days, 90)

    def test_nothing_at_all(self):
        self.assertEqual(self._ceiling(), Position())

    def test_limit_without_covers(self):
        self._set_limit(100)
        account = self._account()
        self.assertEqual(self._ceiling().own.limit, 100)
        account.write({"limit_type": "none"})
        self.assertEqual(self._ceiling().own.limit, 0)
        account.write({"limit_type": "unlimited"})
        self.assertIsNone(self._ceiling().own.limit)

    def test_what_is_on_file(self):
        self._account().write({"manual_hold": True, "manual_hold_reason": "Fraud"})
        self.assertTrue(self._ceiling().manual_hold)
        self.assertFalse(self._ceiling().blocked_grade)

    def test_shared_limit_cannot_be_told(self):
        self._account().group_limit = True
        self.assertFalse(self._ceiling())

    def test_subsidiary_cannot_be_told(self):
        self.customer.parent_id = self.env["res.partner"].create(
            {"name": "Parent", "is_company": True}
        )
        self.assertFalse(self._ceiling())

    def test_hold_has_to_be_ended(self):
        """An order on hold is judged exactly, and its hold ends when it passes."""
        self._set_limit(100)
        order = self._held(160)
        self._set_limit(1000)
        self.assertFalse(self._ceiling(order))
        hold = order.sudo().credit_hold_id
        order.action_confirm()
        self.assertConfirmed(order)
        self.assertEqual(hold.state, "cured")

    def test_too_high_is_judged_exactly(self):
        """The ceiling is beyond the limit, the exposure is not."""
        self._set_limit(100)
        order = self._order(160)
        order.order_line.copy({"order_id": order.id, "price_unit": -60})
        order.action_confirm()
        self.assertConfirmed(order)
