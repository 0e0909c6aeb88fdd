# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The company's settings of the cash forecast."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .finance_settings import PREFETCH

#: Settings and their defaults.
FORECAST_SETTINGS = {
    "finance_lag_count": 5,
    "finance_doubtful_days": 90,
    "finance_lead_days": 30,
}


class ResCompany(models.Model):
    _inherit = "res.company"

    finance_lag_count = fields.Integer(
        string="Payments Needed",
        default=FORECAST_SETTINGS["finance_lag_count"],
        required=True,
        help="A customer's own lateness is used in the forecast when it has at least "
        "this many payments in the window; otherwise that of all customers of its "
        "country, if these have as many; otherwise that of all customers.",
        prefetch=PREFETCH,
    )
    finance_doubtful_days = fields.Integer(
        string="Doubtful After",
        default=FORECAST_SETTINGS["finance_doubtful_days"],
        required=True,
        help="Days overdue after which money that is also later than its customer "
        "usually pays is doubtful: only the high line of the forecast counts on it.",
        prefetch=PREFETCH,
    )
    finance_forecast_leads = fields.Boolean(
        string="Forecast Opportunities",
        help="Have the cash forecast count open opportunities, weighted by their "
        "probability, from their expected closing.",
        prefetch=PREFETCH,
    )
    finance_lead_days = fields.Integer(
        string="Closing to Due",
        default=FORECAST_SETTINGS["finance_lead_days"],
        required=True,
        help="Days from the expected closing of an opportunity to the day its money "
        "is due.",
        prefetch=PREFETCH,
    )

    def init(self):
        """Have the database know the defaults as well, as for the other settings."""
        self._set_database_defaults(FORECAST_SETTINGS)
        return super().init()

    @api.constrains(*FORECAST_SETTINGS)
    def _check_finance_forecast_settings(self):
        for company in self:
            if not 1 <= company.finance_lag_count <= 1000:
                raise ValidationError(
                    self.env._(
                        "How late a customer of %(company)s pays can be judged from 1 "
                        "to 1000 payments; 5 is usual.",
                        company=company.name,
                    )
                )
            if not 1 <= company.finance_doubtful_days <= 3660:
                raise ValidationError(
                    self.env._(
                        "Money owed to %(company)s becomes doubtful after 1 to 3660 "
                        "days; 90 is usual.",
                        company=company.name,
                    )
                )
            if not 0 <= company.finance_lead_days <= 3660:
                raise ValidationError(
                    self.env._(
                        "From the closing of an opportunity of %(company)s to the day "
                        "its money is due must be 0 to 3660 days.",
                        company=company.name,
                    )
                )
