# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    value_tier_id = fields.Many2one(
        "customer.value.tier",
        string="Customer Tier",
        compute="_compute_value_tier_id",
        store=True,
        help="Tier of the customer; of a lead won or lost, the one it had then. "
        "Predictive lead scoring learns from it.",
    )

    @api.depends(
        "partner_id",
        "partner_id.value_tier_id",
        "company_id",
        "user_id",
        "stage_id.is_won",
        "active",
    )
    def _compute_value_tier_id(self):
        """What came after a lead was closed must not explain how it ended: whoever
        bought is a customer, and customers have tiers.

        Not by ``won_status``, which depends on the probability, which depends on this.
        """
        for lead in self:
            if lead.stage_id.is_won or not lead.active:
                # As it was.
                if not lead.id:
                    lead.value_tier_id = lead._origin.value_tier_id
                continue
            company = (
                lead.company_id or lead.user_id.sudo().company_id or self.env.company
            )
            lead.value_tier_id = (
                lead.partner_id.sudo().with_company(company).value_tier_id
            )
