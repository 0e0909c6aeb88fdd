# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    credit_held = fields.Boolean(
        string="Credit Hold", compute="_compute_credit_held", compute_sudo=True
    )
    credit_held_reason = fields.Text(compute="_compute_credit_held", compute_sudo=True)

    @api.depends("sale_id.credit_hold_state", "state")
    def _compute_credit_held(self):
        for picking in self:
            hold = picking.sale_id.credit_hold_id
            waiting = picking.state not in ("done", "cancel")
            picking.credit_held = bool(
                waiting and hold.is_stopped and hold.stage == "delivery"
            )
            picking.credit_held_reason = (
                hold.reason_text_plain if picking.credit_held else ""
            )

    def button_validate(self):
        """Deliver what may be, hold the rest and say so."""
        held_orders = self.move_ids._get_credit_orders()._hold_deliveries()
        held = self.filtered(
            lambda picking: picking.move_ids._get_credit_orders() & held_orders
        )
        if not held:
            return super().button_validate()
        if self - held:
            super(StockPicking, self - held).button_validate()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("Delivery Held for Credit Reasons"),
                "message": "\n".join(
                    f"{picking.name}: {picking.credit_held_reason}" for picking in held
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
