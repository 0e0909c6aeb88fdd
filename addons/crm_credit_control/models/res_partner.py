# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from .credit_account import AMOUNT, CONTROLLER


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit_hold_count = fields.Integer(compute="_compute_credit_hold_count")

    credit_account_id = fields.Many2one(
        "credit.account", string="Credit File", compute="_compute_credit_account_id"
    )
    credit_cover_ids = fields.One2many(
        "credit.cover",
        string="Covers",
        compute="_compute_credit_cover_ids",
        groups=AMOUNT,
    )
    credit_policy = fields.Char(compute="_compute_credit_account_id")

    @api.depends("commercial_partner_id", "category_id")
    @api.depends_context("uid", "company", "lang")
    def _compute_credit_account_id(self):
        """The credit file in the current company, of those who may read it."""
        company = self.env.company
        customers = self.commercial_partner_id
        accounts = self.env["credit.account"]
        policies = {}
        found = {}
        if accounts.has_access("read"):
            policies = self.env["credit.policy"]._get_policies(company, customers)
            found = accounts.search(
                [("company_id", "=", company.id), ("partner_id", "in", customers.ids)]
            ).grouped("partner_id")
        for partner in self:
            customer = partner.commercial_partner_id
            partner.credit_account_id = found.get(customer, accounts)
            policy = policies.get(customer)
            partner.credit_policy = (
                policy is not None and policy._explain(customer.sudo(), company) or ""
            )

    @api.depends("credit_account_id")
    @api.depends_context("uid", "company")
    def _compute_credit_cover_ids(self):
        for partner in self:
            partner.credit_cover_ids = partner.credit_account_id.cover_ids

    def _compute_credit_hold_count(self):
        holds = self.env["credit.hold"]
        counts = {}
        if holds.has_access("read"):
            counts = dict(
                holds._read_group(
                    [
                        ("partner_id", "in", self.commercial_partner_id.ids),
                        ("company_id", "in", self.env.companies.ids),
                    ],
                    ["partner_id"],
                    ["__count"],
                )
            )
        for partner in self:
            partner.credit_hold_count = counts.get(partner.commercial_partner_id, 0)

    def action_open_credit_holds(self):
        """List the customer's credit holds, past ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_credit_control.credit_hold_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {},
        }

    # ------------------------------------------------------------------
    # Odoo's credit limit, protected and logged
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("credit_limit") for vals in vals_list):
            self._check_may_change_limit(
                [vals.get("credit_limit") or 0.0 for vals in vals_list]
            )
        partners = super().create(vals_list)
        for partner, vals in zip(partners, vals_list, strict=True):
            if vals.get("credit_limit"):
                partner._log_credit_limit(0.0, vals["credit_limit"])
        return partners

    def write(self, vals):
        if "parent_id" in vals:
            self._queue_credit_group()
        if "credit_limit" not in vals:
            return super().write(vals)
        limit = vals["credit_limit"] or 0.0
        # Contacts of a company follow its limit by themselves.
        owners = self.filtered(lambda partner: partner._owns_credit_limit())
        before = {owner: owner.sudo().credit_limit for owner in owners}
        changed = owners.filtered(lambda owner: before[owner] != limit)
        if changed:
            self._check_may_change_limit([limit])
        result = super().write(vals)
        for partner in changed:
            partner._log_credit_limit(before[partner], limit)
        return result

    def _queue_credit_group(self):
        """Have those judged again who share a limit with these until now."""
        related = (
            self.env["credit.position"]
            .sudo()
            ._get_related_ids(self.commercial_partner_id.ids)
        )
        self.env["customer.finance.queue"].sudo()._push(self.browse(related))

    def _owns_credit_limit(self):
        self.ensure_one()
        return self.commercial_partner_id == self

    @api.model
    def _check_may_change_limit(self, limits):
        """Refuse users and limits that may not be.

        :raise AccessError, UserError: in words
        """
        if not self.env.su and not self.env.user.has_group(CONTROLLER):
            raise AccessError(
                self.env._("Only credit controllers and managers change credit limits.")
            )
        for limit in limits:
            self.env["credit.account"]._check_limit(limit)

    def _write_credit_limit(self, limit, reason=None):
        """Set Odoo's limit in the current company, in the name of the current user.

        :param limit: amount in company currency
        :param reason: why, for the log
        """
        self.ensure_one()
        with self.env["credit.log"]._because(reason):
            self.write({"credit_limit": limit})

    def _log_credit_limit(self, before, after):
        account = self.env["credit.account"]._get_or_create(self, self.env.company)
        account.sudo()._log_changes(
            {"credit_limit": before},
            {"credit_limit": after},
            self.env["credit.log"]._get_reason(),
        )
        account._queue_refresh()

    # ------------------------------------------------------------------
    # Many orders at once
    # ------------------------------------------------------------------

    def signup_prepare(self, signup_type="signup"):
        """Write nothing that is there already.

        Odoo prepares the customer's access anew with every message on an order, by a
        write on the contact: confirmations of several orders of one customer at the
        same time would undo each other for nothing.
        """
        unprepared = self.filtered(lambda partner: partner.signup_type != signup_type)
        if not unprepared:
            return True
        return super(ResPartner, unprepared).signup_prepare(signup_type)
