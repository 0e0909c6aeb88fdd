# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..tools.decision import Reason
from .credit_account import AMOUNT


class CreditHoldReason(models.Model):
    """Why an order is held, with the figures of the last judgement."""

    _name = "credit.hold.reason"
    _description = "Credit Hold Reason"
    _order = "hold_id, id"
    _rec_name = "code"

    hold_id = fields.Many2one(
        "credit.hold", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="hold_id.company_id")
    code = fields.Selection(
        selection=lambda self: self.env["credit.hold"]._selection_code(),
        required=True,
        readonly=True,
    )
    action = fields.Selection(
        [("warn", "Warn"), ("hold", "Hold")], required=True, readonly=True
    )
    value = fields.Float(readonly=True, groups=AMOUNT)
    threshold = fields.Float(readonly=True, groups=AMOUNT)
    shared = fields.Boolean(readonly=True)
    detail = fields.Char(readonly=True)
    text = fields.Char(compute="_compute_text", groups=AMOUNT)
    text_plain = fields.Char(compute="_compute_text", string="Reason")

    @api.depends("code", "value", "threshold", "shared", "detail")
    @api.depends_context("lang")
    def _compute_text(self):
        for reason in self:
            reason.text = reason._describe(True)
            reason.text_plain = reason._describe(False)

    def _describe(self, amounts):
        reason = self.sudo()
        return self.env["credit.check"]._describe_reason(
            Reason(
                reason.code,
                reason.action,
                reason.value,
                reason.threshold,
                reason.shared,
                reason.detail or "",
            ),
            reason.company_id,
            amounts,
        )
