# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who won which customer, as SQL: first orders, touches, and their weights.

A new customer (commercial partner × company) is one whose first confirmed order ever in
that company falls in the period. Its touches are its leads and opportunities that came
from a campaign or a source, up to that order, and the order itself. Each attribution
model shares the customer out over its touches, by weights that sum to exactly 1.
"""

from odoo import api, models
from odoo.tools import SQL

from .customer_finance_rows import Scope

#: Attribution models; their place is part of the id of a row.
ATTRIBUTIONS = [
    ("first", "First Touch"),
    ("last", "Last Touch"),
    ("linear", "Linear"),
]
#: More touches than any customer has; see the ids of the rows.
MANY = 10_000


class AcquisitionRows(models.AbstractModel):
    _name = "acquisition.rows"
    _description = "Acquisition Row Sources"

    @api.model
    def _sql_first_orders(self, scope):
        """Return the first confirmed order ever of each customer of a company, with
        its moment and, where the company is, its day."""
        narrow = SQL("TRUE")
        if scope.partner_ids is not None:
            narrow = SQL("sale.partner_invoice_id IN (%s)", scope.sql_contacts())
        return SQL(
            """
            SELECT DISTINCT ON (partner.commercial_partner_id)
                   partner.commercial_partner_id AS partner_id, sale.id AS order_id,
                   sale.date_order AS moment,
                   (sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date AS date
              FROM sale_order sale
              JOIN res_partner partner ON partner.id = sale.partner_invoice_id
             WHERE sale.state = 'sale' AND sale.company_id = %s AND %s
             ORDER BY partner.commercial_partner_id, sale.date_order, sale.id
            """,
            scope.timezone,
            scope.company_id,
            narrow,
        )

    @api.model
    def _sql_touches(self):
        """Return the touches of the won customers, up to their first order.

        Leads of the customer or any of its contacts count, lost and archived ones too,
        and the opportunity of the first order whoever it was for. The order itself is a
        touch unless it only repeats what its opportunity said.
        """
        before = SQL(
            """DATE_TRUNC('second', lead.create_date) <= won.moment
               AND (lead.company_id IS NULL OR lead.company_id = won.company_id)
               AND (lead.campaign_id IS NOT NULL OR lead.source_id IS NOT NULL)"""
        )
        columns = SQL(
            """won.id AS won_id, lead.id AS lead_id, lead.create_date AS moment,
               lead.campaign_id, lead.source_id, lead.medium_id"""
        )
        return SQL(
            """
            SELECT %(columns)s
              FROM crm_lead lead
              JOIN res_partner contact ON contact.id = lead.partner_id
              JOIN customer_acquisition won
                ON won.partner_id = contact.commercial_partner_id
             WHERE %(before)s
             UNION
            SELECT %(columns)s
              FROM customer_acquisition won
              JOIN sale_order sale ON sale.id = won.order_id
              JOIN crm_lead lead ON lead.id = sale.opportunity_id
             WHERE %(before)s
             UNION ALL
            SELECT won.id, NULL, won.moment,
                   sale.campaign_id, sale.source_id, sale.medium_id
              FROM customer_acquisition won
              JOIN sale_order sale ON sale.id = won.order_id
              LEFT JOIN crm_lead lead ON lead.id = sale.opportunity_id
             WHERE (sale.campaign_id IS NOT NULL OR sale.source_id IS NOT NULL)
               AND (lead.id IS NULL OR NOT (
                    %(before)s
                    AND (lead.campaign_id, lead.source_id, lead.medium_id)
                        IS NOT DISTINCT FROM
                        (sale.campaign_id, sale.source_id, sale.medium_id)))
            """,
            columns=columns,
            before=before,
        )

    @api.model
    def _sql_credits(self):
        """Return one row per won customer, touch and attribution model, with the weight
        of the touch; a customer without a touch has one row of weight 1 per model.

        A touch that gets nothing under a model is there with weight 0, so that every
        model has the same touches.
        """
        return SQL(
            """
            SELECT won.id AS won_id, won.partner_id, won.company_id, won.order_id,
                   won.date, won.net_sales, won.margin, won.financing_cost,
                   touch.lead_id, touch.campaign_id, touch.source_id, touch.medium_id,
                   COALESCE(touch.position, 0) AS position,
                   model.number AS model, model.attribution,
                   CASE WHEN touch.position IS NULL THEN 1
                        WHEN model.attribution = 'first'
                             THEN (touch.position = 1)::int
                        WHEN model.attribution = 'last'
                             THEN (touch.position = touch.touches)::int
                        WHEN touch.position < touch.touches
                             THEN ROUND(1.0 / touch.touches, 6)
                        ELSE 1 - (touch.touches - 1) * ROUND(1.0 / touch.touches, 6)
                   END AS weight
              FROM customer_acquisition won
              LEFT JOIN (
                    SELECT touch.*,
                           ROW_NUMBER() OVER (PARTITION BY won_id
                                ORDER BY moment, lead_id NULLS LAST) AS position,
                           COUNT(*) OVER (PARTITION BY won_id) AS touches
                      FROM (%s) touch
                   ) touch ON touch.won_id = won.id
             CROSS JOIN (%s) model
            """,
            self._sql_touches(),
            self._sql_models(),
        )

    @api.model
    def _sql_models(self):
        return SQL(
            "SELECT * FROM (VALUES %s) AS model (number, attribution)",
            SQL(", ").join(
                SQL("(%s, %s)", number, code)
                for number, (code, _label) in enumerate(ATTRIBUTIONS)
            ),
        )

    @api.model
    def _sql_costs(self):
        """Return what winning and serving customers cost, every amount once: costs
        charged to or spread over customers, and those of campaigns that no customer
        bears."""
        rows = self.env["customer.cost.rows"]
        scope = Scope(date=self.env.company._get_finance_today())
        columns = SQL(
            """id, company_id, partner_id, date, amount, kind, campaign_id, line_id,
               share_id"""
        )
        return SQL(
            """
            SELECT %(columns)s FROM (%(customers)s) customer_cost
             UNION ALL
            SELECT %(columns)s FROM (%(campaigns)s) campaign_cost
             WHERE partner_id IS NULL AND spread_id IS NULL
            """,
            columns=columns,
            customers=rows._sql_cost_lines(scope),
            campaigns=rows._sql_campaign_cost_lines(scope),
        )

    @api.model
    def _sql_returns(self):
        """Return what was won and what it cost, per attribution model, one row per
        touch of a customer and per cost.

        A cost of a campaign stays with the campaign under every model; one that knows
        its customer only is shared out like the customer. What it costs to win
        customers is dated when it was spent, as CAC needs it; what a won customer cost
        beside that is dated like its margin, when it was won, so that the return of a
        period is that of the customers won in it.
        """
        return SQL(
            """
            WITH credit AS MATERIALIZED (%(credits)s)
            SELECT ((credit.won_id::bigint * %(many)s + credit.position) * 3
                        + credit.model) * 2 AS id,
                   'won' AS kind, NULL AS cost_kind, credit.attribution,
                   credit.partner_id, credit.company_id, credit.order_id,
                   credit.lead_id, NULL::int AS line_id, NULL::int AS share_id,
                   credit.campaign_id, credit.source_id, credit.medium_id,
                   CASE WHEN credit.position = 0 THEN 'none' ELSE 'touched'
                   END AS attributed,
                   sale.user_id, sale.team_id,
                   credit.date, credit.date AS won_date, NULL::date AS cost_date,
                   credit.weight AS customers,
                   credit.net_sales * credit.weight AS net_sales,
                   credit.margin * credit.weight AS margin,
                   credit.financing_cost * credit.weight AS financing_cost,
                   0 AS cost, 0 AS acquisition_cost
              FROM credit
              JOIN sale_order sale ON sale.id = credit.order_id
             UNION ALL
            SELECT ((cost.id * %(many)s + COALESCE(credit.position, 0)) * 3
                        + model.number) * 2 + 1,
                   'cost', cost.kind, model.attribution,
                   cost.partner_id, cost.company_id, won.order_id,
                   credit.lead_id, cost.line_id, cost.share_id,
                   COALESCE(cost.campaign_id, credit.campaign_id),
                   credit.source_id, credit.medium_id,
                   CASE WHEN cost.campaign_id IS NULL
                             AND COALESCE(credit.position, 0) = 0
                        THEN 'none' ELSE 'touched' END,
                   CASE WHEN won.id IS NULL THEN partner.user_id
                        ELSE sale.user_id END,
                   sale.team_id,
                   CASE WHEN cost.wins OR cost.campaign_id IS NOT NULL
                        THEN cost.date ELSE COALESCE(won.date, cost.date) END,
                   won.date, cost.date,
                   0, 0, 0, 0,
                   cost.amount * COALESCE(credit.weight, 1),
                   CASE WHEN cost.wins THEN cost.amount * COALESCE(credit.weight, 1)
                        ELSE 0 END
              FROM (
                    SELECT cost.*,
                           kind = 'acquisition'
                           OR (kind = 'marketing' AND campaign_id IS NOT NULL) AS wins
                      FROM (%(costs)s) cost
                   ) cost
             CROSS JOIN (%(models)s) model
              LEFT JOIN credit
                     ON cost.campaign_id IS NULL
                    AND credit.partner_id = cost.partner_id
                    AND credit.company_id = cost.company_id
                    AND credit.model = model.number
              LEFT JOIN customer_acquisition won
                     ON won.partner_id = cost.partner_id
                    AND won.company_id = cost.company_id
              LEFT JOIN sale_order sale ON sale.id = won.order_id
              LEFT JOIN res_partner partner ON partner.id = cost.partner_id
            """,
            credits=self._sql_credits(),
            costs=self._sql_costs(),
            models=self._sql_models(),
            many=MANY,
        )

    @api.model
    def _flush_sources(self):
        """Write pending changes of what the statements read by column name."""
        self.env["customer.cost.rows"]._flush_cost_sources()
        for model in ("crm.lead", "customer.acquisition", "sale.order", "utm.campaign"):
            self.env[model].flush_model()
