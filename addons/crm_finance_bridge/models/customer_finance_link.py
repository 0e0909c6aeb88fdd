# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import cache

from odoo import api, fields, models
from odoo.fields import Domain

from .customer_finance_mixin import AMOUNT
from .optional_fields import OptionalFloat


class FigureSearch:
    """Searches a figure of the profile.

    Odoo takes a comparison with zero, as in ``overdue > 0``, for one that documents
    without a profile satisfy.
    """

    def _search_related(self, records, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        name = self.related.rpartition(".")[2]
        found = Domain("finance_profile_id", "any", Domain(name, operator, value))
        if operator == "in" and not {False, self.falsy_value}.isdisjoint(value):
            found |= Domain("finance_profile_id", "=", False)
        return found


@cache
def _get_figure_class(kind):
    return type(kind.__name__, (FigureSearch, kind), {})


def figure(kind, name, **attributes):
    """Return a field that shows a figure of the profile, with the user's own rights."""
    return _get_figure_class(kind)(
        related=f"finance_profile_id.{name}", related_sudo=False, **attributes
    )


def figure_amount(name, groups=AMOUNT):
    """Return a field that shows an amount of the profile to members of ``groups``."""
    return figure(
        fields.Monetary, name, currency_field="finance_currency_id", groups=groups
    )


class CustomerFinanceLink(models.AbstractModel):
    """Shows the profile of a document's customer on the document.

    The figures are those of the commercial entity in the document's company, read with
    the user's own rights: who may not see the profile sees nothing.
    """

    _name = "customer.finance.link"
    _description = "Customer Finance Line"

    finance_profile_id = fields.Many2one(
        "customer.finance.profile",
        compute="_compute_finance_profile_id",
        compute_sudo=False,
        search="_search_finance_profile_id",
    )
    finance_currency_id = fields.Many2one(
        related="finance_profile_id.currency_id",
        related_sudo=False,
        string="Finance Currency",
    )
    finance_receivable = figure_amount("receivable")
    finance_overdue = figure_amount("overdue")
    finance_oldest_overdue_days = figure(fields.Integer, "oldest_overdue_days")
    finance_days_late = figure(OptionalFloat, "days_late")

    def _get_finance_partner(self):
        """Return the customer whose receivable a document adds to."""
        return self.partner_id

    def _get_finance_company(self):
        return self.company_id or self.env.company

    def _get_finance_path(self):
        """Return the fields the profile depends on, for :func:`api.depends`."""
        return ["partner_id", "company_id"]

    @api.depends(lambda self: self._get_finance_path())
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_finance_profile_id(self):
        keys = {
            record: (
                record._get_finance_partner().commercial_partner_id._origin,
                record._get_finance_company()._origin,
            )
            for record in self
        }
        profiles = self.env["customer.finance.profile"]
        found = {}
        if profiles.has_access("read"):
            found = profiles.search(
                [
                    ("partner_id", "in", [key[0].id for key in keys.values()]),
                    ("company_id", "in", [key[1].id for key in keys.values()]),
                ]
            ).grouped(lambda profile: (profile.partner_id, profile.company_id))
        for record, key in keys.items():
            record.finance_profile_id = found.get(key, profiles)

    def _search_finance_profile_id(self, operator, value):
        """Search by the customer's figures, in the current company."""
        path = self._get_finance_search_path()
        here = Domain("company_id", "=", self.env.company.id)

        def get_customers(wanted):
            profiles = self.env["customer.finance.profile"]._search(wanted)
            return profiles.subselect("partner_id")

        if operator == "any":
            return Domain(path, "in", get_customers(here & Domain(value)))
        if operator == "in":
            found = Domain(path, "in", get_customers(Domain("id", "in", value)))
            if False in value:
                found |= Domain(path, "not in", get_customers(here))
            return found
        return NotImplemented

    def _get_finance_search_path(self):
        return "partner_id.commercial_partner_id"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Take the help of every indicator from the glossary."""
        result = super().fields_get(allfields, attributes)
        if attributes is None or "help" in attributes:
            self.env["customer.finance.indicator"]._explain_fields(result, "finance_")
        return result

    def action_open_finance_figure(self):
        """Open the records behind the figure named in the context; the profile for
        those who see days and rates but not the amounts in the records."""
        self.ensure_one()
        action = self.finance_profile_id.action_open_figure()
        if not self.env[action["res_model"]].has_access("read"):
            return self.action_open_finance_profile()
        return action

    def action_open_finance_profile(self):
        """Open the customer's profile."""
        self.ensure_one()
        self.finance_profile_id.check_access("read")
        return self.finance_profile_id._get_records_action(
            name=self.finance_profile_id.display_name, context={}
        )

    def action_enter_finance_cost(self):
        """Enter a cost of the document's customer."""
        self.ensure_one()
        self.check_access("read")
        return self.env["customer.cost.entry"]._open_for(
            self._get_finance_partner(),
            self._get_finance_company(),
            **self._prepare_cost_entry_vals(),
        )

    def _prepare_cost_entry_vals(self):
        """Return the first values of a cost entered from this document."""
        return {}
