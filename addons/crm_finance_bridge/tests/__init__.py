# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_ageing,
    test_margin,
    test_payments,
    test_profile,
    test_receivable,
    test_sales,
    test_snapshot,
    test_tools,
)
