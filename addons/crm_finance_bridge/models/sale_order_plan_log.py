# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What became of a collection plan, instalment by instalment, in the chatter."""

from itertools import zip_longest

from odoo import api, models

#: What is told of an instalment; each by the rights to the field itself.
TOLD = ("date_due", "amount")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _log_plans(self, history):
        """Log a note per instalment that changed: who and when, from and to, and why.

        Dates and amounts are tracking values, which Odoo shows to those who may read
        the fields.

        :param history: ``{order id: (instalments before, after, by hand)}``
        """
        for order_id, (old, new, by_hand) in history.items():
            order = self.sudo().browse(order_id)
            for before, after in self._pair_instalments(old, new):
                tracked = order._track_instalment(before, after)
                if tracked:
                    order._message_log(
                        body=order._describe_change(before, after, by_hand),
                        tracking_value_ids=[(0, 0, values) for values in tracked],
                    )

    @api.model
    def _pair_instalments(self, old, new):
        """Return ``[(before, after)]``: the same ones, then what went and came in the
        order of their due dates. One of the two may be None."""
        kept = {line.id: line for line in new if line.id}
        pairs = [(line, kept[line.id]) for line in old if line.id in kept]
        known = {before.id for before, _after in pairs}
        return pairs + list(
            zip_longest(
                [line for line in old if line.id not in known],
                [line for line in new if line.id not in known],
            )
        )

    def _track_instalment(self, before, after):
        """Return the values of the tracking values of one instalment."""
        lines = self.env["sale.collection.line"].sudo()
        line = lines.new({"order_id": self.id})
        infos = lines.fields_get(TOLD)
        tracked = []
        for name in TOLD:
            values = [getattr(part, name, False) for part in (before, after)]
            if values[0] != values[1]:
                tracked.append(
                    self.env["mail.tracking.value"]._create_tracking_values(
                        *values, name, infos[name], line
                    )
                )
        return tracked

    def _describe_change(self, before, after, by_hand):
        name = (after or before).name
        line = self.env["sale.collection.line"].sudo().browse(after and after.id)
        if by_hand and line.reason:
            return self.env._(
                "Collection plan, %(instalment)s: %(reason)s",
                instalment=name,
                reason=line.reason,
            )
        if not after:
            return self.env._(
                "Collection plan, %(instalment)s: removed", instalment=name
            )
        if after.origin == "manual":
            return self.env._(
                "Collection plan, %(instalment)s: follows the order's total",
                instalment=name,
            )
        return self.env._(
            "Collection plan, %(instalment)s: made from the payment terms again",
            instalment=name,
        )
