# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An exposure counted too high on purpose, and quickly.

Most orders are far within the limit. For them it is enough to know that no rule speaks
even if nothing is taken off for what is invoiced or paid in advance, and no cover is
added to the limit; then the exact exposure is not read. The statement here asks plain
tables for constants, one after the other: planning the exact one alone would take
PostgreSQL more time than the check may cost, and Odoo has it forget every plan between
two transactions.

What these figures let pass, the exact ones let pass; where they might be too low they
say so and the exact ones are read (tests/test_ceilings.py).
"""

from odoo import api, models, tools
from odoo.tools import SQL

from ..tools.decision import Account, Position
from .credit_hold import ACTIVE

#: Parameters of the statement.
PARTNER, ORDERS = object(), object()


class CreditPosition(models.AbstractModel):
    _inherit = "credit.position"

    @api.model
    def _get_ceiling(self, company, partner, orders):
        """Return a Position with at least the exposure that a customer will have once
        orders are confirmed, and at most its limit; one statement.

        None for one who may share a limit, or of whom it cannot be told; or when one of
        the orders has a hold in force, which is to be ended.

        :param company: one res.company
        :param partner: one commercial partner
        :param orders: its orders about to be confirmed
        """
        if partner.parent_id:
            # Others share the limit of whoever is above them, perhaps.
            return None
        self._flush_exposure()
        company = company.sudo()
        code, parameters = self._get_ceiling_query(
            company.id,
            company._get_finance_today(),
            company.credit_net_unallocated,
            company.currency_id.decimal_places,
        )
        given = {id(PARTNER): partner.id, id(ORDERS): orders.ids}
        self.env.cr.execute(code, [given.get(id(value), value) for value in parameters])
        [figure] = self.env.cr.dictfetchall()
        receivable, overdue, oldest = figure["receivable"]
        drafts, refunds = figure["draft_invoices"]
        ordered, unclear = figure["orders"]
        if figure["is_group"] or figure["has_hold"] or refunds or unclear:
            return None
        limit = figure["limit"]
        return Position(
            own=Account(
                None if limit is None else float(limit),
                float((receivable or 0) + (drafts or 0) + (ordered or 0)),
            ),
            overdue=float(overdue or 0),
            oldest_overdue_days=max(0, int(oldest or 0)),
            manual_hold=figure["manual_hold"],
            blocked_grade=figure["blocked_grade"],
            limit_expired_days=figure["limit_expired_days"],
            review_expired_days=figure["review_expired_days"],
        )

    @api.model
    @tools.ormcache("company_id", "today", "nets_credit", "digits")
    def _get_ceiling_query(self, company_id, today, nets_credit, digits):
        """Return code and parameters of a statement with one row: the limit without
        covers, and arrays of sums and of what makes them unclear.

        Kept, since putting it together takes longer than the rest of the check does in
        Python; :data:`PARTNER` and :data:`ORDERS` stand for what is asked for.
        """
        rates = self._get_rates(company_id, today)
        counted = SQL("amount_residual")
        if not nets_credit:
            counted = SQL("GREATEST(0, amount_residual)")
        query = SQL(
            """
            SELECT CASE file.limit_type
                        WHEN 'unlimited' THEN NULL
                        WHEN 'none' THEN 0
                        ELSE %(limit)s
                   END AS "limit",
                   file.group_limit IS TRUE AS is_group,
                   file.manual_hold IS TRUE AS manual_hold,
                   file.grade_id IS NOT NULL AND EXISTS (
                        SELECT FROM credit_grade
                         WHERE id = file.grade_id AND blocked) AS blocked_grade,
                   EXISTS (SELECT FROM credit_hold
                            WHERE order_id = ANY(%(orders)s)
                              AND state IN %(active)s) AS has_hold,
                   %(today)s - file.limit_until AS limit_expired_days,
                   %(today)s - file.review_date AS review_expired_days,
                   (SELECT ARRAY[
                           SUM(%(counted)s),
                           SUM(amount_residual) FILTER (WHERE amount_residual > 0
                               AND COALESCE(date_maturity, date) < %(today)s),
                           %(today)s - MIN(COALESCE(date_maturity, date))
                               FILTER (WHERE amount_residual > 0)]
                      FROM account_move_line
                     WHERE partner_id = ANY(contact.ids) AND company_id = %(company)s
                       AND reconciled IS NOT TRUE AND parent_state = 'posted'
                       AND account_id = ANY(ARRAY(%(accounts)s))) AS receivable,
                   (SELECT ARRAY[
                           SUM(GREATEST(0, amount_total_signed)),
                           COUNT(*) FILTER (WHERE move_type = 'out_refund')]
                      FROM account_move
                     WHERE partner_id = ANY(contact.ids) AND company_id = %(company)s
                       AND state = 'draft'
                       AND move_type IN ('out_invoice', 'out_receipt', 'out_refund')
                   ) AS draft_invoices,
                   (SELECT ARRAY[
                           SUM(CEIL(ABS(CASE WHEN item.product_uom_qty <> 0
                                    THEN item.price_total / item.product_uom_qty
                                    ELSE item.price_unit END)
                               * (GREATEST(
                                    ABS(item.product_uom_qty), ABS(item.qty_delivered))
                                  + GREATEST(0, -item.qty_invoiced * SIGN(
                                        item.product_uom_qty + item.qty_delivered)))
                               / sale.rate * %(units)s - 0.000001) / %(units)s),
                           COUNT(*) FILTER (
                                WHERE item.is_downpayment OR sale.rate IS NULL
                                   OR EXISTS (SELECT FROM sale_order_transaction_rel
                                               WHERE sale_order_id = sale.id))]
                      FROM (SELECT id, (%(rates)s)[ARRAY_POSITION(
                                            %(currencies)s, currency_id)] AS rate
                              FROM sale_order
                             WHERE id = ANY(%(orders)s || ARRAY(
                                    SELECT id FROM sale_order
                                     WHERE partner_invoice_id = ANY(contact.ids)
                                       AND company_id = %(company)s AND state = 'sale'
                                       AND invoice_status IS DISTINCT FROM 'invoiced'))
                           ) sale
                      JOIN sale_order_line item ON item.order_id = sale.id
                     WHERE item.display_type IS NULL) AS orders
              FROM (SELECT ARRAY_AGG(id) AS ids,
                           (ARRAY_AGG(credit_limit) FILTER (WHERE id = %(partner)s))[1]
                                AS credit_limit
                      FROM res_partner
                     WHERE commercial_partner_id = %(partner)s) contact
              LEFT JOIN credit_account file
                     ON file.partner_id = %(partner)s AND file.company_id = %(company)s
            """,
            limit=self._sql_base_limit(
                SQL("contact.credit_limit"),
                SQL("%s", str(company_id)),
                SQL("%s::numeric", self._get_default_limit(company_id)),
            ),
            counted=counted,
            today=SQL("%s::date", today),
            accounts=self._sql_receivable_accounts(),
            active=ACTIVE,
            company=company_id,
            partner=PARTNER,
            orders=ORDERS,
            currencies=SQL("%s::int[]", [id_ for id_, _rate in rates]),
            rates=SQL("%s::numeric[]", [rate for _id, rate in rates]),
            # The exact amount of an order is rounded: up at the most.
            units=10**digits,
        )
        return query.code, tuple(query.params)

    @api.model
    @tools.ormcache("company_id", "today")
    def _get_rates(self, company_id, today):
        """Return ``(currency id, units for one of the company's)`` of every currency
        with a rate; cached until a rate changes (models/res_currency_rate.py)."""
        company = self.env["res.company"].browse(company_id)
        return tuple(
            self.env.execute_query(
                SQL(
                    """
                    WITH company AS (%s)
                    SELECT sale.currency_id, rate.rate
                      FROM (SELECT id AS currency_id, NULL::numeric AS currency_rate
                              FROM res_currency) sale
                     CROSS JOIN company
                      JOIN LATERAL (%s) rate ON NOT rate.missing
                    """,
                    self._sql_credit_companies(company),
                    self._sql_order_rate(),
                )
            )
        )
