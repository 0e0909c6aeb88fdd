# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    base_partner_merge,
    customer_cost_entry,
    customer_finance_alert_silence,
    customer_finance_comparison,
)
