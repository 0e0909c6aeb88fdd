# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class CustomerValueScore(models.AbstractModel):
    _inherit = "customer.value.score"

    @api.model
    def _sql_exposure(self, company, partners):
        """What is at stake is what counts against the credit limit."""
        positions = self.env["credit.position"]
        positions._flush_exposure()
        return SQL(
            """
            WITH company AS (%s)
            SELECT item.partner_id, SUM(item.amount) AS amount
              FROM (%s) item
             GROUP BY item.partner_id
            """,
            positions._sql_credit_companies(company),
            positions._sql_exposure_rows(None if partners is None else partners.ids),
        )
