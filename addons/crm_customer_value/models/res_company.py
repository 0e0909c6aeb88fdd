# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_finance_bridge.models.finance_settings import PREFETCH

from ..tools.contribution import check_weights
from ..tools.portfolio import Settings
from ..tools.quadrants import Cuts
from ..tools.rfm import check_thresholds
from ..tools.score import Settings as Outlook

#: Settings that may not be empty, and their defaults: they work as they are.
VALUE_SETTINGS = {
    "value_history_months": 0,
    "value_rfm_days": 365,
    "value_horizon": "24",
    "value_yearly_rate": 0.10,
    "value_weight_sales": 0.30,
    "value_weight_margin": 0.45,
    "value_weight_timeliness": 0.25,
    "value_rfm_method": "percentile",
    "value_class_method": "mean",
    "value_profit_measure": "profit",
    "value_profit_method": "median",
    "value_risk_cut": 0.5,
    "value_risk_severe": 0.7,
    "value_growth_cut": 0.1,
    "value_abc_a": 0.8,
    "value_abc_b": 0.95,
}
#: Settings that count only with another one, and their defaults.
FIXED_SETTINGS = {
    "value_rfm_recency": "365, 180, 90, 30",
    "value_rfm_frequency": "2, 4, 8, 12",
    "value_rfm_monetary": "1000, 5000, 20000, 50000",
    "value_class_days": 90,
    "value_class_orders": 4,
    "value_class_amount": 10_000.0,
    "value_profit_cut": 10_000.0,
}


class ResCompany(models.Model):
    _inherit = "res.company"

    value_history_months = fields.Integer(
        string="Order History",
        default=VALUE_SETTINGS["value_history_months"],
        required=True,
        help="Months of orders the models learn from. 0: all there are.",
        prefetch=PREFETCH,
    )
    value_rfm_days = fields.Integer(
        string="RFM Window",
        default=VALUE_SETTINGS["value_rfm_days"],
        required=True,
        help="Days, ending today, over which frequency and monetary score count.",
        prefetch=PREFETCH,
    )
    value_horizon = fields.Selection(
        [("12", "12 Months"), ("24", "24 Months"), ("36", "36 Months")],
        string="Horizon of the Value",
        default=VALUE_SETTINGS["value_horizon"],
        required=True,
        help="How much of the future counts in the customer value.",
        prefetch=PREFETCH,
    )
    value_yearly_rate = fields.Float(
        string="Discount Rate",
        default=VALUE_SETTINGS["value_yearly_rate"],
        required=True,
        help="Yearly rate at which expected margin is discounted.",
        prefetch=PREFETCH,
    )
    value_weight_sales = fields.Float(
        string="Weight of Net Sales",
        default=VALUE_SETTINGS["value_weight_sales"],
        required=True,
        prefetch=PREFETCH,
    )
    value_weight_margin = fields.Float(
        string="Weight of Margin",
        default=VALUE_SETTINGS["value_weight_margin"],
        required=True,
        prefetch=PREFETCH,
    )
    value_weight_timeliness = fields.Float(
        string="Weight of Timeliness",
        default=VALUE_SETTINGS["value_weight_timeliness"],
        required=True,
        prefetch=PREFETCH,
    )
    value_rfm_method = fields.Selection(
        [("percentile", "Among All Customers"), ("fixed", "Fixed Thresholds")],
        string="RFM Scores",
        default=VALUE_SETTINGS["value_rfm_method"],
        required=True,
        prefetch=PREFETCH,
    )
    value_rfm_recency = fields.Char(
        string="Recency Thresholds",
        default=FIXED_SETTINGS["value_rfm_recency"],
        help="Days since the last order that scores 2, 3, 4 and 5 take at most.",
        prefetch=PREFETCH,
    )
    value_rfm_frequency = fields.Char(
        string="Frequency Thresholds",
        default=FIXED_SETTINGS["value_rfm_frequency"],
        help="Days with orders that scores 2, 3, 4 and 5 take at least.",
        prefetch=PREFETCH,
    )
    value_rfm_monetary = fields.Char(
        string="Monetary Thresholds",
        default=FIXED_SETTINGS["value_rfm_monetary"],
        help="Net order value, in company currency, that scores 2, 3, 4 and 5 take at "
        "least.",
        prefetch=PREFETCH,
    )
    value_class_method = fields.Selection(
        [("mean", "Mean"), ("median", "Median"), ("fixed", "Fixed Thresholds")],
        string="High in the Classes of Eight",
        default=VALUE_SETTINGS["value_class_method"],
        required=True,
        prefetch=PREFETCH,
    )
    value_class_days = fields.Integer(
        string="Recent Within",
        default=FIXED_SETTINGS["value_class_days"],
        prefetch=PREFETCH,
    )
    value_class_orders = fields.Integer(
        string="Frequent From",
        default=FIXED_SETTINGS["value_class_orders"],
        prefetch=PREFETCH,
    )
    value_class_amount = fields.Monetary(
        string="High Value From",
        default=FIXED_SETTINGS["value_class_amount"],
        prefetch=PREFETCH,
    )
    value_profit_measure = fields.Selection(
        [
            ("profit", "Net Profit of the Window"),
            ("margin", "Margin of the Window"),
            ("predicted", "Expected Value"),
        ],
        string="Profit in the Quadrants",
        default=VALUE_SETTINGS["value_profit_measure"],
        required=True,
        prefetch=PREFETCH,
    )
    value_profit_method = fields.Selection(
        [("median", "Median of All"), ("fixed", "Fixed Amount")],
        string="High Profit Begins At",
        default=VALUE_SETTINGS["value_profit_method"],
        required=True,
        prefetch=PREFETCH,
    )
    value_profit_cut = fields.Monetary(
        string="High Profit From",
        default=FIXED_SETTINGS["value_profit_cut"],
        prefetch=PREFETCH,
    )
    value_risk_cut = fields.Float(
        string="High Risk From",
        default=VALUE_SETTINGS["value_risk_cut"],
        required=True,
        prefetch=PREFETCH,
    )
    value_risk_severe = fields.Float(
        string="Severe Risk From",
        default=VALUE_SETTINGS["value_risk_severe"],
        required=True,
        prefetch=PREFETCH,
    )
    value_growth_cut = fields.Float(
        string="Growth From",
        default=VALUE_SETTINGS["value_growth_cut"],
        required=True,
        help="Change of the margin against the window before from which a customer "
        "grows.",
        prefetch=PREFETCH,
    )
    value_abc_a = fields.Float(
        string="A Up To",
        default=VALUE_SETTINGS["value_abc_a"],
        required=True,
        prefetch=PREFETCH,
    )
    value_abc_b = fields.Float(
        string="B Up To",
        default=VALUE_SETTINGS["value_abc_b"],
        required=True,
        prefetch=PREFETCH,
    )

    def init(self):
        """Have the database know the defaults as well, as for the other settings."""
        self._set_database_defaults(VALUE_SETTINGS | FIXED_SETTINGS)
        return super().init()

    @api.constrains(*VALUE_SETTINGS, *FIXED_SETTINGS)
    def _check_value_settings(self):
        for company in self:
            if problem := company._find_value_problem():
                raise ValidationError(problem)

    def _find_value_problem(self):
        """Return what is wrong with the settings, in words; empty when nothing is."""
        self.ensure_one()
        weights = check_weights(self._get_value_weights())
        if weights == "zero":
            return self.env._(
                "The weights of the contribution of %(company)s add up to zero: give "
                "at least one of net sales, margin and timeliness a weight.",
                company=self.name,
            )
        if weights:
            return self.env._(
                "A weight of the contribution of %(company)s is negative: use 0 for "
                "what is not to count.",
                company=self.name,
            )
        if not 0 <= self.value_history_months <= 600:
            return self.env._("The order history must be 0 (all) to 600 months.")
        if not 1 <= self.value_rfm_days <= 3660:
            return self.env._("The RFM window must be between 1 and 3660 days.")
        if not 0 <= self.value_yearly_rate <= 1:
            return self.env._("The discount rate must be between 0 % and 100 % a year.")
        if not 0 < self.value_risk_cut <= self.value_risk_severe <= 1:
            return self.env._(
                "High risk must begin above 0 % and not above severe risk, and severe "
                "risk at 100 % at most."
            )
        if not 0 < self.value_abc_a < self.value_abc_b <= 1:
            return self.env._(
                "The shares of A and B must rise, for example 80 % and 95 %."
            )
        if self.value_rfm_method == "fixed":
            return self._find_threshold_problem()
        return None

    def _find_threshold_problem(self):
        for name in ("recency", "frequency", "monetary"):
            field = f"value_rfm_{name}"
            bounds = _parse(self[field])
            if bounds is None or not check_thresholds(bounds, name == "recency"):
                label = self._fields[field]._description_string(self.env)
                return self.env._(
                    "%(label)s: enter four numbers separated by commas, as in "
                    "%(example)s.",
                    label=label,
                    example=FIXED_SETTINGS[field],
                )
        return None

    def write(self, vals):
        result = super().write(vals)
        if not (VALUE_SETTINGS.keys() | FIXED_SETTINGS.keys()).isdisjoint(vals):
            for company in self:
                self.env["customer.finance.queue"]._push_all(company)
        return result

    def _get_value_weights(self):
        return {
            name: self[f"value_weight_{name}"]
            for name in ("sales", "margin", "timeliness")
        }

    def _get_value_settings(self):
        """Return the settings as the statistics take them.

        :rtype: Settings
        """
        self.ensure_one()
        thresholds = None
        if self.value_rfm_method == "fixed":
            thresholds = tuple(
                _parse(self[f"value_rfm_{name}"])
                for name in ("recency", "frequency", "monetary")
            )
        return Settings(
            outlook=Outlook(yearly_rate=self.value_yearly_rate),
            horizon=int(self.value_horizon),
            weights=self._get_value_weights(),
            thresholds=thresholds,
            class_method=self.value_class_method,
            class_cuts=(
                self.value_class_days,
                self.value_class_orders,
                self.value_class_amount,
            ),
            profit=self.value_profit_measure,
            profit_cut=self.value_profit_cut
            if self.value_profit_method == "fixed"
            else None,
            cuts=Cuts(
                profit=0.0,
                risk=self.value_risk_cut,
                severe=self.value_risk_severe,
                growth=self.value_growth_cut,
            ),
            bounds=(self.value_abc_a, self.value_abc_b),
            call_lead=self.value_call_lead,
        )


def _parse(text):
    """Return the numbers of a text as a tuple, None when they are not numbers.

    >>> _parse("365, 180,90, 30"), _parse("a, b"), _parse(False)
    ((365.0, 180.0, 90.0, 30.0), None, None)
    """
    try:
        return tuple(float(part) for part in (text or "").split(","))
    except ValueError:
        return None
