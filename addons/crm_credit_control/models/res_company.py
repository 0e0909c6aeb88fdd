# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_finance_bridge.models.finance_settings import PREFETCH

#: Days; stands for "every order counts, however far its delivery".
UNLIMITED_HORIZON = 100_000

#: Settings that may not be empty, and their defaults; see ``init``.
SETTINGS = {
    "credit_net_unallocated": True,
    "credit_horizon_days": 0,
    "credit_controller_ceiling": 10_000.0,
    "credit_release_days": 30,
    "credit_release_tolerance": 0.0,
    "credit_auto_confirm": True,
    "credit_check_delivery": True,
    "credit_portal_figures": False,
}


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_net_unallocated = fields.Boolean(
        string="Net Unallocated Credit",
        default=SETTINGS["credit_net_unallocated"],
        help="Payments and credit notes that are not matched with an invoice lower the "
        "exposure.",
    )
    credit_horizon_days = fields.Integer(
        string="Order Horizon",
        default=SETTINGS["credit_horizon_days"],
        help="Orders to be delivered later than this many days from today do not count "
        "yet. 0: every confirmed order counts.",
        prefetch=PREFETCH,
    )
    credit_controller_ceiling = fields.Monetary(
        string="Controller's Ceiling",
        default=SETTINGS["credit_controller_ceiling"],
        currency_field="currency_id",
        help="Largest order a credit controller may release; above, a credit manager "
        "decides. In company currency.",
        prefetch=PREFETCH,
    )
    credit_release_days = fields.Integer(
        string="Release Validity",
        default=SETTINGS["credit_release_days"],
        help="Days a release is proposed to last.",
        prefetch=PREFETCH,
    )
    credit_release_tolerance = fields.Float(
        string="Release Tolerance",
        default=SETTINGS["credit_release_tolerance"],
        help="How much an order may grow, in per cent of the released amount, before "
        "its release is void.",
        prefetch=PREFETCH,
    )
    credit_auto_confirm = fields.Boolean(
        string="Confirm When Released",
        default=SETTINGS["credit_auto_confirm"],
        help="An order that somebody tried to confirm is confirmed by itself once its "
        "hold is released or cured.",
        prefetch=PREFETCH,
    )
    credit_check_delivery = fields.Boolean(
        string="Hold Deliveries",
        default=SETTINGS["credit_check_delivery"],
        help="Judge the customer again before goods leave the house.",
        prefetch=PREFETCH,
    )
    credit_portal_figures = fields.Boolean(
        string="Figures on the Portal",
        default=SETTINGS["credit_portal_figures"],
        help="Customers see their limit and what they owe on a held order.",
        prefetch=PREFETCH,
    )
    credit_controller_id = fields.Many2one(
        "res.users",
        help="Owner of the holds of customers that have no controller of their own.",
        prefetch=PREFETCH,
    )

    def init(self):
        """Have the database know the defaults too, see crm_finance_bridge."""
        self._set_database_defaults(SETTINGS)

    @api.constrains(*SETTINGS)
    def _check_credit_settings(self):
        for company in self:
            if not 0 <= company.credit_horizon_days <= 3660:
                raise ValidationError(
                    self.env._("The order horizon must be between 0 and 3660 days.")
                )
            if company.credit_controller_ceiling < 0:
                raise ValidationError(
                    self.env._("The controller's ceiling cannot be negative.")
                )
            if not 1 <= company.credit_release_days <= 366:
                raise ValidationError(
                    self.env._("A release lasts between 1 and 366 days.")
                )
            if not 0 <= company.credit_release_tolerance <= 100:
                raise ValidationError(
                    self.env._("The release tolerance must be between 0 and 100 %.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # Odoo shows and asks for limits only where this is on.
            vals.setdefault("account_use_credit_limit", True)
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if not {"credit_net_unallocated", "credit_horizon_days"}.isdisjoint(vals):
            self.env["credit.hold"]._push_open([("company_id", "in", self.ids)])
        return result
