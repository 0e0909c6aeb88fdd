# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One reminder per customer near its limit, gone when it is no longer near."""

from odoo import api, models
from odoo.tools import SQL

NEAR = "crm_credit_control.mail_activity_type_near_limit"


class CreditAccount(models.Model):
    _inherit = "credit.account"

    @api.model
    def _remind_near_limit(self, company, partners=None):
        """Remind salesperson and controller of customers near their limit.

        :param company: one res.company
        :param partners: commercial partners; None for all
        """
        self = self.sudo()
        candidates = self._get_limited_customers(company, partners)
        decisions = self.env["credit.check"]._judge_customers(company, candidates)
        near = {
            partner: decisions[partner.id]
            for partner in candidates
            if any(
                reason.code in ("near_limit", "over_limit")
                for reason in decisions[partner.id].reasons
            )
        }
        reminded = self._get_reminded(company, partners)
        for account in reminded.filtered(lambda a: a.partner_id not in near):
            account._get_reminders().unlink()
        for partner, decision in near.items():
            self._get_or_create(partner, company)._remind_once(decision)

    @api.model
    def _get_limited_customers(self, company, partners=None):
        """Return the customers with a limit who owe something: one statement."""
        position = self.env["credit.position"]
        position._flush_exposure()
        related = None
        if partners is not None:
            related = list(position._get_related_ids(partners.ids))
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id FROM (%s) position
                    WHERE exposure > 0 AND ("limit" > 0 OR group_limit > 0)
                    ORDER BY partner_id""",
                position._sql_positions(company, related, related),
            )
        )
        return self.env["res.partner"].browse([row[0] for row in rows])

    @api.model
    def _get_reminded(self, company, partners=None):
        domain = [
            ("company_id", "=", company.id),
            ("activity_ids.activity_type_id", "=", self.env.ref(NEAR).id),
        ]
        if partners is not None:
            related = self.env["credit.position"]._get_related_ids(partners.ids)
            domain.append(("partner_id", "in", list(related)))
        return self.with_context(active_test=False).search(domain)

    def _get_reminders(self):
        """Return the reminders, also those that were dealt with: nobody is told again
        before it is over."""
        kind = self.env.ref(NEAR)
        accounts = self.with_context(active_test=False)
        return accounts.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def _remind_once(self, decision):
        """Schedule one activity for each person to tell, unless there is one."""
        self.ensure_one()
        told = self._get_reminders().user_id
        people = (
            self.partner_id.user_id
            | self.user_id
            | self.company_id.credit_controller_id
        )
        note = "\n".join(
            self.env["credit.check"]._describe_reason(
                reason, self.company_id, amounts=False
            )
            for reason in decision.reasons
        )
        for user in people.filtered("active") - told:
            self.activity_schedule(
                NEAR,
                user_id=user.id,
                note=note,
                date_deadline=self.company_id._get_finance_today(),
            )
