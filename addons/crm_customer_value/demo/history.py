# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.crm_finance_bridge.demo.history import QUIET

from .stories import STORIES

BRIDGE, OWN = "crm_finance_bridge", "crm_customer_value"


class CrmCustomerValueDemo(models.AbstractModel):
    """Tells more stories, by the same steps as the bridge, and has all customers
    valued."""

    _name = "crm.customer.value.demo"
    _description = "Demonstration Data: Customer Value"
    _inherit = ["crm.finance.bridge.demo"]

    @api.model
    def _demo_ref(self, prefix, key):
        """Return a demonstration record of this module, else one of the bridge."""
        own = self.env.ref(f"{OWN}.{prefix}_{key}_demo", raise_if_not_found=False)
        return own or super()._demo_ref(prefix, key)

    @api.model
    def _demo_stories(self):
        return STORIES

    @api.model
    def _load_history(self):
        """Write the history of the customers added here, once, and value everybody."""
        if not self.env.ref(f"{BRIDGE}.product_dosing_pump_demo", False):
            return
        demo = self.with_context(**QUIET).with_company(self._demo_company())
        if not demo._has_history():
            today = fields.Date.context_today(self)
            demo._set_fiscal_positions(demo.env.company)
            demo._load_orders(today)
            demo._load_payments(today)
            demo._load_indicators()

    def _load_indicators(self):
        """Learn from all orders, then value all customers by what was learnt."""
        self.env["customer.value.day"]._refresh(self.env.company)
        self.env["customer.value.fit"]._fit(self.env.company)
        return super()._load_indicators()
