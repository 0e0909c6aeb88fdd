# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The row sources of the facts: receivable items and settlements; margin lines are in
customer_finance_margin_rows.py.

Each is written once, as SQL. The facts group them by customer
(customer_finance_facts.py); the screens list them row by row (report/).
"""

from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.ageing import BUCKET_CODES


@dataclass(frozen=True)
class Scope:
    """What the facts are computed for; see :meth:`CustomerFinanceFacts._get_scope`."""

    date: Date
    window: int = 365
    bounds: tuple = (30, 60, 90)
    yearly_rate: float = 0.0
    digits: int = 2
    timezone: str = "UTC"
    company_id: int | None = None
    family_ids: tuple = ()
    partner_ids: tuple | None = None

    @property
    def start(self):
        """The day before the window's first day: the window is ``(start, date]``."""
        return self.date - timedelta(days=self.window)

    def sql_contacts(self):
        """Return the contacts that belong to the scope's customers."""
        # An array: the documents of a thousand customers are looked up, rather than
        # found among all there are.
        return SQL(
            "SELECT UNNEST(ARRAY("
            "SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)))",
            list(self.partner_ids),
        )


class CustomerFinanceRows(models.AbstractModel):
    _name = "customer.finance.rows"
    _description = "Customer Finance Row Sources"

    @api.model
    def _sql_items(self, scope):
        """Return the receivable items: posted lines on trade receivable accounts.

        ``kind`` tells what the item is: invoice (or sales receipt), credit_note, money
        (bank, cash or card journal) or other.
        """
        condition = SQL("TRUE")
        if scope.family_ids:
            condition = SQL("line.company_id IN %s", scope.family_ids)
        if scope.partner_ids is not None:
            # The customers' own items and whatever these are reconciled with, which
            # may belong to somebody else.
            condition = SQL(
                """%(condition)s AND line.id IN (
                    WITH own AS MATERIALIZED (
                        SELECT own_line.id
                          FROM account_move_line own_line
                          JOIN res_partner own_partner
                            ON own_partner.id = own_line.partner_id
                         WHERE own_partner.commercial_partner_id = ANY(%(partners)s)
                           AND own_line.account_id IN (%(accounts)s)
                    )
                    SELECT id FROM own
                    UNION
                    SELECT part.credit_move_id
                      FROM account_partial_reconcile part
                      JOIN own ON own.id = part.debit_move_id
                )""",
                condition=condition,
                partners=list(scope.partner_ids),
                accounts=self._sql_receivable_accounts(),
            )
        return SQL(
            """
            SELECT line.id, line.move_id, line.company_id,
                   partner.commercial_partner_id AS partner_id,
                   line.date,
                   COALESCE(line.invoice_date, line.date) AS invoice_date,
                   COALESCE(line.date_maturity, line.date) AS date_maturity,
                   line.balance,
                   line.amount_residual AS residual,
                   COALESCE(move.move_type IN ('out_invoice', 'out_receipt'), FALSE)
                        AS is_invoice,
                   CASE
                       WHEN move.move_type IN ('out_invoice', 'out_receipt')
                            THEN 'invoice'
                       WHEN move.move_type = 'out_refund' THEN 'credit_note'
                       WHEN journal.type IN ('bank', 'cash', 'credit') THEN 'money'
                       ELSE 'other'
                   END AS kind
              FROM account_move_line line
              -- The documents only: as many entries again are payments.
              LEFT JOIN account_move move ON move.id = line.move_id
                    AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
              JOIN account_journal journal ON journal.id = line.journal_id
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE line.parent_state = 'posted'
               AND line.account_id IN (%(accounts)s)
               AND %(condition)s
            """,
            accounts=self._sql_receivable_accounts(),
            condition=condition,
        )

    @api.model
    def _sql_receivable_accounts(self):
        return SQL(
            """SELECT id FROM account_account
                WHERE account_type = 'asset_receivable' AND non_trade IS NOT TRUE"""
        )

    @api.model
    def _sql_open_items(self, scope, date, items=None):
        """Return the items dated up to ``date`` with what was open of each then.

        The residual is what is open after all partial reconciliations; those dated
        later than ``date`` are added back: ``balance − Σ partials up to date``.

        :param items: SQL the items are read from
        """
        items = items or SQL("items")
        narrow_debit = narrow_credit = SQL("TRUE")
        if scope.partner_ids is not None:
            narrow_debit = SQL("debit_move_id IN (SELECT id FROM items)")
            narrow_credit = SQL("credit_move_id IN (SELECT id FROM items)")
        return SQL(
            """
            SELECT items.*,
                   items.residual + COALESCE(later.amount, 0) AS open_amount
              FROM %(items)s items
              LEFT JOIN (
                    SELECT item_id, SUM(amount) AS amount
                      FROM (
                            SELECT debit_move_id AS item_id, amount
                              FROM account_partial_reconcile
                             WHERE max_date > %(date)s AND %(narrow_debit)s
                             UNION ALL
                            SELECT credit_move_id, -amount
                              FROM account_partial_reconcile
                             WHERE max_date > %(date)s AND %(narrow_credit)s
                           ) part
                     GROUP BY item_id
                   ) later ON later.item_id = items.id
             WHERE items.date <= %(date)s
            """,
            items=items,
            date=date,
            narrow_debit=narrow_debit,
            narrow_credit=narrow_credit,
        )

    @api.model
    def _sql_deductions(self, scope, narrow=None):
        """Return, per bank or cash entry, the share of the receivable it credits that
        is no money: what the same entry books on income, expense, equity or tax (a
        write-off, a bank fee, an early payment discount).

        :param narrow: condition on the journal items ``line`` of the entries
        """
        if narrow is None:
            narrow = SQL("TRUE")
        if scope.partner_ids is not None:
            narrow = SQL("line.move_id IN (SELECT move_id FROM items)")
        return SQL(
            """
            SELECT deducted.move_id,
                   LEAST(1, deducted.amount / credited.amount) AS share
              FROM (
                    SELECT line.move_id, SUM(line.balance) AS amount
                      FROM account_move_line line
                     WHERE line.journal_id IN (
                                SELECT id FROM account_journal
                                 WHERE type IN ('bank', 'cash', 'credit'))
                       AND line.parent_state = 'posted'
                       AND (line.tax_line_id IS NOT NULL
                            OR line.account_id IN (
                                SELECT id FROM account_account
                                 WHERE account_type LIKE 'income%%'
                                    OR account_type LIKE 'expense%%'
                                    OR account_type LIKE 'equity%%'))
                       AND %s
                     GROUP BY line.move_id
                    HAVING SUM(line.balance) > 0
                   ) deducted
             CROSS JOIN LATERAL (
                    SELECT -SUM(line.balance) AS amount
                      FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                     WHERE line.move_id = deducted.move_id
                       AND account.account_type = 'asset_receivable'
                   ) credited
             WHERE credited.amount > 0
            """,
            narrow,
        )

    @api.model
    def _sql_settlements(self, items=None, deductions=None, since=None):
        """Return what was taken off each invoice: one row per partial reconciliation,
        with the part of it that is money.

        :param since: leave out what was settled and due up to this date
        """
        return SQL(
            """
            SELECT part.id, part.amount, part.max_date,
                   invoice.id AS item_id, invoice.move_id,
                   invoice.partner_id, invoice.company_id,
                   invoice.date, invoice.invoice_date, invoice.date_maturity,
                   counterpart.kind, counterpart.move_id AS counterpart_move_id,
                   CASE WHEN counterpart.kind = 'money'
                        THEN part.amount * (1 - COALESCE(deduction.share, 0))
                        ELSE 0
                   END AS money
              FROM account_partial_reconcile part
              JOIN %(items)s invoice
                ON invoice.id = part.debit_move_id AND invoice.is_invoice
              JOIN %(items)s counterpart ON counterpart.id = part.credit_move_id
              LEFT JOIN %(deductions)s deduction
                ON deduction.move_id = counterpart.move_id
             WHERE %(recent)s
            """,
            recent=SQL(
                "(part.max_date > %s OR invoice.date_maturity > %s)", since, since
            )
            if since
            else SQL("TRUE"),
            items=items or SQL("items"),
            deductions=deductions or SQL("deductions"),
        )

    @api.model
    def _sql_payment_sums(self):
        """Return the sums over settlements with money that how late somebody pays is
        made of; see ``tools/payment_lag.py``."""
        return SQL(
            """
            COUNT(*) AS paid_count,
            SUM(money) AS paid_amount,
            SUM(money * (max_date - date_maturity)) AS paid_amount_late_days,
            SUM(money * (max_date - date_maturity) * (max_date - date_maturity))
                AS paid_amount_late_days_sq
            """
        )


def sql_bucket(days, bounds):
    """Render the ageing bucket of an item as SQL, as its selection value.

    :param days: SQL of the days overdue, negative or zero when not due
    :param bounds: SQL of each of the three bounds
    """
    whens = [
        SQL("WHEN %s <= %s THEN %s", days, bound, code)
        for code, bound in zip(BUCKET_CODES, (SQL("0"), *bounds), strict=False)
    ]
    return SQL("CASE %s ELSE %s END", SQL(" ").join(whens), BUCKET_CODES[-1])
