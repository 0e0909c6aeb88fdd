# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_cost_rows import RULE_KINDS

#: Fields of a line, beside its plans, that change what a customer costs.
FIELDS = {
    "amount",
    "category",
    "company_id",
    "date",
    "finance_cost_kind",
    "general_account_id",
    "move_line_id",
    "product_id",
    "so_line",
    "unit_amount",
}


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    finance_cost_kind = fields.Selection(
        RULE_KINDS,
        string="Customer Cost Kind",
        help="What this cost of a customer is for. Empty: the customer cost rules "
        "decide.",
    )
    finance_spread_id = fields.Many2one(
        "customer.cost.spread",
        string="Spread By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The cost was spread over customers by this document. It cannot be "
        "changed until the spreading is undone.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_not_marked_by_hand(vals_list)
        lines = super().create(vals_list)
        lines._queue_cost_refresh()
        return lines

    def write(self, vals):
        self._check_not_marked_by_hand([vals])
        touches = not self._get_cost_fields().isdisjoint(vals)
        if touches:
            self._check_not_spread()
            self._queue_cost_refresh()
        result = super().write(vals)
        if touches:
            self._queue_cost_refresh()
        return result

    def unlink(self):
        self._check_not_spread()
        self._queue_cost_refresh()
        return super().unlink()

    @api.model
    def _get_cost_fields(self):
        return {*FIELDS, *self._get_plan_fnames()}

    @api.model
    def _check_not_marked_by_hand(self, vals_list):
        """Only spreading marks lines, and does so in SQL."""
        if any(vals.get("finance_spread_id") for vals in vals_list):
            raise UserError(
                self.env._(
                    "Which costs a spreading takes is decided when it is posted; it "
                    "cannot be written on the analytic lines."
                )
            )

    def _check_not_spread(self):
        if taken := self.sudo().filtered("finance_spread_id")[:1]:
            raise UserError(
                self.env._(
                    "The cost “%(cost)s” was spread over customers by %(spread)s and "
                    "cannot be changed or removed. Undo that spreading first "
                    "(Customer Finance > Costs > Spread Costs).",
                    cost=taken.name,
                    spread=taken.finance_spread_id.display_name,
                )
            )

    def _queue_cost_refresh(self):
        """Queue the customers whose accounts the lines carry."""
        queue = self.env["customer.finance.queue"]
        names = self._get_plan_fnames()
        for company, lines in self.sudo().grouped("company_id").items():
            accounts = self.env["account.analytic.account"].sudo()
            for name in names:
                accounts |= lines[name]
            queue._push(accounts.partner_id, company)
