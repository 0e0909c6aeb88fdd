# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_finance_bridge.models.finance_settings import PREFETCH

#: What counts as an alert and when a call is due; the defaults work as they are.
ALERT_SETTINGS = {
    "value_margin_days": 90,
    "value_margin_drop": 0.2,
    "value_margin_amount": 500.0,
    "value_margin_sales": 2000.0,
    "value_lag_days": 90,
    "value_lag_change": 10,
    "value_lag_count": 3,
    "value_silent_factor": 1.5,
    "value_silent_orders": 4,
    "value_silent_days": 365,
    "value_silent_amount": 0.0,
    "value_call_lead": 7,
}


class ResCompany(models.Model):
    _inherit = "res.company"

    value_margin_days = fields.Integer(
        string="Margin Compared Over",
        default=ALERT_SETTINGS["value_margin_days"],
        required=True,
        help="Days, ending today, whose margin is compared with the same days a year "
        "ago; with the days before for who was no customer by then.",
        prefetch=PREFETCH,
    )
    value_margin_drop = fields.Float(
        string="Margin Falls By",
        default=ALERT_SETTINGS["value_margin_drop"],
        required=True,
        help="Part of the margin of the period compared with.",
        prefetch=PREFETCH,
    )
    value_margin_amount = fields.Monetary(
        string="And at Least By",
        default=ALERT_SETTINGS["value_margin_amount"],
        required=True,
        help="In company currency.",
        prefetch=PREFETCH,
    )
    value_margin_sales = fields.Monetary(
        string="Net Sales in Both",
        default=ALERT_SETTINGS["value_margin_sales"],
        required=True,
        help="Customers with less net sales in either period are not compared.",
        prefetch=PREFETCH,
    )
    value_lag_days = fields.Integer(
        string="Payments of the Last",
        default=ALERT_SETTINGS["value_lag_days"],
        required=True,
        help="Days, ending today, whose payments are compared with the customer's own "
        "in the rest of the window, which must be longer.",
        prefetch=PREFETCH,
    )
    value_lag_change = fields.Integer(
        string="Later By More Than",
        default=ALERT_SETTINGS["value_lag_change"],
        required=True,
        help="Days past due on average, weighted with the money, recently less before.",
        prefetch=PREFETCH,
    )
    value_lag_count = fields.Integer(
        string="Payments in Both",
        default=ALERT_SETTINGS["value_lag_count"],
        required=True,
        prefetch=PREFETCH,
    )
    value_silent_factor = fields.Float(
        string="Times the Usual Interval",
        default=ALERT_SETTINGS["value_silent_factor"],
        required=True,
        help="A customer is silent beyond its rhythm after so many usual intervals, "
        "and longer than nine in ten of its own intervals were.",
        prefetch=PREFETCH,
    )
    value_silent_orders = fields.Integer(
        string="Order Days at Least",
        default=ALERT_SETTINGS["value_silent_orders"],
        required=True,
        help="With fewer order days there is no rhythm to speak of.",
        prefetch=PREFETCH,
    )
    value_silent_days = fields.Integer(
        string="Lost After",
        default=ALERT_SETTINGS["value_silent_days"],
        required=True,
        help="Days without an order after which a customer counts as lost: the alert "
        "closes.",
        prefetch=PREFETCH,
    )
    value_silent_amount = fields.Monetary(
        string="Usual Order at Least",
        default=ALERT_SETTINGS["value_silent_amount"],
        required=True,
        help="Customers whose usual order is worth less, without tax in company "
        "currency, are left alone.",
        prefetch=PREFETCH,
    )
    value_call_lead = fields.Integer(
        string="Call Before the Order",
        default=ALERT_SETTINGS["value_call_lead"],
        required=True,
        help="Days before the next order is due by rhythm from which a call is for it.",
        prefetch=PREFETCH,
    )

    def init(self):
        """Have the database know the defaults as well, as for the other settings."""
        self._set_database_defaults(ALERT_SETTINGS)
        return super().init()

    @api.constrains(*ALERT_SETTINGS)
    def _check_alert_settings(self):
        for company in self:
            if problem := company._find_alert_problem():
                raise ValidationError(problem)

    def _find_alert_problem(self):
        """Return what is wrong with the settings, in words; None when nothing is."""
        self.ensure_one()
        if not 7 <= self.value_margin_days <= 365:
            return self.env._("Margins must be compared over 7 to 365 days.")
        if not 0 <= self.value_margin_drop <= 10:
            return self.env._(
                "The part by which a margin falls must be 0 or more, for example a "
                "fifth."
            )
        if self.value_margin_amount < 0 or self.value_margin_sales < 0:
            return self.env._(
                "The amounts from which a falling margin is an alert cannot be "
                "negative."
            )
        if not 1 <= self.value_lag_days <= 3660:
            return self.env._("Recent payments must be those of 1 to 3660 days.")
        if self.value_lag_change < 0 or self.value_lag_count < 1:
            return self.env._(
                "Later payments need a number of days of 0 or more, and at least one "
                "payment to compare."
            )
        if self.value_silent_factor < 1 or self.value_silent_orders < 2:
            return self.env._(
                "An order is overdue after at least one usual interval, and an "
                "interval takes at least two order days."
            )
        if self.value_silent_days < 1:
            return self.env._("A customer is lost after at least one day.")
        if self.value_silent_amount < 0:
            return self.env._(
                "The usual order from which silence is an alert cannot be negative."
            )
        if not 0 <= self.value_call_lead <= 365:
            return self.env._("Calls can be due 0 to 365 days before the order.")
        return None

    def write(self, vals):
        result = super().write(vals)
        if not ALERT_SETTINGS.keys().isdisjoint(vals):
            for company in self:
                self.env["customer.finance.queue"]._push_all(company)
        return result


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    value_margin_days = fields.Integer(
        related="company_id.value_margin_days", readonly=False
    )
    value_margin_drop = fields.Float(
        related="company_id.value_margin_drop", readonly=False
    )
    value_margin_amount = fields.Monetary(
        related="company_id.value_margin_amount",
        currency_field="value_currency_id",
        readonly=False,
    )
    value_margin_sales = fields.Monetary(
        related="company_id.value_margin_sales",
        currency_field="value_currency_id",
        readonly=False,
    )
    value_lag_days = fields.Integer(related="company_id.value_lag_days", readonly=False)
    value_lag_change = fields.Integer(
        related="company_id.value_lag_change", readonly=False
    )
    value_lag_count = fields.Integer(
        related="company_id.value_lag_count", readonly=False
    )
    value_silent_factor = fields.Float(
        related="company_id.value_silent_factor", readonly=False
    )
    value_silent_orders = fields.Integer(
        related="company_id.value_silent_orders", readonly=False
    )
    value_silent_days = fields.Integer(
        related="company_id.value_silent_days", readonly=False
    )
    value_silent_amount = fields.Monetary(
        related="company_id.value_silent_amount",
        currency_field="value_currency_id",
        readonly=False,
    )
    value_call_lead = fields.Integer(
        related="company_id.value_call_lead", readonly=False
    )
