# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import MARGIN
from odoo.addons.crm_finance_bridge.models.optional_fields import (
    OptionalFloat,
    OptionalMonetary,
)

from .customer_value_tier import MEASURES

#: Why a customer is in another tier.
CAUSES = [
    ("new", "First Placed"),
    ("met", "A Better Rule Is Met"),
    ("missed", "The Rule Is No Longer Met"),
    ("rules", "Rules Changed"),
    ("manual", "Set by Hand"),
    ("expired", "Set by Hand, Expired"),
    ("ended", "Set by Hand, Ended"),
    ("unknown", "Not Enough Data"),
]


class CustomerValueTierMove(models.Model):
    """The history of tiers: written when a tier is decided, never changed.

    Its words are in customer_value_tier_words.py.
    """

    _name = "customer.value.tier.move"
    _description = "Change of a Customer's Tier"
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    salesperson_id = fields.Many2one(
        related="partner_id.user_id", string="Salesperson of the Customer"
    )
    date = fields.Datetime(required=True, readonly=True, index=True)
    from_tier_id = fields.Many2one(
        "customer.value.tier", readonly=True, ondelete="restrict"
    )
    tier_id = fields.Many2one(
        "customer.value.tier", string="To Tier", readonly=True, ondelete="restrict"
    )
    tier_color = fields.Integer(related="tier_id.color")
    direction = fields.Selection(
        [
            ("new", "New"),
            ("rise", "Rise"),
            ("fall", "Fall"),
            ("same", "Unchanged"),
            ("gone", "Without Tier"),
        ],
        required=True,
        readonly=True,
    )
    cause = fields.Selection(CAUSES, required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="By",
        readonly=True,
        help="Who set the tier by hand; empty when the rules decided.",
    )
    note = fields.Char(string="Reason Given", readonly=True)
    date_end = fields.Date(string="Until", readonly=True)
    measure = fields.Selection(MEASURES, string="Rule", readonly=True)
    bound = OptionalFloat(readonly=True, aggregator=None, groups=MARGIN)
    amount = OptionalMonetary(
        string="Value",
        readonly=True,
        groups=MARGIN,
        aggregator=None,
        help="What the rules count as value, when the tier was given.",
    )
    amount_before = OptionalMonetary(
        string="Value Before",
        readonly=True,
        groups=MARGIN,
        aggregator=None,
        help="The same when the tier before was given.",
    )
    share = OptionalFloat(
        string="Cumulative Share", readonly=True, aggregator=None, groups=MARGIN
    )
    share_before = OptionalFloat(
        string="Share Before", readonly=True, aggregator=None, groups=MARGIN
    )
    score = OptionalFloat(
        string="Contribution", readonly=True, aggregator=None, digits=(16, 1)
    )
    score_before = OptionalFloat(
        string="Contribution Before", readonly=True, aggregator=None, digits=(16, 1)
    )
