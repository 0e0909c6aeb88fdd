# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.credit_account import AMOUNT


class CreditLimitChange(models.TransientModel):
    """Change the limit of a customer, and say why."""

    _name = "credit.limit.change"
    _description = "Change Credit Limit"

    account_id = fields.Many2one("credit.account", required=True)
    currency_id = fields.Many2one(related="account_id.currency_id")
    limit_type = fields.Selection(
        [
            ("limit", "Credit Limit"),
            ("unlimited", "Unlimited"),
            ("none", "No Credit"),
        ],
        string="Kind of Limit",
        required=True,
        compute="_compute_limit_type",
        precompute=True,
        store=True,
        readonly=False,
    )
    credit_limit = fields.Monetary(
        compute="_compute_credit_limit", store=True, readonly=False, groups=AMOUNT
    )
    limit_until = fields.Date(
        string="Valid Until",
        compute="_compute_limit_until",
        store=True,
        readonly=False,
    )
    review_date = fields.Date(
        string="Next Review",
        compute="_compute_review_date",
        store=True,
        readonly=False,
    )
    reason = fields.Char(required=True)

    @api.depends("account_id")
    def _compute_limit_type(self):
        for wizard in self:
            wizard.limit_type = wizard.account_id.limit_type or "limit"

    @api.depends("account_id")
    def _compute_credit_limit(self):
        for wizard in self:
            wizard.credit_limit = wizard.account_id.credit_limit

    @api.depends("account_id")
    def _compute_limit_until(self):
        for wizard in self:
            wizard.limit_until = wizard.account_id.limit_until

    @api.depends("account_id")
    def _compute_review_date(self):
        for wizard in self:
            wizard.review_date = wizard.account_id.review_date

    def action_apply(self):
        """Change the limit, in the name of the current user."""
        self.ensure_one()
        account = self.account_id
        account.check_access("write")
        if self.limit_type == "limit":
            partner = account.partner_id.with_company(account.company_id)
            partner._check_may_change_limit([self.credit_limit])
            # Writing contacts is another right; who may change limits was checked.
            partner.sudo()._write_credit_limit(self.credit_limit, self.reason)
        account._write_with_reason(
            {
                "limit_type": self.limit_type,
                "limit_until": self.limit_until,
                "review_date": self.review_date,
            },
            self.reason,
        )
        return {"type": "ir.actions.act_window_close"}
