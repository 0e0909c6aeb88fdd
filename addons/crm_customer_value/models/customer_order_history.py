# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When which customer ordered, for how much: the row source of the order history.

An event is a day on which a customer ordered; all orders of a day are one. It is
written once, as SQL: day by day to be stored (``customer.value.day``), and summarised
per customer for the scores.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL


class CustomerOrderHistory(models.AbstractModel):
    _name = "customer.order.history"
    _description = "Customer Order History"

    @api.model
    def _sql_billed(self, scope):
        """Return what customers were billed, one row per posted document and contact up
        to the scope's date: partner_id, move_id, date, net, margin (credit notes
        negative), root_id (what a credit note reverses, else the document itself) and
        whether it bills an order."""
        return SQL(
            """
            SELECT partner_id, move_id, date, net_sales AS net, margin, root_id, ordered
              FROM (%s) document
             WHERE date <= %s
            """,
            self.env["customer.finance.facts"]._sql_margin_documents(scope),
            scope.date,
        )

    @api.model
    def _sql_sales(self, scope, billed=None):
        """Return what customers ordered, one row per order or direct invoice.

        Columns: partner_id (commercial, of the invoice address as everywhere), date
        (where the company is), net (without tax, company currency) and margin (frozen
        cost).

        - Confirmed orders, at the order's own rate, less what credit notes took back:
          the larger of ordered − credited and invoiced − credited, so that a corrected
          invoice takes nothing. What was taken back entirely, and orders that pay
          money back, are no orders.
        - Posted invoices that bill no order, less the credit notes that reverse them.

        :param scope: :class:`Scope`; rows are dated up to its date
        :param billed: SQL with the rows of :meth:`_sql_billed`, when they are at hand
        """
        partners = SQL("TRUE")
        refunds = SQL(
            """SELECT id FROM account_move
                WHERE move_type = 'out_refund' AND state = 'posted'
                  AND company_id = %s""",
            scope.company_id,
        )
        # An array, so that their lines are looked up rather than found among all.
        refunded = SQL("billed.move_id = ANY(ARRAY(%s))", refunds)
        if scope.partner_ids is not None:
            partners = SQL("partner_invoice_id IN (%s)", scope.sql_contacts())
            refunded = SQL(
                """billed.move_id IN (%s)
                   AND line.order_id IN (SELECT id FROM sale_order WHERE %s)""",
                refunds,
                partners,
            )
        credited = SQL(
            """
            SELECT line.order_id
              FROM account_move_line billed
              JOIN sale_order_line_invoice_rel link
                ON link.invoice_line_id = billed.id
              JOIN sale_order_line line ON line.id = link.order_line_id
             WHERE %s
            """,
            refunded,
        )
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id, sale.date,
                   sale.net * COALESCE(kept.share, 1) AS net,
                   sale.margin * COALESCE(kept.share, 1) AS margin
              FROM (
                    SELECT id, partner_invoice_id,
                           (date_order AT TIME ZONE 'UTC' AT TIME ZONE %(timezone)s
                                )::date AS date,
                           amount_untaxed / COALESCE(NULLIF(currency_rate, 0), 1)
                                AS net,
                           margin / COALESCE(NULLIF(currency_rate, 0), 1)::numeric
                                AS margin
                      FROM sale_order
                     WHERE state = 'sale' AND company_id = %(company)s
                       AND amount_untaxed >= 0 AND %(partners)s
                   ) sale
              JOIN res_partner partner ON partner.id = sale.partner_invoice_id
              LEFT JOIN (%(kept)s) kept ON kept.order_id = sale.id
             WHERE sale.date <= %(date)s
               -- Less than that is a difference of rounding or exchange.
               AND COALESCE(kept.share, 1) > 0.005
             UNION ALL
            SELECT billed.partner_id, MIN(billed.date), SUM(billed.net),
                   SUM(billed.margin)
              FROM %(billed)s billed
             GROUP BY billed.partner_id, billed.root_id
            HAVING NOT BOOL_OR(billed.ordered) AND SUM(billed.net) > 0
            """,
            timezone=scope.timezone,
            company=scope.company_id,
            date=scope.date,
            partners=partners,
            kept=self._sql_kept(credited),
            billed=billed or SQL("(%s)", self._sql_billed(scope)),
        )

    @api.model
    def _sql_kept(self, order_ids):
        """Return the share of orders with credit notes that these left.

        :param order_ids: SQL that selects the orders
        """
        # An array: the few of one customer, and the tenth of all of a company, are each
        # looked up by their keys, rather than found in all invoices there are.
        order_ids = SQL("SELECT UNNEST(ARRAY(%s))", order_ids)
        return SQL(
            """
            SELECT billed.order_id,
                   GREATEST(
                        0, SUM(billed.amount),
                        sale.amount_total
                            + SUM(billed.amount) FILTER (WHERE billed.amount < 0)
                   ) / NULLIF(sale.amount_total, 0) AS share
              FROM (%s) billed
              JOIN sale_order sale ON sale.id = billed.order_id
             GROUP BY billed.order_id, sale.amount_total
            """,
            self.env["order.cash.rows"]._sql_order_invoices(order_ids),
        )

    @api.model
    def _sql_days(self, scope, since=None, billed=None):
        """Return the days with orders: partner_id, date, net, margin.

        :param since: days after this one only; None for all
        :param billed: of :meth:`_sql_sales`
        """
        return SQL(
            """
            SELECT partner_id, date, SUM(net) AS net, SUM(margin) AS margin
              FROM (%s) sale
             WHERE %s
             GROUP BY partner_id, date
            """,
            self._sql_sales(scope, billed),
            SQL("date > %s", since) if since else SQL("TRUE"),
        )

    @api.model
    def _sql_history(self, scope, since=None, recent_days=365, days=None):
        """Return one row per customer who ever ordered.

        Columns: partner_id, order_days (x + 1), first_date, last_date (t_x and T are
        the days from the first to the last and to the scope's date), net and margin of
        all, repeat_net of all but the first day (z̄ = repeat_net / x), recent_days and
        recent_net of the RFM window, interval_long: as long as nine in ten of the
        intervals between order days at most.

        :param since: history before and on this day is left out
        :param recent_days: length of the RFM window
        :param days: SQL with the rows of :meth:`_sql_days`, when they are at hand
        """
        return SQL(
            """
            SELECT partner_id, COUNT(*) AS order_days,
                   MIN(date) AS first_date, MAX(date) AS last_date,
                   SUM(net) AS net, SUM(margin) AS margin,
                   SUM(net) FILTER (WHERE place > 1) AS repeat_net,
                   COUNT(*) FILTER (WHERE date > %(recent)s) AS recent_days,
                   SUM(net) FILTER (WHERE date > %(recent)s) AS recent_net,
                   PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY gap)
                        AS interval_long
              FROM (
                    SELECT *, ROW_NUMBER() OVER dated AS place,
                           date - LAG(date) OVER dated AS gap
                      FROM (%(days)s) day
                    WINDOW dated AS (PARTITION BY partner_id ORDER BY date)
                   ) day
             GROUP BY partner_id
            """,
            recent=scope.date - timedelta(days=recent_days),
            days=days or self._sql_days(scope, since),
        )

    @api.model
    def _get_since(self, company, date):
        """Return the day before the history begins, None when all of it counts."""
        months = company.sudo().value_history_months
        return date - relativedelta(months=months) if months else None

    @api.model
    def _get_histories(self, company, partners=None, date=None):
        """Return the history of customers, live; one statement.

        :param company: one res.company
        :param partners: commercial partners; None for every customer
        :param date: as-of date, None for today in the company's timezone
        :return: ``{partner id: row of _sql_history}``
        """
        facts = self.env["customer.finance.facts"]
        self._flush_sources()
        scope = facts._get_scope(company, partners, date)
        rows = self.env.execute_query_dict(
            self._sql_history(
                scope,
                self._get_since(company, scope.date),
                company.sudo().value_rfm_days,
            )
        )
        return {row["partner_id"]: row for row in rows}

    @api.model
    def _flush_sources(self):
        self.env["customer.finance.facts"]._flush_sources()
        self.env["sale.order.line"].flush_model()
