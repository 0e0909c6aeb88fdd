# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditGrade(models.Model):
    """How far a customer is trusted; policies may depend on it."""

    _name = "credit.grade"
    _description = "Credit Grade"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    blocked = fields.Boolean(
        help="Customers of this grade get nothing on credit (rule “Blocked Grade”)."
    )
    description = fields.Text(translate=True)

    _name_uniq = models.Constraint("UNIQUE(name)", "This grade exists already.")

    def write(self, vals):
        result = super().write(vals)
        if "blocked" in vals:
            accounts = (
                self.env["credit.account"].sudo().search([("grade_id", "in", self.ids)])
            )
            accounts._queue_refresh()
        return result
