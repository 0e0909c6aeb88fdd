# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResCurrencyRate(models.Model):
    """The check keeps today's rates in the cache (credit_ceiling.py)."""

    _name = "res.currency.rate"
    _inherit = ["res.currency.rate", "customer.finance.cached"]
