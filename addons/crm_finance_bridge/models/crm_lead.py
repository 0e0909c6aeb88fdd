# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "customer.finance.link"]

    def _prepare_cost_entry_vals(self):
        """What is spent on an opportunity wins the customer, usually."""
        return {
            **super()._prepare_cost_entry_vals(),
            "kind": "acquisition",
            "campaign_id": self.campaign_id._with_cost_account().id,
        }
