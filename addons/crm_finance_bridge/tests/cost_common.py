# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import freeze_time

from .common import FinanceCommon


class CostCommon(FinanceCommon):
    """A customer with an analytic account, and a fair with one; 2026-06-30."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time("2026-06-30 12:00:00")
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.customers_plan = cls.env.ref("crm_finance_bridge.analytic_plan_customers")
        cls.campaigns_plan = cls.env.ref("crm_finance_bridge.analytic_plan_campaigns")
        cls.project_plan, _others = cls.env["account.analytic.plan"]._get_all_plans()
        cls.rules = cls.env["customer.cost.rule"]
        cls.account = cls._account("Customer", cls.customers_plan, cls.customer)
        cls.fair = cls._account("Fair", cls.campaigns_plan)
        cls.campaign = cls.env["utm.campaign"].create(
            {
                "title": "Fair 2026",
                "company_id": cls.company.id,
                "finance_analytic_account_id": cls.fair.id,
                "finance_budget": 1000.0,
            }
        )
        cls.expense = cls.company_data["default_account_expense"]
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor"})

    @classmethod
    def _account(cls, name, plan, partner=None, company=None):
        return cls.env["account.analytic.account"].create(
            {
                "name": name,
                "plan_id": plan.id,
                "partner_id": partner.id if partner else False,
                "company_id": (company or cls.company).id,
            }
        )

    @classmethod
    def _line(cls, amount, accounts=None, day="2026-06-01", **values):
        """Create an analytic line by hand; ``amount`` as Odoo has it, costs < 0."""
        return cls.env["account.analytic.line"].create(
            {
                "name": "Cost",
                "amount": amount,
                "date": day,
                "company_id": cls.company.id,
                **{
                    account.plan_id._column_name(): account.id
                    for account in accounts or cls.account
                },
                **values,
            }
        )

    @classmethod
    def _vendor_bill(cls, amount, distribution, day="2026-06-01", **line):
        """Post a bill of one line with an analytic distribution."""
        bill = cls.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": cls.vendor.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Service of a vendor",
                            "price_unit": amount,
                            "tax_ids": False,
                            "account_id": cls.expense.id,
                            "analytic_distribution": distribution,
                            **line,
                        }
                    )
                ],
            }
        )
        bill.action_post()
        return bill

    def _costs(self, partner=None):
        return self.env["customer.finance.cost"].search(
            [("partner_id", "=", (partner or self.customer).id)]
        )
