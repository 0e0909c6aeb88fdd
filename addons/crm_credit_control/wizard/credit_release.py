# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditRelease(models.TransientModel):
    """Release held orders, or refuse it, with a reason."""

    _name = "credit.release"
    _description = "Release or Refuse Credit Holds"

    use = fields.Selection(
        [("release", "Release"), ("refuse", "Refuse")], required=True, default="release"
    )
    hold_ids = fields.Many2many("credit.hold", string="Holds", required=True)
    hold_count = fields.Integer(compute="_compute_hold_count")
    reason_id = fields.Many2one(
        "credit.reason", required=True, domain="[('use', '=', use)]"
    )
    note = fields.Text()
    currency_id = fields.Many2one("res.currency", compute="_compute_hold_count")
    total = fields.Monetary(
        string="Released Up To",
        compute="_compute_total",
        store=True,
        readonly=False,
        help="Order total the release covers, in the order's currency.",
    )
    until = fields.Date(
        string="Valid Until", compute="_compute_until", store=True, readonly=False
    )
    confirm_now = fields.Boolean(
        string="Confirm the Order",
        compute="_compute_confirm_now",
        store=True,
        readonly=False,
        help="Confirm the order as soon as it is released.",
    )

    @api.depends("hold_ids")
    def _compute_hold_count(self):
        for wizard in self:
            wizard.hold_count = len(wizard.hold_ids)
            wizard.currency_id = wizard.hold_ids.order_currency_id[:1]

    @api.depends("hold_ids")
    def _compute_total(self):
        for wizard in self:
            hold = wizard.hold_ids if len(wizard.hold_ids) == 1 else None
            wizard.total = (
                max(hold.order_id.amount_total, hold.requested_total) if hold else 0.0
            )

    @api.depends("hold_ids")
    def _compute_until(self):
        for wizard in self:
            company = wizard.hold_ids.company_id[:1] or self.env.company
            wizard.until = company._get_finance_today() + relativedelta(
                days=company.credit_release_days
            )

    @api.depends("hold_ids")
    def _compute_confirm_now(self):
        for wizard in self:
            company = wizard.hold_ids.company_id[:1] or self.env.company
            wizard.confirm_now = company.credit_auto_confirm and any(
                hold.confirm_when_free for hold in wizard.hold_ids
            )

    def action_apply(self):
        """Release or refuse, in the name of the current user."""
        self.ensure_one()
        if not self.hold_ids:
            raise UserError(self.env._("Choose at least one hold."))
        if self.use == "refuse":
            self.hold_ids._refuse(self.reason_id, self.note or "")
            return {"type": "ir.actions.act_window_close"}
        for hold in self.hold_ids:
            hold._release(
                self.reason_id,
                self.note or "",
                total=self.total if self.hold_count == 1 else None,
                until=self.until,
                confirm=self.confirm_now,
            )
        return {"type": "ir.actions.act_window_close"}
