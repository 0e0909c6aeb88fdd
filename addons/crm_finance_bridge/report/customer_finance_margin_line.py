# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.customer_finance_mixin import MARGIN


class CustomerFinanceMarginLine(models.Model):
    """Invoice lines with the cost frozen at sale."""

    _name = "customer.finance.margin.line"
    _description = "Margin of an Invoice Line"
    _inherit = ["customer.finance.row"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.move": ["move_type"],
        "account.move.line": [
            "balance",
            "company_id",
            "date",
            "display_type",
            "finance_cost_source",
            "finance_unit_cost",
            "move_id",
            "parent_state",
            "partner_id",
            "product_id",
            "quantity",
        ],
        "res.partner": ["commercial_partner_id"],
    }

    product_id = fields.Many2one("product.product", readonly=True)
    product_categ_id = fields.Many2one(related="product_id.categ_id")
    quantity = fields.Float(readonly=True, digits="Product Unit")
    net_sales = fields.Monetary(readonly=True, groups=MARGIN)
    cost = fields.Monetary(readonly=True, groups=MARGIN)
    margin = fields.Monetary(readonly=True, groups=MARGIN)
    cost_source = fields.Selection(
        [
            ("order", "Order Line"),
            ("posting", "Product Cost at Posting"),
            ("estimate", "Best Known at Installation"),
            ("unknown", "Unknown"),
        ],
        readonly=True,
    )

    @property
    def _table_query(self):
        facts = self.env["customer.finance.facts"]
        return SQL(
            "SELECT line.*, line.net_sales - line.cost AS margin FROM (%s) line",
            facts._sql_margin_lines(self._get_finance_scope()),
        )
