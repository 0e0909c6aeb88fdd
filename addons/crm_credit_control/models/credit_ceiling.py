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

from odoo import api, models, tools
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
        # Others share the limit of whoever is above them, perhaps.
        ids = partners.filtered(lambda partner: not partner.parent_id).ids
        rows = self.env.execute_query_dict(
            self._sql_ceilings(company.sudo(), ids, orders.ids)
        )
        today = company._get_finance_today()
        nothing = {"exposure": 0, "overdue": 0, "oldest_overdue_days": 0}
        unknown = {"root_id": None, "group_limit": None, "missing_currency_id": None}
        figures = {
            row["partner_id"]: {**row, **nothing, **unknown}
            for row in rows
            if row["is_customer"]
        }
        unclear = set()
        for row in rows:
            figure = figures.get(row["partner_id"])
            if not figure or row["is_customer"]:
                continue
            figure["exposure"] += row["amount"]
            if row["overdue"]:
                figure["overdue"] += row["overdue"]
                days = (today - row["oldest"]).days
                figure["oldest_overdue_days"] = max(figure["oldest_overdue_days"], days)
            if row["unclear"]:
                unclear.add(row["partner_id"])
        return {
            id_: self._to_position(figure, ())
            for id_, figure in figures.items()
            if id_ not in unclear
        }

    @api.model
    def _sql_ceilings(self, company, partner_ids, order_ids):
        """Return rows of customers: one with the limit (``is_customer``), the others
        with an ``amount``, what is ``overdue`` of it since when (``oldest``), or that
        it may be too low (``unclear``).

        Stacked and not joined: PostgreSQL plans that in half the time.
        """
        today = SQL("%s::date", company._get_finance_today())
        counted = SQL("amount_residual")
        if not company.credit_net_unallocated:
            counted = SQL("GREATEST(0, amount_residual)")
        return SQL(
            """
            WITH company AS (
                    SELECT %(company)s AS id, %(today)s AS today,
                           %(default)s::numeric AS default_limit),
                 contact AS MATERIALIZED (
                    SELECT ARRAY_AGG(id) AS ids FROM res_partner
                     WHERE commercial_partner_id = ANY(%(partners)s))
            SELECT partner_id, TRUE AS is_customer, own_limit AS "limit", manual_hold,
                   blocked_grade, limit_expired_days, review_expired_days,
                   NULL::numeric AS amount, NULL::numeric AS overdue,
                   NULL::date AS oldest, NULL::bool AS unclear
              FROM (%(limits)s) limits
             WHERE NOT is_group
             UNION ALL
            SELECT (SELECT commercial_partner_id FROM res_partner
                     WHERE id = figure.partner_id),
                   NULL, NULL, NULL, NULL, NULL, NULL,
                   amount, overdue, oldest, unclear
              FROM (
            SELECT partner_id, SUM(%(counted)s) AS amount,
                   SUM(amount_residual) FILTER (WHERE %(late)s) AS overdue,
                   MIN(COALESCE(date_maturity, date)) FILTER (WHERE %(late)s) AS oldest,
                   FALSE AS unclear
              FROM account_move_line
             WHERE partner_id = ANY(%(contacts)s) AND company_id = %(company)s
               AND reconciled IS NOT TRUE AND parent_state = 'posted'
               AND account_id = ANY(ARRAY(%(accounts)s))
             GROUP BY partner_id
             UNION ALL
            SELECT partner_id, SUM(GREATEST(0, amount_total_signed)), NULL, NULL,
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
                       / COALESCE(rate.rate, 1) * %(units)s - 0.000001) / %(units)s),
                   NULL, NULL,
                   BOOL_OR(item.is_downpayment OR rate.rate IS NULL OR EXISTS (
                        SELECT FROM sale_order_transaction_rel link
                         WHERE link.sale_order_id = sale.id))
              FROM sale_order sale
              JOIN sale_order_line item ON item.order_id = sale.id
              LEFT JOIN (VALUES %(rates)s) AS rate (currency_id, rate)
                     ON rate.currency_id = sale.currency_id
             WHERE sale.id = ANY(%(orders)s || ARRAY(
                        SELECT id FROM sale_order
                         WHERE partner_invoice_id = ANY(%(contacts)s)
                           AND company_id = %(company)s AND state = 'sale'
                           AND invoice_status IS DISTINCT FROM 'invoiced'))
               AND item.display_type IS NULL
             GROUP BY sale.partner_invoice_id
                   ) figure
            """,
            counted=counted,
            late=SQL(
                "amount_residual > 0 AND COALESCE(date_maturity, date) < %s", today
            ),
            partners=list(partner_ids),
            contacts=SQL("(SELECT ids FROM contact)::int[]"),
            company=company.id,
            accounts=self._sql_receivable_accounts(),
            default=self._get_default_limit(company),
            limits=self._sql_limits(partner_ids),
            today=today,
            rates=SQL(", ").join(
                SQL("(%s, %s::numeric)", *pair)
                for pair in self._get_rates(company.id, company._get_finance_today())
            ),
            # The exact amount of an order is rounded: up at the most.
            units=10**company.currency_id.decimal_places,
            orders=order_ids,
        )

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
