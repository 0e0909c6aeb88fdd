# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import freeze_time

from odoo.addons.crm_finance_bridge.tests.common import FinanceCommon

TODAY = "2026-06-30"


class ValueCommon(FinanceCommon):
    """Customers whose orders each test writes, as of 30 June 2026.

    A product costs 60, so an order of 100 leaves 40. Amounts are without tax.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(f"{TODAY} 12:00:00")
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.history = cls.env["customer.order.history"]
        cls.fits = cls.env["customer.value.fit"]
        cls.scores = cls.env["customer.value.score"]
        cls.product.invoice_policy = "order"

    @classmethod
    def _customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def _order(cls, day, amount=100.0, partner=None, invoice=False, **values):
        """Confirm an order of one product at a price, dated a day.

        :param invoice: post its invoice on that day as well
        """
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": 1.0,
                            "price_unit": amount,
                            "tax_ids": False,
                        }
                    )
                ],
                **values,
            }
        )
        order.action_confirm()
        order.date_order = f"{day} 10:00:00"
        if invoice:
            move = order._create_invoices()
            move.write({"invoice_date": day, "date": day})
            move.action_post()
        return order

    @classmethod
    def _invoice_in(cls, company, amount, day, **values):
        """Post an invoice of another company."""
        env = cls.env
        allowed = [*env.companies.ids, company.id]
        cls.env = env["base"].with_context(allowed_company_ids=allowed).env
        cls.env = cls.env["base"].with_company(company).env
        try:
            return cls._invoice(amount, day, **values)
        finally:
            cls.env = env

    @classmethod
    def _credit(cls, order, day, share=1.0):
        """Post a credit note that takes back a share of an order's invoice."""
        wizard = (
            cls.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=order.invoice_ids.ids)
            .create({"date": day, "journal_id": order.invoice_ids.journal_id.id})
        )
        action = wizard.reverse_moves()
        credit = cls.env["account.move"].browse(action["res_id"])
        if share != 1.0:
            for line in credit.invoice_line_ids:
                line.quantity = line.quantity * share
        credit.write({"invoice_date": day})
        credit.action_post()
        return credit

    def _history(self, partner=None, company=None):
        partner = partner or self.customer
        rows = self.history._get_histories(company or self.company, partner)
        return rows.get(partner.id, {})

    @classmethod
    def _refresh(cls, partners=None, company=None):
        cls.env.flush_all()
        cls.profiles._refresh(company or cls.company, partners)
