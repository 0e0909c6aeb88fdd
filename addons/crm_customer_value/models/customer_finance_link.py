# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from odoo.addons.crm_finance_bridge.models.customer_finance_link import figure
from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import AMOUNT, MARGIN
from odoo.addons.crm_finance_bridge.models.optional_fields import (
    OptionalFloat,
    OptionalInteger,
    OptionalMonetary,
)


def _money(name, groups=MARGIN):
    return figure(
        OptionalMonetary, name, currency_field="finance_currency_id", groups=groups
    )


class CustomerFinanceLink(models.AbstractModel):
    """Shows what the customer is worth on contact, order, invoice and opportunity."""

    _inherit = "customer.finance.link"

    finance_value_state = figure(fields.Selection, "value_state")
    finance_value_reason = fields.Char(
        related="finance_profile_id.value_reason", related_sudo=False
    )
    finance_value_total = _money("value_total")
    finance_value_segment = figure(fields.Selection, "value_segment")
    finance_value_quadrant = figure(fields.Selection, "value_quadrant")
    finance_value_rank = figure(OptionalInteger, "value_rank")
    finance_value_p_order = figure(OptionalFloat, "value_p_order")
    finance_value_next_order_date = figure(fields.Date, "value_next_order_date")
    finance_value_due_date = figure(fields.Date, "value_due_date")

    def action_open_finance_value(self):
        """Open the contact of the customer, where its value is shown."""
        self.ensure_one()
        self.finance_profile_id.check_access("read")
        return self.finance_profile_id.action_open_partner()


class ResPartner(models.Model):
    _inherit = "res.partner"

    finance_value_low = _money("value_low")
    finance_value_high = _money("value_high")
    finance_value_range_date = figure(fields.Date, "value_range_date")
    finance_value_range_note = fields.Char(
        related="finance_profile_id.value_range_note", related_sudo=False
    )
    finance_value_trend = fields.Json(
        related="finance_profile_id.value_trend", related_sudo=False, groups=AMOUNT
    )
    finance_value_historic = _money("value_historic")
    finance_value_margin = _money("value_margin")
    finance_value_cost = _money("value_cost")
    finance_value_financing = _money("value_financing")
    finance_value_predicted_12 = _money("value_predicted_12")
    finance_value_predicted_24 = _money("value_predicted_24")
    finance_value_predicted_36 = _money("value_predicted_36")
    finance_value_p_alive = figure(OptionalFloat, "value_p_alive")
    finance_value_churn = figure(OptionalFloat, "value_churn")
    finance_value_orders = figure(OptionalFloat, "value_orders")
    finance_value_order_days = figure(OptionalInteger, "value_order_days")
    finance_value_order_amount = _money("value_order_amount", AMOUNT)
    finance_value_interval = figure(OptionalFloat, "value_interval")
    finance_value_last_order_date = figure(fields.Date, "value_last_order_date")
    finance_value_r = figure(fields.Selection, "value_r")
    finance_value_f = figure(fields.Selection, "value_f")
    finance_value_m = figure(fields.Selection, "value_m")
    finance_value_class = figure(fields.Selection, "value_class")
    finance_value_score = figure(OptionalFloat, "value_score")
    finance_value_score_note = fields.Char(
        related="finance_profile_id.value_score_note", related_sudo=False
    )
    finance_value_rank_previous = figure(OptionalInteger, "value_rank_previous")
    finance_value_abc = figure(fields.Selection, "value_abc")
    finance_value_risk = figure(OptionalFloat, "value_risk")
    finance_value_lateness = figure(OptionalFloat, "value_lateness")
    finance_value_exposure = figure(OptionalFloat, "value_exposure")
    finance_value_decline = figure(OptionalFloat, "value_decline", groups=MARGIN)

    def action_finance_value_range(self):
        """Tell how sure the value of these customers is."""
        self.finance_profile_id.action_value_range()
