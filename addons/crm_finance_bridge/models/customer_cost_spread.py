# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
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
    _inherit = ["customer.cost.spread.rows", "mail.thread"]
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
        string="Cost",
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
        self._check_results_untouched(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Another term takes the preview back; what is posted stays as it is."""
        self._check_results_untouched(vals)
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
    def _check_results_untouched(self, *vals_list):
        for vals in vals_list:
            # Odoo sends defaults along when it creates.
            written = {
                name
                for name in RESULTS & vals.keys()
                if vals[name] and (name, vals[name]) != ("state", "draft")
            }
            if written:
                raise UserError(
                    self.env._(
                        "The results of a spreading come from Preview, Post and Undo; "
                        "they cannot be written."
                    )
                )

    def _store_results(self, **vals):
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if posted := self.filtered(lambda spread: spread.state == "posted")[:1]:
            raise UserError(
                self.env._("“%s” is posted. Undo it before deleting it.", posted.name)
            )

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def action_preview(self):
        """Count the costs to spread and write each customer's share."""
        for spread in self:
            spread._check_step("draft", "previewed")
            spread._check_account()
            spread._preview()
        return True

    def action_post(self):
        """Let the shares count: mark the costs as taken."""
        for spread in self:
            spread._check_step("previewed")
            spread._check_account()
            spread._take_lines()
            spread._store_results(
                state="posted",
                posted_by_id=self.env.uid,
                posted_at=fields.Datetime.now(),
            )
            spread._queue_customers()
        return True

    def action_undo(self):
        """Let go of the costs taken; the shares count no more."""
        for spread in self:
            spread._check_step("posted")
            self.env["account.analytic.line"].flush_model(["finance_spread_id"])
            self.env.cr.execute(
                SQL(
                    """UPDATE account_analytic_line SET finance_spread_id = NULL
                        WHERE finance_spread_id = %s""",
                    spread.id,
                )
            )
            self.env["account.analytic.line"].invalidate_model(["finance_spread_id"])
            spread._store_results(state="undone")
            spread._queue_customers()
        return True

    def action_draft(self):
        """Take a preview back, or begin anew after an undo."""
        for spread in self:
            spread._check_step("draft", "previewed", "undone")
            spread._clear_shares()
            spread._store_results(state="draft", amount=0.0, line_count=0, over_count=0)
        return True

    def _check_step(self, *states):
        self.ensure_one()
        self.check_access("write")
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(name)s” is %(state)s, so this step is not possible.",
                    name=self.name,
                    state=labels[self.state].lower(),
                )
            )
        # The period's first day: a closed period has figures others rely on.
        self.company_id._check_cost_date(min(self.date_from, self.date))

    def _preview(self):
        rows = self.env["customer.cost.rows"]
        rows._flush_cost_sources()
        self.env["customer.finance.facts"]._flush_sources()
        self.env["crm.lead"].flush_model()
        self.flush_recordset()
        self._clear_shares()
        [(count, total, over)] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*), COALESCE(SUM(taken.amount), 0),
                       COUNT(*) FILTER (WHERE item.id IS NOT NULL AND (%s))
                  FROM (%s) taken
                  LEFT JOIN account_move_line item ON item.id = taken.move_line_id
                """,
                rows._sql_is_over_charged(SQL("item"), self.account_id),
                self._sql_taken_lines(),
            )
        )
        if self.currency_id.is_zero(float(total)):
            raise UserError(
                self.env._(
                    "There is nothing to spread: “%(account)s” has no costs from "
                    "%(start)s to %(end)s that are not charged to a customer or spread "
                    "already.",
                    account=self.account_id.display_name,
                    start=format_date(self.env, self.date_from),
                    end=format_date(self.env, self.date_to),
                )
            )
        if not self._insert_shares(total):
            raise UserError(
                self.env._(
                    "There is no basis to spread by: none of the customers has "
                    "anything of “%(basis)s” in the period. Choose another basis, "
                    "other customers or another period.",
                    basis=dict(self._fields["basis"]._description_selection(self.env))[
                        self.basis
                    ],
                )
            )
        self.env["customer.cost.share"].invalidate_model()
        self.invalidate_recordset(["share_ids", "share_count"])
        self._store_results(
            state="previewed", amount=total, line_count=count, over_count=over
        )

    def _clear_shares(self):
        self.env.cr.execute(
            SQL("DELETE FROM customer_cost_share WHERE spread_id = %s", self.id)
        )
        self.env["customer.cost.share"].invalidate_model()
        self.invalidate_recordset(["share_ids", "share_count"])

    def _take_lines(self):
        """Mark the costs as taken; refuse when they are not those of the preview.

        Who else posts them at the same time waits here, and is refused.
        """
        self.env["customer.cost.rows"]._flush_cost_sources()
        [(count, total)] = self.env.execute_query(
            SQL(
                """
                WITH taken AS (
                    UPDATE account_analytic_line line SET finance_spread_id = %s
                      FROM (%s) cost
                     WHERE line.id = cost.line_id AND line.finance_spread_id IS NULL
                    RETURNING cost.amount
                )
                SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM taken
                """,
                self.id,
                self._sql_taken_lines(),
            )
        )
        self.env["account.analytic.line"].invalidate_model(["finance_spread_id"])
        if count != self.line_count or self.currency_id.compare_amounts(
            float(total), self.amount
        ):
            raise UserError(
                self.env._(
                    "The costs on “%(account)s” have changed since the preview: it had "
                    "%(before)s, now it is %(after)s. Preview again.",
                    account=self.account_id.display_name,
                    before=self.currency_id.format(self.amount),
                    after=self.currency_id.format(float(total)),
                )
            )

    def _queue_customers(self):
        shares = self.env["customer.cost.share"].search([("spread_id", "=", self.id)])
        self.env["customer.finance.queue"]._push(
            shares.sudo().partner_id, self.company_id
        )

    def action_open_costs(self):
        """Open the costs taken, or on a preview those that would be."""
        self.ensure_one()
        self.check_access("read")
        if self.state == "posted":
            domain = [("finance_spread_id", "=", self.id)]
        else:
            self.env["customer.cost.rows"]._flush_cost_sources()
            rows = self.env.execute_query(self._sql_taken_lines())
            domain = [("id", "in", [row[0] for row in rows])]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "analytic.account_analytic_line_action_entries"
        )
        return {**action, "name": self.name, "domain": domain, "context": {}}
