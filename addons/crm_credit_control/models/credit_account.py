# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from .credit_exposure_rows import BUCKETS

#: Credit of a customer, worst first.
STATES = [
    ("blocked", "On Hold"),
    ("over", "Over the Limit"),
    ("limited", "Within the Limit"),
    ("unlimited", "No Limit"),
]

AMOUNT = "crm_finance_bridge.crm_finance_bridge_group_amount"
CONTROLLER = "crm_credit_control.crm_credit_control_group_controller"
MANAGER = "crm_credit_control.crm_credit_control_group_manager"

#: No limit is larger: beyond it, it is a typing error.
ABSURD = 1e12

#: What is logged, with or without a reason.
LOGGED = (
    "limit_type",
    "credit_limit",
    "limit_until",
    "review_date",
    "group_limit",
    "manual_hold",
    "grade_id",
    "user_id",
)


class CreditAccount(models.Model):
    """The credit file of one commercial partner in one company.

    It holds what Odoo's own credit limit cannot say. Customers without a file are
    judged by that limit alone; the file is made when somebody opens it.
    """

    _name = "credit.account"
    _description = "Credit File"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_name = "partner_id"
    _order = "review_date, id"
    _check_company_auto = True
    _mail_post_access = "read"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    user_id = fields.Many2one(
        "res.users",
        string="Controller",
        help="Owner of this customer's holds. Empty: the company's credit controller.",
    )
    limit_type = fields.Selection(
        [
            ("limit", "Credit Limit"),
            ("unlimited", "Unlimited"),
            ("none", "No Credit"),
        ],
        required=True,
        default="limit",
        help="Credit limit: Odoo's own limit of the contact; 0 in it means that none "
        "was set. No credit: a limit of zero.",
    )
    credit_limit = fields.Monetary(
        compute="_compute_credit_limit",
        inverse="_inverse_credit_limit",
        groups=AMOUNT,
        help="Odoo's credit limit of the contact in this company, in company currency.",
    )
    limit_until = fields.Date(
        string="Limit Valid Until",
        help="From the next day the rule “Limit Expired” speaks.",
    )
    review_date = fields.Date(
        string="Next Review",
        help="From the next day the rule “Review Overdue” speaks.",
    )
    group_limit = fields.Boolean(
        string="Shared with Subsidiaries",
        help="The limit covers this company and every company below it together. A "
        "subsidiary's own limit holds as well.",
    )
    manual_hold = fields.Boolean(string="On Hold")
    manual_hold_reason = fields.Char(string="Why On Hold")
    grade_id = fields.Many2one("credit.grade")
    cover_ids = fields.One2many("credit.cover", "account_id", string="Covers")
    log_ids = fields.One2many("credit.log", "account_id", string="Changes")
    hold_ids = fields.One2many(
        "credit.hold", compute="_compute_hold_ids", string="Holds"
    )
    hold_count = fields.Integer(compute="_compute_hold_ids")
    policy_explanation = fields.Char(string="Policy", compute="_compute_policy")

    # Live figures; every one opens its documents.
    state = fields.Selection(STATES, string="Credit State", compute="_compute_position")
    base_limit = fields.Monetary(compute="_compute_position", groups=AMOUNT)
    cover = fields.Monetary(
        compute="_compute_position",
        groups=AMOUNT,
        help="Extensions, guarantees and insurance in force.",
    )
    limit_in_force = fields.Monetary(
        compute="_compute_position",
        groups=AMOUNT,
        help="Credit limit plus covers in force today.",
    )
    receivable = fields.Monetary(compute="_compute_position", groups=AMOUNT)
    draft_invoice = fields.Monetary(compute="_compute_position", groups=AMOUNT)
    shipped = fields.Monetary(compute="_compute_position", groups=AMOUNT)
    ordered = fields.Monetary(compute="_compute_position", groups=AMOUNT)
    exposure = fields.Monetary(compute="_compute_position", groups=AMOUNT)
    overdue = fields.Monetary(compute="_compute_position", groups=AMOUNT)
    available = fields.Monetary(
        string="Available Credit",
        compute="_compute_position",
        groups=AMOUNT,
        help="What is left of the limit, or of the group's limit if that is less.",
    )
    utilisation = fields.Float(
        string="Limit Used",
        compute="_compute_position",
        groups=AMOUNT,
        help="Exposure in per cent of the limit.",
    )
    buckets = fields.Json(compute="_compute_position", groups=AMOUNT)

    _partner_company_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)", "A customer has one credit file per company."
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends("partner_id", "company_id", "partner_id.credit_limit")
    def _compute_credit_limit(self):
        for account in self:
            partner = account.partner_id.with_company(account.company_id).sudo()
            account.credit_limit = partner.credit_limit

    def _inverse_credit_limit(self):
        for account in self:
            partner = account.partner_id.with_company(account.company_id)
            # Rights were checked on the file; the contact checks and logs again.
            partner.sudo()._write_credit_limit(account.credit_limit)

    @api.depends("partner_id", "company_id")
    def _compute_hold_ids(self):
        for account in self:
            account.hold_ids = self.env["credit.hold"].search(
                [
                    ("partner_id", "=", account.partner_id.id),
                    ("company_id", "=", account.company_id.id),
                ]
            )
            account.hold_count = len(account.hold_ids)

    @api.depends("partner_id", "company_id", "grade_id")
    def _compute_policy(self):
        for account in self:
            partner = account.partner_id
            policies = self.env["credit.policy"]
            policy = policies._get_policies(account.company_id, partner).get(
                partner, policies
            )
            account.policy_explanation = policy._explain(
                partner.sudo(), account.company_id
            )

    @api.depends(
        "partner_id",
        "company_id",
        "limit_type",
        "credit_limit",
        "cover_ids",
        "manual_hold",
        "grade_id",
    )
    @api.depends_context("lang")
    def _compute_position(self):
        names = (
            "base_limit",
            "cover",
            "limit_in_force",
            *BUCKETS,
            "exposure",
            "overdue",
            "available",
            "utilisation",
        )
        exposures = self.env["credit.exposure"]
        for company, accounts in self.grouped("company_id").items():
            rows = exposures.sudo()._get_visible_rows(company, accounts.partner_id)
            for account in accounts:
                row = rows.get(account.partner_id.id, {})
                account.state = row.get("state")
                account.buckets = exposures._get_buckets(row)
                for name in names:
                    account[name] = row.get(name) or 0.0

    # ------------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------------

    @api.constrains("partner_id")
    def _check_partner_id(self):
        for account in self:
            if account.partner_id.commercial_partner_id != account.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s: the credit file "
                        "belongs to the latter.",
                        contact=account.partner_id.display_name,
                        customer=account.partner_id.commercial_partner_id.display_name,
                    )
                )

    @api.constrains("manual_hold", "manual_hold_reason")
    def _check_manual_hold_reason(self):
        for account in self:
            if account.manual_hold and not (account.manual_hold_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "Say why %(customer)s is put on hold.",
                        customer=account.partner_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model
    def _get_accounts(self, company, partners):
        """Return ``{partner: file}`` of those that have one."""
        accounts = self.sudo().search(
            [("company_id", "=", company.id), ("partner_id", "in", partners.ids)]
        )
        return {account.partner_id: account for account in accounts}

    @api.model
    def _get_or_create(self, partner, company):
        """Return the credit file of a customer, made if there is none yet."""
        partner = partner.commercial_partner_id
        account = self._get_or_create_each(partner, company)[partner]
        return account.with_env(self.env)

    @api.model
    def _get_or_create_each(self, partners, company):
        """Return ``{partner: file}`` of commercial partners, with all rights; files are
        made where there are none yet."""
        self = self.sudo()
        accounts = self._get_accounts(company, partners)
        accounts |= {
            account.partner_id: account
            for account in self.create(
                [
                    {"partner_id": partner.id, "company_id": company.id}
                    for partner in partners
                    if partner not in accounts
                ]
            )
        }
        return accounts

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        for account, vals in zip(accounts, vals_list, strict=True):
            # The contact logs its limit itself.
            given = [n for n in LOGGED if vals.get(n) and n != "credit_limit"]
            account._log_changes({}, {n: vals[n] for n in given})
        accounts._queue_refresh()
        return accounts

    def write(self, vals):
        if not self.env.su and not {"partner_id", "company_id"}.isdisjoint(vals):
            raise UserError(
                self.env._("A credit file stays with its customer and company.")
            )
        changed = [n for n in LOGGED if n in vals and n != "credit_limit"]
        before = {account: {n: account[n] for n in changed} for account in self}
        # Also those who share the limit only until now.
        self._queue_refresh()
        result = super().write(vals)
        for account in self:
            account._log_changes(before[account], {n: account[n] for n in changed})
        self._queue_refresh()
        return result

    def unlink(self):
        self._queue_refresh()
        return super().unlink()

    def _log_changes(self, before, after, reason=None):
        """Log what changed; who may change it was checked before."""
        rows = []
        for name, value in after.items():
            field = self._fields[name]
            old = before.get(name)
            if old == value:
                continue
            rows.append(
                {
                    "account_id": self.id,
                    "field_name": name,
                    "old_value": self._format_logged(field, old),
                    "new_value": self._format_logged(field, value),
                    "reason": reason or self._get_change_reason(),
                }
            )
        self.env["credit.log"].sudo()._append(rows)

    def _format_logged(self, field, value):
        if field.type == "many2one":
            return (
                self.env[field.comodel_name]
                .browse(value.id if isinstance(value, models.BaseModel) else value)
                .display_name
            )
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "monetary":
            return self.currency_id.format(value or 0.0)
        return str(value or "")

    def _get_change_reason(self):
        reason = self.env["credit.log"]._get_reason()
        return reason or (self.manual_hold and self.manual_hold_reason)

    def _write_with_reason(self, vals, reason):
        """Change these files and log why."""
        with self.env["credit.log"]._because(reason):
            self.write(vals)

    def _absorb(self, others):
        """Take over the files of customers merged into this one.

        A hold, a blocked grade, "no credit" and the earlier dates prevail: a merge must
        not free anybody. The old files go, their covers and log stay.
        """
        self.ensure_one()
        both = self | others
        held = both.filtered("manual_hold")
        blocked = both.filtered("grade_id.blocked")
        strictest = {"none": 0, "limit": 1, "unlimited": 2}
        vals = {
            "limit_type": min(both.mapped("limit_type"), key=strictest.get),
            "manual_hold": bool(held),
            "manual_hold_reason": held[:1].manual_hold_reason,
            "grade_id": (blocked or self or others).grade_id[:1].id
            or others.grade_id[:1].id,
            "limit_until": min(filter(None, both.mapped("limit_until")), default=False),
            "review_date": min(filter(None, both.mapped("review_date")), default=False),
            "group_limit": any(both.mapped("group_limit")),
        }
        names = ", ".join(others.partner_id.mapped("name"))
        self.env.flush_all()
        for table in ("credit_log", "credit_cover"):
            # The log refuses writes of the ORM; ended covers move as well.
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET account_id = %s WHERE account_id = ANY(%s)",
                    SQL.identifier(table),
                    self.id,
                    others.ids,
                )
            )
        self.env["credit.log"].invalidate_model()
        self.env["credit.cover"].invalidate_model()
        both.invalidate_recordset(["cover_ids", "log_ids"])
        self.env["credit.log"]._append(
            [{"account_id": self.id, "field_name": "merged", "old_value": names}]
        )
        others.unlink()
        self.write(vals)

    def _queue_refresh(self):
        """Have the customers, and whoever shares their limit, judged again."""
        queue = self.env["customer.finance.queue"].sudo()
        positions = self.env["credit.position"].sudo()
        for company, accounts in self.sudo().grouped("company_id").items():
            if not accounts:
                continue
            ids = positions._get_related_ids(accounts.partner_id.ids)
            queue._push(self.env["res.partner"].browse(ids), company)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_open_bucket(self):
        """Open the documents behind the figure named in the context."""
        self.ensure_one()
        return self.partner_id.with_company(self.company_id).action_open_credit_bucket()

    def action_open_partner(self):
        """Open the customer's contact."""
        self.ensure_one()
        return self.partner_id._get_records_action(context={})

    def action_open_holds(self):
        """List the customer's credit holds, past ones too."""
        self.ensure_one()
        return self.partner_id.action_open_credit_holds()

    def action_change_limit(self):
        """Open the dialog that changes the limit, with a reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Credit Limit"),
            "res_model": "credit.limit.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_account_id": self.id},
        }

    @api.model
    def _check_limit(self, amount):
        """Refuse limits that cannot be meant.

        :raise UserError: in words
        """
        if amount < 0:
            raise UserError(
                self.env._(
                    "A credit limit cannot be negative. Choose “No Credit” in the "
                    "credit file to sell against payment only."
                )
            )
        if amount > ABSURD:
            raise UserError(
                self.env._(
                    "A credit limit of %(amount)s cannot be meant. Choose “Unlimited” "
                    "in the credit file instead.",
                    amount=f"{amount:,.0f}",
                )
            )
