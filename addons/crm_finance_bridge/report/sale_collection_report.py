# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.customer_finance_mixin import AMOUNT
from .sale_order_position import DEPENDS


class SaleCollectionReport(models.Model):
    """Planned and actual collections: what was to come when, and what came when.

    Each instalment is a row at its due date, each payment of an order's invoice one at
    its own date. In company currency at the order's rate.
    """

    _name = "sale.collection.report"
    _description = "Collections, Planned and Actual"
    _auto = False
    _order = "date, id"
    _rec_name = "order_id"
    _depends = {
        **DEPENDS,
        "sale.collection.line": ["amount", "date_due", "order_id"],
    }

    kind = fields.Selection(
        [("planned", "Planned"), ("actual", "Collected")], readonly=True
    )
    order_id = fields.Many2one("sale.order", readonly=True)
    line_id = fields.Many2one(
        "sale.collection.line", string="Instalment", readonly=True
    )
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    date = fields.Date(readonly=True, help="Planned: due. Collected: when it came.")
    amount = fields.Monetary(
        readonly=True, groups=AMOUNT, help="Planned or collected, as the row says."
    )
    planned = fields.Monetary(readonly=True, groups=AMOUNT)
    collected = fields.Monetary(
        readonly=True,
        groups=AMOUNT,
        help="Of an instalment: what was collected of the order, filling the "
        "instalments by due date, is in the rows of its payments.",
    )
    missing = fields.Monetary(
        string="Not Collected",
        readonly=True,
        groups=AMOUNT,
        help="The part of the instalment that what was collected has not reached.",
    )
    is_late = fields.Boolean(
        string="Late",
        readonly=True,
        help="The instalment was due before today and is not filled.",
    )

    @property
    def _table_query(self):
        rows = self.env["order.cash.rows"]
        return SQL(
            """
            WITH company AS (%(companies)s),
                 billed AS MATERIALIZED (%(billed)s),
                 debt AS MATERIALIZED (%(debts)s),
                 received AS MATERIALIZED (
                    SELECT billed.order_id, billed.move_id, money.date,
                           SUM(billed.amount * money.money / NULLIF(debt.balance, 0))
                                AS amount
                      FROM billed
                      JOIN debt ON debt.move_id = billed.move_id
                      JOIN (%(money)s) money ON money.move_id = billed.move_id
                     GROUP BY billed.order_id, billed.move_id, money.date
                 ),
                 total AS (
                    SELECT order_id, SUM(amount) AS amount
                      FROM received GROUP BY order_id
                 ),
                 instalment AS (
                    SELECT line.id, line.order_id, line.date_due, line.amount,
                           LEAST(line.amount, GREATEST(0, COALESCE(total.amount, 0)
                                - (SUM(line.amount) OVER earlier - line.amount)))
                                AS filled
                      FROM sale_collection_line line
                      LEFT JOIN total ON total.order_id = line.order_id
                    WINDOW earlier AS (
                        PARTITION BY line.order_id ORDER BY line.date_due, line.id)
                 )
            SELECT part.id, part.kind, part.order_id, part.line_id, part.move_id,
                   partner.commercial_partner_id AS partner_id, sale.company_id,
                   sale.user_id, sale.team_id, part.date,
                   (part.planned + part.collected) / rate.rate AS amount,
                   part.planned / rate.rate AS planned,
                   part.collected / rate.rate AS collected,
                   part.missing / rate.rate AS missing,
                   part.missing > 0.005 AND part.date < company.today AS is_late
              FROM (
                    SELECT 2 * instalment.id AS id, 'planned' AS kind,
                           instalment.order_id, instalment.id AS line_id,
                           NULL::int AS move_id, instalment.date_due AS date,
                           instalment.amount AS planned, 0 AS collected,
                           instalment.amount - instalment.filled AS missing
                      FROM instalment
                     UNION ALL
                    SELECT 2 * ROW_NUMBER() OVER (
                                ORDER BY order_id, move_id, date) + 1,
                           'actual', order_id, NULL, move_id, date, 0, amount, 0
                      FROM received
                   ) part
              JOIN sale_order sale ON sale.id = part.order_id AND sale.state = 'sale'
              JOIN res_partner partner ON partner.id = sale.partner_invoice_id
              JOIN company ON company.id = sale.company_id
              JOIN LATERAL (
                    SELECT COALESCE(NULLIF(sale.currency_rate, 0), 1) AS rate
                   ) rate ON TRUE
            """,
            companies=rows._sql_cash_today(),
            billed=rows._sql_order_invoices(),
            debts=rows._sql_invoice_debts(),
            money=rows._sql_invoice_money(),
        )

    def action_open_order(self):
        """Open the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }
