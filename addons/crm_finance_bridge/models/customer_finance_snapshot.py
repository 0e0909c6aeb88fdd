# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.months import past_month_ends


class CustomerFinanceSnapshot(models.Model):
    """The figures of one customer at a month end, as they were known when taken."""

    _name = "customer.finance.snapshot"
    _description = "Customer Finance Snapshot"
    _inherit = ["customer.finance.mixin"]
    _rec_name = "partner_id"
    _order = "as_of_date desc, partner_id, id"
    _log_access = False

    as_of_date = fields.Date(string="Month End", index=True)
    refreshed_at = fields.Datetime(string="Taken At")

    _partner_company_date_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id, as_of_date)",
        "A customer has one snapshot per company and month end.",
    )

    @api.depends("partner_id", "as_of_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for snapshot in self:
            snapshot.display_name = self.env._(
                "%(customer)s at %(date)s",
                customer=snapshot.partner_id.display_name,
                date=fields.Date.to_string(snapshot.as_of_date),
            )

    @api.model
    def _take(self, company, date, replace=False):
        """Store the figures of every customer of ``company`` at ``date``.

        :param replace: overwrite rows taken before; otherwise these stay as they are,
            since a snapshot keeps what was known when it was taken
        """
        facts = self.env["customer.finance.facts"]
        facts._flush_sources()
        columns = self._get_figure_columns()
        on_conflict = SQL("DO NOTHING")
        if replace:
            on_conflict = SQL("DO UPDATE SET %s", self._sql_overwrite_figures())
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_finance_snapshot (
                    partner_id, company_id, as_of_date, refreshed_at, %(names)s)
                SELECT partner_id, %(company)s, %(date)s::date,
                       NOW() AT TIME ZONE 'UTC', %(names)s
                  FROM (%(figures)s) AS figure (partner_id, %(names)s)
                ON CONFLICT (partner_id, company_id, as_of_date) %(on_conflict)s
                """,
                names=SQL(", ").join(SQL.identifier(name) for name in columns),
                company=company.id,
                date=date,
                figures=self._sql_figures(facts._get_scope(company, date=date)),
                on_conflict=on_conflict,
            )
        )
        self.invalidate_model()

    @api.model
    def _rebuild(self, companies=None, months=24):
        """Take the snapshots of the last ``months`` month ends right now, replacing
        those taken before."""
        for company in companies or self.env["res.company"]._get_finance_companies():
            for date in past_month_ends(company._get_finance_today(), months):
                self._take(company, date, replace=True)

    def action_compare(self):
        """Show this snapshot beside the figures the ledger gives for its date now."""
        self.ensure_one()
        comparison = self.env["customer.finance.comparison"].create(
            {"snapshot_id": self.id}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": comparison._name,
            "res_id": comparison.id,
            "view_mode": "form",
            "target": "new",
        }
