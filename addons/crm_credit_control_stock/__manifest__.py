# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "CRM Credit Control: Deliveries",
    "summary": "Keeps goods in the house while a customer is on credit hold",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "CRM Finance Suite",
    "website": "https://github.com/crm-finance-suite/crm-finance-suite",
    "license": "LGPL-3",
    "depends": ["crm_credit_control", "sale_stock"],
    "data": ["views/stock_picking_views.xml"],
    "auto_install": True,
}
