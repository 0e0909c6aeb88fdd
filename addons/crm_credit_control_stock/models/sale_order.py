# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_held_deliveries(self):
        """Return ``{order: Verdict}`` of those that may not be delivered."""
        if not self:
            return {}
        verdicts = self.env["credit.check"].sudo()._judge_deliveries(self)
        return {order: verdicts[order.id] for order in self if verdicts[order.id].held}

    def _hold_deliveries(self):
        """Put the orders that may not be delivered on hold; return them."""
        held = self.browse()
        for order, verdict in self._get_held_deliveries().items():
            self.env["credit.hold"]._hold_order(order, verdict, "delivery")
            held |= order
        return held

    def _refuse_held_delivery(self):
        if held := self._get_held_deliveries():
            check = self.env["credit.check"].sudo()
            raise UserError(
                "\n".join(
                    self.env._(
                        "The delivery of %(order)s is held for credit reasons: "
                        "%(reasons)s",
                        order=order.name,
                        reasons=" ".join(
                            check._describe_reason(reason, order.company_id, False)
                            for reason in verdict.decision.reasons
                            if reason.action == "hold"
                        ),
                    )
                    for order, verdict in held.items()
                )
            )
        for hold in self.credit_hold_id:
            if hold.stage == "delivery":
                hold._close("used" if hold.state == "released" else "cured")
