# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The back-test of the cash forecast, as SQL: what would have been forecast some weeks
ago, and what came."""

from dataclasses import replace
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

#: How many weeks ago the forecasts were made that are tested.
WEEKS_AGO = (4, 8, 12)


class CashForecastRows(models.AbstractModel):
    _inherit = "cash.forecast.rows"

    @api.model
    def _sql_backtest(self, scope):
        """Return, per :data:`WEEKS_AGO`, the lines of the forecast made then for the
        weeks since, and the money that came.

        The invoices are those open at the end of that day by the ledger as it stands
        now, the lateness is that of the settlements up to then. What came is the money
        that settled these invoices after that day, on the day it did.
        """
        oldest = self._get_backtest_date(scope, max(WEEKS_AGO))
        windows = (
            self.env["res.company"]
            ._get_finance_companies()
            .mapped("finance_window_days")
        )
        return SQL(
            """
            WITH items AS MATERIALIZED (%(items)s),
                 deductions AS MATERIALIZED (%(deductions)s),
                 settlements AS MATERIALIZED (%(settlements)s)
            %(tests)s
            """,
            items=self._sql_items(scope),
            deductions=self._sql_deductions(scope),
            settlements=self._sql_settlements(
                since=oldest - timedelta(days=max(windows, default=0))
            ),
            tests=SQL(" UNION ALL ").join(
                self._sql_test(scope, place, weeks)
                for place, weeks in enumerate(WEEKS_AGO)
            ),
        )

    @api.model
    def _get_backtest_date(self, scope, weeks):
        """Return the day, at whose end the forecast was made, of ``weeks`` ago."""
        return scope.date - timedelta(weeks=weeks)

    @api.model
    def _sql_test(self, scope, place, weeks):
        """Return the test of one forecast; reads ``items`` and ``settlements``."""
        then = replace(scope, date=self._get_backtest_date(scope, weeks))
        forecast = self._sql_scenarios(
            self._sql_expected(
                self._sql_netted(self._sql_item_inflows(then)),
                self._sql_settled_payments(then.date),
                then.date,
            ),
            then.date,
        )
        return SQL(
            """
            SELECT (forecast.id::bigint * %(tests)s + %(place)s) * 4 + forecast.number
                        AS id,
                   %(weeks)s AS weeks_ago, forecast.scenario AS line,
                   forecast.company_id, forecast.partner_id, forecast.move_id,
                   forecast.date_due, forecast.date, forecast.week, forecast.basis,
                   forecast.amount
              FROM (%(forecast)s) forecast
             WHERE forecast.is_invoice AND forecast.date <= %(today)s
             UNION ALL
            SELECT (id::bigint * %(tests)s + %(place)s) * 4 + 3, %(weeks)s, 'actual',
                   company_id, partner_id, move_id, date_maturity, max_date,
                   CEIL((max_date - %(then)s::date) / 7.0)::int, NULL, money
              FROM settlements
             WHERE money <> 0 AND date <= %(then)s
               AND max_date > %(then)s AND max_date <= %(today)s
            """,
            tests=len(WEEKS_AGO),
            place=place,
            weeks=weeks,
            forecast=forecast,
            today=scope.date,
            then=then.date,
        )
