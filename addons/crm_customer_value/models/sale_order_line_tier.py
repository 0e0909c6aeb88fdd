# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

#: What changes the discount of a line.
PRICED = {
    "discount",
    "order_id",
    "price_unit",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "tax_ids",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._check_discount_later()
        return lines

    def write(self, vals):
        changed = PRICED & vals.keys()
        result = super().write(vals)
        if changed:
            orders = self.order_id
            if changed == {"product_uom_qty"}:
                # Of a confirmed order another quantity alone is no new price.
                orders = orders.filtered(lambda order: order.state != "sale")
            orders._check_discount_later()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders._check_discount_later()
        return result

    def _is_tier_priced(self):
        """Tell whether somebody gave the line its price: neither a title, nor part of
        a combo, nor a down payment, nor an expense charged on."""
        self.ensure_one()
        return not (
            self.display_type
            or self.is_downpayment
            or self.is_expense
            or self.combo_item_id
            or self.product_type == "combo"
            or not self.product_id
        )

    def _get_tier_price(self):
        """Return what the customer would pay by its pricelist or that of its tier,
        whichever is less, in the order's currency and as prices on the line are.

        A product without a price has none to go below; a line of a negative price, as
        Odoo's discount on the whole order, takes from the others.
        """
        self.ensure_one()
        line = self.with_company(self.company_id)
        order = line.order_id
        own = order.partner_id.property_product_pricelist
        product = line.product_id.with_context(**line._get_product_price_context())
        prices = [
            pricelist._get_product_price(product, **line._get_pricelist_kwargs())
            for pricelist in [own, *order._get_tier_pricelist()]
        ]
        price = min(prices)
        if line.price_unit < 0:
            return 0.0
        if price <= 0:
            return line.price_unit * (1 - line.discount / 100)
        return line.product_id._get_tax_included_unit_price_from_price(
            price,
            product_taxes=line.product_id.taxes_id._filter_taxes_by_company(
                line.company_id
            ),
            fiscal_position=order.fiscal_position_id,
        )
