# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people see before anybody confirms anything."""

from odoo import Command
from odoo.tests import Form, tagged

from .common import CreditCommon
from .test_exposure import FAR


@tagged("post_install", "-at_install")
class TestFigures(CreditCommon):
    """A limit of 1000, of which 300 are owed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_limit(1000.0)
        cls._invoice(300, "2026-01-05", due=FAR)

    def test_quotation_being_written(self):
        orders = self.env["sale.order"].new(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 1,
                            "price_unit": 750,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        self.assertEqual(orders.credit_available, 700)
        self.assertEqual(orders.credit_available_after, -50)
        self.assertEqual(orders.credit_outcome, "hold")
        self.assertFalse(
            self.env["credit.hold"].search([("partner_id", "=", self.customer.id)])
        )

    def test_saved_quotation_counts_once(self):
        order = self._order(500).sudo()
        self.assertEqual(order.credit_available_after, 200)
        self.assertEqual(order.credit_outcome, "warn")
        order.action_confirm()
        order.invalidate_recordset()
        self.assertEqual(order.credit_available, 200)
        self.assertEqual(order.credit_available_after, 200)

    def test_banner_of_the_quotation(self):  # C1
        order = self._order(701).sudo()
        self.assertIn("1,001.00", order.partner_credit_warning)
        self.assertFalse(self._order(10).sudo().partner_credit_warning)

    def test_lead(self):
        leads = self.env["crm.lead"]
        for revenue, exceeded in ((700, False), (700.01, True)):
            lead = leads.create(
                {
                    "name": "Lead",
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "expected_revenue": revenue,
                }
            )
            self.assertEqual(lead.credit_available, 700)
            self.assertEqual(lead.credit_exceeded, exceeded)
        # Nothing to exceed without a limit or without a customer.
        self._account().limit_type = "unlimited"
        lead.invalidate_recordset()
        self.assertFalse(lead.credit_exceeded)
        self.assertFalse(
            leads.create({"name": "x", "expected_revenue": 5}).credit_exceeded
        )

    def test_check_without_side_effects(self):
        before = self.env["credit.hold"].search_count([])
        for amount, outcome in ((499.99, "allow"), (500, "warn"), (700.01, "hold")):
            wizard = self.env["credit.check.wizard"].with_user(self.controller)
            wizard = wizard.create({"partner_id": self.customer.id, "amount": amount})
            self.assertEqual(wizard.outcome, outcome)
        self.assertIn("0.01", wizard.way_out)
        self.assertEqual(self.env["credit.hold"].search_count([]), before)

    def test_contact(self):
        partner = self.customer.with_user(self.controller)
        self.assertEqual(partner.credit_state, "limited")
        self.assertEqual(partner.credit_total_limit, 1000)
        self.assertEqual(partner.credit_utilisation, 30)
        buckets = {b["bucket"]: b["amount"] for b in partner.credit_buckets}
        self.assertEqual(buckets["receivable"], 300)
        self.assertEqual(sum(buckets.values()), 300)

    def test_hold_count(self):
        self._held(800)
        self.assertEqual(self.customer.with_user(self.salesperson).credit_hold_count, 1)

    def test_documents_of_a_bucket(self):
        order = self._confirmed(100).sudo()
        partner = self.customer.with_user(self.controller)
        for bucket, total in (("receivable", 300), ("ordered", 100), (None, 400)):
            action = partner.with_context(
                credit_bucket=bucket
            ).action_open_credit_bucket()
            items = self.env["credit.exposure.item"].search(action["domain"])
            self.assertEqual(sum(items.mapped("amount")), total)
        self.assertIn(order, items.order_id)

    def test_form_of_an_order(self):
        """A salesperson writes and saves a quotation with every field shown."""
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.product
                line.price_unit = 900
        self.assertEqual(form.record.credit_outcome, "hold")

    def test_report_of_holds(self):
        lost, paid, open_ = self._held(800), self._held(900), self._held(950)
        lost._action_cancel()
        paid.sudo().credit_hold_id.with_user(self.manager)._release(self.release_reason)
        invoice = paid.sudo()._create_invoices()
        invoice.invoice_date = "2026-02-01"
        invoice.action_post()
        self.env.flush_all()
        rows = self.env["credit.hold.report"].search(
            [("partner_id", "=", self.customer.id)]
        )
        outcome = {row.order_id.id: row.outcome for row in rows}
        self.assertEqual(
            outcome, {lost.id: "lost", paid.id: "invoiced", open_.id: "open"}
        )
        self._pay(invoice, 900, "2026-02-02")
        self.env.flush_all()
        self.env.invalidate_all()
        row = rows.filtered(lambda row: row.order_id.id == paid.id)
        self.assertEqual((row.outcome, row.amount, row.state), ("paid", 900, "used"))
