{
    "name": "CRM Credit Control",
    "summary": "Shell that will hold credit limits, order holds, grades, dunning",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "CRM Finance Suite",
    "license": "LGPL-3",
    "depends": ["crm_finance_bridge"],
}
