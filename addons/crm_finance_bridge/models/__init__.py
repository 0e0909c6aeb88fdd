# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Mixins first: a model is built after what it inherits.
from . import customer_finance_rows, customer_finance_drill
from . import customer_finance_mixin, customer_finance_link
from . import (
    account_move,
    account_move_line,
    account_partial_reconcile,
    crm_lead,
    customer_finance_check,
    customer_finance_facts,
    customer_finance_indicator,
    customer_finance_profile,
    customer_finance_queue,
    customer_finance_snapshot,
    order_cash_rows,
    payment_lag_rows,
    cash_forecast_rows,
    cash_forecast_backtest_rows,
    res_company,
    res_company_forecast,
    res_config_settings,
    res_partner,
    sale_collection_line,
    sale_order,
    sale_order_booking,
    sale_order_cash,
    sale_order_line,
    sale_order_plan,
    sale_order_reminder,
)
