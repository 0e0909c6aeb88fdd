# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.crm_finance_bridge.models.customer_finance_drill import MARGIN_LINES
from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import MARGIN
from odoo.addons.crm_finance_bridge.models.optional_float import OptionalFloat
from odoo.addons.crm_finance_bridge.tools.ratios import RATIOS, Ratio

from ..tools.comparison import Span, spans

#: What is summed of the lines, and what two periods are compared by; each column also
#: with ``_before``.
LINE_SUMS = ("quantity", "net_sales", "net_sales_known", "cost")
SUMS = (*LINE_SUMS, "margin")
EFFECTS = ("price_effect", "cost_effect", "volume_effect", "mix_effect")


class CustomerMarginPeriod(models.AbstractModel):
    """The margin lines of two periods beside each other, and why the margin changed.

    The formulas are those of ``tools/decomposition.py``. They are linear in quantity,
    sales and cost, so the effects of rows add up to those of any group of them.

    The periods come from the context, see :meth:`_get_margin_periods`. Only lines the
    user may see are read: unit prices, growth and ranks are those of these.
    """

    _name = "customer.margin.period"
    _description = "Margin of Two Periods"
    _inherit = ["customer.finance.ratio"]
    _depends = {
        "customer.finance.margin.line": [
            "company_id",
            "cost",
            "date",
            "margin",
            "net_sales",
            "net_sales_known",
            "partner_id",
            "product_id",
            "quantity",
        ]
    }
    _finance_ratios = {
        "margin_rate": RATIOS["margin_rate"],
        "margin_rate_before": Ratio(
            "margin_rate_before", {"margin_before": 1}, {"net_sales_before": 1}
        ),
        "growth": Ratio("growth", {"margin_change": 1}, {"margin_before": 1}),
    }
    _finance_shares = {"margin_share": "margin"}

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", readonly=True)
    product_categ_id = fields.Many2one(related="product_id.categ_id")
    quantity_before = fields.Float(readonly=True, digits="Product Unit")
    quantity = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="Invoiced less credited, in the product's own unit.",
    )
    net_sales_before = fields.Monetary(readonly=True, groups=MARGIN)
    net_sales = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="Posted invoices less credit notes, without tax, in company currency.",
    )
    cost_before = fields.Monetary(readonly=True, groups=MARGIN)
    cost = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="The cost frozen when it was sold × quantity, never today's cost.",
    )
    margin_before = fields.Monetary(readonly=True, groups=MARGIN)
    margin = fields.Monetary(
        readonly=True, groups=MARGIN, help="Net sales less frozen cost."
    )
    margin_change = fields.Monetary(
        string="Change",
        readonly=True,
        groups=MARGIN,
        help="Margin − margin before = price + cost + volume + mix.",
    )
    price_effect = fields.Monetary(
        string="Price",
        readonly=True,
        groups=MARGIN,
        help="What other prices brought: sales − quantity × earlier unit price, of "
        "this period less the same of the earlier one. The unit price is net sales / "
        "quantity of the product in the earlier period; in this one, if it was not "
        "sold then.",
    )
    cost_effect = fields.Monetary(
        string="Cost Effect",
        readonly=True,
        groups=MARGIN,
        help="What other unit costs brought, higher ones negative: −(cost − quantity × "
        "earlier unit cost), of this period less the same of the earlier one.",
    )
    volume_effect = fields.Monetary(
        string="Volume",
        readonly=True,
        groups=MARGIN,
        help="What would have changed had every product grown like all products of the "
        "company together: earlier quantity × earlier unit margin × growth of all "
        "quantities, at earlier prices.",
    )
    mix_effect = fields.Monetary(
        string="Mix",
        readonly=True,
        groups=MARGIN,
        help="The rest of the change of quantity × earlier unit margin: more or less "
        "than all products together grew. New products and those no longer sold are "
        "volume and mix.",
    )
    margin_rate_before = OptionalFloat(
        readonly=True, aggregator="avg", digits=(16, 4), groups=MARGIN
    )
    margin_rate = OptionalFloat(
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="Margin / net sales; of a group the quotient of its sums. Empty without "
        "net sales.",
    )
    growth = OptionalFloat(
        string="Margin Growth",
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="Change / margin before. Empty if there was none before.",
    )
    margin_share = OptionalFloat(
        string="Share of Margin",
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="Part of the margin of all groups shown beside it; negative for a group "
        "sold at a loss.",
    )

    @api.model
    def _get_margin_periods(self):
        """Return the earlier and the later :class:`Span`.

        They are in the context as ``margin_periods``: first and last day of the one,
        then of the other. Without, the twelve months up to today and those before.
        """
        found = self.env.context.get("margin_periods")
        if not found:
            return spans("months_12", self.env.company._get_finance_today())
        try:
            days = [fields.Date.to_date(day) for day in found]
            before, now = Span(*days[:2]), Span(*days[2:])
        except (TypeError, ValueError):
            days = [None]
        if len(days) != 4 or not all(days):
            raise UserError(
                self.env._("The periods to compare are not valid; choose them again.")
            )
        return before, now

    @api.model
    def _sql_sums(self, keys):
        """Return the sums of both periods per combination of keys.

        :param keys: names of fields of the margin lines
        """
        before, now = self._get_margin_periods()
        lines = self.env["customer.finance.margin.line"]
        in_before, in_now = (
            Domain("date", ">=", span.first) & Domain("date", "<=", span.last)
            for span in (before, now)
        )
        # Through the ORM, so that the record rules of the lines hold.
        query = lines._search(
            Domain("company_id", "in", self.env.companies.ids) & (in_before | in_now)
        )

        def column(name):
            return lines._field_to_sql(query.table, name, query)

        def named(names, pattern):
            return SQL(", ").join(
                SQL(pattern, column(name), SQL.identifier(name)) for name in names
            )

        return SQL(
            """
            SELECT MIN(id) AS id, %(keys)s, %(sums)s
              FROM (
                    SELECT %(id)s AS id, %(key_columns)s, %(columns)s,
                           %(date)s BETWEEN %(first)s AND %(last)s AS is_now
                      FROM %(lines)s
                     WHERE %(where)s
                   ) line
             GROUP BY %(keys)s
            """,
            # Every line belongs to one row, so its first one tells it from the others.
            id=column("id"),
            keys=SQL(", ").join(SQL.identifier(name) for name in keys),
            key_columns=named(keys, "%s AS %s"),
            # Many small sums: floats are added faster than numerics.
            columns=named(LINE_SUMS, "%s::float8 AS %s"),
            sums=SQL(", ").join(
                SQL(
                    "COALESCE(SUM(%s) FILTER (WHERE %s), 0) AS %s",
                    SQL.identifier(name),
                    period,
                    SQL.identifier(f"{name}{suffix}"),
                )
                for name in LINE_SUMS
                for period, suffix in (
                    (SQL("NOT is_now"), "_before"),
                    (SQL("is_now"), ""),
                )
            ),
            date=column("date"),
            first=now.first,
            last=now.last,
            lines=query.from_clause,
            where=query.where_clause or SQL("TRUE"),
        )

    @api.model
    def _sql_effects(self, keys=("company_id", "product_id")):
        """Return the sums per combination of keys with the four effects.

        Unit price and cost are those of the product, of all customers; with
        ``margin_per_customer`` in the context those the customer itself had.

        :param keys: names of fields of the margin lines, with company and product
        """
        unit = ["company_id", "product_id"]
        if self.env.context.get("margin_per_customer"):
            unit.append("partner_id")
        keys = list(dict.fromkeys((*keys, *unit)))
        return SQL(
            """
            WITH sums AS MATERIALIZED (%(sums)s),
                 total AS (
                    SELECT sums.*,
                           net_sales_before - cost_before AS margin_before,
                           net_sales - cost AS margin,
                           -- Quantities in other units leave crumbs of a sum of 0.
                           ROUND(SUM(quantity_before) OVER product::numeric, 6) AS q0,
                           SUM(net_sales_before) OVER product AS s0,
                           SUM(cost_before) OVER product AS c0,
                           ROUND(SUM(quantity) OVER product::numeric, 6) AS q1,
                           SUM(net_sales) OVER product AS s1,
                           SUM(cost) OVER product AS c1
                      FROM sums
                    WINDOW product AS (PARTITION BY %(unit)s)
                 ),
                 priced AS (
                    SELECT total.*,
                           CASE WHEN q0 > 0 THEN s0 / q0::float8
                                WHEN q1 > 0 THEN s1 / q1::float8
                                ELSE 0 END AS price,
                           CASE WHEN q0 > 0 THEN c0 / q0::float8
                                WHEN q1 > 0 THEN c1 / q1::float8
                                ELSE 0 END AS unit_cost
                      FROM total
                 ),
                 grown AS (
                    SELECT priced.*,
                           SUM(quantity_before * price) OVER company AS v0,
                           SUM(quantity * price) OVER company AS v1
                      FROM priced
                    WINDOW company AS (PARTITION BY company_id)
                 ),
                 moved AS (
                    SELECT grown.*,
                           (quantity - quantity_before) * (price - unit_cost) AS moved,
                           CASE WHEN ROUND(v0::numeric, 6) > 0
                                THEN quantity_before * (price - unit_cost)
                                     * (v1 / v0 - 1)
                                ELSE (quantity - quantity_before)
                                     * (price - unit_cost) END AS volume_effect
                      FROM grown
                 )
            SELECT id, %(keys)s, %(names)s,
                   margin - margin_before AS margin_change,
                   (net_sales - quantity * price)
                        - (net_sales_before - quantity_before * price)
                        AS price_effect,
                   (cost_before - quantity_before * unit_cost)
                        - (cost - quantity * unit_cost) AS cost_effect,
                   volume_effect, moved - volume_effect AS mix_effect
              FROM moved
            """,
            sums=self._sql_sums(keys),
            unit=SQL(", ").join(SQL.identifier(name) for name in unit),
            keys=SQL(", ").join(SQL.identifier(name) for name in keys),
            names=SQL(", ").join(
                SQL.identifier(f"{name}{suffix}")
                for name in SUMS
                for suffix in ("_before", "")
            ),
        )

    @api.model
    def _say_periods(self):
        """Return both periods in words."""
        (start_0, end_0), (start_1, end_1) = self._get_margin_periods()
        return self.env._(
            "%(start)s – %(end)s against %(start_before)s – %(end_before)s",
            start=format_date(self.env, start_1),
            end=format_date(self.env, end_1),
            start_before=format_date(self.env, start_0),
            end_before=format_date(self.env, end_0),
        )

    @api.model
    def _open_report(self, xmlid, title):
        """Return the action of a report over the periods of the context, named after
        them."""
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        name = f"{title}: {self._say_periods()}"
        context = literal_eval(action["context"] or "{}")
        for key in ("margin_periods", "margin_per_customer", "margin_choice"):
            if key in self.env.context:
                context[key] = self.env.context[key]
        return {**action, "name": name, "display_name": name, "context": context}

    def action_choose_periods(self):
        """Open the choice of the periods, with those compared now."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_value.customer_margin_comparison_action"
        )
        before, now = self._get_margin_periods()
        per_customer = self.env.context.get("margin_per_customer")
        choice = self.env.context.get("margin_choice", ("months_12", "before"))
        return {
            **action,
            "context": {
                "default_period": choice[0],
                "default_against": choice[1],
                "default_before_from": fields.Date.to_string(before.first),
                "default_before_to": fields.Date.to_string(before.last),
                "default_now_from": fields.Date.to_string(now.first),
                "default_now_to": fields.Date.to_string(now.last),
                "default_prices": "customer" if per_customer else "product",
            },
        }

    def _get_line_domain(self):
        """Return the domain of the margin lines of a row, of all days."""
        self.ensure_one()
        return Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("product_id", "=", self.product_id.id),
            ]
        )

    def action_open_lines(self):
        """Open the margin lines of both periods."""
        return self._open_lines(*self._get_margin_periods())

    def action_open_before(self):
        """Open the margin lines of the earlier period."""
        return self._open_lines(self._get_margin_periods()[0])

    def action_open_now(self):
        """Open the margin lines of the later period."""
        return self._open_lines(self._get_margin_periods()[1])

    def _open_lines(self, *periods):
        days = Domain.OR(
            Domain("date", ">=", span.first) & Domain("date", "<=", span.last)
            for span in periods
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(MARGIN_LINES)
        title = self.product_id.display_name or self.env._("Without a Product")
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": list(self._get_line_domain() & days),
            "context": {"group_by": ["date:month"]} if len(periods) > 1 else {},
        }
