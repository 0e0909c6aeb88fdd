# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    customer_margin_rows,
    customer_order_history,
    customer_value_fit,
    customer_value_fit_words,
    customer_value_outcome,
    customer_value_standing,
    customer_value_score,
    customer_finance_indicator,
    customer_finance_drill,
    customer_finance_profile,
    customer_finance_link,
    res_company,
    res_config_settings,
)
