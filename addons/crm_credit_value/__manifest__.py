# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Customer Value: Credit Exposure",
    "summary": "Judges the risk of customers by their credit exposure",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Finance Suite",
    "website": "https://github.com/crm-finance-suite/crm-finance-suite",
    "license": "LGPL-3",
    "depends": ["crm_credit_control", "crm_customer_value"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
