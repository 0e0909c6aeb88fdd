# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An exposure counted too high on purpose, and quickly.

Most orders are far within the limit. For them it is enough to know that no rule speaks
even if nothing is taken off for what is invoiced or paid in advance; then the exact
exposure is not read. Planning takes PostgreSQL longer than reading here, so the
statement is a function of the database, whose plan every connection keeps.

What these figures let pass, the exact ones let pass; where they might be too low they
say so and the exact ones are read (tests/test_ceilings.py).
"""

from odoo import api, models, tools
from odoo.tools import SQL

#: The company as the limits read it; the function's arguments begin with ``p_``.
COMPANY = SQL(
    """SELECT p_company AS id, p_today AS today, p_default_limit AS default_limit"""
)


class CreditPosition(models.AbstractModel):
    _inherit = "credit.position"

    def init(self):
        """Create the function anew: at installation and with every upgrade."""
        super().init()
        self._drop_ceilings()
        self.env.cr.execute(
            SQL(
                """
                CREATE FUNCTION credit_ceilings(
                    p_company int, p_today date, p_default_limit numeric, p_net bool,
                    p_units numeric, p_partners int[], p_orders int[],
                    p_currencies int[], p_rates numeric[]
                ) RETURNS TABLE (
                    partner_id int, "limit" numeric, manual_hold bool,
                    blocked_grade bool, limit_expired_days int,
                    review_expired_days int, exposure numeric, overdue numeric,
                    oldest_overdue_days int, unclear bool
                ) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
                AS $$
                #variable_conflict use_column
                BEGIN RETURN QUERY %s; END $$
                """,
                self._sql_ceilings(),
            )
        )

    @api.model
    def _drop_ceilings(self):
        self.env.cr.execute("DROP FUNCTION IF EXISTS credit_ceilings")

    @api.model
    def _get_ceilings(self, company, partners, orders):
        """Return ``{partner id: Position}`` with at least the exposure that customers
        will have once orders are confirmed.

        Customers who may share a limit, and those of whom it cannot be told, are left
        out. One statement.

        :param company: one res.company
        :param partners: commercial partners
        :param orders: their orders about to be confirmed
        """
        self._flush_exposure()
        company = company.sudo()
        today = company._get_finance_today()
        # The exact amount of an order is rounded: up at the most.
        units = 10**company.currency_id.decimal_places
        currencies, rates = self._get_rates(company.id, today)
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT * FROM credit_ceilings(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                *(company.id, today, self._get_default_limit(company)),
                *(company.credit_net_unallocated, units),
                # Others share the limit of whoever is above them, perhaps.
                partners.filtered(lambda partner: not partner.parent_id).ids,
                *(orders.ids, list(currencies), list(rates)),
            )
        )
        unknown = {"root_id": None, "group_limit": None, "missing_currency_id": None}
        return {
            row["partner_id"]: self._to_position({**row, **unknown}, ())
            for row in rows
            if not row["unclear"]
        }

    @api.model
    def _sql_ceilings(self):
        """Return one row per customer: limit, ``exposure``, ``overdue`` and
        ``oldest_overdue_days``, or that they may be too low (``unclear``)."""
        late = SQL("amount_residual > 0 AND COALESCE(date_maturity, date) < p_today")
        return SQL(
            """
            WITH company AS (%(company)s),
                 contact AS MATERIALIZED (
                    SELECT ARRAY_AGG(id) AS ids FROM res_partner
                     WHERE commercial_partner_id = ANY(p_partners)),
                 figure AS (
            SELECT partner_id, SUM(CASE WHEN p_net OR amount_residual > 0
                                       THEN amount_residual END) AS amount,
                   SUM(amount_residual) FILTER (WHERE %(late)s) AS overdue,
                   MIN(COALESCE(date_maturity, date)) FILTER (WHERE %(late)s) AS oldest,
                   FALSE AS unclear
              FROM account_move_line
             WHERE partner_id = ANY(%(contacts)s) AND company_id = p_company
               AND reconciled IS NOT TRUE AND parent_state = 'posted'
               AND account_id = ANY(ARRAY(%(accounts)s))
             GROUP BY partner_id
             UNION ALL
            SELECT partner_id, SUM(GREATEST(0, amount_total_signed)), 0, NULL,
                   BOOL_OR(move_type = 'out_refund')
              FROM account_move
             WHERE partner_id = ANY(%(contacts)s) AND company_id = p_company
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
                       / COALESCE(rate.rate, 1) * p_units - 0.000001) / p_units),
                   0, NULL,
                   BOOL_OR(item.is_downpayment OR rate.rate IS NULL OR EXISTS (
                        SELECT FROM sale_order_transaction_rel link
                         WHERE link.sale_order_id = sale.id))
              FROM sale_order sale
              JOIN sale_order_line item ON item.order_id = sale.id
              LEFT JOIN UNNEST(p_currencies, p_rates)
                        AS rate (currency_id, rate)
                     ON rate.currency_id = sale.currency_id
             WHERE sale.id = ANY(p_orders || ARRAY(
                        SELECT id FROM sale_order
                         WHERE partner_invoice_id = ANY(%(contacts)s)
                           AND company_id = p_company AND state = 'sale'
                           AND invoice_status IS DISTINCT FROM 'invoiced'))
               AND item.display_type IS NULL
             GROUP BY sale.partner_invoice_id
            )
            SELECT limits.partner_id, limits.own_limit, limits.manual_hold,
                   limits.blocked_grade, limits.limit_expired_days,
                   limits.review_expired_days,
                   COALESCE(total.exposure, 0) AS exposure,
                   COALESCE(total.overdue, 0) AS overdue,
                   COALESCE(p_today - total.oldest, 0) AS oldest_overdue_days,
                   COALESCE(total.unclear, FALSE) AS unclear
              FROM (%(limits)s) limits
              LEFT JOIN (
                    SELECT owner, SUM(amount) AS exposure, SUM(overdue) AS overdue,
                           MIN(oldest) AS oldest, BOOL_OR(unclear) AS unclear
                      FROM (SELECT figure.*, (
                                   SELECT commercial_partner_id FROM res_partner
                                    WHERE id = figure.partner_id) AS owner
                              FROM figure) figure
                     GROUP BY owner
                   ) total ON total.owner = limits.partner_id
             WHERE NOT limits.is_group
            """,
            company=COMPANY,
            late=late,
            contacts=SQL("(SELECT ids FROM contact)::int[]"),
            accounts=self._sql_receivable_accounts(),
            limits=self._sql_limits(SQL("SELECT UNNEST(p_partners)")),
        )

    @api.model
    @tools.ormcache("company_id", "today")
    def _get_rates(self, company_id, today):
        """Return ``(currency ids, units for one of the company's)``, of every currency
        with a rate; cached until a rate changes (models/res_currency_rate.py)."""
        company = self.env["res.company"].browse(company_id)
        rows = self.env.execute_query(
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
        return tuple(row[0] for row in rows), tuple(row[1] for row in rows)
