# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An exposure counted too high on purpose, and quickly.

Most orders are far within the limit. For them it is enough to know that no rule speaks
even if nothing is taken off for what is invoiced or paid in advance; then the exact
exposure is not read. The statements here read plain tables by constant keys: planning
the exact one alone would take PostgreSQL more time than the check may cost.

What these figures let pass, the exact ones let pass; where they might be too low they
say so and the exact ones are read (tests/test_ceilings.py).
"""

from odoo import api, models
from odoo.tools import SQL


class CreditPosition(models.AbstractModel):
    _inherit = "credit.position"

    @api.model
    def _get_ceilings(self, company, partners, orders):
        """Return ``{partner id: Position}`` with at least the exposure that customers
        will have once orders are confirmed.

        Customers who may share a limit, and those of whom it cannot be told, are left
        out. A fixed number of statements.

        :param company: one res.company
        :param partners: commercial partners
        :param orders: their orders about to be confirmed
        """
        self._flush_exposure()
        ids = partners.filtered(lambda partner: not partner.parent_id).ids
        owners = dict(
            self.env.execute_query(
                SQL(
                    """SELECT id, commercial_partner_id FROM res_partner
                        WHERE commercial_partner_id = ANY(%s)""",
                    ids,
                )
            )
        )
        exposures = self._get_ceiling_exposures(company, owners, orders)
        limits = self.env.execute_query_dict(
            SQL(
                "WITH company AS (%s) SELECT * FROM (%s) limits WHERE NOT is_group",
                self._sql_credit_companies(company),
                self._sql_limits(ids),
            )
        )
        return {
            row["partner_id"]: self._to_position(
                {
                    **row,
                    **exposures.get(row["partner_id"], self._get_no_exposure()),
                    "limit": row["own_limit"],
                    "root_id": None,
                    "group_limit": None,
                    "missing_currency_id": None,
                },
                (),
            )
            for row in limits
            if not exposures.get(row["partner_id"], {}).get("unclear")
        }

    @api.model
    def _get_no_exposure(self):
        return {"exposure": 0.0, "overdue": 0.0, "oldest_overdue_days": 0}

    @api.model
    def _get_ceiling_exposures(self, company, owners, orders):
        """Return ``{customer id: figures}``; ``unclear`` where they may be too low.

        :param owners: ``{contact id: customer id}``
        """
        rows = self.env.execute_query(
            self._sql_ceilings(company, list(owners), orders.ids)
        )
        today = company._get_finance_today()
        figures = {}
        for contact_id, amount, overdue, oldest, unclear in rows:
            total = figures.setdefault(
                owners[contact_id], {**self._get_no_exposure(), "unclear": False}
            )
            total["exposure"] += float(amount or 0.0)
            total["overdue"] += float(overdue or 0.0)
            total["unclear"] = total["unclear"] or unclear
            if oldest:
                days = (today - oldest).days
                total["oldest_overdue_days"] = max(total["oldest_overdue_days"], days)
        return figures

    @api.model
    def _sql_ceilings(self, company, contact_ids, order_ids):
        """Return ``(contact, amount, overdue, oldest due date, unclear)`` rows."""
        today = company._get_finance_today()
        counted = SQL("amount_residual")
        if not company.credit_net_unallocated:
            counted = SQL("GREATEST(0, amount_residual)")
        return SQL(
            """
            WITH company AS (%(companies)s)
            SELECT partner_id, SUM(%(counted)s),
                   SUM(amount_residual) FILTER (WHERE %(late)s),
                   MIN(COALESCE(date_maturity, date)) FILTER (WHERE %(late)s), FALSE
              FROM account_move_line
             WHERE partner_id = ANY(%(contacts)s) AND company_id = %(company)s
               AND reconciled IS NOT TRUE AND parent_state = 'posted'
               AND account_id = ANY(ARRAY(%(accounts)s))
             GROUP BY partner_id
             UNION ALL
            SELECT partner_id, SUM(GREATEST(0, amount_total_signed)), 0, NULL,
                   BOOL_OR(move_type = 'out_refund')
              FROM account_move
             WHERE partner_id = ANY(%(contacts)s) AND company_id = %(company)s
               AND state = 'draft'
               AND move_type IN ('out_invoice', 'out_receipt', 'out_refund')
             GROUP BY partner_id
             UNION ALL
            SELECT sale.partner_invoice_id,
                   SUM(CEIL(ABS(CASE WHEN item.product_uom_qty <> 0
                                THEN item.price_total / item.product_uom_qty
                                ELSE item.price_unit END)
                       * (GREATEST(ABS(item.product_uom_qty), ABS(item.qty_delivered))
                          + GREATEST(0, -item.qty_invoiced * SIGN(
                                item.product_uom_qty + item.qty_delivered)))
                       / rate.rate * %(units)s - 0.000001) / %(units)s),
                   0, NULL,
                   BOOL_OR(item.is_downpayment OR rate.missing OR EXISTS (
                        SELECT FROM sale_order_transaction_rel link
                         WHERE link.sale_order_id = sale.id))
              FROM company
              JOIN sale_order sale ON sale.company_id = company.id
              JOIN LATERAL (%(rate)s OFFSET 0) rate ON TRUE
              JOIN sale_order_line item ON item.order_id = sale.id
             WHERE sale.partner_invoice_id = ANY(%(contacts)s)
               AND (sale.state = 'sale'
                    AND sale.invoice_status IS DISTINCT FROM 'invoiced'
                    OR sale.id = ANY(%(orders)s))
               AND item.display_type IS NULL
             GROUP BY sale.partner_invoice_id
            """,
            counted=counted,
            late=SQL(
                "amount_residual > 0 AND COALESCE(date_maturity, date) < %s", today
            ),
            contacts=contact_ids,
            company=company.id,
            accounts=self._sql_receivable_accounts(),
            companies=self._sql_credit_companies(company),
            rate=self._sql_order_rate(),
            # The exact amount of an order is rounded: up at the most.
            units=10**company.currency_id.decimal_places,
            orders=order_ids,
        )
