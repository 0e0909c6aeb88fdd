# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What of the window's payments came lately: a fact beside those of the bridge, so that
it costs no further reading of the ledger."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import AMOUNT

#: Fact → the one of the whole window.
RECENT = {
    "paid_recent_count": "paid_count",
    "paid_recent_amount": "paid_amount",
    "paid_recent_late_days": "paid_amount_late_days",
}


class CustomerFinanceMixin(models.AbstractModel):
    _inherit = "customer.finance.mixin"

    paid_recent_count = fields.Integer(string="Recent Payments", readonly=True)
    paid_recent_amount = fields.Monetary(
        string="Collected Recently", readonly=True, groups=AMOUNT
    )
    paid_recent_late_days = fields.Float(
        string="Collected Recently × Days Late", readonly=True, groups=AMOUNT
    )


class CustomerFinanceFacts(models.AbstractModel):
    _inherit = "customer.finance.facts"

    @api.model
    def _get_fact_columns(self):
        return {**super()._get_fact_columns(), **dict.fromkeys(RECENT, "sum")}

    @api.model
    def _get_fact_methods(self):
        return [*super()._get_fact_methods(), self._fact_recent_payments]

    @api.model
    def _fact_recent_payments(self, scope):
        """Money received lately on invoices, with its days since the due date."""
        company = self.env["res.company"].sudo().browse(scope.company_id)
        days = min(company.value_lag_days, scope.window)
        return tuple(RECENT), SQL(
            """
            SELECT partner_id, COUNT(*) AS paid_recent_count,
                   SUM(money) AS paid_recent_amount,
                   SUM(money * (max_date - date_maturity)) AS paid_recent_late_days
              FROM settlements
             WHERE money <> 0 AND max_date > %s AND max_date <= %s AND %s
             GROUP BY partner_id
            """,
            scope.date - timedelta(days=days),
            scope.date,
            self._sql_own(scope),
        )
