# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditReleaseRequest(models.TransientModel):
    """Ask that a confirmed order may grow, before it does."""

    _name = "credit.release.request"
    _description = "Ask for Credit Release"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    current_total = fields.Monetary(related="order_id.amount_total")
    total = fields.Monetary(
        string="New Total",
        required=True,
        compute="_compute_total",
        precompute=True,
        store=True,
        readonly=False,
        help="Total the order is to grow to, tax included, in its own currency.",
    )
    note = fields.Char(string="Why")

    @api.depends("order_id")
    def _compute_total(self):
        for wizard in self:
            wizard.total = wizard.order_id.amount_total

    def action_apply(self):
        """Open a hold that asks for the larger total."""
        self.ensure_one()
        order = self.order_id
        order.check_access("write")
        if order.state != "sale":
            raise UserError(
                self.env._(
                    "%(order)s is not confirmed: confirm it, then ask for release if "
                    "it is held.",
                    order=order.name,
                )
            )
        if order.currency_id.compare_amounts(self.total, order.amount_total) <= 0:
            raise UserError(
                self.env._("Enter a total above the present one; less is always free.")
            )
        self.env["credit.hold"]._request_change(order, self.total, self.note or "")
        return {"type": "ir.actions.act_window_close"}
