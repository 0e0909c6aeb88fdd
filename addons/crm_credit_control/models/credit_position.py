# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Limit against exposure, live, for any number of customers."""

from odoo import api, models
from odoo.tools import SQL

from ..tools.decision import Account, OpenItem, Position
from .credit_exposure_rows import BUCKETS


class CreditPosition(models.AbstractModel):
    _name = "credit.position"
    _description = "Credit Position"
    _inherit = ["credit.exposure.rows"]

    @api.model
    def _sql_limits(self, partner_ids=None):
        """Return the limit of each customer and company; reads ``company``.

        ``own_limit`` and ``group_limit`` are NULL for unlimited. Odoo's own credit
        limit is the base, zero in it means that none was set; a credit file may say
        "unlimited" or "no credit" instead. Covers in force raise what is there.
        """
        return SQL(
            """
            SELECT partner.id AS partner_id, company.id AS company_id,
                   file.id AS account_id,
                   CASE file.limit_type
                        WHEN 'unlimited' THEN NULL
                        WHEN 'none' THEN COALESCE(cover.amount, 0)
                        ELSE %(base)s + COALESCE(cover.amount, 0)
                   END AS own_limit,
                   %(base)s AS base_limit,
                   COALESCE(cover.amount, 0) AS cover,
                   COALESCE(file.group_limit, FALSE) AS is_group,
                   COALESCE(file.manual_hold, FALSE) AS manual_hold,
                   COALESCE(grade.blocked, FALSE) AS blocked_grade,
                   company.today - file.limit_until AS limit_expired_days,
                   company.today - file.review_date AS review_expired_days
              FROM res_partner partner
             CROSS JOIN company
              LEFT JOIN credit_account file
                     ON file.partner_id = partner.id AND file.company_id = company.id
              LEFT JOIN credit_grade grade ON grade.id = file.grade_id
              LEFT JOIN LATERAL (
                    SELECT SUM(cover.amount * cover.coverage / 100) AS amount
                      FROM credit_cover cover
                     WHERE cover.account_id = file.id AND cover.active
                       AND COALESCE(cover.date_from, company.today) <= company.today
                       AND COALESCE(cover.date_to, company.today) >= company.today
                   ) cover ON TRUE
             WHERE %(which)s
            """,
            base=self._sql_base_limit(
                SQL("partner.credit_limit"),
                SQL("company.id::text"),
                SQL("company.default_limit"),
            ),
            which=self._sql_limit_condition(partner_ids),
        )

    @api.model
    def _sql_base_limit(self, limits, company_id, default):
        """Return Odoo's credit limit of a contact, NULL where none is set.

        :param limits: its limits by company, as JSON
        :param company_id: id of the company, as text
        :param default: credit limit of customers of the company that have none
        """
        return SQL(
            """
            NULLIF(GREATEST(0, COALESCE((%s ->> %s)::numeric, %s)), 0)
            """,
            limits,
            company_id,
            default,
        )

    @api.model
    def _sql_limit_condition(self, partner_ids):
        if partner_ids is None:
            return SQL("partner.commercial_partner_id = partner.id")
        if isinstance(partner_ids, SQL):
            return SQL(
                "partner.commercial_partner_id = partner.id AND partner.id IN (%s)",
                partner_ids,
            )
        return SQL("partner.id = ANY(%s)", list(partner_ids))

    @api.model
    def _sql_watched_customers(self):
        """Return those who may have or share a limit, or be on hold; reads
        ``company``. For all others there is nothing to exceed."""
        return SQL(
            """
            SELECT file.partner_id FROM credit_account file
             UNION
            SELECT member.partner_id FROM (%s) member
             UNION
            SELECT partner.id
              FROM res_partner partner
              JOIN company ON COALESCE(
                    (partner.credit_limit ->> company.id::text)::numeric,
                    company.default_limit) > 0
            """,
            self._sql_groups(),
        )

    @api.model
    def _sql_groups(self):
        """Return which customers share a limit: ``(root_id, partner_id, company_id)``.

        The subsidiaries of a company that shares its limit are those below it, each a
        commercial entity of its own; the nearest company that shares counts.
        """
        return SQL(
            """
            WITH RECURSIVE member AS (
                SELECT file.partner_id AS root_id, file.partner_id, file.company_id,
                       0 AS depth
                  FROM credit_account file
                 WHERE file.group_limit
                 UNION ALL
                SELECT member.root_id, child.id, member.company_id, member.depth + 1
                  FROM member
                  JOIN res_partner child ON child.parent_id = member.partner_id
            )
            SELECT DISTINCT ON (member.partner_id, member.company_id)
                   member.root_id, member.partner_id, member.company_id
              FROM member
              JOIN res_partner partner ON partner.id = member.partner_id
             WHERE partner.commercial_partner_id = partner.id
             ORDER BY member.partner_id, member.company_id, member.depth
            """
        )

    @api.model
    def _sql_sums(self):
        """Return the columns that sum up ``doc``, the rows of one customer."""
        buckets = SQL(", ").join(
            SQL(
                "COALESCE(SUM(doc.amount) FILTER (WHERE doc.bucket = %s), 0) AS %s",
                name,
                SQL.identifier(name),
            )
            for name in BUCKETS
        )
        return SQL(
            """
            %s,
            COALESCE(SUM(doc.amount), 0) AS exposure,
            COALESCE(SUM(doc.amount) FILTER (WHERE doc.bucket = 'receivable'
                AND doc.amount > 0 AND doc.date_due < company.today), 0) AS overdue,
            COALESCE(company.today - MIN(doc.date_due) FILTER (
                WHERE doc.bucket = 'receivable'
                AND doc.amount > 0 AND doc.date_due < company.today), 0)
                AS oldest_overdue_days,
            MIN(doc.currency_id) FILTER (WHERE doc.missing_rate)
                AS missing_currency_id
            """,
            buckets,
        )

    @api.model
    def _sql_positions(self, companies=None, partner_ids=None, related_ids=None):
        """Return one row per customer and company: limit, exposure, what is left.

        Limits, documents and groups are stacked and summed up, not joined: how many
        there are nobody can tell beforehand, and PostgreSQL, which takes them for a
        few, would compare each with each.

        :param partner_ids: commercial partners to return; None for all
        :param related_ids: those and whoever shares a limit with them, or a query of
            ``watched``
        """
        wanted, watched = SQL("TRUE"), SQL()
        if isinstance(related_ids, SQL):
            watched = SQL(
                "watched AS MATERIALIZED (%s),", self._sql_watched_customers()
            )
        if partner_ids is not None:
            wanted = SQL("position.partner_id = ANY(%s)", list(partner_ids))
        return SQL(
            """
            WITH company AS (%(companies)s),
                 %(watched)s
                 doc AS (
                    SELECT partner_id, company_id, TRUE AS is_customer,
                           account_id, base_limit, cover, manual_hold, blocked_grade,
                           limit_expired_days, review_expired_days, own_limit,
                           NULL::int AS root_id,
                           NULL AS bucket, NULL::date AS date_due,
                           NULL::numeric AS amount, NULL::bool AS missing_rate,
                           NULL::int AS currency_id
                      FROM (%(limits)s) limits
                     UNION ALL
                    SELECT partner_id, company_id, NULL,
                           NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                           root_id,
                           NULL, NULL, NULL, NULL, NULL
                      FROM (%(groups)s) member
                     UNION ALL
                    SELECT partner_id, company_id, NULL,
                           NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                           NULL,
                           bucket, date_due, amount, missing_rate, currency_id
                      FROM (%(rows)s) item
                 ),
                 figure AS (
                    SELECT doc.partner_id, doc.company_id,
                           MAX(doc.account_id) AS account_id,
                           MAX(doc.base_limit) AS base_limit,
                           MAX(doc.cover) AS cover,
                           BOOL_OR(doc.manual_hold) AS manual_hold,
                           BOOL_OR(doc.blocked_grade) AS blocked_grade,
                           MAX(doc.limit_expired_days) AS limit_expired_days,
                           MAX(doc.review_expired_days) AS review_expired_days,
                           MAX(doc.own_limit) AS "limit",
                           MAX(doc.root_id) AS root_id,
                           %(sums)s
                      FROM doc
                      JOIN company ON company.id = doc.company_id
                     GROUP BY doc.partner_id, doc.company_id, company.today
                    HAVING BOOL_OR(doc.is_customer)
                 )
            SELECT position.*
              FROM (
                    SELECT figure.*,
                           CASE WHEN root_id IS NOT NULL
                                THEN MAX("limit") FILTER (WHERE partner_id = root_id)
                                     OVER shared
                           END AS group_limit,
                           CASE WHEN root_id IS NOT NULL
                                THEN SUM(exposure) OVER shared ELSE 0
                           END AS group_exposure
                      FROM figure
                    WINDOW shared AS (PARTITION BY company_id, root_id)
                   ) position
             WHERE %(wanted)s
            """,
            companies=self._sql_credit_companies(companies),
            watched=watched,
            limits=self._sql_limits(related_ids),
            groups=self._sql_groups(),
            rows=self._sql_exposure_rows(related_ids),
            sums=self._sql_sums(),
            wanted=wanted,
        )

    @api.model
    def _get_related_ids(self, partner_ids, company=None):
        """Return ``{partner id: root id}`` of all who share a limit with these.

        Customers that share none are their own root.

        :param company: one res.company, whose roots to return; None for whoever shares
            a limit in any company
        """
        self.env["credit.account"].flush_model(["group_limit"])
        self.env["res.partner"].flush_model(["commercial_partner_id", "parent_id"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH member AS (%s)
                SELECT DISTINCT other.partner_id, other.root_id
                  FROM member
                  JOIN member other USING (root_id, company_id)
                 WHERE member.partner_id = ANY(%s)
                   AND %s
                """,
                self._sql_groups(),
                list(partner_ids),
                SQL("member.company_id = %s", company.id) if company else SQL("TRUE"),
            )
        )
        return {**{id_: id_ for id_ in partner_ids}, **dict(rows)}

    @api.model
    def _get_position_rows(self, company, partners):
        """Return ``{partner id: row}`` of :meth:`_sql_positions`, from the database as
        it stands: two statements for any number of customers.

        :param company: one res.company
        :param partners: commercial partners
        """
        self._flush_exposure()
        related = self._get_related_ids(partners.ids)
        rows = self.env.execute_query_dict(
            self._sql_positions(company, partners.ids, list(related))
        )
        return {row["partner_id"]: row for row in rows}

    @api.model
    def _get_positions(self, company, partners, items=True):
        """Return ``{partner id: Position}`` for the decision.

        :param company: one res.company
        :param partners: commercial partners
        :param items: whether to read the open items, which only a payment plan needs
        """
        rows = self._get_position_rows(company, partners)
        items = self._get_open_items(company, partners) if items else {}
        return {
            id_: self._to_position(row, items.get(id_, ())) for id_, row in rows.items()
        }

    @api.model
    def _to_position(self, row, items):
        def amount(value):
            return None if value is None else float(value)

        group = None
        if row["root_id"] and row["group_limit"] is not None:
            group = Account(amount(row["group_limit"]), amount(row["group_exposure"]))
        own_limit = row["limit"]
        if row["root_id"] == row["partner_id"]:
            # The limit of the one that shares is the group's, not its own as well.
            own_limit = None
        currency = self.env["res.currency"].browse(row["missing_currency_id"])
        return Position(
            own=Account(amount(own_limit), amount(row["exposure"])),
            group=group,
            overdue=amount(row["overdue"]),
            oldest_overdue_days=row["oldest_overdue_days"],
            items=tuple(items),
            manual_hold=row["manual_hold"],
            blocked_grade=row["blocked_grade"],
            limit_expired_days=row["limit_expired_days"],
            review_expired_days=row["review_expired_days"],
            missing_rate=currency.name or None,
        )

    @api.model
    def _get_open_items(self, company, partners):
        """Return ``{partner id: [OpenItem]}``, oldest due first; one statement."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH company AS (%s)
                SELECT item.partner_id, item.line_id, item.amount,
                       GREATEST(0, company.today - item.date_due)
                  FROM (%s) item
                  JOIN company ON company.id = item.company_id
                 WHERE item.amount > 0
                 ORDER BY item.date_due, item.line_id
                """,
                self._sql_credit_companies(company),
                self._sql_receivable_rows(partners.ids),
            )
        )
        items = {}
        for partner_id, line_id, amount, days in rows:
            items.setdefault(partner_id, []).append(
                OpenItem(line_id, float(amount), days)
            )
        return items

    @api.model
    def _get_order_amounts(self, orders):
        """Return what each order adds to its customer's exposure once confirmed.

        One statement; in company currency, tax included, less what is invoiced or paid
        in advance, at today's rate; 0 beyond the horizon.

        :param orders: saved sale orders of any companies
        :return: ``{order id: amount}``, with every order in it
        """
        self._flush_exposure()
        rows = self.env.execute_query(
            SQL(
                """
                WITH company AS (%s)
                SELECT item.res_id, SUM(item.amount)
                  FROM (%s) item
                 GROUP BY item.res_id
                """,
                self._sql_credit_companies(orders.company_id),
                self._sql_order_rows(None, orders.ids),
            )
        )
        return {**dict.fromkeys(orders.ids, 0.0), **{i: float(a) for i, a in rows}}
