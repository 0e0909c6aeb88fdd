# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from operator import ge, gt, le, lt

from odoo import api, fields, models
from odoo.fields import Domain

from .credit_account import AMOUNT, STATES


class CustomerFinanceLink(models.AbstractModel):
    """Shows the customer's credit on contact, order, invoice and opportunity: live, of
    the commercial entity, in the document's company."""

    _inherit = "customer.finance.link"

    credit_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_credit_position",
        compute_sudo=False,
        groups="base.group_user",
    )
    credit_state = fields.Selection(
        STATES,
        compute="_compute_credit_position",
        compute_sudo=False,
        search="_search_credit_state",
        groups="base.group_user",
    )
    credit_total_limit = fields.Monetary(
        string="Limit in Force",
        compute="_compute_credit_position",
        compute_sudo=False,
        currency_field="credit_currency_id",
        groups=AMOUNT,
        help="Credit limit plus extensions, guarantees and insurance in force today; "
        "company currency.",
    )
    credit_exposure = fields.Monetary(
        string="Exposure",
        compute="_compute_credit_position",
        compute_sudo=False,
        search="_search_credit_exposure",
        currency_field="credit_currency_id",
        groups=AMOUNT,
        help="Open receivable, draft invoices, and confirmed orders not invoiced yet, "
        "tax included, each document once, in company currency at today's rate.",
    )
    credit_available = fields.Monetary(
        string="Available Credit",
        compute="_compute_credit_position",
        compute_sudo=False,
        search="_search_credit_available",
        currency_field="credit_currency_id",
        groups=AMOUNT,
        help="What is left of the limit, or of the group's limit if that is less.",
    )
    credit_utilisation = fields.Float(
        string="Limit Used",
        compute="_compute_credit_position",
        compute_sudo=False,
        search="_search_credit_utilisation",
        groups=AMOUNT,
        help="Exposure in per cent of the limit.",
    )
    credit_buckets = fields.Json(
        compute="_compute_credit_position", compute_sudo=False, groups=AMOUNT
    )

    @api.depends(lambda self: self._get_finance_path())
    @api.depends_context("uid", "company", "allowed_company_ids", "lang")
    def _compute_credit_position(self):
        """Whose figures a user sees follows the profiles: sales rights decide."""
        groups = {}
        for record in self:
            company = record._get_finance_company()._origin
            partner = record._get_finance_partner().commercial_partner_id._origin
            groups.setdefault(company, {}).setdefault(partner, []).append(record)
        exposures = self.env["credit.exposure"]
        for company, by_partner in groups.items():
            partners = self.env["res.partner"].union(*by_partner)
            rows = exposures._get_visible_rows(company, partners)
            for partner, records in by_partner.items():
                figures = self._get_credit_figures_of(rows.get(partner.id), company)
                for record in records:
                    record.update(figures)

    @api.model
    def _get_credit_figures_of(self, row, company):
        """Return the values of the credit fields from a position row."""
        row = row or {}
        figures = {
            "credit_currency_id": company.sudo().currency_id.id,
            "credit_state": row.get("state"),
        }
        if self._has_field_access(self._fields["credit_exposure"], "read"):
            figures |= {
                "credit_total_limit": row.get("limit_in_force") or 0.0,
                "credit_exposure": row.get("exposure") or 0.0,
                "credit_available": row.get("available") or 0.0,
                "credit_utilisation": row.get("utilisation") or 0.0,
                "credit_buckets": self.env["credit.exposure"]._get_buckets(row),
            }
        return figures

    def _search_credit_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._search_credit("state", operator, value)

    def _search_credit_exposure(self, operator, value):
        return self._search_credit("exposure", operator, value)

    def _search_credit_available(self, operator, value):
        return self._search_credit("available", operator, value)

    def _search_credit_utilisation(self, operator, value):
        return self._search_credit("utilisation", operator, value)

    def _search_credit(self, name, operator, value):
        """Search by the customer's credit in the current company: one statement."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        path = self._get_finance_search_path()
        exposures = self.env["credit.exposure"]
        if name == "state" and not {"unlimited", False} & set(value):
            # Whoever has no limit is none of these.
            exposures = exposures.with_context(credit_watched=True)
        here = Domain("company_id", "=", self.env.company.id)

        def get_customers(wanted):
            return exposures._search(here & wanted).subselect("partner_id")

        found = Domain(path, "in", get_customers(Domain(name, operator, value)))
        if not self._matches_no_credit(name, operator, value):
            return found
        # Customers without a limit who owe nothing have no row.
        others = Domain(path, "not in", get_customers(Domain.TRUE))
        others &= Domain(path, "!=", False)
        if visible := exposures._get_visible_domain():
            partners = self.env["res.partner"].sudo().with_context(active_test=False)
            others &= Domain(path, "in", partners._search(visible))
        return found | others

    @api.model
    def _matches_no_credit(self, name, operator, value):
        """Tell whether a condition holds of "no limit, owes nothing"."""
        if operator == "in":
            nothing = {"unlimited"} if name == "state" else {False}
            return not nothing.isdisjoint(value)
        compare = {"<": lt, "<=": le, ">": gt, ">=": ge}.get(operator)
        return bool(compare) and compare(0.0, value)

    def action_open_credit_bucket(self):
        """Open the documents behind the bucket named in the context."""
        self.ensure_one()
        bucket = self.env.context.get("credit_bucket")
        partner = self._get_finance_partner().commercial_partner_id
        company = self._get_finance_company()
        return self.env["credit.exposure"]._open_rows(partner, company, bucket)

    def action_open_credit_account(self):
        """Open the customer's credit file."""
        self.ensure_one()
        accounts = self.env["credit.account"]
        accounts.check_access("read")
        account = accounts._get_or_create(
            self._get_finance_partner(), self._get_finance_company()
        )
        account.check_access("read")
        return account._get_records_action(context={})
