# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .finance_settings import PREFETCH


class ResCompany(models.Model):
    _inherit = "res.company"

    finance_alert_user_id = fields.Many2one(
        "res.users",
        string="Told of Alerts",
        help="Gets the alerts of customers without a salesperson. Empty: the leader of "
        "the first sales team, else a sales manager.",
        prefetch=PREFETCH,
    )

    def _get_finance_alert_user(self):
        """Return who gets the alerts that no salesperson can get: whom the company
        names, the leader of its first sales team, a sales manager; an empty user when
        there is none of them."""
        self.ensure_one()
        company = self.sudo()
        leaders = (
            self.env["crm.team"]
            .sudo()
            .search([("company_id", "in", (False, self.id)), ("user_id", "!=", False)])
            .user_id
        )
        managers = self.env.ref("sales_team.group_sale_manager").sudo().all_user_ids
        candidates = (
            *company.finance_alert_user_id,
            *leaders,
            *managers.filtered(lambda user: not user.share).sorted("id"),
        )
        return next(
            (
                user
                for user in candidates
                if user.active and company in user.company_ids
            ),
            self.env["res.users"],
        )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    finance_alert_user_id = fields.Many2one(
        related="company_id.finance_alert_user_id", readonly=False
    )
