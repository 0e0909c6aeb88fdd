# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_access,
    test_ageing,
    test_booking,
    test_cash_forecast,
    test_cash_forecast_access,
    test_cash_forecast_backtest,
    test_journey,
    test_margin,
    test_multi_company,
    test_order_cash,
    test_order_cash_access,
    test_payments,
    test_performance,
    test_profile,
    test_queue,
    test_receivable,
    test_sales,
    test_snapshot,
    test_tools,
    test_translation,
)
