# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    res_company,
    credit_grade,
    credit_policy,
    credit_account,
    credit_cover,
    credit_log,
    credit_reason,
    credit_exposure_rows,
    credit_position,
    credit_check,
    credit_turn,
    credit_hold,
    credit_reminder,
    customer_finance_link,
    customer_finance_profile,
    account_move,
    crm_lead,
    res_config_settings,
    res_partner,
    sale_order,
    sale_order_line,
    sale_order_lock,
    sale_order_portal,
)
