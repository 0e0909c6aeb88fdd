# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def post_init_hook(env):
    """Have the value of every customer computed; the scheduled action does the work."""
    for company in env["res.company"]._get_finance_companies():
        env["customer.finance.queue"]._push_all(company)
