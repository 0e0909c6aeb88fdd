# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerCallPause(models.Model):
    """A customer that is not to be called until a day, and why.

    Kept apart from the profile, which can be thrown away at any time.
    """

    _name = "customer.call.pause"
    _description = "Pause in Calling a Customer"
    _order = "date_until desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    date_until = fields.Date(
        string="Until",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=30),
        help="Day on which the customer is among those to call again.",
    )
    reason = fields.Char(required=True)

    _partner_company_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)",
        "A customer has one pause per company: change the one there is.",
    )

    @api.constrains("date_until")
    def _check_date_until(self):
        for pause in self:
            if pause.date_until <= pause.company_id._get_finance_today():
                raise ValidationError(
                    self.env._(
                        "Choose a day after today until which the customer is not to "
                        "be called."
                    )
                )

    def action_end(self):
        """Have these customers called again."""
        self.unlink()
        return {"type": "ir.actions.act_window_close"}
