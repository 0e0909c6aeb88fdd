# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .customer_finance_link import figure, figure_amount
from .customer_finance_mixin import AMOUNT, MARGIN
from .optional_fields import OptionalFloat
from .res_company import BOOKING


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "customer.finance.link"]

    finance_is_child = fields.Boolean(compute="_compute_finance_is_child")
    finance_as_of_date = figure(fields.Date, "as_of_date")
    finance_refreshed_at = figure(fields.Datetime, "refreshed_at")
    finance_unallocated_credit = figure_amount("unallocated_credit")
    finance_not_due = figure_amount("not_due")
    finance_ageing_1 = figure_amount("ageing_1")
    finance_ageing_2 = figure_amount("ageing_2")
    finance_ageing_3 = figure_amount("ageing_3")
    finance_ageing_4 = figure_amount("ageing_4")
    finance_ageing = fields.Json(
        related="finance_profile_id.ageing", related_sudo=False, groups=AMOUNT
    )
    finance_trend = fields.Json(related="finance_profile_id.trend", related_sudo=False)
    finance_sales = figure_amount("sales")
    finance_dso = figure(OptionalFloat, "dso")
    finance_ar_turnover = figure(OptionalFloat, "ar_turnover")
    finance_ar_turnover_days = figure(OptionalFloat, "ar_turnover_days")
    finance_days_to_pay = figure(OptionalFloat, "days_to_pay")
    finance_on_time_rate = figure(OptionalFloat, "on_time_rate")
    finance_collection_rate = figure(OptionalFloat, "collection_rate")
    finance_cei = figure(OptionalFloat, "cei")
    finance_net_sales = figure_amount("net_sales")
    finance_margin = figure_amount("margin", MARGIN)
    finance_margin_rate = figure(OptionalFloat, "margin_rate", groups=MARGIN)
    finance_cost_coverage = figure(OptionalFloat, "cost_coverage", groups=MARGIN)
    finance_cost_estimated_rate = figure(
        OptionalFloat, "cost_estimated_rate", groups=MARGIN
    )
    finance_financing_cost = figure_amount("financing_cost", MARGIN)
    finance_cost_acquisition = figure_amount("cost_acquisition", MARGIN)
    finance_cost_marketing = figure_amount("cost_marketing", MARGIN)
    finance_cost_service = figure_amount("cost_service", MARGIN)
    finance_cost_visit = figure_amount("cost_visit", MARGIN)
    finance_cost_other = figure_amount("cost_other", MARGIN)
    finance_cost = figure_amount("cost", MARGIN)
    finance_net_profit = figure_amount("net_profit", MARGIN)
    finance_roi = figure(OptionalFloat, "roi", groups=MARGIN)
    finance_order_count = figure(fields.Integer, "order_count")
    finance_last_order_date = figure(fields.Date, "last_order_date")

    finance_booking = fields.Selection(
        BOOKING,
        string="Booking of Orders",
        company_dependent=True,
        groups="base.group_user",
        help="When this customer's orders invoice themselves. Empty: as the company "
        "says.",
    )

    def _get_finance_partner(self):
        return self

    def _get_finance_company(self):
        # A contact's figures are those of the company one is working in, also when
        # the contact itself is shared or belongs to another company.
        return self.env.company

    def _get_finance_path(self):
        return ["commercial_partner_id"]

    def _get_finance_search_path(self):
        return "commercial_partner_id"

    @api.depends("commercial_partner_id")
    def _compute_finance_is_child(self):
        for partner in self:
            partner.finance_is_child = partner.commercial_partner_id != partner

    def write(self, vals):
        """A contact that changes its commercial entity takes its documents along."""
        if {"parent_id", "is_company"}.isdisjoint(vals):
            return super().write(vals)
        queue = self.env["customer.finance.queue"]
        moved = self.with_context(active_test=False).search(
            [("id", "child_of", self.ids)]
        )
        before = moved.commercial_partner_id
        result = super().write(vals)
        queue._push(before | moved)
        return result

    def action_refresh_finance(self):
        """Recompute the figures of these customers now."""
        return self.finance_profile_id.action_refresh()
