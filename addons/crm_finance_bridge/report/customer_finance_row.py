# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.customer_finance_rows import Scope


class CustomerFinanceRow(models.AbstractModel):
    """A row source of the facts, shown as a list: what a figure is made of.

    The rows are read from the ledger by the SQL the facts group, as of the date in the
    context (``finance_date``, default today).
    """

    _name = "customer.finance.row"
    _description = "Customer Finance Row"
    _auto = False

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="partner_id.user_id")
    country_id = fields.Many2one(related="partner_id.country_id")
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    date = fields.Date(string="Accounting Date", readonly=True)

    @api.model
    def _get_finance_scope(self):
        date = fields.Date.to_date(self.env.context.get("finance_date"))
        return Scope(date=date or self.env.company._get_finance_today())

    def action_open_document(self):
        """Open the invoice, payment entry or credit note the row belongs to."""
        self.ensure_one()
        return self.move_id._get_records_action(context={})
