# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Open items are few among all lines, and exposures sum them up without a look at
    # the lines themselves. Odoo's own index of what is not reconciled has every line of
    # sales and taxes in it, too.
    _credit_open_idx = models.Index(
        "(account_id, partner_id, company_id, amount_residual)"
        " WHERE reconciled IS NOT TRUE AND parent_state = 'posted'"
        " AND amount_residual <> 0"
    )
