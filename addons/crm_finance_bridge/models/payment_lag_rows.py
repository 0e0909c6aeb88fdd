# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How late whom: the payment lag of customers, segments and companies, as SQL.

The sums are the facts of :mod:`..tools.payment_lag`: now from the profiles, for a past
date from the settlements up to then.
"""

from odoo import api, models
from odoo.tools import SQL

from ..tools.payment_lag import SUMS


class PaymentLagRows(models.AbstractModel):
    _name = "payment.lag.rows"
    _description = "Payment Lag Row Sources"
    _inherit = ["customer.finance.rows"]

    @api.model
    def _sql_segment(self):
        """Return the segment of a customer ``partner`` (a commercial partner): whose
        habits stand in for its own while few of its payments are known.

        The country: terms, banks and habits of paying differ by country more than by
        whoever sells there. A hook: other modules may know better.
        """
        return SQL("partner.country_id")

    @api.model
    def _sql_profile_payments(self):
        """Return the sums of every customer as of the last refresh."""
        return SQL(
            "SELECT company_id, partner_id, %s FROM customer_finance_profile"
            " WHERE paid_amount > 0",
            _names(),
        )

    @api.model
    def _sql_settled_payments(self, date, settlements=None):
        """Return the sums of every customer as they are known at a date: of what was
        settled in each company's window up to then.

        :param settlements: SQL the settlements are read from
        """
        return SQL(
            """
            SELECT company_id, partner_id, %(sums)s
              FROM %(settlements)s settlement
              JOIN (SELECT id AS company_id, finance_window_days FROM res_company)
                   AS setting USING (company_id)
             WHERE money <> 0 AND max_date <= %(date)s
               AND max_date > %(date)s::date - finance_window_days
             GROUP BY company_id, partner_id
            HAVING SUM(money) > 0
            """,
            sums=self._sql_payment_sums(),
            settlements=settlements or SQL("settlements"),
            date=date,
        )

    @api.model
    def _sql_lagged(self, rows, payments):
        """Return ``rows`` with ``basis``, ``lag`` and ``spread`` in days: the
        customer's own if enough of its payments are known, else its segment's on the
        same condition, else the company's if any are known, else 0.

        :param rows: SQL with ``company_id`` and ``partner_id`` (may be NULL)
        :param payments: SQL of the sums per company and customer
        """
        known = SQL("HAVING SUM(paid_amount) > 0")
        # Each is computed once: how many rows there are is not known to PostgreSQL,
        # which takes them to be one and would compute them anew for every inflow.
        return SQL(
            """
            WITH paid AS MATERIALIZED (
                SELECT paid.*, %(segment)s AS segment
                  FROM (%(payments)s) paid
                  JOIN res_partner partner ON partner.id = paid.partner_id
            ), own AS MATERIALIZED (
                SELECT company_id, partner_id, %(lag)s FROM paid GROUP BY 1, 2 %(known)s
            ), segmented AS MATERIALIZED (
                SELECT company_id, segment, %(lag)s
                  FROM paid WHERE segment IS NOT NULL GROUP BY 1, 2 %(known)s
            ), general AS MATERIALIZED (
                SELECT company_id, %(lag)s FROM paid GROUP BY 1 %(known)s
            )
            SELECT inflow.*,
                   CASE WHEN own.lag IS NOT NULL THEN 'customer'
                        WHEN segmented.lag IS NOT NULL THEN 'segment'
                        WHEN general.lag IS NOT NULL THEN 'company'
                        ELSE 'none' END AS basis,
                   ROUND(COALESCE(own.lag, segmented.lag, general.lag, 0))::int AS lag,
                   ROUND(COALESCE(own.spread, segmented.spread, general.spread, 0))::int
                        AS spread
              FROM (%(rows)s) inflow
              JOIN res_company company ON company.id = inflow.company_id
              LEFT JOIN res_partner partner ON partner.id = inflow.partner_id
              LEFT JOIN own ON own.company_id = inflow.company_id
                    AND own.partner_id = inflow.partner_id
                    AND own.paid_count >= company.finance_lag_count
              LEFT JOIN segmented ON segmented.company_id = inflow.company_id
                    AND segmented.segment = %(segment)s
                    AND segmented.paid_count >= company.finance_lag_count
              LEFT JOIN general ON general.company_id = inflow.company_id
            """,
            rows=rows,
            payments=payments,
            segment=self._sql_segment(),
            lag=_sql_lag(),
            known=known,
        )


def _names():
    return SQL(", ").join(SQL.identifier(name) for name in SUMS)


def _sql_lag():
    """Render mean and :func:`~..tools.payment_lag.spread` of a group of ``paid``."""
    count, amount, days, squares = (
        SQL("SUM(%s)::float8", SQL.identifier(name)) for name in SUMS
    )
    return SQL(
        "%(count)s AS paid_count, %(days)s / %(amount)s AS lag,"
        " SQRT(GREATEST(%(squares)s / %(amount)s"
        " - POWER(%(days)s / %(amount)s, 2), 0)) AS spread",
        count=count,
        amount=amount,
        days=days,
        squares=squares,
    )
