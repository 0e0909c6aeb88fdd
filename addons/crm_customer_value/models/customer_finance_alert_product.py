# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import MARGIN

from ..tools.decomposition import decompose

#: Column → its type.
COLUMNS = {
    "alert_id": "int",
    "product_id": "int",
    "quantity_before": "float8",
    "quantity_now": "float8",
    "sales_before": "numeric",
    "sales_now": "numeric",
    "margin_before": "numeric",
    "margin_now": "numeric",
    "margin_change": "numeric",
    "price_effect": "numeric",
    "cost_effect": "numeric",
    "volume_effect": "numeric",
    "mix_effect": "numeric",
}


class CustomerFinanceAlertProduct(models.Model):
    """What one product added to the change of a customer's margin.

    Written by SQL with the alert it explains; kept as it was when the alert closed.
    """

    _name = "customer.finance.alert.product"
    _description = "Margin Change of a Product"
    _order = "margin_change, id"
    _log_access = False

    alert_id = fields.Many2one(
        "customer.finance.alert",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(related="alert_id.partner_id")
    company_id = fields.Many2one(related="alert_id.company_id")
    currency_id = fields.Many2one(related="alert_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Empty for lines without a product.",
    )
    product_categ_id = fields.Many2one(related="product_id.categ_id")
    quantity_before = fields.Float(readonly=True, digits="Product Unit")
    quantity_now = fields.Float(readonly=True, digits="Product Unit")
    sales_before = fields.Monetary(readonly=True, groups=MARGIN)
    sales_now = fields.Monetary(readonly=True, groups=MARGIN)
    margin_before = fields.Monetary(readonly=True, groups=MARGIN)
    margin_now = fields.Monetary(readonly=True, groups=MARGIN)
    margin_change = fields.Monetary(
        string="Change", readonly=True, groups=MARGIN, help="Margin now − before."
    )
    price_effect = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="(S₁ − q₁ p) − (S₀ − q₀ p): sales now less those at the old price p; in "
        "company currency, without tax.",
    )
    cost_effect = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="Less by as much as the units sold now cost more than before.",
    )
    volume_effect = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="What the margin would have changed by, had every product grown like all "
        "together.",
    )
    mix_effect = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="What is left: the customer buys more of what earns less, or the other "
        "way round.",
    )

    @api.depends("product_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.product_id.display_name or self.env._(
                "Without product"
            )

    @api.model
    def _explain(self, alerts):
        """Write the changes by product of alerts; at most three statements.

        :param alerts: ongoing alerts of falling margins of one company
        """
        if not alerts:
            return
        values = [
            value
            for alert, (before, after) in self._read_sales(alerts).items()
            for value in self._get_values(alert, before, after)
        ]
        self.env.cr.execute(
            SQL(
                "DELETE FROM customer_finance_alert_product WHERE alert_id = ANY(%s)",
                alerts.ids,
            )
        )
        names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        columns = [list(column) for column in zip(*values, strict=True)]
        if columns:
            arrays = SQL(", ").join(
                SQL("%s::%s[]", column, SQL(kind))
                for column, kind in zip(columns, COLUMNS.values(), strict=True)
            )
            self.env.cr.execute(
                SQL(
                    "INSERT INTO customer_finance_alert_product (%s)"
                    " SELECT * FROM UNNEST(%s) AS row (%s)",
                    names,
                    arrays,
                    names,
                )
            )
        self.invalidate_model()
        alerts.invalidate_recordset(["change_ids"])

    @api.model
    def _read_sales(self, alerts):
        """Return ``{alert id: (rows before, rows now)}``, a row being (product,
        quantity in its own unit, net sales, cost); one statement over the margin lines
        that the buttons of the alert open."""
        self.env["customer.finance.facts"]._flush_sources()
        alerts.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT alert.id, line.date > alert.start_date, line.product_id,
                       SUM(line.quantity)::float8, SUM(line.net_sales)::float8,
                       SUM(line.cost)::float8
                  FROM customer_finance_alert alert
                  JOIN (%s) line
                    ON line.partner_id = alert.partner_id
                   AND line.company_id = alert.company_id
                   AND (line.date > alert.start_date AND line.date <= alert.end_date
                        OR line.date > alert.before_start_date
                        AND line.date <= alert.before_end_date)
                 WHERE alert.id = ANY(%s)
                 GROUP BY 1, 2, 3
                """,
                self.env["customer.finance.margin.line"]._table_query,
                alerts.ids,
            )
        )
        found = {alert_id: ([], []) for alert_id in alerts.ids}
        for alert_id, now, *row in rows:
            found[alert_id][now].append(tuple(row))
        return found

    @api.model
    def _get_values(self, alert_id, before, after):
        """Return the rows to be stored, one per product, as in :data:`COLUMNS`."""
        _total, lines = decompose(before, after)
        empty = (0.0, 0.0, 0.0)
        sums = [{row[0]: row[1:] for row in rows} for rows in (before, after)]
        for line in lines:
            (q0, s0, c0), (q1, s1, c1) = (each.get(line.key, empty) for each in sums)
            yield (
                *(alert_id, line.key, q0, q1, s0, s1, s0 - c0, s1 - c1, line.total),
                *(line.price, line.cost, line.volume, line.mix),
            )
