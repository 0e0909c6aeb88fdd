# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import SUPERUSER_ID, Command, fields

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class FinanceCommon(AccountTestInvoicingCommon):
    """A customer whose documents each test writes with round figures.

    Amounts are without tax, so an invoice of 100 is a receivable of 100.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Rights are tested as the roles themselves (test_access); here the ledger is.
        cls.company = cls.company_data["company"]
        cls.env = cls.env(
            user=SUPERUSER_ID,
            context={**cls.env.context, "allowed_company_ids": cls.company.ids},
        )
        cls.product_category = cls.product_category.with_env(cls.env)
        cls.customer = cls.env["res.partner"].create(
            {"name": "Customer", "is_company": True}
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Product", "standard_price": 60.0, "taxes_id": False}
        )
        cls.facts = cls.env["customer.finance.facts"]
        cls.profiles = cls.env["customer.finance.profile"]

    @classmethod
    def _invoice(
        cls,
        amount,
        day,
        due=None,
        partner=None,
        move_type="out_invoice",
        post=True,
        terms=None,
        **values,
    ):
        """Create and post a one-line invoice without tax.

        :param day, due: dates as text; due defaults to the day
        """
        line = {
            "name": "Line",
            "product_id": values.pop("product", cls.product).id,
            "quantity": values.pop("quantity", 1.0),
            "tax_ids": False,
        }
        line["price_unit"] = amount / line["quantity"]
        invoice = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (partner or cls.customer).id,
                "invoice_date": day,
                "date": day,
                "invoice_payment_term_id": terms.id if terms else False,
                **({} if terms else {"invoice_date_due": due or day}),
                "invoice_line_ids": [Command.create(line)],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _refund(cls, amount, day, **values):
        return cls._invoice(amount, day, move_type="out_refund", **values)

    @classmethod
    def _pay(cls, invoices, amount, day, **values):
        """Register a payment on invoices; it is reconciled with them."""
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create(
                {
                    "payment_date": day,
                    "amount": amount,
                    "group_payment": True,
                    "payment_difference_handling": "open",
                    **values,
                }
            )
        )
        return wizard._create_payments()

    @classmethod
    def _get_receivable_lines(cls, moves):
        return moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    @classmethod
    def _reconcile(cls, *moves):
        lines = cls.env["account.move.line"]
        for move in moves:
            lines |= cls._get_receivable_lines(move)
        lines.filtered(lambda line: not line.reconciled).reconcile()

    def _work_off(self):
        """Run what a commit and the scheduled action would do."""
        self.env.cr.flush()
        queue = self.env["customer.finance.queue"]
        while queue._process_profiles(1000):
            pass

    def _queued(self):
        """Return the customers queued, as if committed, and empty the queue."""
        self.env.cr.flush()
        rows = self.env["customer.finance.queue"].search([])
        customers = rows._get_customers(rows.partner_id)
        rows.unlink()
        return customers

    def _profile(self, partner=None, company=None):
        return self.profiles.search(
            [
                ("partner_id", "=", (partner or self.customer).id),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    def _figures(self, day, partner=None, company=None):
        """Return the figures of one customer as of a date given as text."""
        partner = partner or self.customer
        figures = self.profiles._get_figures(
            company or self.company, partner, fields.Date.to_date(day)
        )
        return figures.get(partner.id, {})

    def assertFigures(self, day, partner=None, company=None, **expected):
        figures = self._figures(day, partner, company)
        for name, value in expected.items():
            with self.subTest(figure=name):
                if value is None or isinstance(value, date):
                    self.assertEqual(figures.get(name), value)
                else:
                    self.assertAlmostEqual(
                        float(figures.get(name, 0.0)), value, places=2
                    )
