# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Mixins first: a model is built after what it inherits.
from . import customer_finance_rows, customer_finance_margin_rows, customer_cost_rows
from . import customer_finance_drill
from . import order_cash_rows, payment_lag_rows
from . import cash_forecast_rows, cash_forecast_backtest_rows
from . import customer_finance_mixin, customer_finance_link, customer_finance_ratio
from . import customer_finance_cached
from . import customer_cost_spread_rows, customer_cost_spread_steps
from . import (
    account_analytic_account,
    account_analytic_line,
    account_move,
    account_move_line,
    account_partial_reconcile,
    acquisition_rows,
    acquisition_payback,
    crm_lead,
    customer_acquisition,
    customer_cost_rule,
    customer_cost_share,
    customer_cost_spread,
    customer_finance_alert,
    customer_finance_alert_watch,
    customer_finance_check,
    customer_finance_facts,
    customer_finance_indicator,
    customer_finance_profile,
    customer_finance_alert_link,
    customer_finance_queue,
    customer_finance_snapshot,
    finance_timezone,
    order_cash_link,
    product_product,
    product_template,
    res_company,
    res_company_alert,
    res_company_forecast,
    res_config_settings,
    res_partner,
    sale_collection_line,
    sale_order,
    sale_order_booking,
    sale_order_booking_mode,
    sale_order_cash,
    sale_order_line,
    sale_order_instalment,
    sale_order_plan,
    sale_order_plan_log,
    sale_order_reminder,
    utm_campaign,
    utm_campaign_return,
)
