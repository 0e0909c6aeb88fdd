# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class CustomerFinanceProfile(models.Model):
    _inherit = "customer.finance.profile"

    @api.model
    def _after_refresh(self, company, partners=None):
        result = super()._after_refresh(company, partners)
        self._judge_credit(company, partners)
        return result

    @api.model
    def _judge_credit(self, company, partners=None):
        """Money came, a limit changed, or a night passed: judge the customers again.

        :param company: one res.company
        :param partners: commercial partners; None for all
        """
        self.env["credit.hold"]._judge_again(company, partners)
        self.env["credit.hold"]._lapse_releases(company)
        self.env["credit.account"]._remind_near_limit(company, partners)
