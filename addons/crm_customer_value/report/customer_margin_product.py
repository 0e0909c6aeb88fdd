# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import MARGIN
from odoo.addons.crm_finance_bridge.models.optional_fields import OptionalFloat

from ..models.customer_margin_rows import EFFECTS, SUMS

RANKING = "crm_customer_value.customer_margin_product_action"
SUGGESTIONS = [
    ("grow", "Grow"),
    ("hold", "Hold"),
    ("reprice", "Reprice"),
    ("drop", "Drop"),
    ("gone", "No Longer Sold"),
    ("unknown", "Cost Unknown"),
]
#: The thresholds of the suggestions; the help of the field tells them.
KNOWN = 0.8  # of the net sales must have a known cost
THIN = 0.5  # of the margin rate of all products together
GROWING = 0.1  # more sold than before
SQUEEZED = 0.1  # of the earlier margin taken by prices and costs


class CustomerMarginProduct(models.Model):
    """Products in the order of their margin: which to grow, which to drop."""

    _name = "customer.margin.product"
    _description = "Product Ranking"
    _inherit = ["customer.margin.period"]
    _auto = False
    _order = "rank, id"
    _rec_name = "product_id"
    _depends = {"res.company": ["value_abc_a", "value_abc_b"]}

    rank = fields.Integer(
        readonly=True,
        aggregator="min",
        help="By margin within the company, 1 the highest; equal margins share one.",
    )
    cumulative_share = OptionalFloat(
        readonly=True,
        aggregator=None,
        groups=MARGIN,
        help="Part of all positive margins that this product and those above it make.",
    )
    abc = fields.Selection(
        [("A", "A"), ("B", "B"), ("C", "C")],
        string="ABC",
        readonly=True,
        help="By cumulative share of margin, with the bounds of the settings (80 % and "
        "95 % unless set otherwise). The best product is always A; what earns nothing "
        "is C.",
    )
    margin_rate_all = OptionalFloat(
        string="Margin Rate of All Products",
        readonly=True,
        aggregator=None,
        groups=MARGIN,
        help="Margin / net sales of all products of the company in the later period, "
        "as far as their cost is known.",
    )
    volume_growth = OptionalFloat(
        string="Quantity Growth",
        readonly=True,
        aggregator=None,
        help="Quantity / quantity before − 1. Empty if none was sold before.",
    )
    cost_coverage = OptionalFloat(
        string="Cost Known",
        readonly=True,
        aggregator=None,
        groups=MARGIN,
        help="Part of the net sales of the later period whose cost is known.",
    )
    suggestion = fields.Selection(
        SUGGESTIONS,
        readonly=True,
        group_expand=True,
        groups=MARGIN,
        help="The first that applies. Cost unknown: known of less than 80 % of the net "
        "sales. No longer sold: nothing in the later period. Drop: class C, thin "
        "margin, and less sold than before; thin is less than half the margin rate of "
        "all products, or none. Reprice: thin margin, or prices and costs took at "
        "least 10 % of the earlier margin. Grow: at least the margin rate of all "
        "products, and at least 10 % more sold, or new. Hold: all others.",
    )
    why = fields.Text(
        compute="_compute_why",
        groups=MARGIN,
        help="What the suggestion goes by.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH product AS (
                    SELECT MIN(id) AS id, company_id, product_id, %(sums)s
                      FROM (%(effects)s) effect
                     GROUP BY company_id, product_id
                 ),
                 placed AS (
                    SELECT product.*, ROUND(margin::numeric, 6) AS place,
                           -- Sales of unknown cost would pass for all margin.
                           CASE WHEN SUM(net_sales_known) OVER company > 0
                                THEN 1 - SUM(cost) OVER company
                                     / SUM(net_sales_known) OVER company
                           END AS margin_rate_all
                      FROM product
                    WINDOW company AS (PARTITION BY company_id)
                 ),
                 ranked AS (
                    SELECT placed.*,
                           RANK() OVER best AS rank,
                           -- Equal margins share one figure, as they are peers.
                           SUM(GREATEST(place, 0)) OVER best / NULLIF(
                                SUM(GREATEST(place, 0)) OVER (
                                    PARTITION BY company_id), 0) AS cumulative_share,
                           CASE WHEN net_sales > 0
                                THEN margin / net_sales END AS margin_rate,
                           CASE WHEN ROUND(quantity_before::numeric, 6) > 0
                                THEN quantity / quantity_before - 1
                                END AS volume_growth,
                           CASE WHEN net_sales > 0
                                THEN net_sales_known / net_sales END AS cost_coverage
                      FROM placed
                    WINDOW best AS (PARTITION BY company_id ORDER BY place DESC)
                 )
            SELECT ranked.id, company_id, product_id, %(names)s, rank,
                   margin_rate_all, margin_rate, volume_growth, cost_coverage,
                   cumulative_share::float8 AS cumulative_share,
                   judged.abc,
                   CASE WHEN cost_coverage < %(known)s THEN 'unknown'
                        WHEN quantity <= 0 AND net_sales <= 0 THEN 'gone'
                        WHEN abc = 'C' AND thin AND volume_growth < 0 THEN 'drop'
                        WHEN thin OR (margin_before > 0
                              AND -(price_effect + cost_effect)
                                  >= %(squeezed)s * margin_before)
                        THEN 'reprice'
                        WHEN margin_rate >= margin_rate_all
                             AND COALESCE(volume_growth, 1) >= %(growing)s
                        THEN 'grow'
                        ELSE 'hold' END AS suggestion,
                   CASE WHEN net_sales_before > 0
                        THEN margin_before / net_sales_before END
                        AS margin_rate_before,
                   CASE WHEN margin_before > 0 THEN margin_change / margin_before END
                        AS growth,
                   margin / NULLIF(GREATEST(SUM(margin) OVER (
                        PARTITION BY company_id), 0), 0) AS margin_share
              FROM ranked
              JOIN res_company company ON company.id = company_id
             CROSS JOIN LATERAL (
                    SELECT margin <= 0 OR net_sales <= 0
                           OR COALESCE(margin_rate < %(thin)s * margin_rate_all, FALSE)
                        AS thin,
                           CASE WHEN place <= 0 THEN 'C'
                                WHEN rank = 1 THEN 'A'
                                WHEN cumulative_share
                                     <= company.value_abc_a::numeric + 1e-9 THEN 'A'
                                WHEN cumulative_share
                                     <= company.value_abc_b::numeric + 1e-9 THEN 'B'
                                ELSE 'C' END AS abc
                   ) judged
            """,
            sums=SQL(", ").join(
                SQL("SUM(%s) AS %s", SQL.identifier(name), SQL.identifier(name))
                for name in self._get_sum_names()
            ),
            names=SQL(", ").join(map(SQL.identifier, self._get_sum_names())),
            effects=self.env["customer.margin.rows"]._sql_effects(),
            known=KNOWN,
            thin=THIN,
            squeezed=SQUEEZED,
            growing=GROWING,
        )

    @api.model
    def _get_sum_names(self):
        both = [f"{name}{suffix}" for name in SUMS for suffix in ("_before", "")]
        return [*both, "margin_change", *EFFECTS]

    # Whatever it reads, so that one statement reads it all.
    @api.depends(
        "cost_coverage",
        "cost_effect",
        "currency_id",
        "margin_before",
        "margin_rate",
        "margin_rate_all",
        "price_effect",
        "suggestion",
        "volume_growth",
    )
    @api.depends_context("lang", "margin_periods")
    def _compute_why(self):
        for row in self:
            row.why = " ".join(row._get_reasons())

    def _get_reasons(self):
        """Return what the suggestion goes by, in sentences."""

        def percent(share):
            return f"{formatLang(self.env, 100 * share, digits=0)}%"

        def money(amount):
            return formatLang(self.env, amount, currency_obj=self.currency_id)

        if self.suggestion == "gone":
            return [
                self.env._(
                    "Brought %(margin)s in the earlier period.",
                    margin=money(self.margin_before),
                )
            ]
        reasons = []
        if self.suggestion == "unknown":
            reasons.append(
                self.env._(
                    "The cost is known of %(share)s of the net sales only.",
                    share=percent(self.cost_coverage),
                )
            )
        elif self.margin_rate is not False and self.margin_rate_all is not False:
            reasons.append(
                self.env._(
                    "Margin rate %(rate)s, all products %(all)s.",
                    rate=percent(self.margin_rate),
                    all=percent(self.margin_rate_all),
                )
            )
        if self.volume_growth is False:
            reasons.append(self.env._("Not sold before."))
        elif self.volume_growth < 0:
            reasons.append(
                self.env._("Sold %(share)s less.", share=percent(-self.volume_growth))
            )
        else:
            reasons.append(
                self.env._("Sold %(share)s more.", share=percent(self.volume_growth))
            )
        taken = self.price_effect + self.cost_effect
        if self.currency_id.compare_amounts(taken, 0) < 0:
            reasons.append(
                self.env._("Prices and costs took %(amount)s.", amount=money(-taken))
            )
        return reasons

    @api.model
    def action_open_ranking(self):
        """Open the ranking, named after the periods compared."""
        return self._open_report(RANKING, self.env._("Product Ranking"))

    def action_open_change(self):
        """Open the change of this product, by customer."""
        self.ensure_one()
        action = self.env["customer.margin.change"].action_open_change()
        name = f"{self.product_id.display_name or self.env._('Without a Product')}"
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": list(self._get_line_domain()),
            "context": {**action["context"], "group_by": ["partner_id"]},
        }
