# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import MARGIN


class CustomerValueTierReport(models.Model):
    """What tiers bring and cost: the invoice lines, costs and financing that make up
    the net profit of the window, by the tier customers are in today.

    Its net profit is the sum of that of the profiles.
    """

    _name = "customer.value.tier.report"
    _description = "What Tiers Bring and Cost"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "account.move": ["invoice_currency_rate", "move_type"],
        "account.move.line": [
            "balance",
            "company_id",
            "date",
            "discount",
            "display_type",
            "finance_cost_source",
            "finance_unit_cost",
            "move_id",
            "parent_state",
            "partner_id",
            "price_unit",
            "product_id",
            "quantity",
        ],
        "res.partner": ["commercial_partner_id"],
    }

    kind = fields.Selection(
        [
            ("sale", "Invoice Line"),
            ("cost", "Customer Cost"),
            ("financing", "Financing"),
        ],
        readonly=True,
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one(related="partner_id.user_id")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    profile_id = fields.Many2one("customer.finance.profile", readonly=True)
    tier_id = fields.Many2one(
        "customer.value.tier",
        readonly=True,
        help="Tier of the customer as it is now, whatever it was at the time.",
    )
    tier_color = fields.Integer(related="tier_id.color")
    date = fields.Date(readonly=True)
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    cost_id = fields.Many2one("customer.finance.cost", readonly=True)
    list_sales = fields.Monetary(
        string="Sales before Discounts",
        readonly=True,
        groups=MARGIN,
        help="Net sales and the discounts given on them.",
    )
    discount = fields.Monetary(
        string="Discounts Given",
        readonly=True,
        groups=MARGIN,
        help="Unit price less the discount of the line, as invoiced, and lines of a "
        "negative price; less those of credit notes. Without tax, in company currency. "
        "A unit price that was lowered itself is no discount here.",
    )
    net_sales = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="Posted invoices less credit notes in the window, without tax.",
    )
    margin = fields.Monetary(
        readonly=True, groups=MARGIN, help="Net sales less frozen cost."
    )
    cost = fields.Monetary(
        string="Customer Cost",
        readonly=True,
        groups=MARGIN,
        help="Cost attributed to customers in the window, of any kind.",
    )
    financing = fields.Monetary(
        string="Financing Cost",
        readonly=True,
        groups=MARGIN,
        help="Of the window, as of the last refresh of the customer.",
    )
    net_profit = fields.Monetary(
        readonly=True, groups=MARGIN, help="Margin less customer and financing cost."
    )

    @property
    def _table_query(self):
        facts = self.env["customer.finance.facts"]
        costs = self.env["customer.cost.rows"]
        costs._flush_cost_sources()
        scope = self.env["customer.finance.margin.line"]._get_finance_scope()
        window = SQL(
            "profile.partner_id = row.partner_id"
            " AND profile.company_id = row.company_id"
            " AND row.date > profile.as_of_date - profile.window_days"
            " AND row.date <= profile.as_of_date"
        )
        return SQL(
            """
            SELECT id, kind, partner_id, company_id, profile_id, tier_id, date,
                   move_id, product_id, cost_id, net_sales + discount AS list_sales,
                   discount, net_sales, margin, cost, financing,
                   margin - cost - financing AS net_profit
              FROM (
                    SELECT row.id::bigint * 3 AS id, 'sale' AS kind, row.partner_id,
                           row.company_id, profile.id AS profile_id,
                           profile.value_tier_id AS tier_id, row.date, row.move_id,
                           row.product_id, NULL::bigint AS cost_id,
                           row.net_sales, %(discount)s AS discount,
                           row.net_sales - row.cost::numeric AS margin,
                           0.0 AS cost, 0.0 AS financing
                      FROM (%(lines)s) row
                      JOIN account_move_line line ON line.id = row.id
                      JOIN account_move move ON move.id = row.move_id
                      JOIN customer_finance_profile profile ON %(window)s
                     UNION ALL
                    SELECT row.id * 3 + 1, 'cost', row.partner_id, row.company_id,
                           profile.id, profile.value_tier_id, row.date, NULL, NULL,
                           row.id, 0, 0, 0, row.amount, 0
                      FROM (%(costs)s) row
                      JOIN customer_finance_profile profile ON %(window)s
                     UNION ALL
                    SELECT profile.id::bigint * 3 + 2, 'financing', profile.partner_id,
                           profile.company_id, profile.id, profile.value_tier_id,
                           profile.as_of_date, NULL, NULL, NULL, 0, 0, 0, 0,
                           profile.financing_cost
                      FROM customer_finance_profile profile
                     WHERE profile.financing_cost <> 0
                   ) part
            """,
            discount=_sql_discount(),
            lines=facts._sql_margin_lines(scope),
            costs=costs._sql_cost_lines(scope),
            window=window,
        )

    def action_open_document(self):
        """Open the invoice, the document of the cost, or the profile that says what
        the financing is of."""
        self.ensure_one()
        self.check_access("read")
        if self.cost_id:
            return self.cost_id.action_open_document()
        if self.move_id.has_access("read") and self.move_id:
            return self.move_id._get_records_action(context={})
        return self.profile_id._get_records_action(context={})


def _sql_discount():
    """Return the discount of an invoice line in company currency, without tax.

    Of a discount of 100 % nothing is left to reckon from but the price.
    """
    return SQL(
        """
        CASE WHEN line.price_unit < 0 THEN -row.net_sales
             WHEN line.discount < 100
             THEN row.net_sales * line.discount::numeric
                  / (100 - line.discount::numeric)
             ELSE (row.quantity * line.price_unit
                   / COALESCE(NULLIF(move.invoice_currency_rate, 0), 1))::numeric
        END
        """
    )
