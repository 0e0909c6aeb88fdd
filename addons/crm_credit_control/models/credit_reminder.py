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

        A fixed number of statements, plus what each reminder costs that comes or goes.

        :param company: one res.company
        :param partners: commercial partners; None for all
        """
        self = self.sudo()
        related_ids = None
        if partners is not None:
            related_ids = list(
                self.env["credit.position"]._get_related_ids(partners.ids)
            )
        near = self._get_near_limit(company, related_ids)
        reminded = self._get_reminded(company, related_ids)
        over = reminded.filtered(lambda account: account.partner_id not in near)
        over._get_reminders().unlink()
        accounts = self._get_or_create_each(
            self.env["res.partner"].union(*near), company
        )
        reminders = self.union(*accounts.values())._get_reminders().grouped("res_id")
        for partner, decision in near.items():
            account = accounts[partner]
            told = reminders.get(account.id, self.env["mail.activity"]).user_id
            account._remind(decision, told)

    @api.model
    def _get_near_limit(self, company, related_ids=None):
        """Return ``{customer: decision}`` of those near or over a limit who owe
        something.

        :param related_ids: ids of commercial partners and of whoever shares a limit
            with them; None for all
        """
        position = self.env["credit.position"]
        position._flush_exposure()
        # Of all customers those who may have a limit: the others are mostly more.
        watched = SQL("SELECT partner_id FROM watched")
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT * FROM (%s) position
                    WHERE exposure > 0 AND ("limit" > 0 OR group_limit > 0)
                    ORDER BY partner_id""",
                position._sql_positions(
                    company,
                    related_ids,
                    watched if related_ids is None else related_ids,
                ),
            )
        )
        if not rows:
            return {}
        positions = {
            row["partner_id"]: position._to_position(row, items=()) for row in rows
        }
        partners = self.env["res.partner"].browse(positions)
        decisions = self.env["credit.check"]._judge_customers(
            company, partners, positions=positions
        )
        return {
            partner: decisions[partner.id]
            for partner in partners
            if any(
                reason.code in ("near_limit", "over_limit")
                for reason in decisions[partner.id].reasons
            )
        }

    @api.model
    def _get_reminded(self, company, related_ids=None):
        domain = [
            ("company_id", "=", company.id),
            ("activity_ids.activity_type_id", "=", self.env.ref(NEAR).id),
        ]
        if related_ids is not None:
            domain.append(("partner_id", "in", related_ids))
        return self.with_context(active_test=False).search(domain)

    def _get_reminders(self):
        """Return the reminders, also those that were dealt with: nobody is told again
        before it is over."""
        kind = self.env.ref(NEAR)
        accounts = self.with_context(active_test=False)
        return accounts.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def _remind(self, decision, told):
        """Schedule one activity for each person to tell.

        :param told: users who have one already
        """
        self.ensure_one()
        people = (
            self.partner_id.user_id
            | self.user_id
            | self.company_id.credit_controller_id
        ).filtered("active") - told
        if not people:
            return
        note = "\n".join(
            self.env["credit.check"]._describe_reason(
                reason, self.company_id, amounts=False
            )
            for reason in decision.reasons
        )
        for user in people:
            self.activity_schedule(
                NEAR,
                user_id=user.id,
                note=note,
                date_deadline=self.company_id._get_finance_today(),
            )
