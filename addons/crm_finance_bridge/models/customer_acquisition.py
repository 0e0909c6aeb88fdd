# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_finance_mixin import MARGIN

#: Before any customer was won.
LONG_AGO = date(1900, 1, 1)
FIGURES = ("net_sales", "margin", "financing_cost")


class CustomerAcquisition(models.Model):
    """When a customer was won, and what it brought since.

    One row per commercial partner × company with a confirmed order. Written by SQL
    only, with the finance profile of the customer; can be thrown away at any time. It
    is stored since it reads all invoices ever: a report over it answers at once.
    """

    _name = "customer.acquisition"
    _description = "Won Customer"
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one(
        "sale.order",
        string="First Order",
        required=True,
        ondelete="cascade",
        readonly=True,
        index=True,
    )
    moment = fields.Datetime(required=True, readonly=True)
    date = fields.Date(
        string="Won On",
        required=True,
        readonly=True,
        help="Day of the first confirmed order ever in the company.",
    )
    net_sales = fields.Monetary(readonly=True, groups=MARGIN)
    margin = fields.Monetary(readonly=True, groups=MARGIN)
    financing_cost = fields.Monetary(readonly=True, groups=MARGIN)

    _partner_company_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)", "A customer is won once per company."
    )

    @api.model
    def _refresh(self, company, partners=None):
        """Recompute when customers were won and what they brought, as of today.

        :param company: one res.company
        :param partners: commercial partners; None for every customer of the company
        """
        facts = self.env["customer.finance.facts"]
        facts._flush_sources()
        scope = facts._get_scope(company, partners)
        scope = replace(scope, window=(scope.date - LONG_AGO).days)
        self.env.cr.execute(
            SQL(
                """
                WITH won AS MATERIALIZED (%(first_orders)s),
                gone AS (
                    DELETE FROM customer_acquisition acquisition
                     WHERE %(own)s
                       AND NOT EXISTS (
                            SELECT FROM won
                             WHERE won.partner_id = acquisition.partner_id)
                )
                INSERT INTO customer_acquisition AS acquisition (
                    partner_id, company_id, order_id, moment, date,
                    net_sales, margin, financing_cost)
                SELECT won.partner_id, %(company)s, won.order_id, won.moment, won.date,
                       COALESCE(sold.net_sales, 0), COALESCE(sold.margin, 0),
                       COALESCE(financed.financing_cost, 0)
                  FROM won
                  LEFT JOIN (%(sold)s) sold ON sold.partner_id = won.partner_id
                  LEFT JOIN (%(financed)s) financed
                         ON financed.partner_id = won.partner_id
                 ORDER BY won.partner_id
                ON CONFLICT (partner_id, company_id) DO UPDATE
                   SET order_id = EXCLUDED.order_id, moment = EXCLUDED.moment,
                       date = EXCLUDED.date, net_sales = EXCLUDED.net_sales,
                       margin = EXCLUDED.margin,
                       financing_cost = EXCLUDED.financing_cost
                 WHERE (acquisition.order_id, acquisition.moment, acquisition.date,
                        acquisition.net_sales, acquisition.margin,
                        acquisition.financing_cost)
                       IS DISTINCT FROM
                       (EXCLUDED.order_id, EXCLUDED.moment, EXCLUDED.date,
                        EXCLUDED.net_sales, EXCLUDED.margin, EXCLUDED.financing_cost)
                """,
                first_orders=self.env["acquisition.rows"]._sql_first_orders(scope),
                own=facts._sql_own(scope),
                company=company.id,
                sold=self._sql_sold(scope),
                financed=self._sql_financed(scope),
            )
        )
        self.invalidate_model()

    @api.model
    def _sql_sold(self, scope):
        """Return net sales and margin per customer of ``won`` since it was won."""
        return SQL(
            """
            SELECT line.partner_id, SUM(line.net_sales) AS net_sales,
                   ROUND(SUM(line.net_sales - line.cost::numeric), %s) AS margin
              FROM (%s) line
              JOIN won ON won.partner_id = line.partner_id
             WHERE line.date >= won.date AND line.date <= %s
             GROUP BY line.partner_id
            """,
            scope.digits,
            self.env["customer.finance.facts"]._sql_margin_lines(scope),
            scope.date,
        )

    @api.model
    def _sql_financed(self, scope):
        """Return the financing cost per customer of what was invoiced since it was
        won: the fact of the profile, over that time."""
        facts = self.env["customer.finance.facts"]
        _columns, financing = facts._fact_financing(scope)
        return SQL(
            """
            WITH items AS MATERIALIZED (
                SELECT item.* FROM (%s) item
                  LEFT JOIN won ON won.partner_id = item.partner_id
                 WHERE NOT item.is_invoice OR item.date >= won.date
            ), deductions AS MATERIALIZED (%s),
            settlements AS MATERIALIZED (%s)
            %s
            """,
            facts._sql_items(scope),
            facts._sql_deductions(scope),
            facts._sql_settlements(),
            financing,
        )
