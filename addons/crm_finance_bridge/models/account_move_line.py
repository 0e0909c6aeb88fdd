# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from .customer_finance_mixin import MARGIN

#: Fields of an item that change what its customer owes or ordered, or which one does.
FIELDS = {
    "account_id",
    "amount_currency",
    "balance",
    "credit",
    "date_maturity",
    "debit",
    "partner_id",
    "sale_line_ids",
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    finance_unit_cost = fields.Float(
        string="Frozen Unit Cost",
        readonly=True,
        copy=False,
        digits=0,
        groups=MARGIN,
        help="Cost of one unit (the line's unit of measure) in company currency, as of "
        "the sale: the cost on the order line, or the product's cost when the invoice "
        "was posted.",
    )
    finance_cost_source = fields.Selection(
        [
            ("order", "Order Line"),
            ("posting", "Product Cost at Posting"),
            ("estimate", "Best Known at Installation"),
        ],
        string="Frozen Cost From",
        readonly=True,
        copy=False,
        groups=MARGIN,
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        # Matching a bank transaction replaces items of a posted entry.
        lines.move_id._queue_finance_refresh()
        return lines

    def write(self, vals):
        if not {"product_id", "product_uom_id"}.isdisjoint(vals):
            # Another product: what was frozen at an earlier posting is void.
            changed = self.filtered(
                lambda line: line.product_id.id
                != vals.get("product_id", line.product_id.id)
                or line.product_uom_id.id
                != vals.get("product_uom_id", line.product_uom_id.id)
            )
            changed._store_finance_costs([(0.0, False)] * len(changed))
        touches = not FIELDS.isdisjoint(vals)
        if touches:
            self.move_id._queue_finance_refresh()
        result = super().write(vals)
        if touches:
            self.move_id._queue_finance_refresh()
        return result

    def unlink(self):
        self.move_id._queue_finance_refresh()
        return super().unlink()

    def _freeze_finance_cost(self):
        """Store the unit cost of the product lines of sale documents.

        A line of an order follows the order line. Any other is frozen once, at its
        first posting; a credit note takes the cost of the invoice it reverses.
        """
        lines = self.sudo().filtered(
            lambda line: line.display_type == "product"
            and line.move_id.is_sale_document(include_receipts=True)
            and (line.sale_line_ids or not line.finance_cost_source)
        )
        lines._store_finance_costs([line._get_frozen_unit_cost() for line in lines])

    def _store_finance_costs(self, costs):
        """Store one (unit cost, source) per line of ``self``.

        By SQL: these columns are nobody else's, and the write of a posted journal item
        checks locks and balances that a frozen cost has nothing to do with.
        """
        if not self:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move_line line
                   SET finance_unit_cost = frozen.cost,
                       finance_cost_source = frozen.source
                  FROM UNNEST(%s::int[], %s::float8[], %s::varchar[])
                       AS frozen (id, cost, source)
                 WHERE line.id = frozen.id
                """,
                self.ids,
                [cost for cost, _source in costs],
                [source if cost and source else None for cost, source in costs],
            )
        )
        self.invalidate_recordset(
            ["finance_unit_cost", "finance_cost_source"], flush=False
        )

    def _get_frozen_unit_cost(self):
        """Return (unit cost in company currency, source) of one line."""
        self.ensure_one()
        if self.sale_line_ids:
            return self._get_order_unit_cost(), "order"
        return self._get_posting_unit_cost()

    def _get_order_unit_cost(self):
        """Return the cost on the order lines, in company currency at the order's date,
        for one unit of this line."""
        self.ensure_one()
        total = quantity = 0.0
        for sale_line in self.sale_line_ids:
            order = sale_line.order_id
            cost = sale_line.currency_id._convert(
                sale_line.product_uom_id._compute_price(
                    sale_line.purchase_price, self.product_uom_id
                )
                if self.product_uom_id
                else sale_line.purchase_price,
                self.company_id.currency_id,
                self.company_id,
                order.date_order or fields.Date.context_today(self),
                round=False,
            )
            weight = sale_line.product_uom_qty or 1.0
            total += cost * weight
            quantity += weight
        return total / quantity

    def _get_posting_unit_cost(self):
        """Return (cost of one unit now, source), from the reversed invoice if any."""
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        reversed_lines = self.move_id.reversed_entry_id.line_ids.filtered(
            lambda line: line.product_id == product
            and line.product_uom_id == self.product_uom_id
            and line.finance_cost_source
        )
        if reversed_lines:
            return reversed_lines[0].finance_unit_cost, (
                reversed_lines[0].finance_cost_source
            )
        if not product:
            return 0.0, False
        cost = product.uom_id._compute_price(
            product.standard_price, self.product_uom_id or product.uom_id
        )
        return cost, "posting"

    @api.model
    def _refreeze_order_lines(self, sale_lines):
        """Follow a change of the cost on order lines that are invoiced already."""
        lines = sale_lines.sudo().invoice_lines.filtered(
            lambda line: line.parent_state == "posted"
        )
        lines._freeze_finance_cost()
        lines.move_id._queue_finance_refresh()
