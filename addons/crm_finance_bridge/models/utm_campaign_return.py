# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .utm_campaign import COST_READERS


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"

    finance_return_ids = fields.One2many(
        "utm.campaign.return",
        string="Return",
        compute="_compute_finance_returns",
        groups=COST_READERS,
        help="What the campaign won and what that cost, one row per attribution model.",
    )
    finance_customers = fields.Float(
        string="Customers Won",
        compute="_compute_finance_returns",
        digits=(16, 1),
        groups=COST_READERS,
        help="New customers of the campaign by its last touch: the campaign is the "
        "last one before, or on, their first confirmed order.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_finance_returns(self):
        rows = self.env["utm.campaign.return"]
        found = {}
        if self.ids and rows.has_access("read"):
            found = rows.search(
                [("campaign_id", "in", self.ids)], order="company_id, id"
            ).grouped("campaign_id")
        for campaign in self:
            campaign.finance_return_ids = found.get(campaign._origin, rows)
            campaign.finance_customers = sum(
                row.customers
                for row in campaign.finance_return_ids
                if row.attribution == "last"
            )

    def action_open_returns(self):
        """Open what the campaign won and cost, the attribution models side by side."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_finance_bridge.utm_campaign_return_action"
        )
        return {
            **action,
            "domain": [("campaign_id", "=", self.id)],
            "context": {},
        }
