# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The row source of margins: product lines of sale documents, as they are or summed up
by document."""

from odoo import api, models
from odoo.tools import SQL

#: Of a margin line: credit notes count negative, and have their cost in positive.
_SIGN = SQL("CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END")
_COST = SQL("COALESCE(line.finance_unit_cost, 0) * line.quantity")


class CustomerFinanceRows(models.AbstractModel):
    _inherit = "customer.finance.rows"

    @api.model
    def _sql_margin_lines(self, scope):
        """Return the product lines of posted invoices, receipts and credit notes with
        net amount and frozen cost in company currency (credit notes negative)."""
        return SQL(
            """
            SELECT line.id, line.move_id, line.company_id,
                   partner.commercial_partner_id AS partner_id,
                   line.date, line.product_id, line.product_uom_id,
                   line.quantity * %(sign)s AS quantity,
                   -line.balance AS net_sales, %(cost)s * %(sign)s AS cost,
                   COALESCE(line.finance_cost_source, 'unknown') AS cost_source
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
                    AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE %(condition)s
            """,
            sign=_SIGN,
            cost=_COST,
            condition=self._sql_margin_condition(scope),
        )

    @api.model
    def _sql_margin_documents(self, scope):
        """Return the margin lines summed up by document and contact: partner_id
        (commercial), move_id, company_id, date, net_sales, margin, root_id (what a
        credit note reverses, else the document itself), and whether the document bills
        an order.

        Lines are summed before they are joined to anything, which halves the work; the
        journals, as Odoo has sale documents in no others, keep out the other lines.
        """
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id, line.move_id,
                   line.company_id, move.date, line.net_sales,
                   line.net_sales - line.cost * %(sign)s AS margin,
                   COALESCE(move.reversed_entry_id, move.id) AS root_id, line.ordered
              FROM (
                    SELECT line.move_id, line.partner_id, line.company_id,
                           -SUM(line.balance) AS net_sales,
                           SUM((%(cost)s)::numeric) AS cost,
                           BOOL_OR(EXISTS (
                                SELECT FROM sale_order_line_invoice_rel link
                                 WHERE link.invoice_line_id = line.id)) AS ordered
                      FROM account_move_line line
                     WHERE %(condition)s
                       AND line.journal_id IN (
                            SELECT id FROM account_journal WHERE type = 'sale')
                     GROUP BY line.move_id, line.partner_id, line.company_id
                   ) line
              JOIN account_move move ON move.id = line.move_id
                    AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
              JOIN res_partner partner ON partner.id = line.partner_id
            """,
            sign=_SIGN,
            cost=_COST,
            condition=self._sql_margin_condition(scope),
        )

    @api.model
    def _sql_margin_condition(self, scope):
        """Return which journal items ``line`` of sale documents are margin lines."""
        condition = SQL(
            "line.display_type = 'product' AND line.parent_state = 'posted'"
        )
        if scope.company_id:
            condition = SQL("%s AND line.company_id = %s", condition, scope.company_id)
        if scope.partner_ids is not None:
            condition = SQL(
                "%s AND line.partner_id IN (%s)", condition, scope.sql_contacts()
            )
        return condition
