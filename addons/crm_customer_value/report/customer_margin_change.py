# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CHANGE = "crm_customer_value.customer_margin_change_action"


class CustomerMarginChange(models.Model):
    """Why the margin changed between two periods, per customer and product."""

    _name = "customer.margin.change"
    _description = "Change of Margin"
    _inherit = ["customer.margin.period"]
    _auto = False
    _order = "margin_change, id"
    _rec_name = "product_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one(related="partner_id.user_id")
    country_id = fields.Many2one(related="partner_id.country_id")
    profile_id = fields.Many2one("customer.finance.profile", readonly=True)
    segment = fields.Selection(
        related="profile_id.value_segment",
        string="Segment",
        help="The segment of the customer today, not at that time.",
    )
    tier_id = fields.Many2one(
        related="profile_id.value_tier_id",
        string="Tier",
        help="The tier of the customer today, not at that time.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT effect.*, profile.id AS profile_id,
                   CASE WHEN effect.net_sales_before > 0
                        THEN effect.margin_before / effect.net_sales_before
                        END AS margin_rate_before,
                   CASE WHEN effect.net_sales > 0
                        THEN effect.margin / effect.net_sales END AS margin_rate,
                   CASE WHEN effect.margin_before > 0
                        THEN effect.margin_change / effect.margin_before
                        END AS growth,
                   NULL::float8 AS margin_share
              FROM (%s) effect
              LEFT JOIN customer_finance_profile profile
                     ON profile.partner_id = effect.partner_id
                    AND profile.company_id = effect.company_id
            """,
            self.env["customer.margin.rows"]._sql_effects(
                ("company_id", "partner_id", "product_id")
            ),
        )

    @api.model
    def action_open_change(self):
        """Open the report, named after the periods compared."""
        return self._open_report(CHANGE, self.env._("Margin Change"))

    def _get_line_domain(self):
        return super()._get_line_domain() & Domain(
            "partner_id", "=", self.partner_id.id
        )
