# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def post_init_hook(env):
    """Have the risk of every customer judged by its exposure; the scheduled action
    does the work."""
    _value_everybody(env)


def uninstall_hook(env):
    """Have it judged by the overdue amount again."""
    _value_everybody(env)


def _value_everybody(env):
    for company in env["res.company"]._get_finance_companies():
        env["customer.finance.queue"]._push_all(company)
