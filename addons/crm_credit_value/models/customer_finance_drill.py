# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

EXPOSURE = "crm_credit_control.credit_exposure_item_action"


class CustomerFinanceDrill(models.AbstractModel):
    _inherit = "customer.finance.drill"

    @api.model
    def _get_figure_sources(self):
        return {
            **super()._get_figure_sources(),
            "value_exposure": self._get_exposure_source,
        }

    def _get_exposure_source(self):
        """The documents that count against the limit, of those who may see them;
        overdue items for the others."""
        if not self.env["credit.exposure.item"].has_access("read"):
            return self._get_overdue_source()
        return EXPOSURE, self._get_customer_domain(), self.as_of_date
