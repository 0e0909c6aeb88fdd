# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api

from odoo.addons.crm_finance_bridge.hooks import queue_everything


def migrate(cr, version):
    """Have the financing to date of every month end computed, too."""
    if not version:
        return
    queue_everything(api.Environment(cr, SUPERUSER_ID, {}))
