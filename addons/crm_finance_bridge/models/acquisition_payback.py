# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import api, models
from odoo.tools import SQL

from .customer_finance_rows import Scope

#: So many customers are looked up one by one rather than by reading all lines.
FEW = 2_000


class AcquisitionRows(models.AbstractModel):
    _inherit = "acquisition.rows"

    @api.model
    def _get_paybacks(self, campaign_ids):
        """Return when the margin of the won customers had made up for the campaign.

        Margin is summed up by month, from the first order of each customer, shared out
        like the customer. Two statements, whatever the number of campaigns.

        :return: ``{(campaign id, company id, attribution): (first day of that month,
            months since the campaign's first cost)}``
        """
        facts = self.env["customer.finance.facts"]
        facts._flush_sources()
        self._flush_sources()
        credit = SQL(
            "SELECT * FROM (%s) credit WHERE campaign_id = ANY(%s) AND weight > 0",
            self._sql_credits(),
            list(campaign_ids),
        )
        partners = self.env.execute_query(
            SQL("SELECT DISTINCT partner_id FROM (%s) credit", credit)
        )
        scope = Scope(date=self.env.company._get_finance_today())
        if len(partners) < FEW:
            # By index; beyond that all lines are read faster.
            scope = replace(scope, partner_ids=tuple(id_ for (id_,) in partners))
        rows = self.env.execute_query(
            SQL(
                """
                WITH credit AS MATERIALIZED (%(credit)s),
                spent AS (%(spent)s),
                monthly AS MATERIALIZED (
                    SELECT won.partner_id, won.company_id,
                           DATE_TRUNC('month', line.date::timestamp)::date AS month,
                           SUM(line.net_sales - line.cost::numeric) AS margin
                      FROM (%(lines)s) line
                      JOIN customer_acquisition won ON won.partner_id = line.partner_id
                       AND won.company_id = line.company_id
                       AND won.date <= line.date
                     GROUP BY 1, 2, 3
                ),
                earned AS (
                    SELECT credit.campaign_id, credit.company_id, credit.attribution,
                           monthly.month,
                           SUM(credit.weight * monthly.margin) AS margin
                      FROM credit
                      JOIN monthly ON monthly.partner_id = credit.partner_id
                       AND monthly.company_id = credit.company_id
                     GROUP BY 1, 2, 3, 4
                ),
                total AS (
                    SELECT earned.*, SUM(margin) OVER (
                                PARTITION BY campaign_id, company_id, attribution
                                ORDER BY month) AS amount
                      FROM earned
                )
                SELECT total.campaign_id, total.company_id, total.attribution,
                       MIN(total.month), MIN(spent.date)
                  FROM total
                  JOIN spent ON spent.campaign_id = total.campaign_id
                   AND spent.company_id = total.company_id
                 WHERE spent.amount > 0
                   AND ROUND(total.amount, 6) >= ROUND(spent.amount::numeric, 6)
                 GROUP BY 1, 2, 3
                """,
                credit=credit,
                spent=self.env["customer.cost.rows"]._sql_campaign_costs(),
                lines=facts._sql_margin_lines(scope),
            )
        )
        return {
            tuple(key): (
                month,
                max(0, (month.year - start.year) * 12 + month.month - start.month),
            )
            for *key, month, start in rows
        }
