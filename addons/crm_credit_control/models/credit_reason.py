# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditReason(models.Model):
    """Why a hold was released or a release refused."""

    _name = "credit.reason"
    _description = "Release or Refusal Reason"
    _order = "use, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short code for reports.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    use = fields.Selection(
        [("release", "Release"), ("refuse", "Refusal")],
        string="Used For",
        required=True,
        default="release",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "This code exists already.")
