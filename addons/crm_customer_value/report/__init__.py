# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    customer_cohort,
    customer_margin_retention,
    customer_margin_period,
    customer_margin_change,
    customer_margin_product,
    customer_value_tier_report,
)
