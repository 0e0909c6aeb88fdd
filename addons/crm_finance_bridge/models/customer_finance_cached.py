# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class CustomerFinanceCached(models.AbstractModel):
    """Records that an ``ormcache`` remembers: whatever changes them empties it."""

    _name = "customer.finance.cached"
    _description = "Records Kept in the Cache"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
