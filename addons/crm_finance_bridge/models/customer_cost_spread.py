# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from .customer_cost_rows import KINDS

#: What a preview depends on.
TERMS = {
    "account_id",
    "basis",
    "company_id",
    "customers",
    "campaign_id",
    "date",
    "date_from",
    "date_to",
    "kind",
    "partner_domain",
    "partner_ids",
}
#: What only the document's own steps write.
RESULTS = {"amount", "line_count", "over_count", "posted_at", "posted_by_id", "state"}


class CustomerCostSpread(models.Model):
    """Shares the costs on one analytic account (a fair, a service desk) over customers.

    Previewing counts the costs and writes the shares; posting marks the analytic lines
    as taken, from when on the shares count; undoing lets go of the lines.
    """

    _name = "customer.cost.spread"
    _description = "Spreading of Costs over Customers"
    _inherit = ["customer.cost.spread.steps", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("previewed", "Previewed"),
            ("posted", "Posted"),
            ("undone", "Undone"),
        ],
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        "account.analytic.account",
        string="Source Account",
        required=True,
        check_company=True,
        help="The analytic account whose costs are spread: a fair, a campaign, the "
        "service desk. Costs on it that are charged to a customer already, or spread "
        "already, are left alone.",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    date = fields.Date(
        string="Date of the Shares",
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="The day on which the shares count as costs of the customers. The last "
        "day of the period if nothing else is said.",
    )
    basis = fields.Selection(
        [
            ("equal", "Equal Shares"),
            ("sales", "Net Sales"),
            ("orders", "Number of Orders"),
            ("leads", "Number of Leads and Opportunities"),
        ],
        required=True,
        default="sales",
        help="In proportion to what costs are shared: net amounts of invoices less "
        "credit notes, confirmed orders, leads and opportunities created, each in the "
        "period; or the same for everybody.",
    )
    customers = fields.Selection(
        [
            ("all", "All With Business in the Period"),
            ("campaign", "Customers of the Campaign"),
            ("list", "Chosen Customers"),
            ("domain", "Customers by Condition"),
        ],
        required=True,
        default="all",
        help="Customers of a campaign are those with an order, a lead or an "
        "opportunity of that campaign, of any date.",
    )
    campaign_id = fields.Many2one(
        "utm.campaign",
        compute="_compute_campaign_id",
        store=True,
        readonly=False,
        precompute=True,
        help="The shares count for this campaign. Found by the source account.",
    )
    partner_ids = fields.Many2many("res.partner", string="Chosen Customers")
    partner_domain = fields.Char(string="Condition", default="[]")
    kind = fields.Selection(KINDS, required=True, default="marketing")
    share_ids = fields.One2many(
        "customer.cost.share", "spread_id", string="Shares", readonly=True
    )
    share_count = fields.Integer(
        string="Customers Charged", compute="_compute_share_count"
    )
    amount = fields.Monetary(
        string="Costs",
        readonly=True,
        copy=False,
        help="Sum of the costs taken, in company currency; the shares sum to it.",
    )
    line_count = fields.Integer(string="Costs Taken", readonly=True, copy=False)
    over_count = fields.Integer(
        string="Charged More Than Once",
        readonly=True,
        copy=False,
        help="Costs taken whose journal item is charged to customers and this account "
        "by more than 100 % together.",
    )
    posted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    posted_at = fields.Datetime(readonly=True, copy=False)

    @api.depends("date_to")
    def _compute_date(self):
        for spread in self:
            spread.date = spread.date_to

    @api.depends("account_id")
    def _compute_campaign_id(self):
        campaigns = (
            self.env["utm.campaign"]
            .sudo()
            .search([("finance_analytic_account_id", "in", self.account_id.ids)])
            .grouped("finance_analytic_account_id")
        )
        for spread in self:
            spread.campaign_id = campaigns.get(spread.account_id)

    @api.depends("share_ids")
    def _compute_share_count(self):
        counts = dict(
            self.env["customer.cost.share"]._read_group(
                [("spread_id", "in", self.ids)], ["spread_id"], ["__count"]
            )
        )
        for spread in self:
            spread.share_count = counts.get(spread._origin, 0)

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for spread in self:
            if spread.date_to < spread.date_from:
                raise ValidationError(
                    self.env._(
                        "The period of “%(name)s” ends before it starts: %(end)s is "
                        "before %(start)s.",
                        name=spread.name,
                        end=format_date(self.env, spread.date_to),
                        start=format_date(self.env, spread.date_from),
                    )
                )

    @api.constrains("account_id")
    def _check_account(self):
        for spread in self:
            if spread.account_id.partner_id:
                raise ValidationError(
                    self.env._(
                        "“%(account)s” is the analytic account of a customer: its "
                        "costs are that customer's already. Choose the account of a "
                        "fair, a campaign or a department.",
                        account=spread.account_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # Odoo sends defaults along when it creates.
            written = {name: vals[name] for name in RESULTS & vals.keys() if vals[name]}
            if written not in ({}, {"state": "draft"}):
                self._refuse_results()
        return super().create(vals_list)

    def write(self, vals):
        """Another term takes the preview back; what is posted stays as it is."""
        if not RESULTS.isdisjoint(vals):
            self._refuse_results()
        if not TERMS.isdisjoint(vals):
            if posted := self.filtered(lambda spread: spread.state == "posted")[:1]:
                raise UserError(
                    self.env._(
                        "“%s” is posted. Undo it before changing what it spreads.",
                        posted.name,
                    )
                )
            self.filtered(lambda spread: spread.state == "previewed").action_draft()
        return super().write(vals)

    @api.model
    def _refuse_results(self):
        """Results are written by the steps only, which do so with all rights."""
        if not self.env.su:
            raise UserError(
                self.env._(
                    "The results of a spreading come from Preview, Post and Undo; "
                    "they cannot be written."
                )
            )

    def _store_results(self, **vals):
        """Write what the steps find out; see :class:`CustomerCostSpreadSteps`."""
        return self.sudo().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if posted := self.filtered(lambda spread: spread.state == "posted")[:1]:
            raise UserError(
                self.env._("“%s” is posted. Undo it before deleting it.", posted.name)
            )
