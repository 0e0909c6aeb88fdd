# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Have every customer valued: 19.0.1.0.0 held nothing.

    Predictive lead scoring is left as it is; its settings offer the tier.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for company in env["res.company"]._get_finance_companies():
        env["customer.finance.queue"]._push_all(company)
