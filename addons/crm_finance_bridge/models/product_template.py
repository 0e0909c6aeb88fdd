# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .customer_finance_mixin import MARGIN


class ProductTemplate(models.Model):
    _inherit = "product.template"

    finance_margin = fields.Monetary(
        string="Margin",
        compute="_compute_finance_margin",
        currency_field="currency_id",
        groups=MARGIN,
        help="Net sales less frozen cost of all variants, archived ones too, of the "
        "customers you may see, in the current company's window of days (365 unless "
        "set otherwise).",
    )

    @api.depends_context("uid", "company")
    def _compute_finance_margin(self):
        margins = self._get_all_variants()._get_finance_margins()
        for template in self:
            template.finance_margin = sum(
                margins.get(product.id, 0.0) for product in template._get_all_variants()
            )

    def _get_all_variants(self):
        return self._origin.with_context(active_test=False).product_variant_ids

    def action_open_finance_margin(self):
        """Open the margin lines of the variants of these products."""
        return self._get_all_variants().action_open_finance_margin()
