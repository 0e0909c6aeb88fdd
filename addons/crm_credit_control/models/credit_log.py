# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .credit_account import AMOUNT


class CreditLog(models.Model):
    """Who changed what of a credit file, when, from what, to what and why.

    Rows are appended by the server and never change.
    """

    _name = "credit.log"
    _description = "Credit File Change"
    _order = "id desc"
    _rec_name = "field_name"

    account_id = fields.Many2one(
        "credit.account",
        string="Credit File",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(
        related="account_id.partner_id", store=True, string="Customer"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    date = fields.Datetime(readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", string="Changed By", readonly=True)
    field_name = fields.Selection(
        [
            ("limit_type", "Kind of Limit"),
            ("credit_limit", "Credit Limit"),
            ("limit_until", "Limit Valid Until"),
            ("review_date", "Next Review"),
            ("group_limit", "Shared with Subsidiaries"),
            ("manual_hold", "On Hold"),
            ("grade_id", "Grade"),
            ("user_id", "Controller"),
            ("cover_ids", "Cover"),
            ("merged", "Merged Customer"),
        ],
        string="What",
        readonly=True,
    )
    old_value = fields.Char(string="Before", readonly=True, groups=AMOUNT)
    new_value = fields.Char(string="After", readonly=True, groups=AMOUNT)
    reason = fields.Char(string="Why", readonly=True)

    @api.model
    @contextmanager
    def _because(self, reason):
        """Log what is changed in the block with this reason.

        Kept with the transaction, where no client reaches it.
        """
        data = self.env.cr.precommit.data
        data["credit_reason"] = reason
        try:
            yield
        finally:
            data.pop("credit_reason", None)

    @api.model
    def _get_reason(self):
        """Return the reason of :meth:`_because`, None outside of it."""
        return self.env.cr.precommit.data.get("credit_reason")

    @api.model
    def _append(self, rows):
        """Append log rows in the name of the current user."""
        if rows:
            self.sudo().create([{**row, "user_id": self.env.uid} for row in rows])

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_unless_server()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_unless_server(always=True)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._refuse_unless_server(always=True)

    def _refuse_unless_server(self, always=False):
        """The log takes no orders from clients, administrators included."""
        if always or not self.env.su:
            raise AccessError(
                self.env._("The log of credit changes is written by Odoo alone.")
            )
