# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From order to cash, as SQL: what was ordered, invoiced, collected and is open.

An invoice's money, open and overdue amounts are shared over its orders in proportion to
what it bills of each. Everything is in the order's currency; what is summed over orders
is converted at the order's own rate, so that the shares stay what they are.
"""

from odoo import api, models
from odoo.tools import SQL

from .customer_finance_rows import Scope

#: Amounts of a position, in the order they are selected.
AMOUNTS = ("ordered", "invoiced", "collected", "open_amount", "overdue")


class OrderCashRows(models.AbstractModel):
    _name = "order.cash.rows"
    _description = "Order to Cash Row Sources"
    _inherit = ["customer.finance.rows"]

    @api.model
    def _sql_cash_today(self):
        """Return today where each company is, as ``(id, today)``."""
        companies = self.env["res.company"]._get_finance_companies()
        return SQL(
            "SELECT * FROM (VALUES %s) AS company (id, today)",
            SQL(", ").join(
                SQL("(%s, %s::date)", company.id, company._get_finance_today())
                for company in companies
            ),
        )

    @api.model
    def _sql_order_invoices(self, order_ids=None):
        """Return, per confirmed order and posted invoice or credit note: the amount it
        bills of the order, in the order's currency, credit notes negative.

        :param order_ids: of these orders, a list or SQL that selects it; None for all
        """
        chosen = SQL("TRUE")
        if isinstance(order_ids, SQL):
            chosen = SQL("sale.id IN (%s)", order_ids)
        elif order_ids is not None:
            chosen = SQL("sale.id = ANY(%s)", list(order_ids))
        return SQL(
            """
            SELECT sale.id AS order_id, move.id AS move_id,
                   SUM(billed.price_total)
                     * CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                     * CASE WHEN move.currency_id = sale.currency_id THEN 1
                            ELSE ABS(move.amount_total_signed)
                                 / NULLIF(move.amount_total, 0)
                                 * COALESCE(NULLIF(sale.currency_rate, 0), 1)
                       END AS amount
              FROM sale_order sale
              JOIN sale_order_line line ON line.order_id = sale.id
              JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id
              JOIN account_move_line billed ON billed.id = link.invoice_line_id
              JOIN account_move move ON move.id = billed.move_id
             WHERE sale.state = 'sale' AND move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
               AND %s
             GROUP BY sale.id, move.id
            """,
            chosen,
        )

    @api.model
    def _sql_invoice_debts(self):
        """Return what is left of each invoice of ``billed`` and when it is due, in
        company currency; reads ``company``."""
        return SQL(
            """
            SELECT item.move_id,
                   SUM(item.balance) AS balance,
                   SUM(item.amount_residual) AS residual,
                   SUM(item.amount_residual) FILTER (WHERE item.amount_residual > 0
                        AND item.date_maturity < company.today) AS overdue,
                   MIN(item.date_maturity) FILTER (WHERE item.amount_residual > 0
                        AND item.date_maturity >= company.today) AS next_due_date,
                   MIN(item.date_maturity) FILTER (WHERE item.amount_residual > 0
                        AND item.date_maturity < company.today) AS oldest_due_date
              FROM account_move_line item
              JOIN company ON company.id = item.company_id
             WHERE item.move_id IN (SELECT move_id FROM billed)
               AND item.account_id IN (%s)
             GROUP BY item.move_id
            """,
            self._sql_receivable_accounts(),
        )

    @api.model
    def _sql_invoice_money(self):
        """Return the money that settled each invoice of ``billed``, per entry, in
        company currency; what was paid back on a credit note is negative.

        Money is what the facts call so: entries of bank, cash and card journals, less
        the share that they book as write-off or discount.
        """
        return SQL(
            """
            WITH items AS MATERIALIZED (
                SELECT item.id, item.move_id, item.balance
                  FROM account_move_line item
                 WHERE item.account_id IN (%(accounts)s)
                   AND item.move_id IN (SELECT move_id FROM billed)
            ), settled AS (
                SELECT items.move_id, part.amount, part.max_date,
                       part.credit_move_id AS counterpart_id
                  FROM items
                  JOIN account_partial_reconcile part ON part.debit_move_id = items.id
                 UNION ALL
                SELECT items.move_id, -part.amount, part.max_date, part.debit_move_id
                  FROM items
                  JOIN account_partial_reconcile part ON part.credit_move_id = items.id
            ), paid AS (
                SELECT settled.move_id, settled.amount, settled.max_date,
                       counterpart.move_id AS entry_id
                  FROM settled
                  JOIN account_move_line counterpart
                    ON counterpart.id = settled.counterpart_id
                  JOIN account_journal journal ON journal.id = counterpart.journal_id
                 WHERE journal.type IN ('bank', 'cash', 'credit')
            ), deductions AS (
                %(deductions)s
            )
            SELECT paid.move_id, paid.max_date AS date,
                   paid.amount * (1 - COALESCE(deductions.share, 0)) AS money
              FROM paid
              LEFT JOIN deductions ON deductions.move_id = paid.entry_id
            """,
            accounts=self._sql_receivable_accounts(),
            deductions=self._sql_deductions(
                Scope(date=None), SQL("line.move_id IN (SELECT entry_id FROM paid)")
            ),
        )

    @api.model
    def _sql_order_positions(self, order_ids=None):
        """Return one row per confirmed order: :data:`AMOUNTS` and due dates.

        :param order_ids: these orders; None for all
        """
        chosen = SQL("TRUE")
        if order_ids is not None:
            chosen = SQL("sale.id = ANY(%s)", list(order_ids))
        return SQL(
            """
            WITH company AS (%(companies)s),
                 billed AS MATERIALIZED (%(billed)s),
                 debt AS MATERIALIZED (%(debts)s),
                 money AS MATERIALIZED (
                    SELECT move_id, SUM(money) AS money
                      FROM (%(money)s) part GROUP BY move_id
                 ),
                 shared AS (
                    SELECT billed.order_id,
                           SUM(billed.amount) AS invoiced,
                           SUM(billed.amount * money.money / NULLIF(debt.balance, 0))
                                AS collected,
                           SUM(billed.amount * debt.residual / NULLIF(debt.balance, 0))
                                AS open_amount,
                           SUM(billed.amount * debt.overdue / NULLIF(debt.balance, 0))
                                AS overdue,
                           MIN(debt.next_due_date) AS next_due_date,
                           MIN(debt.oldest_due_date) AS oldest_due_date
                      FROM billed
                      LEFT JOIN debt ON debt.move_id = billed.move_id
                      LEFT JOIN money ON money.move_id = billed.move_id
                     GROUP BY billed.order_id
                 )
            SELECT sale.id AS order_id, sale.company_id, sale.currency_id,
                   COALESCE(NULLIF(sale.currency_rate, 0), 1) AS rate,
                   sale.amount_total AS ordered,
                   ROUND(COALESCE(shared.invoiced, 0), 6) AS invoiced,
                   ROUND(COALESCE(shared.collected, 0), 6) AS collected,
                   ROUND(COALESCE(shared.open_amount, 0), 6) AS open_amount,
                   ROUND(COALESCE(shared.overdue, 0), 6) AS overdue,
                   shared.next_due_date,
                   COALESCE(company.today - shared.oldest_due_date, 0) AS days_late
              FROM sale_order sale
              JOIN company ON company.id = sale.company_id
              LEFT JOIN shared ON shared.order_id = sale.id
             WHERE sale.state = 'sale' AND %(chosen)s
            """,
            companies=self._sql_cash_today(),
            billed=self._sql_order_invoices(order_ids),
            debts=self._sql_invoice_debts(),
            money=self._sql_invoice_money(),
            chosen=chosen,
        )

    @api.model
    def _sql_next_planned(self):
        """Return when the first instalment is due that the money of ``position`` does
        not fill: a row, empty where an invoice tells what is due next."""
        return SQL(
            """
            SELECT MIN(plan.date_due) AS date
              FROM (
                    SELECT line.date_due, SUM(line.amount) OVER (
                                ORDER BY line.date_due, line.id) AS amount
                      FROM sale_collection_line line
                     WHERE line.order_id = position.order_id
                       AND position.next_due_date IS NULL
                   ) plan
              JOIN res_currency currency ON currency.id = position.currency_id
             WHERE ROUND((plan.amount - position.collected) / currency.rounding) > 0
            """
        )

    @api.model
    def _get_order_positions(self, orders):
        """Return ``{order id: row}`` of confirmed orders, live; one statement.

        To the columns of :meth:`_sql_order_positions` comes ``next_planned_date``, of
        the collection plan, where no invoice is due next.

        :param orders: sale orders of any companies
        """
        self._flush_cash_sources()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT position.*, planned.date AS next_planned_date
                  FROM (%s) position
                  JOIN LATERAL (%s) planned ON TRUE
                """,
                self._sql_order_positions(orders.ids),
                self._sql_next_planned(),
            )
        )
        return {row["order_id"]: row for row in rows}

    @api.model
    def _flush_cash_sources(self):
        self.env["customer.finance.facts"]._flush_sources()
        for model in ("sale.collection.line", "sale.order.line"):
            self.env[model].flush_model()
