# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CustomerCostShare(models.Model):
    """What a spreading charges one customer. Written by SQL only."""

    _name = "customer.cost.share"
    _description = "Customer's Share of a Spread Cost"
    _order = "spread_id, amount desc, id"
    _rec_name = "spread_id"
    _log_access = False

    spread_id = fields.Many2one(
        "customer.cost.spread",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="spread_id.currency_id")
    weight = fields.Float(
        string="Basis",
        readonly=True,
        digits=(16, 2),
        help="Net sales in company currency, number of orders or of leads in the "
        "period; 1 for equal shares.",
    )
    amount = fields.Monetary(string="Share", readonly=True)
