# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_finance_bridge.models.customer_finance_drill import (
    COSTS,
    ITEMS,
    MARGIN_LINES,
)

#: What comes from the margin of the window, whose lines open.
OF_MARGIN = ("value_score", "value_rank", "value_share", "value_abc", "value_quadrant")
#: What comes from the whole life: its margin lines open.
OF_LIFE = (
    *("value_historic", "value_margin", "value_total", "value_margin_rate"),
    *(f"value_predicted_{months}" for months in (12, 24, 36)),
)
#: What comes from the orders, which open.
OF_ORDERS = (
    *("value_p_alive", "value_p_order", "value_churn", "value_orders"),
    *("value_order_amount", "value_order_days", "value_first_order_date"),
    *("value_last_order_date", "value_interval", "value_next_order_date"),
    "value_due_date",
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
