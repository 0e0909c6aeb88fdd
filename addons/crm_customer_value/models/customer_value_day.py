# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What customers ordered and were billed, day by day, as the order history says it.

Written anew for whom the bridge's queue names, as soon as anything happens; so a night
sums up these days and does not read all documents there ever were. It reads anew those
of customers with an order or invoice that was written since the night before, whatever
wrote it. Every month all documents are read, with the fit.
"""

from dataclasses import replace
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_finance_bridge.models.unchecked_many2one import UncheckedMany2one

#: Days to come are kept as well: nothing tells when they have come.
EVER = date(9999, 12, 31)
#: Transactions that PostgreSQL tells apart by the numbers in rows.
NUMBERS = 2**31
FIGURES = ("order_net", "order_margin", "billed_net", "billed_margin")


class CustomerValueDay(models.Model):
    _name = "customer.value.day"
    _description = "Day of a Customer"
    _log_access = False

    # Without keys, which would take longer than the rows.
    company_id = UncheckedMany2one("res.company", required=True, readonly=True)
    partner_id = UncheckedMany2one("res.partner", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    # With digits: sums are exact.
    order_net = fields.Float(
        digits=(16, 6), readonly=True, help="Empty without orders."
    )
    order_margin = fields.Float(digits=(16, 6), readonly=True)
    billed_net = fields.Float(
        digits=(16, 6), readonly=True, help="Empty without invoices."
    )
    billed_margin = fields.Float(digits=(16, 6), readonly=True)

    _day_idx = models.UniqueIndex("(company_id, partner_id, date)")

    @api.model
    def _refresh(self, company, partners=None):
        """Write the days of customers anew; two statements.

        :param company: one res.company
        :param partners: commercial partners; None for every customer of the company
        """
        history = self.env["customer.order.history"]
        facts = self.env["customer.finance.facts"]
        history._flush_sources()
        scope = replace(facts._get_scope(company, partners), date=EVER)
        self.env.cr.execute(
            SQL("DELETE FROM customer_value_day WHERE %s", facts._sql_own(scope))
        )
        self.env.cr.execute(
            SQL(
                """
                WITH billed AS MATERIALIZED (%(billed)s)
                INSERT INTO customer_value_day (company_id, partner_id, date, %(names)s)
                SELECT %(company)s, partner_id, date, %(sums)s
                  FROM (
                        SELECT partner_id, date, net AS order_net,
                               margin AS order_margin,
                               NULL::numeric AS billed_net,
                               NULL::numeric AS billed_margin
                          FROM (%(days)s) day
                         UNION ALL
                        SELECT partner_id, date, NULL, NULL, net, margin FROM billed
                       ) document
                 GROUP BY partner_id, date
                 ORDER BY partner_id, date
                -- A day that somebody else has written meanwhile: PostgreSQL refuses to
                -- pass over a row that it cannot see, and the refresh goes again.
                ON CONFLICT DO NOTHING
                """,
                billed=history._sql_billed(scope),
                names=SQL(", ").join(map(SQL.identifier, FIGURES)),
                company=company.id,
                sums=SQL(", ").join(
                    SQL("SUM(%s)", SQL.identifier(name)) for name in FIGURES
                ),
                days=history._sql_days(scope, billed=SQL("billed")),
            )
        )
        self.invalidate_model()

    @api.model
    def _refresh_stale(self, company, since):
        """Write the days anew of customers of whose documents a row was written, and
        drop those of who is no customer any more.

        :param since: what this returned the last time; None to write everything
        :return: what tells, the next time, which rows this transaction did not see, and
            by which hours its days begin
        """
        # Of the oldest transaction at work: numbers after it may be parts of it, and
        # which ones no snapshot tells.
        query = SQL("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        [(number,)] = self.env.execute_query(query)
        zone = company._get_finance_timezone()
        old_number, old_zone = (since or "0 none").split()
        # Never yet, with days that began at other hours, in another database server of
        # which this is a copy, or so long ago that the numbers of rows began anew.
        passed = int(number) - int(old_number)
        if not since or zone != old_zone or not 0 <= passed < NUMBERS:
            self._refresh(company)
            return f"{number} {zone}"
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM customer_value_day day
                 WHERE company_id = %s AND NOT EXISTS (
                        SELECT FROM res_partner partner
                         WHERE partner.id = day.partner_id
                           AND partner.commercial_partner_id = partner.id)
                """,
                company.id,
            )
        )
        if partners := self._get_stale(company, old_number):
            self._refresh(company, partners)
        return f"{number} {zone}"

    @api.model
    def _get_stale(self, company, since):
        """Return the customers with orders or invoices that were written by a
        transaction that was not done at a moment; one statement.

        Their lines, five times as many, are not looked at: whatever Odoo changes in
        them is queued.

        :param since: the moment's number
        """
        self.env["customer.order.history"]._flush_sources()
        # The system column: no code that writes documents can forget it.
        new = SQL("AGE(document.xmin) <= AGE(%s::xid8::xid)", since)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT partner.commercial_partner_id
                  FROM (
                        SELECT partner_invoice_id AS partner_id FROM sale_order document
                         WHERE company_id = %(company)s AND %(new)s
                         UNION
                        SELECT partner_id FROM account_move document
                         WHERE company_id = %(company)s AND %(new)s
                       ) document
                  JOIN res_partner partner ON partner.id = document.partner_id
                """,
                company=company.id,
                new=new,
            )
        )
        return self.env["res.partner"].browse(id_ for [id_] in rows)

    @api.model
    def _get_ordered(self, company):
        """Return (partner id, date, net) of every day with orders up to today, as far
        back as the company's history goes."""
        scope = self.env["customer.finance.facts"]._get_scope(company)
        since = self.env["customer.order.history"]._get_since(company, scope.date)
        ordered = self._sql_ordered(scope, since)
        return self.env.execute_query(
            SQL("SELECT partner_id, date, net::float8 FROM (%s) day", ordered)
        )

    @api.model
    def _sql_billed(self, scope):
        """Return what was billed up to the scope's date: partner_id, date, net and
        margin."""
        return SQL(
            """
            SELECT partner_id, date, billed_net AS net, billed_margin AS margin
              FROM customer_value_day
             WHERE %s AND date <= %s AND billed_net IS NOT NULL
            """,
            self.env["customer.finance.facts"]._sql_own(scope),
            scope.date,
        )

    @api.model
    def _sql_ordered(self, scope, since=None):
        """Return what ``customer.order.history`` calls the days with orders, as they
        are stored.

        :param since: days after this one only; None for all
        """
        return SQL(
            """
            SELECT partner_id, date, order_net AS net, order_margin AS margin
              FROM customer_value_day
             WHERE %s AND date <= %s AND order_net IS NOT NULL AND %s
            """,
            self.env["customer.finance.facts"]._sql_own(scope),
            scope.date,
            SQL("date > %s", since) if since else SQL("TRUE"),
        )
