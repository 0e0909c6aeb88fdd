# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from .credit_account import AMOUNT

#: Fields of a draft invoice that change what its customer would owe.
DRAFT_FIELDS = {
    "state",
    "partner_id",
    "currency_id",
    "invoice_line_ids",
    "line_ids",
    "move_type",
}


class AccountMove(models.Model):
    _inherit = "account.move"

    # A customer has few drafts among many invoices.
    _credit_draft_idx = models.Index(
        "(partner_id) WHERE state = 'draft'"
        " AND move_type IN ('out_invoice', 'out_receipt', 'out_refund')"
    )

    @api.depends("company_id", "partner_id", "amount_total_signed", "state")
    def _compute_partner_credit_warning(self):
        """Odoo's banner on a draft invoice, from the credit decision.

        It never keeps an invoice from being posted: what was shipped is invoiced.
        """
        self.partner_credit_warning = ""
        check = self.env["credit.check"]
        sees_amounts = self.env.user.has_group(AMOUNT)
        for move in self:
            if move.state != "draft" or move.move_type != "out_invoice":
                continue
            partner = move.partner_id.commercial_partner_id._origin
            if not partner:
                continue
            company = move.company_id or self.env.company
            # A saved draft counts already.
            amount = 0.0 if move._origin else max(0.0, move.amount_total_signed)
            decision = check._judge_customers(company, partner, {partner.id: amount})[
                partner.id
            ]
            move.partner_credit_warning = "\n".join(
                check._describe_reason(reason, company, sees_amounts)
                for reason in decision.reasons
            )

    def write(self, vals):
        """A draft invoice that is changed or cancelled changes the exposure."""
        if DRAFT_FIELDS.isdisjoint(vals):
            return super().write(vals)
        drafts = self.filtered(lambda move: move.state == "draft")
        drafts._queue_credit()
        result = super().write(vals)
        drafts._queue_credit()
        return result

    def unlink(self):
        self.filtered(lambda move: move.state == "draft")._queue_credit()
        return super().unlink()

    def _queue_credit(self):
        """Have the customers of these invoices judged again."""
        queue = self.env["customer.finance.queue"].sudo()
        for move in self:
            if move.partner_id and move.is_sale_document(include_receipts=True):
                queue._push(move.partner_id, move.company_id)
