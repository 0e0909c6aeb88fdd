# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an order shows of its customer's credit. See sale_order_lock.py for the lock."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.decision import Decision
from .credit_account import AMOUNT
from .credit_hold import ACTIVE, STOPPED


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # A customer of many years has few orders left to invoice, and every confirmation
    # reads them.
    _credit_open_idx = models.Index(
        "(partner_invoice_id)"
        " WHERE state = 'sale' AND invoice_status IS DISTINCT FROM 'invoiced'"
    )

    credit_hold_ids = fields.One2many(
        "credit.hold", "order_id", string="Credit Holds", copy=False
    )
    credit_hold_id = fields.Many2one(
        "credit.hold",
        compute="_compute_credit_hold_id",
        search="_search_credit_hold_id",
        compute_sudo=True,
        groups="base.group_user",
        help="The hold in force, if any.",
    )
    credit_hold_state = fields.Selection(
        [
            ("open", "Credit Hold"),
            ("requested", "Release Requested"),
            ("refused", "Release Refused"),
            ("released", "Credit Released"),
        ],
        string="Credit",
        compute="_compute_credit_hold_id",
        search="_search_credit_hold_state",
        compute_sudo=True,
        groups="base.group_user",
    )
    credit_hold_stage = fields.Selection(
        related="credit_hold_id.stage", string="Credit Hold At"
    )
    credit_reasons = fields.Text(
        string="Credit Reasons with Figures",
        compute="_compute_credit_reasons",
        groups=AMOUNT,
    )
    credit_reasons_plain = fields.Text(
        string="Credit Reasons",
        compute="_compute_credit_reasons",
        groups="base.group_user",
    )
    credit_way_out = fields.Text(compute="_compute_credit_reasons", groups=AMOUNT)
    credit_way_out_plain = fields.Text(
        compute="_compute_credit_reasons", groups="base.group_user"
    )
    credit_available_after = fields.Monetary(
        string="Available After",
        compute="_compute_credit_figures",
        currency_field="credit_currency_id",
        groups=AMOUNT,
        help="What is left of the limit once this order is confirmed.",
    )
    credit_outcome = fields.Selection(
        [("allow", "Fine"), ("warn", "With a Warning"), ("hold", "Would Be Held")],
        string="Credit Check",
        compute="_compute_credit_figures",
        groups="base.group_user",
    )
    credit_expected_reasons = fields.Text(
        compute="_compute_credit_figures", groups=AMOUNT
    )
    credit_expected_reasons_plain = fields.Text(
        compute="_compute_credit_figures", groups="base.group_user"
    )

    # ------------------------------------------------------------------
    # The hold
    # ------------------------------------------------------------------

    @api.depends("credit_hold_ids.state")
    def _compute_credit_hold_id(self):
        for order in self:
            hold = order.credit_hold_ids.filtered(lambda h: h.state in ACTIVE)[:1]
            order.credit_hold_id = hold
            order.credit_hold_state = hold.state

    def _search_credit_hold_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = Domain("state", "in", ACTIVE)
        found = Domain(
            "credit_hold_ids", "any", wanted & Domain("id", "in", list(value))
        )
        if False in value:
            found |= ~Domain("credit_hold_ids", "any", wanted)
        return found

    def _search_credit_hold_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = [state for state in value if state in ACTIVE]
        found = Domain("credit_hold_ids.state", "in", states)
        if False in value:
            found |= ~Domain("credit_hold_ids.state", "in", ACTIVE)
        return found

    @api.depends("credit_hold_id", "credit_hold_state")
    @api.depends_context("lang")
    def _compute_credit_reasons(self):
        for order in self:
            hold = order.sudo().credit_hold_id
            hold = hold if hold.state in STOPPED else hold.browse()
            order.credit_reasons = hold.reason_text
            order.credit_reasons_plain = hold.reason_text_plain
            order.credit_way_out = hold.way_out
            order.credit_way_out_plain = hold.way_out_plain

    # ------------------------------------------------------------------
    # Figures, also while a quotation is being written
    # ------------------------------------------------------------------

    @api.depends(
        "partner_id",
        "partner_invoice_id",
        "company_id",
        "currency_id",
        "amount_total",
        "payment_term_id",
        "commitment_date",
        "state",
    )
    @api.depends_context("lang", "uid")
    def _compute_credit_figures(self):
        check = self.env["credit.check"]
        for order in self:
            figures = order._get_credit_figures()
            decision = figures.pop("decision")
            order.update(figures)
            reasons = [r for r in decision.reasons if r.action != "ignore"]
            company = order.company_id or self.env.company
            order.credit_expected_reasons = "\n".join(
                check._describe_reason(reason, company) for reason in reasons
            )
            order.credit_expected_reasons_plain = "\n".join(
                check._describe_reason(reason, company, amounts=False)
                for reason in reasons
            )

    def _get_credit_figures(self):
        """Return the customer's figures beside this order, as it is on the screen."""
        self.ensure_one()
        company = self.company_id or self.env.company
        partner = (
            self.partner_invoice_id or self.partner_id
        ).commercial_partner_id._origin
        figures = {
            "credit_available_after": 0.0,
            "credit_outcome": "allow",
            "decision": Decision(),
        }
        if not partner or self.state == "cancel":
            return figures
        order = self.sudo()
        position = (
            self.env["credit.position"]
            .sudo()
            ._get_positions(company.sudo(), partner, items=False)
            .get(partner.id)
        )
        if missing := order._get_credit_missing_rate():
            position = replace(position, missing_rate=missing)
        amount = 0.0 if self.state == "sale" else order._get_credit_asked()
        accounts = [
            a for a in (position.own, position.group) if a and a.limit is not None
        ]
        if accounts:
            left = min(account.limit - account.exposure for account in accounts)
            figures["credit_available_after"] = left - amount
        policy = self.env["credit.policy"]._get_policies(company, partner)[partner]
        total = order._get_credit_total()
        exemption = policy._get_exemption(order, order._get_credit_prepaid(), total)
        decision = self.env["credit.check"]._decide(
            position, amount, policy, company, total, exemption
        )
        return {**figures, "credit_outcome": decision.outcome, "decision": decision}

    def _get_credit_total(self):
        """Return the order's total in company currency at today's rate."""
        self.ensure_one()
        company = self.company_id or self.env.company
        if self.currency_id == company.currency_id:
            return self.amount_total
        return self.currency_id._convert(
            self.amount_total,
            company.currency_id,
            company,
            company._get_finance_today(),
        )

    def _get_credit_missing_rate(self):
        """Return the name of the order's currency if it has no rate at all, or None."""
        self.ensure_one()
        company = self.company_id or self.env.company
        currency = self.currency_id
        if not currency or currency == company.currency_id:
            return None
        rates = self.env["res.currency.rate"].sudo()
        known = rates.search_count(
            [
                ("currency_id", "=", currency.id),
                ("company_id", "in", (False, company.root_id.id)),
            ],
            limit=1,
        )
        return None if known else currency.name

    def _get_credit_prepaid(self):
        """Return what was paid for this order, in its currency: online, or on invoices
        that are paid in full. The larger one: an online payment may have paid them."""
        self.ensure_one()
        items = self.order_line
        if self.state != "sale":
            items = items.filtered("is_downpayment")
        paid = 0.0
        for line in items.invoice_lines:
            move = line.move_id
            if move.state != "posted" or line.currency_id != self.currency_id:
                continue
            if move.move_type == "out_refund":
                paid -= line.price_total
            elif move.payment_state in ("paid", "in_payment"):
                paid += line.price_total
        return max(self.amount_paid, paid)

    def _get_credit_asked(self):
        """Return what this order would add to the exposure, as it is on the screen: an
        order being edited is not in the database yet."""
        self.ensure_one()
        stored = self._origin
        if stored and stored == self:
            return self.env["credit.position"].sudo()._get_order_amounts(self)[self.id]
        company = self.company_id or self.env.company
        horizon = company.credit_horizon_days
        if horizon and self.commitment_date:
            days = (self.commitment_date.date() - company._get_finance_today()).days
            if days > horizon:
                return 0.0
        return max(0.0, self._get_credit_total())

    @api.depends("credit_outcome", "credit_available_after", "amount_total")
    def _compute_partner_credit_warning(self):
        """Odoo's banner on a quotation, from the decision: whatever company the user
        works in, and with every order counted whatever its invoicing policy."""
        self.partner_credit_warning = ""
        if not self.env.user._is_internal():
            return
        for order in self:
            if order.state in ("draft", "sent") and not order.credit_hold_id:
                order.partner_credit_warning = (
                    order.sudo().credit_expected_reasons
                    if self.env.user.has_group(AMOUNT)
                    else order.credit_expected_reasons_plain
                )

    def _get_credit_release(self):
        """Return the release that covers this order as it is now, if any."""
        self.ensure_one()
        hold = self.credit_hold_id
        return hold if hold and hold._covers(self) else hold.browse()

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_request_credit_release(self):
        """Ask the credit team to release this order: one click."""
        for order in self:
            order.check_access("write")
            hold = order.sudo().credit_hold_id
            if not hold:
                raise UserError(
                    self.env._("%(order)s is not on hold.", order=order.name)
                )
            hold.sudo(False)._request()
        return True

    def action_open_credit_hold(self):
        """Open the hold of this order."""
        self.ensure_one()
        return self.credit_hold_id._get_records_action(context={})
