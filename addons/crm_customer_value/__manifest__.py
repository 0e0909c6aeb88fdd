# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Customer Value",
    "summary": "What every customer is worth: value to date and to be expected, "
    "segments, contribution, risk",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Finance Suite",
    "website": "https://github.com/crm-finance-suite/crm-finance-suite",
    "license": "LGPL-3",
    "depends": ["crm_finance_bridge"],
    "data": [
        "security/ir.model.access.csv",
        "security/customer_value_security.xml",
        "security/customer_call_security.xml",


        "security/customer_value_report_security.xml",
        "data/customer_finance_indicator_data.xml",
        "data/customer_finance_indicator_alert_data.xml",
        "data/ir_cron_data.xml",
        "data/mail_activity_type_data.xml",
        "data/customer_value_tier_data.xml",
        "data/crm_lead_scoring_frequency_field_data.xml",
        "views/customer_value_views.xml",
        "views/customer_value_fit_views.xml",
        "views/customer_value_tier_views.xml",
        "views/customer_value_tier_move_views.xml",
        "views/customer_value_tier_override_views.xml",


        "views/customer_cohort_views.xml",
        "views/customer_margin_retention_views.xml",
        "views/customer_margin_change_views.xml",
        "views/customer_margin_product_views.xml",
        "wizard/customer_margin_comparison_views.xml",
        "views/customer_finance_profile_views.xml",
        "views/customer_finance_profile_tier_views.xml",
        "views/customer_finance_alert_views.xml",
        "views/customer_call_views.xml",
        "views/res_partner_views.xml",
        "views/res_partner_tier_views.xml",
        "views/sale_order_views.xml",
        "views/account_move_views.xml",
        "views/crm_lead_views.xml",
        "views/sale_order_tier_views.xml",
        "views/crm_lead_tier_views.xml",
        "views/customer_value_tier_report_views.xml",
        "views/res_config_settings_views.xml",
        "views/crm_customer_value_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["crm_customer_value/static/src/**/*"],
        "web.assets_tests": ["crm_customer_value/static/tests/tours/**/*"],


        "web.assets_backend_lazy": ["crm_customer_value/static/src/optional_graph/*"],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
