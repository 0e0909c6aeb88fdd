# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.customer_finance_mixin import MARGIN
from ..models.optional_fields import OptionalFloat
from ..tools.ratios import RATIOS, Ratio


class CustomerFinanceMarginLine(models.Model):
    """Invoice lines with the cost frozen at sale; the report on product margins."""

    _name = "customer.finance.margin.line"
    _description = "Margin of an Invoice Line"
    _inherit = ["customer.finance.row", "customer.finance.ratio"]
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
            "product_uom_id",
            "quantity",
        ],
        "product.product": ["product_tmpl_id"],
        "product.template": ["uom_id"],
        "res.partner": ["commercial_partner_id"],
        "uom.uom": ["factor"],
    }
    _finance_ratios = {
        "margin_rate": RATIOS["margin_rate"],
        "cost_coverage": Ratio(
            "cost_coverage", {"net_sales_known": 1}, {"net_sales": 1}
        ),
    }
    _finance_shares = {"net_sales_share": "net_sales", "margin_share": "margin"}

    product_id = fields.Many2one("product.product", readonly=True)
    product_categ_id = fields.Many2one(related="product_id.categ_id")
    quantity = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="Invoiced less credited, in the product's own unit.",
    )
    net_sales = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="Posted invoices less credit notes, without tax, in company currency.",
    )
    net_sales_known = fields.Monetary(
        string="Net Sales with Known Cost", readonly=True, groups=MARGIN
    )
    cost = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="The cost frozen when it was sold × quantity, never today's cost.",
    )
    margin = fields.Monetary(
        readonly=True, groups=MARGIN, help="Net sales less frozen cost."
    )
    margin_rate = OptionalFloat(
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="Margin / net sales; of a group the quotient of its sums. Empty without "
        "net sales.",
    )
    net_sales_share = OptionalFloat(
        string="Share of Sales",
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="Part of the net sales of all groups shown beside it.",
    )
    margin_share = OptionalFloat(
        string="Share of Margin",
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="Part of the margin of all groups shown beside it; negative for a group "
        "sold at a loss.",
    )
    cost_coverage = OptionalFloat(
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="Part of the net sales whose cost is known: where it is not, the margin "
        "looks better than it is.",
    )
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
            """
            SELECT line.id, line.move_id, line.company_id, line.partner_id, line.date,
                   line.product_id, line.net_sales, line.cost, line.cost_source,
                   line.net_sales - line.cost AS margin,
                   CASE WHEN line.cost_source = 'unknown' THEN 0
                        ELSE line.net_sales END AS net_sales_known,
                   line.quantity * COALESCE(line_uom.factor / product_uom.factor, 1)
                        AS quantity,
                   CASE WHEN line.net_sales > 0
                        THEN (line.net_sales - line.cost) / line.net_sales
                   END AS margin_rate,
                   CASE WHEN line.net_sales > 0
                        THEN (line.cost_source <> 'unknown')::int
                   END AS cost_coverage,
                   NULL::float8 AS net_sales_share,
                   NULL::float8 AS margin_share
              FROM (%s) line
              LEFT JOIN product_product product ON product.id = line.product_id
              LEFT JOIN product_template template
                     ON template.id = product.product_tmpl_id
              LEFT JOIN uom_uom product_uom ON product_uom.id = template.uom_id
              LEFT JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
            """,
            facts._sql_margin_lines(self._get_finance_scope()),
        )
