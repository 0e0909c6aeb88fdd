# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..models.customer_cost_rows import KINDS

#: Who may charge any customer; others only their own and nobody's.
EVERYBODYS = (
    "sales_team.group_sale_salesman_all_leads",
    "account.group_account_invoice",
    "crm_finance_bridge.crm_finance_bridge_group_director",
)


class CustomerCostEntry(models.TransientModel):
    """One cost of a customer, entered where one works: an analytic line in the end."""

    _name = "customer.cost.entry"
    _description = "Enter a Cost of a Customer"
    _check_company_auto = True

    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    amount = fields.Monetary(
        help="What it cost, in company currency and without tax; a positive number."
    )
    kind = fields.Selection(KINDS, required=True, default="visit")
    name = fields.Char(string="Description", required=True)
    campaign_id = fields.Many2one(
        "utm.campaign",
        help="The cost counts for this campaign too. Only campaigns with a cost "
        "account can be charged.",
    )

    @api.model
    def _open_for(self, partner, company, **values):
        """Return the action that enters a cost of a customer.

        :param partner: res.partner, may be a contact of the customer
        :param company: one res.company
        :param values: further values of the wizard
        """
        if not partner:
            raise UserError(
                self.env._(
                    "There is no customer to charge yet. Choose the customer first, "
                    "then enter the cost."
                )
            )
        context = {
            "default_partner_id": partner.commercial_partner_id.id,
            "default_company_id": company.id,
            **{f"default_{name}": value for name, value in values.items()},
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter a Cost"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    def action_enter(self):
        """Write the analytic line."""
        self.ensure_one()
        self._check_entry()
        self._create_line()
        message = self.env._(
            "%(amount)s on %(date)s charged to %(customer)s.",
            amount=self.currency_id.format(self.amount),
            date=format_date(self.env, self.date),
            customer=self.partner_id.commercial_partner_id.display_name,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_entry(self):
        if self.currency_id.compare_amounts(self.amount, 0.0) <= 0:
            raise UserError(
                self.env._(
                    "A cost of %s cannot be entered: enter what it cost as a positive "
                    "amount.",
                    self.currency_id.format(self.amount),
                )
            )
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "You do not work in %s, so you cannot enter its costs.",
                    self.company_id.sudo().name,
                )
            )
        self.partner_id.check_access("read")
        owner = self.partner_id.commercial_partner_id.sudo().user_id
        user = self.env.user
        if owner not in (user, user.browse()) and not any(
            user.has_group(group) for group in EVERYBODYS
        ):
            raise AccessError(
                self.env._(
                    "%(customer)s is a customer of %(owner)s. Ask %(owner)s or an "
                    "accountant to enter the cost.",
                    customer=self.partner_id.commercial_partner_id.display_name,
                    owner=owner.name,
                )
            )
        self.company_id._check_cost_date(self.date)
        campaign = self.campaign_id.sudo()
        if campaign and not campaign.finance_analytic_account_id:
            raise UserError(
                self.env._(
                    "The campaign “%s” has no cost account yet. Ask a sales manager or "
                    "an accountant to set one on the campaign, or leave the campaign "
                    "empty.",
                    campaign.title,
                )
            )

    def _create_line(self):
        """Return the analytic line; salespeople have no access to analytic lines."""
        accounts = self._get_customer_account()
        accounts += self.campaign_id.sudo().finance_analytic_account_id
        if len(accounts.plan_id.root_id) < len(accounts):
            raise UserError(
                self.env._(
                    "The campaign's cost account is in the same analytic plan as the "
                    "customer's, so one cost cannot carry both. Give the campaign an "
                    "account in another plan."
                )
            )
        return (
            self.env["account.analytic.line"]
            .sudo()
            .create(
                {
                    "name": self.name,
                    "date": self.date,
                    "amount": -self.amount,
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "finance_cost_kind": self.kind,
                    **{
                        account.plan_id._column_name(): account.id
                        for account in accounts
                    },
                }
            )
        )

    def _get_customer_account(self):
        """Return the customer's account in the plan Customers, made on demand.

        Two people who enter the first cost of a customer at once may each make one:
        costs on either count.
        """
        customer = self.partner_id.commercial_partner_id
        plan = self.env.ref("crm_finance_bridge.analytic_plan_customers").sudo()
        accounts = self.env["account.analytic.account"].sudo()
        here = self.company_id.sudo().parent_ids.ids
        found = accounts.search(
            Domain("plan_id", "child_of", plan.id)
            & Domain("partner_id", "=", customer.id)
            & Domain("company_id", "in", [*here, False]),
            limit=1,
        )
        return found or accounts.create(
            {
                "name": customer.name,
                "plan_id": plan.id,
                "partner_id": customer.id,
                "company_id": self.company_id.id,
            }
        )
