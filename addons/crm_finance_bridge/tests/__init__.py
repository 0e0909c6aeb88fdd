# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_access,
    test_acquisition,
    test_ageing,
    test_booking,
    test_journey,
    test_margin,
    test_multi_company,
    test_order_cash,
    test_order_cash_access,
    test_payments,
    test_performance,
    test_product_margin,
    test_profile,
    test_queue,
    test_receivable,
    test_return,
    test_sales,
    test_snapshot,
    test_tools,
    test_translation,
)
