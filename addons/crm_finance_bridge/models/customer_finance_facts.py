# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The facts: additive sums over the ledger and the orders, per customer.

They group the row sources of customer_finance_rows.py, which the screens list row by
row: so the list behind a figure always sums to it.

One statement collects all facts of one company at one date, for one customer, a batch
or everybody. It has the form ``WITH row sources, facts UNION ALL ... GROUP BY``.
"""

from odoo import api, models
from odoo.tools import SQL

from ..tools.ageing import BUCKETS, day_ranges
from .customer_cost_rows import KINDS
from .customer_finance_rows import Scope

#: Fact column → how the parts of the statement are put together per customer.
FACTS = {
    "receivable": "sum",
    "unallocated_credit": "sum",
    "overdue": "sum",
    **dict.fromkeys(BUCKETS, "sum"),
    "oldest_due_date": "min",
    "opening_receivable": "sum",
    "sales": "sum",
    "first_invoice_date": "min",
    "paid_count": "sum",
    "paid_amount": "sum",
    "paid_amount_days": "sum",
    "paid_amount_late_days": "sum",
    "paid_amount_late_days_sq": "sum",
    "due_amount": "sum",
    "due_on_time": "sum",
    "due_collected": "sum",
    "net_sales": "sum",
    "margin": "sum",
    "net_sales_cost_frozen": "sum",
    "net_sales_cost_estimated": "sum",
    "financing_cost": "sum",
    **{f"cost_{kind}": "sum" for kind, _label in KINDS},
    "cost": "sum",
    "order_count": "sum",
    "last_order_date": "max",
}

_FUNCTIONS = {"min": SQL("MIN"), "max": SQL("MAX")}
_TYPES = {"sum": SQL("numeric"), "min": SQL("date"), "max": SQL("date")}


class CustomerFinanceFacts(models.AbstractModel):
    _name = "customer.finance.facts"
    _description = "Customer Finance Facts"
    _inherit = ["customer.finance.rows"]

    # ------------------------------------------------------------------
    # Scope
    # ------------------------------------------------------------------

    @api.model
    def _get_scope(self, company, partners=None, date=None):
        """Return the scope for ``partners`` of ``company`` as of ``date``.

        :param company: one res.company
        :param partners: commercial partners, or None for every customer
        :param date: as-of date; None for today in the company's timezone
        :rtype: Scope
        """
        company.ensure_one()
        company = company.sudo()
        return Scope(
            date=date or company._get_finance_today(),
            window=company.finance_window_days,
            bounds=company._get_finance_ageing_bounds(),
            yearly_rate=company.finance_yearly_rate,
            digits=company.currency_id.decimal_places,
            timezone=company._get_finance_timezone(),
            company_id=company.id,
            # Branches share one ledger: a payment booked in one may settle an
            # invoice of another, so the counterpart is looked for in all of them.
            family_ids=tuple(
                self.env["res.company"]
                .sudo()
                .with_context(active_test=False)
                .search([("id", "child_of", company.root_id.id)])
                .ids
            ),
            partner_ids=None if partners is None else tuple(partners.ids),
        )

    # ------------------------------------------------------------------
    # Facts: one grouped SELECT each, columns named as in FACTS
    # ------------------------------------------------------------------

    @api.model
    def _get_fact_methods(self):
        """Return the methods whose facts make up a profile; a hook for other modules,
        which add columns to :meth:`_get_fact_columns` as well.

        :return: list of functions of a scope, each returning ``(columns, SQL)``
        """
        return [
            self._fact_receivable,
            self._fact_opening,
            self._fact_sales,
            self._fact_payments,
            self._fact_due,
            self._fact_margin,
            self._fact_financing,
            self._fact_cost,
            self._fact_orders,
        ]

    @api.model
    def _get_fact_columns(self):
        """Return ``{fact: "sum" | "min" | "max"}``."""
        return dict(FACTS)

    @api.model
    def _sql_own(self, scope):
        """Return the condition that keeps the rows of the scope's own customers."""
        if scope.partner_ids is None:
            return SQL("company_id = %s", scope.company_id)
        return SQL(
            "company_id = %s AND partner_id = ANY(%s)",
            scope.company_id,
            list(scope.partner_ids),
        )

    @api.model
    def _fact_receivable(self, scope):
        """Receivable, unallocated credit, overdue, ageing and oldest due date."""
        days = SQL("(%s::date - date_maturity)", scope.date)
        buckets = []
        for name, (low, high) in zip(BUCKETS, day_ranges(scope.bounds), strict=True):
            buckets.append(
                SQL(
                    "SUM(open_amount) FILTER (WHERE open_amount > 0 AND %s AND %s)"
                    " AS %s",
                    SQL("TRUE") if low is None else SQL("%s >= %s", days, low),
                    SQL("TRUE") if high is None else SQL("%s <= %s", days, high),
                    SQL.identifier(name),
                )
            )
        columns = (
            "receivable",
            "unallocated_credit",
            "overdue",
            *BUCKETS,
            "oldest_due_date",
        )
        overdue = SQL("open_amount > 0 AND date_maturity < %s", scope.date)
        return columns, SQL(
            """
            SELECT partner_id,
                   SUM(open_amount) AS receivable,
                   -SUM(open_amount) FILTER (WHERE open_amount < 0)
                        AS unallocated_credit,
                   SUM(open_amount) FILTER (WHERE %(overdue)s) AS overdue,
                   %(buckets)s,
                   MIN(date_maturity) FILTER (WHERE %(overdue)s) AS oldest_due_date
              FROM (%(open_items)s) open_item
             WHERE open_amount <> 0 AND %(own)s
             GROUP BY partner_id
            """,
            overdue=overdue,
            buckets=SQL(", ").join(buckets),
            open_items=self._sql_open_items(scope, scope.date),
            own=self._sql_own(scope),
        )

    @api.model
    def _fact_opening(self, scope):
        """Receivable at the start of the window."""
        return ("opening_receivable",), SQL(
            """
            SELECT partner_id, SUM(open_amount) AS opening_receivable
              FROM (%s) open_item
             WHERE open_amount <> 0 AND %s
             GROUP BY partner_id
            """,
            self._sql_open_items(scope, scope.start),
            self._sql_own(scope),
        )

    @api.model
    def _fact_sales(self, scope):
        """Invoiced less credited, tax included, by accounting date; first invoice."""
        return ("sales", "first_invoice_date"), SQL(
            """
            SELECT partner_id,
                   SUM(balance) FILTER (WHERE date > %(start)s) AS sales,
                   MIN(date) FILTER (WHERE kind = 'invoice') AS first_invoice_date
              FROM items
             WHERE kind IN ('invoice', 'credit_note')
               AND date <= %(date)s AND %(own)s
             GROUP BY partner_id
            """,
            start=scope.start,
            date=scope.date,
            own=self._sql_own(scope),
        )

    @api.model
    def _fact_payments(self, scope):
        """Money received on invoices, with its days since invoice and due date."""
        columns = (
            "paid_count",
            "paid_amount",
            "paid_amount_late_days",
            "paid_amount_late_days_sq",
            "paid_amount_days",
        )
        return columns, SQL(
            """
            SELECT partner_id, %(sums)s,
                   SUM(money * (max_date - invoice_date)) AS paid_amount_days
              FROM settlements
             WHERE money <> 0 AND max_date > %(start)s AND max_date <= %(date)s
               AND %(own)s
             GROUP BY partner_id
            """,
            sums=self._sql_payment_sums(),
            start=scope.start,
            date=scope.date,
            own=self._sql_own(scope),
        )

    @api.model
    def _fact_due(self, scope):
        """What fell due in the window less credit notes, paid on time, paid by now."""
        in_window = SQL(
            "date_maturity > %s AND date_maturity <= %s AND date <= %s",
            scope.start,
            scope.date,
            scope.date,
        )
        return ("due_amount", "due_on_time", "due_collected"), SQL(
            """
            SELECT partner_id,
                   SUM(due) AS due_amount,
                   SUM(on_time) AS due_on_time,
                   SUM(collected) AS due_collected
              FROM (
                    SELECT partner_id, balance AS due, 0 AS on_time, 0 AS collected
                      FROM items
                     WHERE kind = 'invoice' AND %(in_window)s AND %(own)s
                     UNION ALL
                    SELECT partner_id,
                           CASE WHEN kind = 'credit_note' THEN -amount ELSE 0 END,
                           CASE WHEN max_date <= date_maturity THEN money ELSE 0 END,
                           money
                      FROM settlements
                     WHERE %(in_window)s AND max_date <= %(date)s AND %(own)s
                   ) part
             GROUP BY partner_id
            """,
            in_window=in_window,
            date=scope.date,
            own=self._sql_own(scope),
        )

    @api.model
    def _fact_margin(self, scope):
        """Net sales, margin, and how much of the sales has a known cost."""
        columns = (
            "net_sales",
            "margin",
            "net_sales_cost_frozen",
            "net_sales_cost_estimated",
        )
        return columns, SQL(
            """
            SELECT partner_id,
                   SUM(net_sales) AS net_sales,
                   ROUND(SUM(net_sales - cost::numeric), %(digits)s) AS margin,
                   SUM(net_sales) FILTER (WHERE cost_source IN ('order', 'posting'))
                        AS net_sales_cost_frozen,
                   SUM(net_sales) FILTER (WHERE cost_source = 'estimate')
                        AS net_sales_cost_estimated
              FROM (%(lines)s) line
             WHERE date > %(start)s AND date <= %(date)s
             GROUP BY partner_id
            """,
            digits=scope.digits,
            lines=self._sql_margin_lines(scope),
            start=scope.start,
            date=scope.date,
        )

    @api.model
    def _get_financing_starts(self, scope):
        """Return ``{fact: day before the first that counts}`` of the financing cost; a
        hook for modules that need it over other days than the window."""
        return {"financing_cost": scope.start}

    @api.model
    def _fact_financing(self, scope):
        """Cost of the money customers kept: amount × days × yearly rate / 365."""
        starts = self._get_financing_starts(scope)
        return tuple(starts), SQL(
            """
            SELECT partner_id, %(costs)s
              FROM (
                    SELECT partner_id, residual AS amount, invoice_date,
                           %(date)s AS last_date
                      FROM items
                     WHERE kind = 'invoice' AND residual <> 0
                       AND date <= %(date)s AND %(own)s
                     UNION ALL
                    SELECT partner_id, amount, invoice_date,
                           LEAST(max_date, %(date)s)
                      FROM settlements
                     WHERE date <= %(date)s AND %(own)s
                   ) part
             WHERE last_date > invoice_date
             GROUP BY partner_id
            """,
            costs=SQL(", ").join(
                SQL(
                    """
                    ROUND(SUM(amount * GREATEST(
                            0, last_date - GREATEST(invoice_date, %s))
                        ) * %s::numeric / 365, %s) AS %s
                    """,
                    start,
                    scope.yearly_rate,
                    scope.digits,
                    SQL.identifier(name),
                )
                for name, start in starts.items()
            ),
            date=SQL("%s::date", scope.date),
            own=self._sql_own(scope),
        )

    @api.model
    def _fact_cost(self, scope):
        """What the customer cost, by kind and in all."""
        kinds = [kind for kind, _label in KINDS]
        return (*(f"cost_{kind}" for kind in kinds), "cost"), SQL(
            """
            SELECT partner_id, %(kinds)s, SUM(amount) AS cost
              FROM (%(lines)s) line
             WHERE date > %(start)s AND date <= %(date)s
             GROUP BY partner_id
            """,
            kinds=SQL(", ").join(
                SQL(
                    "SUM(amount) FILTER (WHERE kind = %s) AS %s",
                    kind,
                    SQL.identifier(f"cost_{kind}"),
                )
                for kind in kinds
            ),
            lines=self.env["customer.cost.rows"]._sql_cost_lines(scope),
            start=scope.start,
            date=scope.date,
        )

    @api.model
    def _fact_orders(self, scope):
        """Confirmed orders up to the date: how many, and the last one's date."""
        narrow = SQL("TRUE")
        if scope.partner_ids is not None:
            narrow = SQL(
                "partner.commercial_partner_id = ANY(%s)", list(scope.partner_ids)
            )
        order_day = SQL(
            "(sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", scope.timezone
        )
        return ("order_count", "last_order_date"), SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   COUNT(*) AS order_count,
                   MAX(%(order_day)s) AS last_order_date
              FROM sale_order sale
              JOIN res_partner partner ON partner.id = sale.partner_invoice_id
             WHERE sale.state = 'sale' AND sale.company_id = %(company)s
               AND %(order_day)s <= %(date)s AND %(narrow)s
             GROUP BY 1
            """,
            order_day=order_day,
            company=scope.company_id,
            date=scope.date,
            narrow=narrow,
        )

    # ------------------------------------------------------------------
    # The statement
    # ------------------------------------------------------------------

    @api.model
    def _sql_facts(self, scope):
        """Return the statement: one row per customer that has any fact.

        Columns are ``partner_id`` and those of :meth:`_get_fact_columns`. The facts
        are stacked and summed rather than joined: a join of many grouped sets is what
        the planner gets wrong first when its estimates are off.
        """
        columns = self._get_fact_columns()
        parts = []
        for method in self._get_fact_methods():
            filled, query = method(scope)
            parts.append(
                SQL(
                    "SELECT partner_id, %s FROM (%s) fact",
                    SQL(", ").join(
                        SQL.identifier(name)
                        if name in filled
                        else SQL("NULL::%s", _TYPES[how])
                        for name, how in columns.items()
                    ),
                    query,
                )
            )
        return SQL(
            """
            WITH items AS MATERIALIZED (%(items)s),
                 deductions AS MATERIALIZED (%(deductions)s),
                 settlements AS MATERIALIZED (%(settlements)s)
            SELECT partner_id, %(totals)s
              FROM (%(parts)s) AS fact (partner_id, %(names)s)
             GROUP BY partner_id
            """,
            items=self._sql_items(scope),
            deductions=self._sql_deductions(scope),
            settlements=self._sql_settlements(
                since=min(self._get_financing_starts(scope).values())
            ),
            totals=SQL(", ").join(
                SQL(
                    "%s AS %s",
                    SQL("COALESCE(SUM(%s), 0)", SQL.identifier(name))
                    if how == "sum"
                    else SQL("%s(%s)", _FUNCTIONS[how], SQL.identifier(name)),
                    SQL.identifier(name),
                )
                for name, how in columns.items()
            ),
            parts=SQL(" UNION ALL ").join(parts),
            names=SQL(", ").join(SQL.identifier(name) for name in columns),
        )

    @api.model
    def _flush_sources(self):
        """Write pending changes of what the statement reads by column name."""
        self.env["customer.cost.rows"]._flush_cost_sources()
        for model in (
            "account.move",
            "account.move.line",
            "account.partial.reconcile",
            "account.account",
            "account.journal",
            "res.partner",
            "sale.order",
        ):
            self.env[model].flush_model()
