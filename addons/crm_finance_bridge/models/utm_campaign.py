# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

#: Who plans and reads what a campaign costs.
COST_READERS = (
    "sales_team.group_sale_manager,account.group_account_readonly,"
    "account.group_account_invoice"
)


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"

    finance_analytic_account_id = fields.Many2one(
        "account.analytic.account",
        string="Cost Account",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        groups=COST_READERS,
        help="Costs charged to this analytic account are costs of the campaign.",
    )
    finance_budget = fields.Monetary(
        string="Budget",
        groups=COST_READERS,
        help="What the campaign may cost in all, in the currency of its company.",
    )
    finance_cost = fields.Monetary(
        string="Actual Cost",
        compute="_compute_finance_cost",
        compute_sudo=True,
        groups=COST_READERS,
        help="Costs on the campaign's analytic account in the campaign's company, "
        "charged to a customer or not, up to now.",
    )
    finance_budget_left = fields.Monetary(
        string="Budget Left",
        compute="_compute_finance_cost",
        compute_sudo=True,
        groups=COST_READERS,
        help="Budget less actual cost.",
    )

    _finance_account_uniq = models.Constraint(
        "UNIQUE(finance_analytic_account_id)",
        "This analytic account is the cost account of another campaign already.",
    )

    @api.constrains("finance_analytic_account_id")
    def _check_finance_account(self):
        for campaign in self.sudo():
            account = campaign.finance_analytic_account_id
            if account.partner_id:
                raise ValidationError(
                    self.env._(
                        "“%(account)s” is the analytic account of a customer. Costs "
                        "of a campaign need an account of their own, in another plan.",
                        account=account.display_name,
                    )
                )

    @api.depends("finance_analytic_account_id", "finance_budget", "company_id")
    def _compute_finance_cost(self):
        rows = self.env["customer.cost.rows"]
        rows._flush_cost_sources()
        costs = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT spent.campaign_id, spent.amount
                      FROM (%s) spent
                      JOIN utm_campaign campaign ON campaign.id = spent.campaign_id
                       AND campaign.company_id = spent.company_id
                     WHERE spent.campaign_id = ANY(%s)
                    """,
                    rows._sql_campaign_costs(),
                    self.ids,
                )
            )
        )
        for campaign in self:
            campaign.finance_cost = costs.get(campaign._origin.id, 0.0)
            campaign.finance_budget_left = (
                campaign.finance_budget - campaign.finance_cost
            )

    def _with_cost_account(self):
        """Return those of ``self`` that costs can be charged to."""
        return self.filtered(
            lambda campaign: campaign.sudo().finance_analytic_account_id
        )

    def action_open_finance_costs(self):
        """Open the analytic lines behind the actual cost."""
        self.ensure_one()
        self.check_access("read")
        return self.env["customer.cost.rows"]._open_campaign_costs(self)

    def action_make_finance_account(self):
        """Give the campaign an analytic account of its own, in the plan Campaigns."""
        self.check_access("write")
        plan = self.env.ref("crm_finance_bridge.analytic_plan_campaigns")
        for campaign in self:
            if not campaign.finance_analytic_account_id:
                campaign.finance_analytic_account_id = (
                    self.env["account.analytic.account"]
                    .sudo()
                    .create(
                        {
                            "name": campaign.title,
                            "plan_id": plan.id,
                            "company_id": campaign.sudo().company_id.id,
                        }
                    )
                )
        return True
