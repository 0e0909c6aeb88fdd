# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a customer sees of a held order: a neutral sentence and ways to pay."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_credit_portal_values(self):
        """Return what the portal shows of a held order, or None when it is not held.

        :return: ``pay_url`` pays this order in advance (None without an online payment
            provider), ``invoices_url`` lists the customer's invoices (None when none is
            open), ``figures`` is a list of (label, amount in company currency), empty
            unless the company shows them
        """
        self.ensure_one()
        order = self.sudo()
        hold = order.credit_hold_id
        if not hold.is_stopped or order.state not in ("draft", "sent"):
            return None
        return {
            "pay_url": order._get_credit_pay_url(),
            "invoices_url": order._get_credit_invoices_url(),
            "figures": order._get_credit_portal_figures(),
        }

    def _get_credit_pay_url(self):
        """Odoo's own page, asking for the whole amount; an order paid in advance is no
        credit and confirms itself."""
        provider = self.env["payment.provider"].search_count(
            [("company_id", "=", self.company_id.id), ("state", "!=", "disabled")],
            limit=1,
        )
        left = self.amount_total - self.amount_paid
        if not provider or self.is_expired or left <= 0:
            return None
        return self.get_portal_url(query_string=f"&payment_amount={left}")

    def _get_credit_invoices_url(self):
        """The list behind the customer's own login: the link of an order does not open
        other documents of its customer."""
        partner = self.partner_invoice_id.commercial_partner_id
        unpaid = self.env["account.move"].search_count(
            [
                ("commercial_partner_id", "=", partner.id),
                ("company_id", "=", self.company_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ],
            limit=1,
        )
        return "/my/invoices" if unpaid else None

    def _get_credit_portal_figures(self):
        company = self.company_id
        if not company.credit_portal_figures:
            return []
        partner = self.partner_invoice_id.commercial_partner_id
        rows = self.env["credit.position"]._get_position_rows(company, partner)
        row = rows[partner.id]
        figures = [
            (self.env._("You owe"), row["exposure"]),
            (self.env._("Overdue"), row["overdue"]),
        ]
        if row["limit"] is not None:
            figures.insert(0, (self.env._("Credit limit"), row["limit"]))
        return figures
