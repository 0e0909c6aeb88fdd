# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from .common import FinanceCommon


@tagged("post_install", "-at_install")
class TestMargin(FinanceCommon):
    def _order(self, price=100.0, quantity=2.0, **values):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": price,
                            "product_uom_qty": quantity,
                            "tax_ids": False,
                        }
                    )
                ],
                **values,
            }
        )
        order.action_confirm()
        return order

    def _bill(self, order, day="2026-06-01"):
        order.order_line.qty_delivered = order.order_line[0].product_uom_qty
        invoice = order._create_invoices()
        invoice.invoice_date = day
        invoice.action_post()
        return invoice

    def test_cost_is_frozen_at_posting(self):
        self._invoice(100, "2026-06-01")
        self.product.standard_price = 90
        self.assertFigures(
            "2026-06-30",
            net_sales=100,
            margin=40,
            margin_rate=0.4,
            cost_coverage=1,
            cost_estimated_rate=0,
        )

    def test_order_line_cost_wins(self):
        order = self._order()
        order.order_line.purchase_price = 70
        self.product.standard_price = 10
        self._bill(order)
        self.assertFigures("2026-06-30", net_sales=200, margin=60)

    def test_order_line_cost_changed_after_invoicing(self):
        order = self._order()
        self._bill(order)
        self.assertFigures("2026-06-30", margin=80)
        order.order_line.purchase_price = 75
        self.assertFigures("2026-06-30", margin=50)

    def test_credit_note_takes_the_cost_of_its_invoice(self):
        invoice = self._invoice(200, "2026-06-01", quantity=2)
        self.product.standard_price = 90
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "date": "2026-06-05"})
        )
        refund = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        refund.invoice_line_ids.quantity = 1
        refund.action_post()
        # Sold 2 at 100, one came back: 100 − 60
        self.assertFigures("2026-06-30", net_sales=100, margin=40)

    def test_documents(self):
        """Lines summed up by document: an order of 2 at 100 that cost 60 each, and an
        invoice of 100 with its credit note, which bill no order."""
        billed = self._bill(self._order())
        direct = self._invoice(100, "2026-06-02")
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=direct.ids)
            .create({"journal_id": direct.journal_id.id, "date": "2026-06-05"})
        )
        refund = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        refund.action_post()
        facts = self.env["customer.finance.facts"]
        facts._flush_sources()
        scope = facts._get_scope(self.company, self.customer)
        rows = self.env.execute_query_dict(facts._sql_margin_documents(scope))
        names = ("net_sales", "margin", "root_id", "ordered")
        self.assertEqual(
            {row["move_id"]: tuple(row[name] for name in names) for row in rows},
            {
                billed.id: (200, 80, billed.id, True),
                direct.id: (100, 40, direct.id, False),
                refund.id: (-100, -40, direct.id, False),
            },
        )

    def test_unknown_cost(self):
        service = self.env["product.product"].create(
            {"name": "Service", "type": "service", "taxes_id": False}
        )
        self._invoice(100, "2026-06-01")
        self._invoice(300, "2026-06-01", product=service)
        self.assertFigures("2026-06-30", net_sales=400, margin=340, cost_coverage=0.25)

    def test_unit_of_measure(self):
        """A dozen at 900; the unit costs 60, the dozen 720."""
        invoice = self._invoice(900, "2026-06-01", post=False)
        invoice.invoice_line_ids.product_uom_id = self.env.ref("uom.product_uom_dozen")
        invoice.invoice_line_ids.price_unit = 900
        invoice.action_post()
        self.assertFigures("2026-06-30", net_sales=900, margin=180)

    def test_foreign_currency_order(self):
        """100 EUR at 2 USD = 200 USD a piece; the piece costs 60 USD."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": euro.id}
        )
        order = self._order(quantity=1, pricelist_id=pricelist.id)
        self.assertAlmostEqual(order.order_line.purchase_price, 30)
        self._bill(order)
        self.assertFigures("2026-06-30", net_sales=200, margin=140)

    def test_reposting_keeps_the_frozen_cost(self):
        invoice = self._invoice(100, "2026-06-01")
        self.product.standard_price = 90
        invoice.button_draft()
        invoice.action_post()
        self.assertFigures("2026-06-30", margin=40)

    def test_another_product_is_frozen_anew(self):
        invoice = self._invoice(100, "2026-06-01")
        other = self.env["product.product"].create(
            {"name": "Other", "standard_price": 25.0, "taxes_id": False}
        )
        invoice.button_draft()
        invoice.invoice_line_ids.write({"product_id": other.id, "price_unit": 100})
        invoice.invoice_line_ids.tax_ids = False
        invoice.action_post()
        self.assertFigures("2026-06-30", margin=75)

    def test_margin_rate_without_sales(self):
        invoice = self._invoice(100, "2026-06-01")
        self._refund(100, "2026-06-02")
        self.assertTrue(invoice)
        self.assertFigures(
            "2026-06-30", net_sales=0, margin_rate=None, cost_coverage=None
        )
