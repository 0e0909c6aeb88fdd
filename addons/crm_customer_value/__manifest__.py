{
    "name": "CRM Customer Value",
    "summary": "Shell that will hold lifetime value, segments and tiers",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Finance Suite",
    "license": "LGPL-3",
    "depends": ["crm_finance_bridge"],
}
