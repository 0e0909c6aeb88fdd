# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The cash forecast, as SQL: one row per expected inflow and line of the forecast.

An inflow is an open receivable item, an instalment not invoiced yet, or an opportunity.
It is expected on its due date, moved by how late its customer pays; see
:meth:`CashForecastRows._sql_expected`.
"""

from odoo import api, models
from odoo.tools import SQL

#: Weeks that are shown one by one; what comes after them is "later".
WEEKS = 26
#: What is later than usual is not expected within fewer days.
LEAST_WAIT = 7
#: Kinds of inflows, in the order in which unallocated credit is taken off them.
KINDS = ("item", "plan", "lead")
SCENARIOS = ("low", "expected", "high")


class CashForecastRows(models.AbstractModel):
    _name = "cash.forecast.rows"
    _description = "Cash Forecast Row Sources"
    _inherit = ["order.cash.rows", "payment.lag.rows"]

    # ------------------------------------------------------------------
    # Inflows: amounts in company currency, not yet weighted or netted
    # ------------------------------------------------------------------

    @api.model
    def _sql_item_inflows(self, scope, items=None):
        """Return what is open of the receivable items at the scope's date; credit is
        negative. Each instalment of an invoice is an item."""
        return SQL(
            """
            SELECT open_item.id, 'item' AS kind, open_item.company_id,
                   open_item.partner_id, open_item.date_maturity AS date_due,
                   open_item.open_amount AS amount, open_item.is_invoice,
                   open_item.move_id, NULL::int AS order_id, NULL::int AS lead_id
              FROM (%s) open_item
             WHERE open_item.open_amount <> 0
            """,
            self._sql_open_items(scope, scope.date, items),
        )

    @api.model
    def _sql_plan_inflows(self):
        """Return what is not invoiced yet of the collection plans of confirmed orders,
        at the order's own rate.

        What was invoiced fills the instalments by due date, the rest is to come: the
        invoiced part is among the receivable items or paid. A credit note takes nothing
        back here: whether the goods are invoiced again nobody knows. Orders that Odoo
        holds for invoiced are done, whatever the amounts say.
        """
        unfinished = SQL(
            """
            SELECT sale.id FROM sale_order sale
             WHERE sale.state = 'sale' AND sale.invoice_status IN ('no', 'to invoice')
               AND EXISTS (SELECT FROM sale_collection_line line
                            WHERE line.order_id = sale.id)
            """
        )
        return SQL(
            """
            SELECT instalment.id, 'plan' AS kind, sale.company_id,
                   partner.commercial_partner_id AS partner_id, instalment.date_due,
                   ROUND(LEAST(instalment.amount, instalment.total - COALESCE(
                            billed.amount, 0))
                         / COALESCE(NULLIF(sale.currency_rate, 0), 1),
                         currency.decimal_places) AS amount,
                   FALSE AS is_invoice,
                   NULL::int AS move_id, sale.id AS order_id, NULL::int AS lead_id
              FROM (
                    SELECT line.id, line.order_id, line.date_due, line.amount,
                           SUM(line.amount) OVER (
                                PARTITION BY line.order_id
                                ORDER BY line.date_due, line.id) AS total
                      FROM sale_collection_line line
                     WHERE line.order_id IN (%(unfinished)s)
                   ) instalment
              JOIN sale_order sale ON sale.id = instalment.order_id
              JOIN res_partner partner ON partner.id = sale.partner_invoice_id
              JOIN res_company company ON company.id = sale.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
              LEFT JOIN (
                    SELECT order_id, SUM(amount) FILTER (WHERE amount > 0) AS amount
                      FROM (%(billed)s) invoice
                     GROUP BY order_id
                   ) billed ON billed.order_id = sale.id
             WHERE instalment.total > COALESCE(billed.amount, 0) + 0.005
               AND instalment.amount > 0
            """,
            unfinished=unfinished,
            billed=self._sql_order_invoices(unfinished),
        )

    @api.model
    def _sql_lead_inflows(self, scope):
        """Return the open opportunities, weighted by their probability, of companies
        that forecast them; due some days after their expected closing, at the earliest
        after today. Those with a confirmed order are in its plan."""
        return SQL(
            """
            SELECT lead.id, 'lead' AS kind, company.id AS company_id,
                   partner.commercial_partner_id AS partner_id,
                   GREATEST(lead.date_deadline, %(date)s) + company.finance_lead_days
                        AS date_due,
                   ROUND(lead.expected_revenue * (lead.probability / 100)::numeric,
                         currency.decimal_places) AS amount,
                   FALSE AS is_invoice,
                   NULL::int AS move_id, NULL::int AS order_id, lead.id AS lead_id
              FROM crm_lead lead
              LEFT JOIN res_users salesperson ON salesperson.id = lead.user_id
              LEFT JOIN crm_team team ON team.id = lead.team_id
              JOIN res_company company ON company.id = COALESCE(
                        lead.company_id, team.company_id, salesperson.company_id)
              JOIN res_currency currency ON currency.id = company.currency_id
              LEFT JOIN res_partner partner ON partner.id = lead.partner_id
             WHERE lead.active AND lead.type = 'opportunity'
               AND lead.won_status = 'pending' AND lead.date_deadline IS NOT NULL
               AND lead.expected_revenue > 0 AND lead.probability > 0
               AND company.finance_forecast_leads
               AND NOT EXISTS (
                    SELECT FROM sale_order sale
                     WHERE sale.opportunity_id = lead.id AND sale.state = 'sale')
            """,
            date=SQL("%s::date", scope.date),
        )

    # ------------------------------------------------------------------
    # The forecast
    # ------------------------------------------------------------------

    @api.model
    def _sql_netted(self, inflows):
        """Return the positive inflows less the customer's unallocated credit, which is
        taken off the earliest items, then off the earliest instalments."""
        return SQL(
            """
            SELECT * FROM (
                SELECT inflow.*,
                       CASE WHEN kind = 'lead' OR credit IS NULL THEN gross
                            ELSE LEAST(gross, running - credit) END AS amount
                  FROM (
                        SELECT id, kind, company_id, partner_id, date_due, is_invoice,
                               move_id, order_id, lead_id, amount AS gross,
                               SUM(amount) FILTER (WHERE amount > 0 AND kind <> 'lead')
                                    OVER (PARTITION BY company_id, partner_id
                                          ORDER BY kind, date_due, id
                                          ROWS UNBOUNDED PRECEDING) AS running,
                               -SUM(amount) FILTER (WHERE amount < 0)
                                    OVER (PARTITION BY company_id, partner_id) AS credit
                          FROM (%s) inflow
                       ) inflow
                 WHERE gross > 0
            ) inflow
             WHERE amount > 0
            """,
            inflows,
        )

    @api.model
    def _sql_expected(self, inflows, payments, date):
        """Return the inflows with their ``usual`` day and when they are expected.

        The usual day is the due date moved by the customer's mean lateness; the money
        comes ``early`` or ``late`` a standard deviation before or after, never before
        ``date``. If the usual day is past, the longer it is the longer it will still
        be: the money is expected after as many days again, at least a standard
        deviation and a week from now; early now, late after twice as long. It is
        doubtful when also its usual late day is past and it is overdue for longer than
        the company's bound.
        """
        return SQL(
            """
            SELECT lagged.*,
                   CASE WHEN past THEN %(date)s + wait ELSE usual END AS expected,
                   CASE WHEN past THEN %(date)s
                        ELSE GREATEST(usual - spread, %(date)s) END AS early,
                   CASE WHEN past THEN %(date)s + 2 * wait ELSE usual + spread END
                        AS late,
                   usual + spread < %(date)s AS is_late,
                   usual + spread < %(date)s
                        AND %(date)s - date_due > company.finance_doubtful_days
                        AS is_doubtful
              FROM (%(lagged)s) lagged
              JOIN res_company company ON company.id = lagged.company_id
             CROSS JOIN LATERAL (SELECT date_due + lag AS usual) AS day
             CROSS JOIN LATERAL (
                    SELECT usual < %(date)s AS past,
                           GREATEST(spread, %(date)s - usual, %(least)s) AS wait
                   ) AS shift
            """,
            date=SQL("%s::date", date),
            least=LEAST_WAIT,
            lagged=self._sql_lagged(inflows, payments),
        )

    @api.model
    def _sql_scenarios(self, expected, date):
        """Return one row per inflow and line of the forecast that counts on it, with
        the day and the week on which it does.

        Low: the late day; expected: the expected day; high: the early day. Doubtful
        money is in the high line only, on its expected day. The low line has no
        opportunities, and nothing that is later already than even a late payment of its
        customer: part of that is disputed or lost.
        """
        return SQL(
            """
            SELECT expected.*, scenario.name AS scenario, scenario.number,
                   scenario.date,
                   GREATEST(1, CEIL((scenario.date - %(date)s::date) / 7.0))::int
                        AS week
              FROM (%(expected)s) expected
             CROSS JOIN LATERAL (VALUES
                    ('low', 0, late, NOT is_late AND kind <> 'lead'),
                    ('expected', 1, expected, NOT is_doubtful),
                    ('high', 2,
                     CASE WHEN is_doubtful THEN expected ELSE early END, TRUE)
                   ) AS scenario (name, number, date, counts)
             WHERE scenario.counts
            """,
            expected=expected,
            date=date,
        )

    @api.model
    def _sql_forecast(self, scope):
        """Return the forecast made today: see :meth:`_sql_scenarios`.

        Made at another date (the scope's) it is that of the receivable items alone,
        with the lateness known then: orders and opportunities of the past cannot be
        rebuilt.
        """
        items = SQL("(%s)", self._sql_items(scope))
        inflows = self._sql_item_inflows(scope, items)
        if scope.date == self.env.company._get_finance_today():
            payments = self._sql_profile_payments()
            inflows = SQL(" UNION ALL ").join(
                [inflows, self._sql_plan_inflows(), self._sql_lead_inflows(scope)]
            )
        else:
            payments = self._sql_settled_payments(
                scope.date,
                SQL(
                    "(%s)",
                    self._sql_settlements(
                        items, SQL("(%s)", self._sql_deductions(scope))
                    ),
                ),
            )
        return self._sql_scenarios(
            self._sql_expected(self._sql_netted(inflows), payments, scope.date),
            scope.date,
        )
