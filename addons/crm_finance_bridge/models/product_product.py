# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

from .customer_finance_mixin import MARGIN

PRODUCT_MARGIN = "crm_finance_bridge.customer_finance_margin_line_action_product"


class ProductProduct(models.Model):
    _inherit = "product.product"

    finance_margin = fields.Monetary(
        string="Margin",
        compute="_compute_finance_margin",
        currency_field="currency_id",
        groups=MARGIN,
        help="Net sales less frozen cost of the customers you may see, in the current "
        "company's window of days (365 unless set otherwise).",
    )

    @api.depends_context("uid", "company")
    def _compute_finance_margin(self):
        margins = self._get_finance_margins()
        for product in self:
            product.finance_margin = margins.get(product._origin.id, 0.0)

    def _get_finance_margins(self):
        """Return ``{product id: margin}`` of what :meth:`_get_finance_domain` finds."""
        lines = self.env["customer.finance.margin.line"]
        if not self._origin or not lines.has_access("read"):
            return {}
        rows = lines._read_group(
            self._get_finance_domain(), ["product_id"], ["margin:sum"]
        )
        return {product.id: margin for product, margin in rows}

    def _get_finance_domain(self):
        """Return the domain of the margin lines behind the margin."""
        company = self.env.company
        start = self.env["customer.finance.facts"]._get_scope(company).start
        return Domain(
            [
                ("product_id", "in", self._origin.ids),
                ("company_id", "=", company.id),
                ("date", ">", start),
            ]
        )

    def action_open_finance_margin(self):
        """Open the margin lines of these products."""
        action = self.env["ir.actions.act_window"]._for_xml_id(PRODUCT_MARGIN)
        return {
            **action,
            "domain": list(self._get_finance_domain()),
            "context": {"group_by": ["date:month"]},
        }
