# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Release: asked for, given or refused, and what it covers."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .credit_account import CONTROLLER, MANAGER
from .credit_hold import ACTIVITY, STOPPED


class CreditHold(models.Model):
    _inherit = "credit.hold"

    # ------------------------------------------------------------------
    # Asked for, released, refused
    # ------------------------------------------------------------------

    def _request(self, note="", total=None):
        """Ask for release, in the name of the current user, who may see the order."""
        for hold in self:
            hold.order_id.check_access("read")
            if hold.sudo().state not in STOPPED:
                raise UserError(
                    self.env._(
                        "%(order)s is not on hold any more.", order=hold.order_id.name
                    )
                )
            hold.sudo().write(
                {
                    "state": "requested",
                    "requested_by_id": self.env.uid,
                    "requested_on": fields.Datetime.now(),
                    "request_note": note,
                    "requested_total": total or hold.sudo().requested_total,
                }
            )
            hold.sudo()._ask_owner(note)

    @api.model
    def _request_change(self, order, total, note=""):
        """Ask that a confirmed order may grow to a total, in its currency."""
        hold = order.sudo().credit_hold_id
        if hold.state == "released":
            hold._close("lapsed")
            hold = self.browse()
        values = self._judge_change(order.sudo(), total)
        if not hold:
            hold = self.sudo().create(
                {
                    **values,
                    "order_id": order.id,
                    "stage": "change",
                    "user_id": self._get_owner(order.sudo()).id,
                    "review_date": order.company_id._get_finance_today()
                    + relativedelta(days=7),
                }
            )
        elif hold.stage == "change":
            hold.write(values)
        hold.with_user(self.env.user).sudo(False)._request(note, total)

    @api.model
    def _judge_change(self, order, total):
        """Return the values of a hold on what an order is to grow by, for whoever
        decides; the growth itself is judged when it is made."""
        company = order.company_id
        partner = order.partner_invoice_id.commercial_partner_id
        amount = order.currency_id._convert(
            total - order.amount_total,
            company.currency_id,
            company,
            company._get_finance_today(),
        )
        decisions = self.env["credit.check"]._judge_customers(
            company, partner, {partner.id: amount}
        )
        return self._prepare_judgement(order, decisions[partner.id], amount)

    def _ask_owner(self, note):
        """One activity for whoever decides."""
        for hold in self:
            owner = hold.user_id or hold._get_owner(hold.order_id)
            hold.activity_unlink([ACTIVITY])
            if owner:
                hold.activity_schedule(
                    ACTIVITY,
                    user_id=owner.id,
                    note=note,
                    date_deadline=hold.company_id._get_finance_today(),
                )
            hold.message_post(
                body=self.env._(
                    "%(user)s asks for release. %(note)s",
                    user=hold.requested_by_id.name,
                    note=note or "",
                )
            )

    def _check_may_decide(self, total=None):
        """Refuse users who may not decide on these holds.

        :param total: order total to release up to, in the order's currency
        :raise AccessError, UserError: in words
        """
        user = self.env.user
        if not user.has_group(CONTROLLER):
            raise AccessError(
                self.env._("Only credit controllers and managers decide on holds.")
            )
        self.check_access("read")
        for hold in self.sudo():
            order = hold.order_id
            if user in (order.user_id | order.create_uid | hold.requested_by_id):
                raise AccessError(
                    self.env._(
                        "%(order)s is your own order: somebody else has to decide.",
                        order=order.name,
                    )
                )
            if hold.state not in STOPPED:
                raise UserError(
                    self.env._("%(order)s is not on hold any more.", order=order.name)
                )
            if total is None or user.has_group(MANAGER):
                continue
            company = hold.company_id
            value = order.currency_id._convert(
                total, company.currency_id, company, company._get_finance_today()
            )
            ceiling = company.credit_controller_ceiling
            if company.currency_id.compare_amounts(value, ceiling) > 0:
                raise UserError(
                    self.env._(
                        "You may release orders up to %(ceiling)s. Ask a credit "
                        "manager to decide on %(order)s.",
                        ceiling=company.currency_id.format(ceiling),
                        order=order.name,
                    )
                )

    def _release(self, reason, note="", total=None, until=None, confirm=None):
        """Release a held order.

        :param reason: credit.reason
        :param total: order total covered, in the order's currency; default the larger
            of the order's total and what was asked for
        :param until: last day of the release
        :param confirm: whether to confirm the order now; default the company's setting
        :raise AccessError, UserError: see :meth:`_check_may_decide`
        """
        for hold in self:
            order = hold.sudo().order_id
            amount = total
            if total is None:
                amount = max(order.amount_total, hold.sudo().requested_total)
            hold._check_may_decide(amount)
            hold._check_reason(reason, "release")
            today = order.company_id._get_finance_today()
            last = until or today + relativedelta(
                days=order.company_id.credit_release_days
            )
            if last < today:
                raise UserError(self.env._("A release cannot end in the past."))
            if amount < 0 or not amount and order.amount_total > 0:
                raise UserError(self.env._("A release needs an amount above zero."))
            hold.sudo().write(
                {
                    "state": "released",
                    "decided_by_id": self.env.uid,
                    "decided_on": fields.Datetime.now(),
                    "decision_reason_id": reason.id,
                    "decision_note": note,
                    "release_total": amount,
                    "release_currency_id": order.currency_id.id,
                    "release_term_id": order.payment_term_id.id,
                    "release_partner_id": hold.sudo().partner_id.id,
                    "release_until": last,
                    "closed_at": fields.Datetime.now(),
                    **({} if confirm is None else {"confirm_when_free": confirm}),
                }
            )
            hold.sudo().activity_unlink([ACTIVITY])
            hold._record_decision(self.env._("Released"), reason, note)
            hold.sudo()._confirm_if_wanted()

    def _refuse(self, reason, note=""):
        """Refuse the release of a held order; it stays held.

        A confirmed order goes on as it is: only its growth was refused.
        """
        for hold in self:
            hold._check_may_decide()
            hold._check_reason(reason, "refuse")
            hold.sudo().write(
                {
                    "state": "refused",
                    "decided_by_id": self.env.uid,
                    "decided_on": fields.Datetime.now(),
                    "decision_reason_id": reason.id,
                    "decision_note": note,
                }
            )
            hold.sudo().activity_unlink([ACTIVITY])
            hold._record_decision(self.env._("Release refused"), reason, note)
            if hold.stage == "change":
                hold._close("lapsed")

    @api.model
    def _check_reason(self, reason, use):
        """A release needs a reason for a release, a refusal one for a refusal.

        :raise UserError: when it is none
        """
        if reason.use != use:
            raise UserError(
                self.env._(
                    "“%(reason)s” is no reason for this decision: choose another.",
                    reason=reason.name or "",
                )
            )

    def _record_decision(self, what, reason, note):
        self.ensure_one()
        text = self.env._(
            "%(what)s by %(user)s: %(reason)s. %(note)s",
            what=what,
            user=self.env.user.name,
            reason=reason.name,
            note=note or "",
        )
        self.sudo().message_post(body=text)
        self.sudo()._tell_salesperson(text)

    def _covers(self, order, states=("released",)):
        """Tell whether this release lets an order pass as it is now.

        :param states: a delivery may go on with a release that was used to confirm
        """
        self.ensure_one()
        if self.state not in states or not self.release_until:
            return False
        tolerance = 1 + order.company_id.credit_release_tolerance / 100
        return (
            self.release_until >= order.company_id._get_finance_today()
            and self.release_currency_id == order.currency_id
            and self.release_term_id == order.payment_term_id
            and self.release_partner_id
            == order.partner_invoice_id.commercial_partner_id
            and order.currency_id.compare_amounts(
                order.amount_total, self.release_total * tolerance
            )
            <= 0
        )
