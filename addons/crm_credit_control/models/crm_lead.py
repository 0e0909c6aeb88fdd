# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .credit_account import AMOUNT


class CrmLead(models.Model):
    _inherit = "crm.lead"

    credit_exceeded = fields.Boolean(
        compute="_compute_credit_exceeded",
        groups=AMOUNT,
        help="The expected revenue is more than the customer's available credit.",
    )

    @api.depends("expected_revenue", "partner_id", "company_id")
    def _compute_credit_exceeded(self):
        for lead in self:
            lead.credit_exceeded = (
                lead.credit_state in ("limited", "over")
                and (lead.expected_revenue or 0.0) > lead.credit_available
            )
