# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A confirmed order grows only as far as the credit goes."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestGrowth(CreditCommon):
    """900 of 1000 are ordered, as 9 pieces of 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_limit(1000.0)
        cls.product.list_price = 100
        cls.order = cls._confirmed(900, quantity=9)
        cls.line = cls.order.order_line

    def assertRefused(self, record, **values):
        self.env.flush_all()
        with self.assertCreditRefused():
            record.write(values)
        self.env.invalidate_all()

    def test_quantity(self):  # W12
        self.assertRefused(self.line, product_uom_qty=11)
        self.assertEqual(self.order.amount_total, 900)
        self.line.product_uom_qty = 10

    def test_price(self):  # W12
        self.assertRefused(self.line, price_unit=200)
        self.line.price_unit = 111

    def test_discount_taken_back(self):
        self.line.write({"price_unit": 200, "discount": 50})
        self.assertEqual(self.order.amount_total, 900)
        self.assertRefused(self.line, discount=0)

    def test_tax(self):
        tax = self.env["account.tax"].create(
            {"name": "15 %", "amount": 15, "company_id": self.company.id}
        )
        self.assertRefused(self.line, tax_ids=[Command.set(tax.ids)])

    def test_line_added(self):  # W12
        line = {"product_id": self.product.id, "price_unit": 101, "tax_ids": False}
        self.assertRefused(self.order, order_line=[Command.create(line)])
        line["price_unit"] = 100
        self.order.order_line = [Command.create(line)]
        self.assertEqual(self.order.amount_total, 1000)

    def test_negative_line_taken_back(self):
        self.order.order_line = [
            Command.create(
                {"product_id": self.product.id, "price_unit": -500, "tax_ids": False}
            )
        ]
        self._confirmed(600)
        with self.assertRaises(UserError):
            self.order.order_line[1].unlink()
        self.assertRefused(self.order.order_line[1], product_uom_qty=0)
        self.assertRefused(self.order.order_line[1], price_unit=500)

    def test_line_moved_from_another_order(self):
        other = self._order(200)
        self.assertRefused(other.order_line, order_id=self.order.id)

    def test_discount_dialog(self):
        self.line.write({"price_unit": 200, "discount": 50})
        dialog = self.env["sale.order.discount"].create(
            {
                "sale_order_id": self.order.id,
                "discount_type": "sol_discount",
                "discount_percentage": 0.0,
            }
        )
        with self.assertCreditRefused():
            dialog.action_apply_discount()

    def test_currency(self):  # W12
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        prices = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id}
        )
        self.assertRefused(self.order, currency_id=euro.id)
        with self.assertRaisesRegex(UserError, "pricelist of a confirmed order"):
            self.order.pricelist_id = prices

    def test_prices_of_another_pricelist(self):  # W12
        prices = self.env["product.pricelist"].create(
            {
                "name": "Dear",
                "item_ids": [
                    Command.create({"compute_price": "fixed", "fixed_price": 500})
                ],
            }
        )
        order = self._order(100)
        order.pricelist_id = prices
        order.action_confirm()
        self.assertEqual(order.amount_total, 100)
        with self.assertCreditRefused():
            order.action_update_prices()

    def test_longer_terms(self):  # W12
        """Longer terms are new credit: refused for a customer on hold."""
        terms = self.env["account.payment.term"].create(
            {
                "name": "60 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 60}
                    )
                ],
            }
        )
        self.order.payment_term_id = terms
        self.order.payment_term_id = False
        account = self._account()
        account.write({"manual_hold": True, "manual_hold_reason": "Dispute"})
        self.assertRefused(self.order, payment_term_id=terms.id)
        account.manual_hold = False
        self.order.payment_term_id = terms
        account.write({"manual_hold": True, "manual_hold_reason": "Dispute"})
        self.order.payment_term_id = False

    def test_cash_order_turned_into_credit(self):
        """Cash on delivery let it pass; without these terms it is judged."""
        cash, immediate = self.env["account.payment.term"].create(
            [
                {"name": name, "line_ids": [Command.create({"nb_days": 0})]}
                for name in ("Cash on Delivery", "Immediate")
            ]
        )
        self.policy.exempt_term_ids = cash
        order = self._confirmed(5000, payment_term_id=cash.id)
        self.assertRefused(order, payment_term_id=immediate.id)
        self.assertRefused(order, payment_term_id=False)
        self.assertRefused(
            order,
            payment_term_id=self.env.ref("account.account_payment_term_30days").id,
        )

    def test_other_customer_to_invoice(self):  # W12
        poor, rich = self.env["res.partner"].create(
            [{"name": "Poor", "is_company": True}, {"name": "Rich", "is_company": True}]
        )
        self._set_limit(899, poor)
        waiting = self._held(500)
        self.assertRefused(self.order, partner_invoice_id=poor.id)
        self.order.partner_invoice_id = rich
        self._work_off()
        # What it took is free again.
        self.assertConfirmed(waiting)

    def test_delivery_date_inside_the_horizon(self):  # W12
        self.company.credit_horizon_days = 30
        far = self._confirmed(500, commitment_date="2099-01-01 12:00:00")
        self.assertRefused(far, commitment_date=False)
        far.commitment_date = "2098-01-01 12:00:00"

    def test_lowering_is_free(self):
        self._account().write({"manual_hold": True, "manual_hold_reason": "Dispute"})
        self.line.product_uom_qty = 5
        self.line.price_unit = 50
        self.line.discount = 10
        self.order.order_line.name = "Another text"
        self.order.client_order_ref = "X"
        self.order.commitment_date = "2099-01-01 12:00:00"
        self.assertEqual(self.order.amount_total, 225)

    def test_exchange_within_the_order_is_free(self):
        """One line up, another down by as much."""
        self._account().write({"manual_hold": True, "manual_hold_reason": "Dispute"})
        self.order.write(
            {
                "order_line": [
                    Command.update(self.line.id, {"product_uom_qty": 8}),
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 100,
                            "tax_ids": False,
                        }
                    ),
                ]
            }
        )
        self.assertEqual(self.order.amount_total, 900)

    def test_lowering_one_frees_another(self):
        waiting = self._held(300)
        self.line.product_uom_qty = 7
        self._work_off()
        self.assertConfirmed(waiting)

    def test_release_for_a_change(self):
        """Asked for, released, used once."""
        dialog = self.env["credit.release.request"].with_user(self.salesperson)
        dialog = dialog.create({"order_id": self.order.id, "total": 1500.0})
        dialog.action_apply()
        hold = self.order.sudo().credit_hold_id
        self.assertEqual((hold.state, hold.stage), ("requested", "change"))
        hold.with_user(self.manager)._release(self.release_reason, "fine")
        self.assertRefused(self.line, product_uom_qty=15.01)
        self.line.product_uom_qty = 15
        self.assertEqual(hold.state, "used")
        self.assertRefused(self.line, product_uom_qty=15.1)

    def test_refused_change_leaves_the_order_alone(self):
        """The order goes on as it was confirmed; nothing says it is held."""
        self.env["credit.release.request"].with_user(self.salesperson).create(
            {"order_id": self.order.id, "total": 1500.0}
        ).action_apply()
        hold = self.order.sudo().credit_hold_id
        hold.with_user(self.manager)._refuse(self.refuse_reason, "no")
        self.assertEqual(hold.decision_reason_id, self.refuse_reason)
        self.assertFalse(self.order.credit_hold_state)
        # And can be asked for again.
        self.env["credit.release.request"].with_user(self.salesperson).create(
            {"order_id": self.order.id, "total": 1100.0}
        ).action_apply()
        self.assertEqual(self.order.credit_hold_state, "requested")

    def test_request_for_less_is_refused(self):
        dialog = self.env["credit.release.request"].with_user(self.salesperson)
        with self.assertRaisesRegex(UserError, "less is always free"):
            dialog.create({"order_id": self.order.id}).action_apply()
        with self.assertRaisesRegex(UserError, "not confirmed"):
            dialog.create({"order_id": self._order(5).id, "total": 9}).action_apply()
