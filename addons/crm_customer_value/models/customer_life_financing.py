# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The financing cost of the whole life of a customer: the fact of the bridge over other
days, so that a refresh tells it from the items and settlements it reads anyway."""

from datetime import date

from odoo import api, fields, models

from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import MARGIN

#: Before any customer was won.
LONG_AGO = date(1900, 1, 1)


class CustomerFinanceMixin(models.AbstractModel):
    _inherit = "customer.finance.mixin"

    value_financing = fields.Monetary(
        string="Financing to Date", readonly=True, groups=MARGIN
    )


class CustomerFinanceFacts(models.AbstractModel):
    _inherit = "customer.finance.facts"

    @api.model
    def _get_fact_columns(self):
        return {**super()._get_fact_columns(), "value_financing": "sum"}

    @api.model
    def _get_financing_starts(self, scope):
        return {**super()._get_financing_starts(scope), "value_financing": LONG_AGO}
