# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When customers were last spoken to and what is planned next, from Odoo's own records.

Read when it is shown: what was done a minute ago counts.
"""

from odoo import api, models
from odoo.tools import SQL


class CustomerContactRows(models.AbstractModel):
    _name = "customer.contact.rows"
    _description = "Contacts with Customers"

    @api.model
    def _sql_records(self, partners=None):
        """Return the records people talk about a customer on: contacts, orders,
        opportunities; columns partner_id (commercial), model and res_id.

        :param partners: SQL condition on the commercial partner ``partner``
        """
        sources = (
            ("res.partner", SQL("SELECT id, id AS contact_id FROM res_partner")),
            ("sale.order", SQL("SELECT id, partner_id AS contact_id FROM sale_order")),
            ("crm.lead", SQL("SELECT id, partner_id AS contact_id FROM crm_lead")),
        )
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT partner.commercial_partner_id AS partner_id,
                       %s::varchar AS model, record.id AS res_id
                  FROM res_partner partner
                  JOIN (%s) record ON record.contact_id = partner.id
                 WHERE %s
                """,
                model,
                rows,
                partners or SQL("TRUE"),
            )
            for model, rows in sources
        )

    @api.model
    def _sql_contacts(self, now, partners=None, since=None):
        """Return when a customer was spoken to: partner_id and moment (UTC).

        What people wrote (messages, e-mails, logged notes), activities marked as done,
        and meetings that have begun. What Odoo wrote by itself is none.

        :param now: moment up to which
        :param since: moment after which only; None for all
        """
        recent = SQL("TRUE")
        begun = SQL("TRUE")
        if since:
            recent = SQL("message.date > %s", since)
            begun = SQL("event.start > %s", since)
        return SQL(
            """
            SELECT record.partner_id, message.date AS moment
              FROM (%(records)s) record
              JOIN mail_message message
                ON message.model = record.model AND message.res_id = record.res_id
             WHERE (message.message_type IN ('comment', 'email', 'email_outgoing')
                    OR message.mail_activity_type_id IS NOT NULL)
               AND message.date <= %(now)s AND %(recent)s
             UNION ALL
            SELECT partner.commercial_partner_id, event.start
              FROM calendar_event event
              JOIN calendar_event_res_partner_rel link
                ON link.calendar_event_id = event.id
              JOIN res_partner partner ON partner.id = link.res_partner_id
             WHERE event.active AND event.start <= %(now)s AND %(begun)s
               AND %(partners)s
            """,
            records=self._sql_records(partners),
            now=now,
            recent=recent,
            begun=begun,
            partners=partners or SQL("TRUE"),
        )

    @api.model
    def _get_last_contacts(self, partners, now):
        """Return ``{partner id: moment}`` of the last contact; one statement."""
        self._flush()
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT partner_id, MAX(moment) FROM (%s) contact GROUP BY 1",
                    self._sql_contacts(now, _sql_of(partners)),
                )
            )
        )

    @api.model
    def _get_next_activities(self, partners):
        """Return ``{partner id: activity id}`` of the next one planned; one statement.

        Alerts are not planned by anybody, so their activities are none.
        """
        self._flush()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (record.partner_id) record.partner_id,
                           activity.id
                      FROM (%s) record
                      JOIN mail_activity activity
                        ON activity.res_model = record.model
                       AND activity.res_id = record.res_id
                     WHERE activity.active
                     ORDER BY record.partner_id, activity.date_deadline, activity.id
                    """,
                    self._sql_records(_sql_of(partners)),
                )
            )
        )

    @api.model
    def _flush(self):
        for model in (
            "res.partner",
            "sale.order",
            "crm.lead",
            "mail.message",
            "mail.activity",
            "calendar.event",
        ):
            self.env[model].flush_model()


def _sql_of(partners):
    return SQL("partner.commercial_partner_id = ANY(%s)", partners.ids)
