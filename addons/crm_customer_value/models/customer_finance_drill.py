# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_finance_bridge.models.customer_finance_drill import (
    COSTS,
    ITEMS,
    MARGIN_LINES,
    SETTLEMENTS,
)

from ..tools.windows import compared, get_windows

#: What comes from the margin of the window, whose lines open.
OF_MARGIN = ("value_score", "value_rank", "value_share", "value_abc", "value_quadrant")
#: What comes from the whole life: its margin lines open.
OF_LIFE = (
    *("value_historic", "value_margin", "value_total", "value_margin_rate"),
    *("value_low", "value_high"),
    *(f"value_predicted_{months}" for months in (12, 24, 36)),
    *("value_stake", "value_due_margin", "value_call"),
)
#: What comes from the margin of some days, whose lines open.
OF_DAYS = {
    "value_sales_recent": "recent",
    "value_margin_recent": "recent",
    "value_sales_compared": "compared",
    "value_margin_compared": "compared",
}
#: What comes from the payments of the last days, which open.
OF_RECENT_PAYMENTS = (
    *("paid_recent_count", "paid_recent_amount", "paid_recent_late_days"),
)
#: What comes from the orders, which open.
OF_ORDERS = (
    *("value_p_alive", "value_p_order", "value_churn", "value_orders"),
    *("value_order_amount", "value_order_days", "value_first_order_date"),
    *("value_last_order_date", "value_interval", "value_next_order_date"),
    *("value_due_date", "value_interval_long", "value_call_rank"),
    *("value_r", "value_f", "value_m", "value_segment", "value_class"),
    *("value_state", "value_risk"),
)
#: What comes from the history of tiers, which opens.
OF_TIERS = (
    *("value_tier_id", "value_tier_rule_id", "value_tier_candidate_id"),
    "value_tier_date",
)
TIER_MOVES = "crm_customer_value.customer_value_tier_move_action"


class CustomerFinanceDrill(models.AbstractModel):
    _inherit = "customer.finance.drill"

    @api.model
    def _get_figure_sources(self):
        return {
            **super()._get_figure_sources(),
            **dict.fromkeys(OF_MARGIN, self._get_margin_source),
            **dict.fromkeys(OF_LIFE, self._get_life_margin_source),
            **dict.fromkeys(OF_ORDERS, self._get_orders_source),
            "value_lateness": self._get_payments_source,
            "value_exposure": self._get_overdue_source,
            "value_decline": self._get_margin_source,
            **dict.fromkeys(OF_TIERS, self._get_tier_source),
            **{code: self._get_days_source(name) for code, name in OF_DAYS.items()},
            **dict.fromkeys(OF_RECENT_PAYMENTS, self._get_recent_payments_source),
            "value_cost": self._get_life_cost_source,
            "value_financing": self._get_life_financing_source,
        }

    def _get_life_domain(self):
        return self._get_customer_domain() & Domain("date", "<=", self.as_of_date)

    def _get_overdue_source(self):
        return self._get_open_items(self._get_overdue_domain())

    def _get_life_margin_source(self):
        return MARGIN_LINES, self._get_life_domain(), self.as_of_date

    def _get_life_cost_source(self):
        return COSTS, self._get_life_domain(), self.as_of_date

    def _get_life_financing_source(self):
        domain = self._get_life_domain() & Domain("kind", "=", "invoice")
        return ITEMS, domain, self.as_of_date

    def _get_tier_source(self):
        return TIER_MOVES, self._get_customer_domain(), self.as_of_date

    def _get_days_source(self, name):
        def source():
            company = self.company_id.sudo()
            windows = get_windows(self.as_of_date, company.value_margin_days)
            window = windows.recent
            if name == "compared":
                # Of who was no customer by then there are no lines.
                window = compared(windows, self.first_invoice_date) or windows.prior
            start, end = window
            days = Domain("date", ">", start) & Domain("date", "<=", end)
            return MARGIN_LINES, self._get_customer_domain() & days, self.as_of_date

        return source

    def _get_recent_payments_source(self):
        company = self.company_id.sudo()
        days = min(company.value_lag_days, company.finance_window_days)
        domain = Domain("money", "!=", 0)
        domain &= Domain("settled_date", ">", self.as_of_date - timedelta(days=days))
        domain &= Domain("settled_date", "<=", self.as_of_date)
        return SETTLEMENTS, self._get_customer_domain() & domain, self.as_of_date
