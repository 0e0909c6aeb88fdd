# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

RESPOND = "crm_customer_value.mail_activity_type_respond"


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

    value_response_date = fields.Date(
        string="Answer until",
        readonly=True,
        copy=False,
        help="Day by which the customer's tier wants the lead answered.",
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

    @api.model_create_multi
    def create(self, vals_list):
        """New leads have the priority of the customer's tier, unless one was chosen."""
        leads = super().create(vals_list)
        for lead, vals in zip(leads, vals_list, strict=True):
            proposed = lead.value_tier_id.lead_priority
            if "priority" not in vals and (proposed or "0") > lead.priority:
                lead.priority = proposed
        leads._ask_for_answer()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if not {"user_id", "partner_id"}.isdisjoint(vals):
            self._ask_for_answer()
        return result

    def _ask_for_answer(self):
        """Give the salesperson one activity to answer a new lead in time, when there is
        one and the customer is known; the days count from then."""
        for lead in self:
            days = lead.value_tier_id.response_days
            if not days or not lead.user_id or lead.value_response_date:
                continue
            if lead.stage_id.is_won or not lead.active:
                continue
            today = fields.Date.context_today(lead)
            lead.sudo().value_response_date = today + timedelta(days=days)
            lead.activity_schedule(
                RESPOND,
                user_id=lead.user_id.id,
                date_deadline=lead.value_response_date,
                note=self.env._(
                    "Customer of tier %(tier)s: to be answered within %(days)s days.",
                    tier=lead.value_tier_id.name,
                    days=days,
                ),
            )
