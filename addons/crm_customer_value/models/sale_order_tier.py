# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the customer's tier proposes on an order, and how far discounts may go."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError

OPEN = ("draft", "sent", "sale")
MANAGER = "sales_team.group_sale_manager"
#: Where discounts to be checked wait for the end of the transaction.
PENDING = "sale.order.tier_discount"


class SaleOrder(models.Model):
    """Discounts are checked when the transaction ends, by what the order is then: in
    between, a line may be there before the one that makes up for it."""

    _inherit = "sale.order"

    value_tier_id = fields.Many2one(
        "customer.value.tier",
        string="Customer Tier",
        compute="_compute_value_tier_id",
        compute_sudo=True,
        help="Tier of the customer of the order.",
    )
    value_tier_pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Proposed Pricelist",
        compute="_compute_value_tier_pricelist_id",
        compute_sudo=True,
        help="Pricelist of the customer's tier, when the quotation has another one and "
        "the contact none of its own.",
    )
    value_discount = fields.Float(
        string="Highest Discount",
        digits="Discount",
        compute="_compute_value_discount",
        compute_sudo=True,
        help="Percent under the customer's price, of a line or of the whole order, "
        "whichever is more.",
    )
    value_discount_max = fields.Float(
        string="Discount Ceiling",
        digits="Discount",
        compute="_compute_value_discount",
        compute_sudo=True,
        help="Ceiling of the tier, or what a sales manager approved for this order.",
    )
    value_discount_limited = fields.Boolean(
        compute="_compute_value_discount", compute_sudo=True
    )
    value_discount_over = fields.Boolean(
        compute="_compute_value_discount", compute_sudo=True
    )
    value_discount_approved = fields.Float(
        string="Discount Approved",
        digits="Discount",
        readonly=True,
        copy=False,
        help="Up to this percentage a sales manager approved discounts of this order.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_value_tier_id(self):
        for order in self:
            customer = order.partner_id.commercial_partner_id
            order.value_tier_id = customer.with_company(order.company_id).value_tier_id

    @api.depends("partner_id", "company_id", "pricelist_id", "state")
    def _compute_value_tier_pricelist_id(self):
        for order in self:
            proposed = order._get_tier_pricelist()
            customer = order.partner_id.with_company(order.company_id)
            if (
                order.state not in ("draft", "sent")
                or customer.specific_property_product_pricelist
                or proposed == order.pricelist_id
                or not self.env["res.groups"]._is_feature_enabled(
                    "product.group_product_pricelist"
                )
            ):
                proposed = proposed.browse()
            order.value_tier_pricelist_id = proposed

    @api.depends(
        "partner_id",
        "company_id",
        "state",
        "value_discount_approved",
        "order_line.price_unit",
        "order_line.discount",
        "order_line.product_uom_qty",
        "order_line.product_id",
    )
    def _compute_value_discount(self):
        for order in self:
            tier = order._get_ceiling_tier()
            order.value_discount_limited = tier.has_ceiling
            order.value_discount_max = max(
                tier.discount_max, order.value_discount_approved
            )
            order.value_discount = 0.0
            if tier.has_ceiling:
                discounts = order._get_tier_discounts()
                order.value_discount = max([0.0, *discounts.values()])
            order.value_discount_over = tier.has_ceiling and (
                round(order.value_discount, 2) > round(order.value_discount_max, 2)
            )

    def _get_tier_pricelist(self):
        """Return the pricelist of the customer's tier, as far as there is one here."""
        self.ensure_one()
        return self.value_tier_id.pricelist_id.filtered(
            lambda one: one.active and one.company_id <= self.company_id
        )

    def _get_ceiling_tier(self):
        """Return the tier whose ceiling holds: of who has none yet, the last one."""
        self.ensure_one()
        if self.value_tier_id or not self.partner_id:
            return self.value_tier_id
        scheme = self.env["customer.value.tier.scheme"]._get_scheme(self.company_id)
        return scheme.tier_ids[-1:]

    def _get_tier_discounts(self):
        """Return by how many percent lines, and the whole order, are under what the
        customer would pay by its own pricelist or that of its tier.

        :return: ``{line: percent}``; of the order under its own empty record
        """
        self.ensure_one()
        found, net, due = {}, 0.0, 0.0
        for line in self.order_line:
            if not line._is_tier_priced():
                continue
            asked = line.price_unit * (1 - line.discount / 100)
            price = line._get_tier_price()
            net += asked * line.product_uom_qty
            due += price * line.product_uom_qty
            if price > 0:
                found[line] = 100 * (1 - asked / price)
        if due > 0:
            found[self.order_line.browse()] = 100 * (1 - net / due)
        return found

    # ------------------------------------------------------------------
    # Ceiling
    # ------------------------------------------------------------------

    @api.model
    def _has_field_access(self, field, operation):
        """Nobody writes what was approved: it is noted when a manager saves."""
        approved = field.name == "value_discount_approved"
        if approved and operation == "write" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._check_discount_later()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in OPEN or not {"partner_id", "company_id"}.isdisjoint(
            vals
        ):
            self._check_discount_later()
        return result

    def _check_discount_later(self):
        """Have the discounts checked when the transaction ends.

        Whoever acts is looked at, not with whose rights: what customers do themselves,
        and what no person does, is not held to the ceiling.
        """
        user = self.env.user
        if user.id == SUPERUSER_ID or not user._is_internal():
            return
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = {}
            precommit.add(self.browse().sudo()._check_pending_discounts)
        precommit.data[PENDING].setdefault(user.id, set()).update(self.ids)

    def _check_pending_discounts(self):
        for user_id, ids in self.env.cr.precommit.data.pop(PENDING, {}).items():
            orders = self.with_user(user_id).sudo().browse(sorted(ids)).exists()
            for order in orders:
                if order.state in OPEN and order.value_discount_over:
                    order._decide_discount()
        self.env.flush_all()

    def _decide_discount(self):
        """Note that a manager approves the discount; refuse it to others."""
        if self.env.user.has_group(MANAGER):
            return self._approve_discount()
        discounts = self._get_tier_discounts()
        line, discount = max(discounts.items(), key=lambda item: item[1])
        tier = self._get_ceiling_tier()
        raise ValidationError(
            self.env._(
                "%(order)s, %(what)s: a discount of %(discount)s %% is more than the "
                "%(ceiling)s %% that customers of tier %(tier)s may get. Lower it, or "
                "ask a sales manager to enter it.",
                order=self.name,
                what=line.product_id.display_name or self.env._("order as a whole"),
                discount=f"{discount:.2f}",
                ceiling=f"{self.value_discount_max:.2f}",
                tier=tier.name,
            )
        )

    def _approve_discount(self):
        discount = round(self.value_discount, 2)
        self.value_discount_approved = discount
        self.message_post(
            body=self.env._(
                "Discounts up to %(discount)s %% approved: the ceiling of tier "
                "%(tier)s is %(ceiling)s %%.",
                discount=f"{discount:.2f}",
                tier=self._get_ceiling_tier().name,
                ceiling=f"{self._get_ceiling_tier().discount_max:.2f}",
            )
        )

    def action_approve_discount(self):
        """Approve the discounts of this order as they are; for sales managers."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group(MANAGER):
            raise UserError(
                self.env._("Only a sales manager approves discounts above the ceiling.")
            )
        if self.value_discount_over:
            self.sudo()._approve_discount()

    def action_apply_tier_pricelist(self):
        """Take the pricelist of the customer's tier, and its prices."""
        self.ensure_one()
        if not self.value_tier_pricelist_id:
            raise UserError(
                self.env._(
                    "The tier proposes no other pricelist for this order any more."
                )
            )
        self.pricelist_id = self.value_tier_pricelist_id
        self.action_update_prices()
