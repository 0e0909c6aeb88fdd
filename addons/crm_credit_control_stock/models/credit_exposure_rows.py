# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class CreditExposureRows(models.AbstractModel):
    _inherit = "credit.exposure.rows"

    @api.model
    def _sql_is_closed(self, line):
        """A line whose deliveries are all done or cancelled gets no more: what was not
        delivered does not count."""
        order_line = SQL.identifier(line, "id")
        return SQL(
            """(EXISTS (SELECT FROM stock_move move
                         WHERE move.sale_line_id = %s)
                AND NOT EXISTS (SELECT FROM stock_move move
                         WHERE move.sale_line_id = %s
                           AND move.state NOT IN ('done', 'cancel')))""",
            order_line,
            order_line,
        )
