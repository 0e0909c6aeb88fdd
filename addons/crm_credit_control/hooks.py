# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def post_init_hook(env):
    """Show Odoo's credit limit on contacts, and judge what is there."""
    companies = env["res.company"]._get_finance_companies()
    companies.account_use_credit_limit = True
