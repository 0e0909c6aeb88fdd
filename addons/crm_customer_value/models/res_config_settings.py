# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.rfm import suggest_thresholds


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    value_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Value Currency"
    )
    value_history_months = fields.Integer(
        related="company_id.value_history_months", readonly=False
    )
    value_rfm_days = fields.Integer(related="company_id.value_rfm_days", readonly=False)
    value_horizon = fields.Selection(related="company_id.value_horizon", readonly=False)
    value_yearly_rate = fields.Float(
        related="company_id.value_yearly_rate", readonly=False
    )
    value_weight_sales = fields.Float(
        related="company_id.value_weight_sales", readonly=False
    )
    value_weight_margin = fields.Float(
        related="company_id.value_weight_margin", readonly=False
    )
    value_weight_timeliness = fields.Float(
        related="company_id.value_weight_timeliness", readonly=False
    )
    value_rfm_method = fields.Selection(
        related="company_id.value_rfm_method", readonly=False
    )
    value_rfm_recency = fields.Char(
        related="company_id.value_rfm_recency", readonly=False
    )
    value_rfm_frequency = fields.Char(
        related="company_id.value_rfm_frequency", readonly=False
    )
    value_rfm_monetary = fields.Char(
        related="company_id.value_rfm_monetary", readonly=False
    )
    value_class_method = fields.Selection(
        related="company_id.value_class_method", readonly=False
    )
    value_class_days = fields.Integer(
        related="company_id.value_class_days", readonly=False
    )
    value_class_orders = fields.Integer(
        related="company_id.value_class_orders", readonly=False
    )
    value_class_amount = fields.Monetary(
        related="company_id.value_class_amount",
        currency_field="value_currency_id",
        readonly=False,
    )
    value_profit_measure = fields.Selection(
        related="company_id.value_profit_measure", readonly=False
    )
    value_profit_method = fields.Selection(
        related="company_id.value_profit_method", readonly=False
    )
    value_profit_cut = fields.Monetary(
        related="company_id.value_profit_cut",
        currency_field="value_currency_id",
        readonly=False,
    )
    value_risk_cut = fields.Float(related="company_id.value_risk_cut", readonly=False)
    value_risk_severe = fields.Float(
        related="company_id.value_risk_severe", readonly=False
    )
    value_growth_cut = fields.Float(
        related="company_id.value_growth_cut", readonly=False
    )
    value_abc_a = fields.Float(related="company_id.value_abc_a", readonly=False)
    value_abc_b = fields.Float(related="company_id.value_abc_b", readonly=False)

    def action_value_suggest_thresholds(self):
        """Fill in the thresholds that give today's customers, as of the last night, the
        scores they have among themselves."""
        self.check_access("write")
        standings = self.env["customer.value.standing"].sudo()
        portfolio = standings._get_portfolio(self.company_id)
        found = {}
        for name in ("recency", "frequency", "monetary"):
            points = portfolio.points[name] if portfolio else []
            if name == "recency":
                points = [-point for point in points]
            bounds = suggest_thresholds(points, lowest_best=name == "recency")
            if not bounds:
                raise UserError(
                    self.env._(
                        "The customers of %(company)s do not differ enough to suggest "
                        "thresholds. Use places among all customers until they do.",
                        company=self.company_id.name,
                    )
                )
            found[f"value_rfm_{name}"] = ", ".join(str(round(x)) for x in bounds)
        self.company_id.write(found)
        return {"type": "ir.actions.client", "tag": "reload"}
