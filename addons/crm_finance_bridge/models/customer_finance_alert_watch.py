# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Opens alerts, keeps their figures, closes them, and tells one person of each.

A fixed number of statements for any number of customers: figures go by SQL, openings
and closings through the ORM, so that automation rules see them.
"""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .customer_finance_alert import ONGOING
from .record_columns import sql_records, sql_updates

TOLD = "crm_finance_bridge.mail_activity_type_alert"
#: Figure of an alert → its type; refreshed as long as the customer is concerned.
FIGURES = {
    "amount_before": "numeric",
    "amount_now": "numeric",
    "amount_change": "numeric",
    "days_before": "float8",
    "days_now": "float8",
    "days_bound": "float8",
    "before_start_date": "date",
    "before_end_date": "date",
    "start_date": "date",
    "end_date": "date",
}


class CustomerFinanceAlert(models.Model):
    _inherit = "customer.finance.alert"

    @api.model
    def _find_concerned(self, company, partners=None):
        """Return which customers are concerned now; a hook for the modules that bring
        kinds, which read it with one statement from the profiles.

        :param company: one res.company
        :param partners: commercial partners; None for every customer of the company
        :return: ``{kind: {partner id: {figure of FIGURES: value}}}``, every kind there
            is among the keys
        """
        return {}

    @api.model
    def _watch(self, company, partners=None):
        """Compare customers with the rules; called after every refresh.

        :param company: one res.company
        :param partners: commercial partners; None for every customer of the company
        """
        concerned = self._find_concerned(company, partners)
        if concerned:
            quiet = {
                "tracking_disable": True,
                "mail_create_nolog": True,
                "mail_create_nosubscribe": True,
                "mail_activity_quick_update": True,
            }
            self.sudo().with_context(**quiet)._settle(company, concerned, partners)

    @api.model
    def _settle(self, company, concerned, partners=None):
        """Open what is new, refresh what goes on, close what is over.

        :param concerned: of :meth:`_find_concerned`
        :return: the alerts that go on
        """
        today = company._get_finance_today()
        domain = Domain(
            [
                ("company_id", "=", company.id),
                ("kind", "in", list(concerned)),
                ("state", "in", ONGOING),
            ]
        )
        if partners is not None:
            domain &= Domain("partner_id", "in", partners.ids)
        known = self.search_fetch(
            domain, ["partner_id", "kind", "state", "snoozed_until", "told_user_id"]
        )
        cured = known.filtered(
            lambda alert: alert.partner_id.id not in concerned[alert.kind]
        )
        cured._close(today)
        kept = known - cured
        kept._store_figures(today, concerned)
        kept.filtered(
            lambda alert: alert.state == "snoozed" and alert.snoozed_until <= today
        ).write({"state": "open", "snoozed_until": False})
        there = {(alert.kind, alert.partner_id.id) for alert in kept}
        opened = self.create(
            [
                {
                    "company_id": company.id,
                    "partner_id": partner_id,
                    "kind": kind,
                    "opened_date": today,
                    "checked_date": today,
                    **figures,
                }
                for kind, customers in concerned.items()
                for partner_id, figures in customers.items()
                if (kind, partner_id) not in there
            ]
        )
        (kept.filtered(lambda alert: alert.state == "open") | opened)._tell()
        return kept | opened

    def _store_figures(self, today, concerned):
        """Take over the figures of today; one statement."""
        if not self:
            return
        rows = [
            {
                **dict.fromkeys(FIGURES),
                "id": alert.id,
                **concerned[alert.kind][alert.partner_id.id],
            }
            for alert in self
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_finance_alert alert
                   SET checked_date = %(today)s, %(updates)s
                  FROM %(records)s
                 WHERE alert.id = value.id
                """,
                today=today,
                updates=sql_updates(FIGURES),
                records=sql_records({"id": "int", **FIGURES}, rows),
            )
        )
        self.invalidate_model([*FIGURES, "checked_date"])

    def _close(self, today):
        """Close alerts that are over, and take back the activities."""
        if self:
            self._untell()
            self.write(
                {"state": "closed", "closed_date": today, "snoozed_until": False}
            )

    def _silence(self, state, until=False):
        """Have nobody told of these alerts any more.

        :param state: ``snoozed`` or ``dismissed``
        :param until: day on which snoozed alerts wake up
        """
        self._untell()
        self.write({"state": state, "snoozed_until": until})

    def _wake(self):
        """Open silenced alerts again."""
        self.write({"state": "open", "snoozed_until": False})
        self._tell()

    # ------------------------------------------------------------------
    # One activity per alert
    # ------------------------------------------------------------------

    def _untell(self):
        """Take back the activities nobody has dealt with yet."""
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", self.env.ref(TOLD).id),
            ]
        ).unlink()
        self.filtered("told_user_id").write({"told_user_id": False})

    def _tell(self):
        """Give the person in charge of each alert one activity, unless it was given.

        Who marked it as done or deleted it is not told again. With another salesperson
        the activity moves.
        """
        people = self._get_people()
        new = self.filtered(
            lambda alert: people[alert] and people[alert] != alert.told_user_id
        )
        if not new:
            return
        new.filtered("told_user_id")._untell()
        kind = self.env.ref(TOLD)
        model = self.env["ir.model"]._get(self._name)
        # Activities take the names one by one: here they are read for all.
        new.mapped("display_name")
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": kind.id,
                    "automated": True,
                    "date_deadline": alert.company_id._get_finance_today(),
                    "res_model_id": model.id,
                    "res_id": alert.id,
                    "user_id": people[alert].id,
                    **alert.with_context(lang=people[alert].lang)._prepare_words(),
                }
                for alert in new
            ]
        )
        for person, alerts in new.grouped(people.get).items():
            alerts.told_user_id = person

    def _prepare_words(self):
        """Return summary and note of the activity: without any amount, since more
        people see activities than figures."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {"summary": kinds[self.kind], "note": self._describe(figures=False)}

    def _get_people(self):
        """Return ``{alert: user}``: the salesperson of the customer, the leader of
        their team, or whoever is in charge for the company; an empty user if there is
        nobody."""
        in_charge = {
            company: company._get_finance_alert_user() for company in self.company_id
        }
        nobody = self.env["res.users"]
        people = {}
        for alert in self:
            salesperson = alert.partner_id.user_id
            candidates = (salesperson, salesperson.sale_team_id.user_id)
            people[alert] = next(
                (
                    user
                    for user in candidates
                    if user.active and alert.company_id in user.company_ids
                ),
                in_charge.get(alert.company_id, nobody),
            )
        return people
