# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.customer_cost_rows import KINDS
from ..models.customer_finance_mixin import MARGIN


class CustomerFinanceCost(models.Model):
    """Costs of customers: analytic lines and shares of spread costs."""

    _name = "customer.finance.cost"
    _description = "Cost of a Customer"
    _inherit = ["customer.finance.row"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "name"
    _depends = {
        "account.analytic.account": ["partner_id"],
        "account.analytic.line": [
            "amount",
            "category",
            "company_id",
            "date",
            "finance_cost_kind",
            "finance_spread_id",
            "general_account_id",
            "move_line_id",
            "name",
            "product_id",
            "unit_amount",
            "user_id",
        ],
        "customer.cost.share": ["amount", "partner_id", "spread_id"],
        "customer.cost.spread": ["campaign_id", "company_id", "date", "kind", "state"],
        "res.partner": ["commercial_partner_id"],
        "utm.campaign": ["finance_analytic_account_id"],
    }

    date = fields.Date(string="Cost Date")
    name = fields.Char(string="Description", readonly=True)
    amount = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="In company currency; a refund is negative.",
    )
    kind = fields.Selection(KINDS, readonly=True)
    source = fields.Selection(
        [("analytic", "Charged to the Customer"), ("share", "Share of a Spread Cost")],
        readonly=True,
    )
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    line_id = fields.Many2one(
        "account.analytic.line", string="Analytic Item", readonly=True
    )
    spread_id = fields.Many2one(
        "customer.cost.spread", string="Spreading", readonly=True
    )
    general_account_id = fields.Many2one("account.account", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    entered_by_id = fields.Many2one("res.users", readonly=True)
    is_over_charged = fields.Boolean(
        string="Charged Over 100 %",
        readonly=True,
        help="The analytic distribution of the journal item charges customers with "
        "more than 100 % of it.",
    )

    @property
    def _table_query(self):
        rows = self.env["customer.cost.rows"]
        rows._flush_cost_sources()
        return SQL(
            """
            SELECT cost.*, item.move_id, line.general_account_id, line.product_id,
                   COALESCE(line.user_id, spread.posted_by_id) AS entered_by_id,
                   COALESCE(line.name, spread.name) AS name,
                   COALESCE(%(over)s, FALSE) AS is_over_charged
              FROM (%(lines)s) cost
              LEFT JOIN account_analytic_line line ON line.id = cost.line_id
              LEFT JOIN customer_cost_spread spread ON spread.id = cost.spread_id
              LEFT JOIN account_move_line item ON item.id = line.move_line_id
            """,
            lines=rows._sql_cost_lines(self._get_finance_scope()),
            over=rows._sql_is_over_charged(SQL("item")),
        )

    def action_open_document(self):
        """Open the bill, spreading or analytic line the cost comes from, as far as the
        user may; otherwise the cost itself."""
        self.ensure_one()
        self.check_access("read")
        for record in (self.move_id, self.spread_id, self.line_id):
            if record and record.has_access("read"):
                return record._get_records_action(context={})
        return self._get_records_action(
            name=self.env._("Cost"), context={}, target="new"
        )
