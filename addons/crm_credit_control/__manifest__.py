# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Credit Control",
    "summary": "Credit limits, live exposure, automatic order hold and release, "
    "enforced on every path",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "CRM Finance Suite",
    "website": "https://github.com/crm-finance-suite/crm-finance-suite",
    "license": "LGPL-3",
    "application": True,
    "depends": ["crm_finance_bridge"],
    "data": [
        "security/crm_credit_control_groups.xml",
        "security/ir.model.access.csv",
        "security/crm_credit_control_security.xml",
        "data/mail_activity_type_data.xml",
        "data/credit_grade_data.xml",
        "data/credit_policy_data.xml",
        "data/credit_reason_data.xml",
        "views/sale_portal_templates.xml",
    ],
    "demo": ["demo/res_users_demo.xml", "demo/credit_demo.xml"],
    "post_init_hook": "post_init_hook",
}
