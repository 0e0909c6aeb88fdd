# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Values customers: reads their facts, has them valued, writes the figures back.

Two statements for the customers, however many: one reads, one writes.
"""

from dataclasses import replace
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_finance_bridge.models.record_columns import (
    read_records,
    send_columns,
    sql_updates,
)

from ..tools.valuation import value
from ..tools.windows import get_windows
from .collector import collector_paused
from .customer_life_financing import LONG_AGO
from .customer_value_columns import (
    COLUMNS,
    RANGE,
    get_columns,
    get_facts,
    get_lag,
)
from .customer_value_windows import sql_compared, sql_windows


class CustomerValueScore(models.AbstractModel):
    _name = "customer.value.score"
    _description = "Scoring of Customers"

    @api.model
    def _score(self, company, partners=None):
        """Value customers by the last fit and store their figures in the profiles.

        :param company: one res.company
        :param partners: commercial partners, compared with the others as of the last
            night; None for every customer of the company
        """
        portfolio = None
        if partners is not None:
            portfolio = self.env["customer.value.standing"]._get_portfolio(company)
            if portfolio is None:
                # Nobody to be compared with yet: value everybody there is.
                partners = None
        with collector_paused():
            if partners is None:
                self._score_everybody(company)
            else:
                self.env["customer.value.day"]._refresh(company, partners)
                rows = self._read_rows(company, partners)
                self._store(company, self._value(company, rows, portfolio)[0])
            self.env["customer.value.tier.run"]._run(company, partners)

    @api.model
    def _score_everybody(self, company):
        """Value all customers, and keep what they are compared with by day."""
        standings = self.env["customer.value.standing"]
        today = company._get_finance_today()
        night, since = standings._get_night(company)
        moment = self.env["customer.value.day"]._refresh_stale(company, since)
        rows = self._read_rows(company, None)
        fits = self.env["customer.value.fit"]
        ordered = [row for row in rows if row["order_days"]]
        repeaters = sum(row["order_days"] > 1 for row in ordered)
        if fits._is_outgrown(company, len(ordered), repeaters):
            fits._fit(company)
        columns, portfolio = self._value(company, rows)
        # A new month: the rank so far becomes the one of the month before.
        new_month = night and (night.year, night.month) < (today.year, today.month)
        self._store(company, columns, new_month)
        standings._store(company, today, portfolio, moment)

    @api.model
    def _value(self, company, rows, portfolio=None):
        """Return the columns of customers, of :func:`get_columns`, and the portfolio
        they are compared with.

        :param rows: of :meth:`_read_rows`
        :param portfolio: None when they are everybody
        """
        company = company.sudo()
        fit = self.env["customer.value.fit"]._get_current(company)
        figures, portfolio = value(
            [get_facts(row, company.finance_lag_count) for row in rows],
            company._get_finance_today(),
            fit._get_models(),
            company._get_value_settings(),
            lag=get_lag(rows),
            portfolio=portfolio,
            predictor=fit._get_predictor(),
        )
        return get_columns(rows, figures, fit.state), portfolio

    @api.model
    def _read_rows(self, company, partners):
        """Return what is known of customers; one statement. Amounts leave the database
        as the floats that they are calculated with.

        The net profit of the whole life consists of the facts of the profile, over all
        the time there is.
        """
        history = self.env["customer.order.history"]
        days = self.env["customer.value.day"]
        facts = self.env["customer.finance.facts"]
        facts._flush_sources()
        recent, year, prior = get_windows(
            company._get_finance_today(), company.sudo().value_margin_days
        )
        scope = facts._get_scope(company, partners)
        life = replace(scope, window=(scope.date - LONG_AGO).days)
        return read_records(
            self.env,
            SQL(
                """
                WITH life AS MATERIALIZED (
                    SELECT partner_id, SUM(net) AS net_sales,
                           ROUND(SUM(margin), %(digits)s) AS margin,
                           SUM(margin) FILTER (WHERE date > %(before)s
                                AND date <= %(start)s) AS margin_before,
                           %(windows)s
                      FROM (%(billed)s) billed GROUP BY partner_id
                )
                SELECT profile.id, profile.partner_id,
                       profile.net_sales::float8, profile.margin::float8,
                       profile.net_profit::float8, profile.days_late::float8,
                       profile.paid_count, profile.paid_amount::float8,
                       profile.paid_amount_days::float8, profile.value_quadrant,
                       exposed.amount::float8 AS exposure,
                       COALESCE(life.net_sales, 0)::float8 AS life_sales,
                       COALESCE(life.margin, 0)::float8 AS life_margin,
                       COALESCE(life.margin_before, 0)::float8 AS margin_before,
                       COALESCE(cost.cost, 0)::float8 AS life_cost,
                       COALESCE(profile.value_financing, 0)::float8 AS life_financing,
                       life.partner_id IS NOT NULL AS billed,
                       COALESCE(history.order_days, 0) AS order_days,
                       history.first_date, history.last_date, history.net::float8,
                       history.recent_days, history.recent_net::float8,
                       history.interval_long,
                       %(compared)s
                  FROM customer_finance_profile profile
                  LEFT JOIN (%(history)s) history USING (partner_id)
                  LEFT JOIN life USING (partner_id)
                  LEFT JOIN (%(exposure)s) exposed USING (partner_id)
                  LEFT JOIN (%(cost)s) cost USING (partner_id)
                 WHERE %(own)s
                """,
                billed=days._sql_billed(scope),
                digits=scope.digits,
                before=scope.start - timedelta(days=scope.window),
                start=scope.start,
                windows=sql_windows(
                    scope.digits, recent=recent, year=year, prior=prior
                ),
                compared=sql_compared(year, prior),
                history=history._sql_history(
                    scope,
                    recent_days=company.sudo().value_rfm_days,
                    days=days._sql_ordered(
                        scope, history._get_since(company, scope.date)
                    ),
                ),
                exposure=self._sql_exposure(company, partners),
                cost=facts._fact_cost(life)[1],
                own=_sql_own(company, partners),
            ),
        )

    @api.model
    def _sql_exposure(self, company, partners):
        """Return what is at stake with customers, by which their risk is judged:
        ``(partner_id, amount)``, in company currency. What they owe longer than agreed;
        a hook for modules that know more.

        :param partners: commercial partners; None for every customer
        """
        return SQL(
            "SELECT partner_id, overdue AS amount FROM customer_finance_profile profile"
            " WHERE %s",
            _sql_own(company, partners),
        )

    @api.model
    def _store(self, company, columns, new_month=False):
        """Store the figures; one statement.

        :param company: whose currency the amounts are in
        :param columns: of :func:`get_columns`
        :param new_month: whether the rank becomes the one of the month before
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_finance_profile profile
                   SET %(updates)s,
                       %(kept)s,
                       value_rank_previous = CASE WHEN %(new_month)s
                            THEN profile.value_rank
                            ELSE profile.value_rank_previous END
                  FROM %(records)s
                 WHERE profile.id = value.id
                """,
                updates=sql_updates(COLUMNS),
                # A new order changes what the value may be.
                kept=SQL(", ").join(
                    SQL(
                        "%(name)s = CASE WHEN profile.value_order_days"
                        " = value.value_order_days THEN profile.%(name)s END",
                        name=SQL.identifier(name),
                    )
                    for name in RANGE
                ),
                new_month=bool(new_month),
                records=send_columns(
                    self.env,
                    {"id": "int", **COLUMNS},
                    columns,
                    # Amounts as the company has them; no chance is known any better.
                    {
                        "numeric": f"%.{company.currency_id.decimal_places}f",
                        "float8": "%.12g",
                    },
                ),
            )
        )
        self.env["customer.finance.profile"].invalidate_model()


def _sql_own(company, partners):
    """Return the condition that keeps the profiles of these customers."""
    if partners is None:
        return SQL("profile.company_id = %s", company.id)
    return SQL(
        "profile.company_id = %s AND profile.partner_id = ANY(%s)",
        company.id,
        partners.ids,
    )
