# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How customers of a tier are served."""

from odoo import fields, models

from odoo.addons.crm.models.crm_stage import AVAILABLE_PRIORITIES


class CustomerValueTier(models.Model):
    _inherit = "customer.value.tier"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        domain="['|', ('company_id', '=', False), ('company_id', '=?', company_id)]",
        help="Proposed on orders of customers who have none of their own. One set on "
        "the contact always wins. One of a company is proposed there only.",
    )
    has_ceiling = fields.Boolean(
        string="Limit Discounts",
        help="Discounts above the ceiling need a sales manager.",
    )
    discount_max = fields.Float(
        string="Discounts up to",
        digits="Discount",
        help="Percent under the customer's price: that of the pricelist of its contact "
        "or its tier, whichever is lower. Holds for each line and for the order as a "
        "whole, whether given as discount, as lower price or as a line of its own. "
        "Customers without a tier are held to the last one.",
    )
    response_days = fields.Integer(
        string="Answer within",
        help="Days within which a new lead of such a customer is to be answered: its "
        "salesperson gets an activity. 0: none.",
    )
    lead_priority = fields.Selection(
        AVAILABLE_PRIORITIES,
        string="Priority of Leads",
        default="0",
        required=True,
        help="New leads of such customers get this priority, unless one is chosen.",
    )

    _discount_range = models.Constraint(
        "CHECK(discount_max BETWEEN 0 AND 100)",
        "A ceiling of discounts is between 0 and 100 percent.",
    )
    _response_positive = models.Constraint(
        "CHECK(response_days >= 0)", "Days to answer within cannot be negative."
    )
