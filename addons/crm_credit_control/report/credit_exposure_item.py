# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from .credit_exposure import DEPENDS


class CreditExposureItem(models.Model):
    """The documents that count against the limit, each once; they sum to the
    exposure."""

    _name = "credit.exposure.item"
    _description = "Document Counted Against the Limit"
    _auto = False
    _order = "date_due, id"
    _rec_name = "document"
    _depends = DEPENDS

    bucket = fields.Selection(
        [
            ("receivable", "Receivable"),
            ("draft_invoice", "Draft Invoices"),
            ("shipped", "Delivered, Not Invoiced"),
            ("ordered", "Ordered, Not Delivered"),
        ],
        readonly=True,
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    document = fields.Char(compute="_compute_document")
    date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due", readonly=True)
    amount = fields.Monetary(
        readonly=True,
        help="What is still open, in company currency; orders at today's rate.",
    )

    def _compute_document(self):
        for item in self:
            record = item.move_id or item.order_id
            item.document = record.sudo().display_name

    @property
    def _table_query(self):
        position = self.env["credit.position"]
        return SQL(
            """
            WITH company AS (%s)
            SELECT COALESCE(row.line_id, 0)::bigint * 8
                   + CASE row.bucket WHEN 'receivable' THEN 0
                        ELSE row.res_id::bigint * 8 END
                   + CASE row.bucket WHEN 'receivable' THEN 1
                        WHEN 'draft_invoice' THEN 2
                        WHEN 'shipped' THEN 3 ELSE 4 END AS id,
                   row.bucket, row.partner_id, row.company_id,
                   CASE WHEN row.res_model = 'account.move' THEN row.res_id
                        END AS move_id,
                   CASE WHEN row.res_model = 'sale.order' THEN row.res_id
                        END AS order_id,
                   row.date, row.date_due, row.amount
              FROM (%s) row
             WHERE row.amount <> 0
            """,
            position._sql_credit_companies(self.env.companies),
            position._sql_exposure_rows(),
        )

    def action_open_document(self):
        """Open the invoice, entry or order."""
        self.ensure_one()
        record = self.move_id or self.order_id
        return record._get_records_action(context={})
