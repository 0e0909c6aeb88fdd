# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.ageing import BUCKETS
from .customer_finance_mixin import AMOUNT


class CustomerFinanceProfile(models.Model):
    """The latest figures of one commercial partner in one company.

    Rows are written by SQL only, from the ledger, and can be thrown away at any time.
    """

    _name = "customer.finance.profile"
    _description = "Customer Finance Profile"
    _inherit = ["customer.finance.mixin"]
    _rec_name = "partner_id"
    _order = "overdue desc, receivable desc, id"
    _log_access = False

    ageing = fields.Json(compute="_compute_ageing", groups=AMOUNT)
    trend = fields.Json(compute="_compute_trend")

    _partner_company_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)",
        "A customer has one finance profile per company.",
    )

    def init(self):
        """Leave room on each page: every row is written anew every night, and an
        update that stays on its page spares the indexes."""
        self.env.cr.execute(
            SQL("ALTER TABLE customer_finance_profile SET (fillfactor = 50)")
        )

    @api.depends("company_id", *BUCKETS)
    @api.depends_context("lang")
    def _compute_ageing(self):
        """The ageing bar: one segment per bucket with label and amount."""
        labels = {
            company: company._get_finance_ageing_labels() for company in self.company_id
        }
        for profile in self:
            profile.ageing = [
                {"bucket": name, "label": label, "amount": profile[name]}
                for name, label in labels[profile.company_id].items()
            ]

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid", "lang")
    def _compute_trend(self):
        """The last 12 month ends as points of the trend graph: amounts for those who
        may see them, DSO for the others."""
        snapshots = self.env["customer.finance.snapshot"]
        start = fields.Date.subtract(fields.Date.context_today(self), months=13)
        rows = snapshots.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("as_of_date", ">", start),
            ],
            order="as_of_date",
        ).grouped(lambda row: (row.partner_id, row.company_id))
        names = ["receivable", "overdue"]
        if not self._has_field_access(self._fields["receivable"], "read"):
            names = ["dso"]
        labels = self.fields_get(names, ["string"])
        for profile in self:
            points = rows.get((profile.partner_id, profile.company_id), snapshots)[-12:]
            profile.trend = {
                "labels": [fields.Date.to_string(row.as_of_date) for row in points],
                "series": [
                    {
                        "label": labels[name]["string"],
                        "values": [row[name] or 0.0 for row in points],
                    }
                    for name in names
                ],
            }

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        """The usual order is that of amounts: those who may not see amounts get the
        oldest debts first instead."""
        overdue = self._fields["overdue"]
        if (order or self._order) == self._order and not self._has_field_access(
            overdue, "read"
        ):
            order = "oldest_overdue_days desc, id"
        return super()._order_to_sql(order, query, alias, reverse)

    # ------------------------------------------------------------------
    # Refresh
    # ------------------------------------------------------------------

    @api.model
    def _refresh(self, company, partners=None):
        """Recompute the profiles of customers as of today.

        A fixed number of statements, whatever the number of customers; nothing but
        the identifiers passes through Python.

        :param company: one res.company
        :param partners: commercial partners; None for every customer of the company
        """
        facts = self.env["customer.finance.facts"]
        facts._flush_sources()
        scope = facts._get_scope(company, partners)
        columns = self._get_figure_columns()
        self.env.cr.execute(
            SQL(
                """
                WITH figure AS MATERIALIZED (%(figures)s),
                gone AS (
                    DELETE FROM customer_finance_profile profile
                     WHERE %(own)s
                       AND NOT EXISTS (
                            SELECT FROM figure
                             WHERE figure.partner_id = profile.partner_id)
                )
                INSERT INTO customer_finance_profile AS profile (
                    partner_id, company_id, as_of_date, refreshed_at, %(names)s)
                SELECT partner_id, %(company)s, %(date)s::date,
                       NOW() AT TIME ZONE 'UTC', %(names)s
                  FROM figure
                 ORDER BY partner_id
                ON CONFLICT (partner_id, company_id) DO UPDATE
                   SET as_of_date = EXCLUDED.as_of_date, %(updates)s
                """,
                figures=SQL(
                    "SELECT * FROM (%s) AS figure (partner_id, %s)",
                    self._sql_figures(scope),
                    SQL(", ").join(SQL.identifier(name) for name in columns),
                ),
                own=facts._sql_own(scope),
                names=SQL(", ").join(SQL.identifier(name) for name in columns),
                company=company.id,
                date=scope.date,
                updates=self._sql_overwrite_figures(),
            )
        )
        self.invalidate_model()
        self._after_refresh(company, partners)
        # When every module has added its figures.
        self.env["customer.finance.alert"]._watch(company, partners)

    @api.model
    def _after_refresh(self, company, partners=None):
        """Called after every refresh; other modules add their own step here.

        :param company: one res.company
        :param partners: commercial partners refreshed; None for every customer
        """
        if partners is not None:
            self.env["customer.acquisition"]._refresh(company, partners)
            self.env["sale.order"]._forget_collected(company, partners)

    @api.model
    def _rebuild(self, companies=None):
        """Refresh every customer of ``companies`` (default: all) right now."""
        for company in companies or self.env["res.company"]._get_finance_companies():
            self._refresh(company)

    def action_refresh(self):
        """Refresh these customers now; used by the "Refresh now" buttons.

        Reading a profile is all it takes: the figures are a function of the ledger.
        """
        self.check_access("read")
        for company, profiles in self.grouped("company_id").items():
            self.sudo()._refresh(company, profiles.partner_id.sudo())
        return True

    def action_open_partner(self):
        """Open the customer's contact form."""
        self.ensure_one()
        return self.partner_id._get_records_action(context={})
