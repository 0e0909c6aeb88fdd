# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The margin lines of two periods, summed, with what changed the margin: as SQL.

The formulas are those of ``tools/decomposition.py``. They are linear in quantity, sales
and cost, so the effects of rows add up to those of any group of them.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.comparison import Span, spans

#: What is summed of the lines, and what two periods are compared by; each column also
#: with ``_before``.
LINE_SUMS = ("quantity", "net_sales", "net_sales_known", "cost")
SUMS = (*LINE_SUMS, "margin")
EFFECTS = ("price_effect", "cost_effect", "volume_effect", "mix_effect")


class CustomerMarginRows(models.AbstractModel):
    """Row source of the change of margin.

    The periods come from the context. Only lines the user may see are read: unit
    prices, growth and ranks are those of these.
    """

    _name = "customer.margin.rows"
    _description = "Margin Lines of Two Periods"

    @api.model
    def _get_periods(self):
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
        before, now = self._get_periods()
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
            key_columns=SQL(", ").join(
                SQL("%s AS %s", column(name), SQL.identifier(name)) for name in keys
            ),
            # Many small sums: floats are added faster than numerics.
            columns=SQL(", ").join(
                SQL("%s::float8 AS %s", column(name), SQL.identifier(name))
                for name in LINE_SUMS
            ),
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
