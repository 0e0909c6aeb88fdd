# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CustomerFinanceIndicator(models.Model):
    _inherit = "customer.finance.indicator"

    category = fields.Selection(
        selection_add=[("value", "Customer Value")], ondelete={"value": "cascade"}
    )
    unit = fields.Selection(
        selection_add=[("class", "Class")], ondelete={"class": "cascade"}
    )
