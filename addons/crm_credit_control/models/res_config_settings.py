# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_net_unallocated = fields.Boolean(
        related="company_id.credit_net_unallocated", readonly=False
    )
    credit_horizon_days = fields.Integer(
        related="company_id.credit_horizon_days", readonly=False
    )
    credit_controller_ceiling = fields.Monetary(
        related="company_id.credit_controller_ceiling",
        readonly=False,
        currency_field="currency_id",
    )
    credit_release_days = fields.Integer(
        related="company_id.credit_release_days", readonly=False
    )
    credit_release_tolerance = fields.Float(
        related="company_id.credit_release_tolerance", readonly=False
    )
    credit_auto_confirm = fields.Boolean(
        related="company_id.credit_auto_confirm", readonly=False
    )
    credit_check_delivery = fields.Boolean(
        related="company_id.credit_check_delivery", readonly=False
    )
    credit_portal_figures = fields.Boolean(
        related="company_id.credit_portal_figures", readonly=False
    )
    credit_controller_id = fields.Many2one(
        related="company_id.credit_controller_id", readonly=False
    )
