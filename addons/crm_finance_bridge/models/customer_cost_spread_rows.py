# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a spreading takes, whom it charges, and how much each: as SQL."""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval


class CustomerCostSpreadRows(models.AbstractModel):
    """The statements behind :class:`CustomerCostSpread`; their number does not depend
    on the number of customers."""

    _name = "customer.cost.spread.rows"
    _description = "Spreading of Costs: Row Sources"

    def _sql_taken_lines(self):
        """Return line_id and amount of the costs to spread: those on the source
        account in the period that are no customer's and not spread yet."""
        self.ensure_one()
        rows = self.env["customer.cost.rows"]
        return SQL(
            """
            SELECT cost.line_id, cost.amount, line.move_line_id
              FROM (%(costs)s) cost
              JOIN account_analytic_line line ON line.id = cost.line_id
             WHERE %(column)s = %(account)s
               AND cost.date BETWEEN %(start)s AND %(end)s
               AND cost.partner_id IS NULL AND cost.spread_id IS NULL
            """,
            costs=rows._sql_analytic_costs(self._get_spread_scope()),
            column=SQL.identifier("line", self.account_id.plan_id._column_name()),
            account=self.account_id.id,
            start=self.date_from,
            end=self.date_to,
        )

    def _get_spread_scope(self):
        return self.env["customer.finance.facts"]._get_scope(
            self.company_id, date=self.date_to
        )

    def _sql_weights(self):
        """Return partner_id (commercial) and weight of the customers charged."""
        activities = self._get_basis_sources()
        chosen = self._sql_chosen_customers()
        if self.basis != "equal":
            source = activities[self.basis]
        elif chosen is None:
            source = SQL(
                "SELECT DISTINCT partner_id, 1 AS weight FROM (%s) active",
                SQL(" UNION ALL ").join(activities.values()),
            )
        else:
            source = SQL("SELECT partner_id, 1 AS weight FROM (%s) chosen", chosen)
        return SQL(
            """
            SELECT partner_id, SUM(weight)::numeric AS weight
              FROM (%s) basis
             WHERE partner_id IS NOT NULL AND %s
             GROUP BY partner_id
            HAVING SUM(weight) > 0
            """,
            source,
            SQL("partner_id IN (%s)", chosen) if chosen is not None else SQL("TRUE"),
        )

    def _get_basis_sources(self):
        """Return ``{basis: SQL of (partner_id, weight)}`` of the period: net sales in
        company currency, confirmed orders, opportunities and leads."""
        scope = self._get_spread_scope()
        bounds = {
            "start": self.date_from,
            "end": self.date_to,
            "company": self.company_id.id,
            "timezone": scope.timezone,
        }
        return {
            "sales": SQL(
                """SELECT partner_id, net_sales AS weight FROM (%(lines)s) line
                    WHERE date BETWEEN %(start)s AND %(end)s""",
                lines=self.env["customer.finance.rows"]._sql_margin_lines(scope),
                **bounds,
            ),
            "orders": SQL(
                """SELECT partner.commercial_partner_id AS partner_id, 1 AS weight
                     FROM sale_order sale
                     JOIN res_partner partner ON partner.id = sale.partner_invoice_id
                    WHERE sale.state = 'sale' AND sale.company_id = %(company)s
                      AND (sale.date_order AT TIME ZONE 'UTC'
                           AT TIME ZONE %(timezone)s)::date
                          BETWEEN %(start)s AND %(end)s""",
                **bounds,
            ),
            "leads": SQL(
                """SELECT partner.commercial_partner_id AS partner_id, 1 AS weight
                     FROM crm_lead lead
                     JOIN res_partner partner ON partner.id = lead.partner_id
                    WHERE COALESCE(lead.company_id, %(company)s) = %(company)s
                      AND (lead.create_date AT TIME ZONE 'UTC'
                           AT TIME ZONE %(timezone)s)::date
                          BETWEEN %(start)s AND %(end)s""",
                **bounds,
            ),
        }

    def _sql_chosen_customers(self):
        """Return the commercial partners chosen, None for everybody."""
        if self.customers == "list":
            return SQL(
                """SELECT DISTINCT commercial_partner_id AS partner_id
                     FROM res_partner WHERE id = ANY(%s)""",
                self.partner_ids.ids,
            )
        if self.customers == "domain":
            query = self.env["res.partner"]._search(self._get_partner_domain())
            return SQL(
                """SELECT DISTINCT partner.commercial_partner_id AS partner_id
                     FROM res_partner partner WHERE partner.id IN %s""",
                query.subselect(),
            )
        if self.customers == "campaign":
            return SQL(
                """SELECT partner.commercial_partner_id AS partner_id
                     FROM sale_order sale
                     JOIN res_partner partner ON partner.id = sale.partner_invoice_id
                    WHERE sale.campaign_id = %(campaign)s
                      AND sale.state = 'sale' AND sale.company_id = %(company)s
                    UNION
                   SELECT partner.commercial_partner_id
                     FROM crm_lead lead
                     JOIN res_partner partner ON partner.id = lead.partner_id
                    WHERE lead.campaign_id = %(campaign)s
                      AND COALESCE(lead.company_id, %(company)s) = %(company)s""",
                campaign=self.campaign_id.id,
                company=self.company_id.id,
            )
        return None

    def _get_partner_domain(self):
        try:
            domain = Domain(safe_eval(self.partner_domain or "[]"))
            domain.validate(self.env["res.partner"])
        except (ValueError, SyntaxError, TypeError, NameError) as error:
            raise UserError(
                self.env._(
                    "The condition that chooses the customers cannot be read. Choose "
                    "it again with the editor."
                )
            ) from error
        return domain

    def _insert_shares(self, total):
        """Write one share per customer, in one statement.

        Shares are counted in the smallest unit of the currency: everybody gets the
        whole units due, the largest remainders one unit more, so they sum to the total.

        :param total: Decimal in company currency, negative when refunds prevail
        """
        digits = self.currency_id.decimal_places
        unit = SQL("power(10::numeric, %s)", digits)
        self.env.cr.execute(
            SQL(
                """
                WITH weights AS MATERIALIZED (%(weights)s),
                whole AS (
                    SELECT SUM(weight) AS weight,
                           ROUND(ABS(%(total)s::numeric) * %(unit)s) AS units
                      FROM weights
                ),
                part AS MATERIALIZED (
                    SELECT weights.partner_id, weights.weight, whole.units,
                           DIV(whole.units * weights.weight, whole.weight)
                                AS units_due,
                           ROW_NUMBER() OVER (
                                ORDER BY MOD(whole.units * weights.weight, whole.weight)
                                         DESC, weights.partner_id) AS place
                      FROM weights, whole
                ),
                rest AS (SELECT MAX(units) - SUM(units_due) AS units FROM part),
                share AS (
                    SELECT part.partner_id, part.weight,
                           part.units_due
                           + CASE WHEN part.place <= rest.units THEN 1 ELSE 0 END
                                AS units
                      FROM part, rest
                )
                INSERT INTO customer_cost_share (
                    spread_id, partner_id, weight, amount)
                SELECT %(spread)s, partner_id, weight,
                       ROUND(SIGN(%(total)s::numeric) * units / %(unit)s, %(digits)s)
                  FROM share
                 WHERE units > 0
                 ORDER BY units DESC, partner_id
                """,
                weights=self._sql_weights(),
                total=total,
                unit=unit,
                digits=digits,
                spread=self.id,
            )
        )
        return self.env.cr.rowcount
