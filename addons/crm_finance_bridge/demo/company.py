# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, models

from .planner import interpolate
from .stories import COST_HISTORY, DOLLAR_RATES, STORIES

EXPORT = "Export (untaxed)"


class CrmFinanceBridgeDemoSetting(models.AbstractModel):
    """What the firm needs before it can sell: chart, rates, price lists, tax."""

    _name = "crm.finance.bridge.demo.setting"
    _description = "Demonstration Data: Setting"

    @api.model
    def _demo_company(self):
        return self.env.ref("base.main_company")

    @api.model
    def _demo_ref(self, prefix, key):
        """Return a demonstration record by its short name."""
        return self.env.ref(f"crm_finance_bridge.{prefix}_{key}_demo")

    @api.model
    def _demo_stories(self):
        """Return the stories to tell; other modules tell theirs by the same steps."""
        return STORIES

    @api.model
    def _ensure_chart(self):
        """Give the main company the generic chart of accounts if it has none.

        `_load` and not `try_loading`: the latter warns while modules install.
        """
        company = self._demo_company()
        if not company.chart_template:
            self.env["account.chart.template"]._load(
                "generic_coa", company, install_demo=False
            )

    def _set_up(self, today):
        """Prepare rates, the default price list, the export position and the forecast
        of opportunities."""
        company = self.env.company
        company.finance_forecast_leads = True
        self._set_rates(company, today)
        company._activate_or_create_pricelists()
        self._set_fiscal_positions(company)

    def _set_rates(self, company, today):
        """Write one rate a month and currency; a day that has one keeps it.

        Rates are told per dollar, so another company currency divides by its own.
        """
        own = DOLLAR_RATES.get(company.currency_id.name, DOLLAR_RATES["USD"])
        for name in sorted(DOLLAR_RATES):
            currency = self.env.ref(f"base.{name}")
            if currency == company.currency_id:
                continue
            known = set(currency.rate_ids.mapped("name"))
            days = [today - relativedelta(months=m, day=1) for m in range(26)]
            self.env["res.currency.rate"].create(
                [
                    {
                        "currency_id": currency.id,
                        "company_id": company.root_id.id,
                        "name": day,
                        "rate": interpolate(DOLLAR_RATES[name], (today - day).days)
                        / interpolate(own, (today - day).days),
                    }
                    for day in days
                    if day not in known
                ]
            )

    def _set_fiscal_positions(self, company):
        """Sell abroad without tax where the chart has no rule of its own."""
        customers = self._demo_customers()
        positions = self.env["account.fiscal.position"]
        vals = {"name": EXPORT, "company_id": company.id, "sequence": 99}
        export = positions.search(
            [("name", "=", EXPORT), ("company_id", "=", company.id)], limit=1
        )
        export = export or positions.create(vals)
        for customer in customers:
            position = positions._get_fiscal_position(customer)
            if customer.country_id != company.country_id and not position:
                customer.property_account_position_id = export

    def _set_costs(self, costs, age):
        """Give every product the cost it had that many days ago.

        :param costs: today's cost by product code
        """
        for code, cost in costs.items():
            factor = interpolate((*COST_HISTORY[code], 1.0), age)
            self._demo_ref("product", code).standard_price = round(cost * factor, 2)

    def _current_costs(self):
        """Return today's cost by product code."""
        return {
            code: self._demo_ref("product", code).standard_price
            for code in COST_HISTORY
        }

    def _demo_customers(self):
        """Return the customers that have a story."""
        customers = self.env["res.partner"]
        for story in self._demo_stories():
            customers |= self._demo_ref("res_partner", story.key)
        return customers
