# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How sure the value of one customer is, told when somebody asks."""

from odoo import api, fields, models

from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import MARGIN
from odoo.addons.crm_finance_bridge.models.optional_fields import OptionalMonetary

from ..tools.uncertainty import likely
from ..tools.valuation import get_customer
from .customer_value_columns import get_facts

#: Share of the futures of a customer that lie within its range.
CONFIDENCE = 0.8


class CustomerFinanceProfile(models.Model):
    """The range a value lies in. It takes as long as valuing a hundred customers, so
    it is computed for the one that is asked for and kept until its next order."""

    _inherit = "customer.finance.profile"

    value_low = OptionalMonetary(
        string="Value at Least", readonly=True, aggregator=None, groups=MARGIN
    )
    value_high = OptionalMonetary(
        string="Value at Most", readonly=True, aggregator=None, groups=MARGIN
    )
    value_range_date = fields.Date(string="Range as of", readonly=True)
    value_range_note = fields.Char(compute="_compute_value_range_note")

    @api.depends("value_range_date", "value_state")
    @api.depends_context("lang")
    def _compute_value_range_note(self):
        """What the range takes into account, and how much to make of it."""
        fits = self.env["customer.value.fit"].sudo()
        known = {
            company: fits._get_current(company)
            for company in self.filtered("value_range_date").company_id
        }
        for profile in self:
            note = False
            if profile.value_range_date:
                note = self.env._(
                    "Eight of ten futures of this customer end in this range, with "
                    "prices, cost and margins as they are."
                )
                if profile.value_state == "estimate":
                    note += " " + self.env._(
                        "%(count)s customers tell little of chances: take it for a "
                        "rough idea.",
                        count=known[profile.company_id].customers,
                    )
            profile.value_range_note = note

    def action_value_range(self):
        """Tell how sure the customer's value is.

        Reading its value is all it takes.
        """
        self.check_access("read")
        self._check_field_access(self._fields["value_total"], "read")
        for profile in self:
            profile.sudo()._store_value_range()

    def _store_value_range(self):
        """Compute the range of the value: what it brought, and what may come."""
        self.ensure_one()
        company = self.company_id
        settings = company._get_value_settings()
        fit = self.env["customer.value.fit"]._get_current(company)
        portfolio = self.env["customer.value.standing"]._get_portfolio(company)
        rows = self.env["customer.value.score"]._read_rows(company, self.partner_id)
        low = high = False
        for row in rows:
            one = get_facts(row, company.finance_lag_count)
            spend = fit._get_models()[1]
            if self.value_total is False or not spend or not one.order_days:
                continue
            customer = get_customer(one, company._get_finance_today(), portfolio)
            bounds = likely(
                customer,
                fit._get_draws(),
                spend,
                settings.horizon,
                settings.outlook.yearly_rate,
                CONFIDENCE,
            )
            low, high = (one.historic + bound for bound in bounds)
        self.write(
            {
                "value_low": low,
                "value_high": high,
                "value_range_date": low is not False and company._get_finance_today(),
            }
        )
