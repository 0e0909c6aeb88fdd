# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.crm_finance_bridge.models.customer_finance_queue import CONFLICTS

from ..tools.decision import HOLD, Decision, Reason
from .credit_account import AMOUNT, CONTROLLER, MANAGER

_logger = logging.getLogger(__name__)

#: States in which the order is still stopped.
STOPPED = ("open", "requested", "refused")
#: States of a hold that still matters; an order has one of them at a time.
ACTIVE = (*STOPPED, "released")
#: What people may write; everything else is written by the methods below.
EDITABLE = {"user_id", "review_date"}
ACTIVITY = "crm_credit_control.mail_activity_type_release"


class CreditHold(models.Model):
    """One order that may not go on, from the day it was stopped to its outcome.

    Holds are made, judged again and closed by the server; people ask, release, refuse.
    They are kept for ever.
    """

    _name = "credit.hold"
    _description = "Credit Hold"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_name = "order_id"
    _check_company_auto = True
    _mail_post_access = "read"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        index=True,
    )
    salesperson_id = fields.Many2one(
        related="order_id.user_id", string="Salesperson", store=True
    )
    team_id = fields.Many2one(related="order_id.team_id", store=True)
    stage = fields.Selection(
        [
            ("confirm", "Confirmation"),
            ("change", "Change of a Confirmed Order"),
            ("delivery", "Delivery"),
        ],
        string="Stopped At",
        required=True,
        readonly=True,
        default="confirm",
    )
    state = fields.Selection(
        [
            ("open", "On Hold"),
            ("requested", "Release Requested"),
            ("released", "Released"),
            ("refused", "Refused"),
            ("cured", "Cured"),
            ("used", "Release Used"),
            ("lapsed", "Lapsed"),
        ],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
        group_expand="_group_expand_state",
        help="Cured: the reasons are gone. Release used: the order went on with the "
        "release. Lapsed: the order was cancelled or changed, or the release ran out.",
    )
    is_stopped = fields.Boolean(compute="_compute_is_stopped")
    date = fields.Datetime(
        string="Held Since", readonly=True, default=fields.Datetime.now
    )
    closed_at = fields.Datetime(string="Stopped Until", readonly=True)
    age_days = fields.Integer(
        string="Age (days)", compute="_compute_age_days", aggregator="avg"
    )
    user_id = fields.Many2one(
        "res.users", string="Owner", tracking=True, help="Who decides on this hold."
    )
    review_date = fields.Date(string="Review On", tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_currency_id = fields.Many2one(
        related="order_id.currency_id", string="Order Currency"
    )
    amount = fields.Monetary(
        string="Asked",
        readonly=True,
        groups=AMOUNT,
        help="What the order adds to the exposure, in company currency.",
    )
    order_total = fields.Monetary(
        readonly=True,
        currency_field="order_currency_id",
        help="Total of the order when it was last judged, in its own currency.",
    )
    to_pay = fields.Monetary(
        readonly=True,
        groups=AMOUNT,
        help="What the customer would have to pay to lift every reason that money can "
        "lift.",
    )
    reason_ids = fields.One2many(
        "credit.hold.reason", "hold_id", string="Reasons", readonly=True
    )
    main_code = fields.Selection(
        selection="_selection_code", string="Main Reason", readonly=True
    )
    way_out = fields.Text(
        string="What Would Release It", compute="_compute_texts", groups=AMOUNT
    )
    way_out_plain = fields.Text(compute="_compute_texts", string="Way Out")
    reason_text = fields.Text(
        string="Why, with Figures", compute="_compute_texts", groups=AMOUNT
    )
    reason_text_plain = fields.Text(compute="_compute_texts", string="Why")
    decision = fields.Json(readonly=True, groups=AMOUNT)
    confirm_when_free = fields.Boolean(
        string="Confirm When Free",
        readonly=True,
        help="Somebody tried to confirm the order: once free, it is confirmed.",
    )

    requested_by_id = fields.Many2one("res.users", readonly=True)
    requested_on = fields.Datetime(readonly=True)
    request_note = fields.Char(readonly=True)
    requested_total = fields.Monetary(
        string="Total Asked For",
        readonly=True,
        currency_field="order_currency_id",
        help="For a change: the total the order is to grow to.",
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_on = fields.Datetime(readonly=True)
    decision_reason_id = fields.Many2one("credit.reason", readonly=True)
    decision_note = fields.Text(readonly=True)
    release_total = fields.Monetary(
        string="Released Up To",
        readonly=True,
        currency_field="order_currency_id",
        help="Order total covered by the release, in the order's currency.",
    )
    release_currency_id = fields.Many2one("res.currency", readonly=True)
    release_term_id = fields.Many2one(
        "account.payment.term", string="Released Terms", readonly=True
    )
    release_partner_id = fields.Many2one("res.partner", readonly=True)
    release_until = fields.Date(string="Released Until", readonly=True)

    _active_uniq = models.UniqueIndex(
        "(order_id) WHERE state IN ('open', 'requested', 'refused', 'released')",
        "An order has one active credit hold.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    def _selection_code(self):
        policy = self.env["credit.policy.rule"]._fields["code"]
        return [
            *policy._description_selection(self.env),
            ("missing_rate", self.env._("No Exchange Rate")),
        ]

    @api.model
    def _group_expand_state(self, states, domain):
        return [*STOPPED, "released"]

    @api.depends("order_id.partner_invoice_id.commercial_partner_id")
    def _compute_partner_id(self):
        for hold in self:
            invoiced = hold.order_id.partner_invoice_id or hold.order_id.partner_id
            hold.partner_id = invoiced.commercial_partner_id

    @api.depends("order_id.name", "partner_id.name")
    def _compute_display_name(self):
        for hold in self:
            names = (hold.order_id.name, hold.partner_id.name)
            hold.display_name = " – ".join(name for name in names if name)

    @api.depends("state")
    def _compute_is_stopped(self):
        for hold in self:
            hold.is_stopped = hold.state in STOPPED

    @api.depends("date", "closed_at")
    def _compute_age_days(self):
        now = fields.Datetime.now()
        for hold in self:
            hold.age_days = (
                ((hold.closed_at or now) - hold.date).days if hold.date else 0
            )

    @api.depends("reason_ids", "decision")
    @api.depends_context("lang")
    def _compute_texts(self):
        check = self.env["credit.check"]
        for hold in self:
            reasons = hold.sudo().reason_ids
            hold.reason_text = "\n".join(r._describe(True) for r in reasons)
            hold.reason_text_plain = "\n".join(r._describe(False) for r in reasons)
            decision = hold._load_decision()
            hold.way_out = check._describe_way_out(decision, hold.company_id)
            hold.way_out_plain = check._describe_way_out(
                decision, hold.company_id, amounts=False
            )

    def _load_decision(self):
        """Return the stored part of the decision, for the words on the screen."""
        data = self.sudo().decision or {}
        return Decision(
            outcome=HOLD if self.state in STOPPED else "allow",
            to_pay=data.get("to_pay", 0.0),
            pay_items=tuple(data.get("pay_items", ())),
            largest=data.get("largest"),
            curable=data.get("curable", False),
        )

    # ------------------------------------------------------------------
    # Protection
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Credit holds are made by Odoo alone."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and any(not self._is_editable(name) for name in vals):
            raise AccessError(
                self.env._(
                    "A credit hold is changed by asking, releasing or refusing, not by "
                    "writing to it."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Credit holds are kept and cannot be deleted."))

    @api.model
    def _is_editable(self, name):
        """Tell whether people may write a field: the owner, the review date, and what
        the chatter and activities write by themselves."""
        return name in EDITABLE or name.startswith(("message_", "activity_"))

    # ------------------------------------------------------------------
    # Opening and judging
    # ------------------------------------------------------------------

    @api.model
    def _hold_order(self, order, verdict, stage="confirm"):
        """Hold an order, or refresh the hold it has, with fresh reasons.

        :param verdict: see credit.check
        :return: the hold
        """
        self = self.sudo()
        hold = order.sudo().credit_hold_id
        values = {
            "stage": stage,
            **self._prepare_judgement(order, verdict.decision, verdict.amount),
        }
        if stage == "confirm":
            values["confirm_when_free"] = True
        if hold.state == "released":
            # A release that no longer covers the order is void.
            hold._close("lapsed")
            hold = self.browse()
        if hold:
            hold.write(values)
            return hold
        hold = self.create(
            {
                **values,
                "order_id": order.id,
                "user_id": self._get_owner(order).id,
                "review_date": order.company_id._get_finance_today()
                + relativedelta(days=7),
            }
        )
        hold._announce()
        return hold

    @api.model
    def _prepare_judgement(self, order, decision, amount):
        """Return the values of a hold that tell what was decided.

        :param amount: what the order adds to the exposure, in company currency
        """
        return {
            "amount": amount,
            "order_total": order.amount_total,
            "to_pay": decision.to_pay,
            "main_code": decision.reasons[0].code if decision.reasons else False,
            "decision": {
                "to_pay": decision.to_pay,
                "pay_items": list(decision.pay_items),
                "largest": decision.largest,
                "curable": decision.curable,
            },
            "reason_ids": [
                fields.Command.clear(),
                *(
                    fields.Command.create(
                        {
                            "code": reason.code,
                            "action": reason.action,
                            "value": reason.value,
                            "threshold": reason.threshold,
                            "shared": reason.shared,
                            "detail": reason.detail,
                        }
                    )
                    for reason in decision.reasons
                ),
            ],
        }

    @api.model
    def _get_owner(self, order):
        """Return who decides: the customer's controller, else the company's."""
        partner = order.partner_invoice_id.commercial_partner_id
        account = self.env["credit.account"]._get_accounts(order.company_id, partner)
        owner = account[partner].user_id if partner in account else None
        return owner or order.company_id.credit_controller_id

    def _announce(self):
        """Write into the order's chatter that and why it is held; its salesperson is
        notified unless it was he who tried (a customer may have signed)."""
        for hold in self:
            order = hold.order_id
            text = self.env._(
                "Held for credit reasons: %(reasons)s",
                reasons=hold.reason_text_plain.replace("\n", " "),
            )
            if order.user_id and order.user_id != self.env.user:
                hold._tell_salesperson(text)
            else:
                order._message_log(body=text)

    def _close(self, state, **values):
        """End these holds."""
        self = self.sudo()
        self.write({"state": state, "closed_at": fields.Datetime.now(), **values})
        # Another hold of the same order may be created next.
        self.flush_recordset(["state"])
        self.activity_unlink([ACTIVITY])
        self.order_id.invalidate_recordset(["credit_hold_id", "credit_hold_state"])

    @api.model
    def _lapse_orders(self, orders):
        """End the holds of orders that were cancelled, reset or deleted."""
        holds = orders.sudo().credit_hold_id
        if holds:
            holds._close("lapsed")

    @api.model
    def _push_open(self, domain):
        """Have the customers of stopped orders judged again after this transaction."""
        holds = self.sudo().search([("state", "in", STOPPED), *domain])
        queue = self.env["customer.finance.queue"].sudo()
        for company, group in holds.grouped("company_id").items():
            queue._push(group.partner_id, company)

    # ------------------------------------------------------------------
    # Judged again
    # ------------------------------------------------------------------

    @api.model
    def _judge_again(self, company, partners=None):
        """Judge stopped orders of customers again: free them or renew the reasons.

        Oldest first, so that what was paid frees those who waited longest.

        :param company: one res.company
        :param partners: commercial partners, None for all
        """
        domain = [("company_id", "=", company.id), ("state", "in", STOPPED)]
        if partners is not None:
            related = self.env["credit.position"].sudo()._get_related_ids(partners.ids)
            domain.append(("partner_id", "in", list(related)))
        self.sudo().search(domain, order="date, id")._judge_stopped()

    def _judge_stopped(self):
        """Judge these stopped holds in turn: a fixed number of statements, plus what
        each one that changes costs.

        What the first may have the next may not, also where confirming it is left to
        its salesperson.
        """
        # The increase of a confirmed order is judged when it is made.
        holds = self.filtered(lambda hold: hold.stage != "change")
        moved = holds.filtered(
            lambda hold: hold.stage == "confirm"
            and hold.order_id.state not in ("draft", "sent")
        )
        for hold in moved:
            hold._close("lapsed")
        holds -= moved
        check = self.env["credit.check"]
        delivery = holds.filtered(lambda hold: hold.stage == "delivery").order_id
        verdicts = check._judge_orders(holds.order_id - delivery)
        verdicts |= check._judge_deliveries(delivery)
        for hold in holds:
            verdict = verdicts[hold.order_id.id]
            if verdict.held:
                hold._renew(verdict)
            else:
                hold._cure()

    def _renew(self, verdict):
        """Keep the order held, with fresh reasons and figures if they changed."""
        self.ensure_one()
        reasons = [
            (r.code, r.action, r.value, r.threshold) for r in verdict.decision.reasons
        ]
        known = [(r.code, r.action, r.value, r.threshold) for r in self.reason_ids]
        if reasons == known and self.order_total == self.order_id.amount_total:
            return
        codes = set(self.reason_ids.mapped("code"))
        self._hold_order(self.order_id, verdict, self.stage)
        if codes != set(self.reason_ids.mapped("code")):
            self.message_post(
                body=self.env._(
                    "Judged again: %(reasons)s",
                    reasons=self.reason_text_plain.replace("\n", " "),
                )
            )

    def _cure(self):
        """The reasons are gone: free the order, tell its salesperson, confirm it."""
        self.ensure_one()
        self._close("cured")
        self._tell_salesperson(
            self.env._(
                "The credit hold of %(order)s is lifted.", order=self.order_id.name
            )
        )
        self._confirm_if_wanted()

    @api.model
    def _lapse_releases(self, company):
        """End the releases that ran out; the orders are held as before."""
        expired = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "released"),
                ("release_until", "<", company._get_finance_today()),
            ]
        )
        for hold in expired:
            hold._close("lapsed")
            hold.message_post(body=self.env._("The release has run out."))
            hold._judge_lapsed()

    def _judge_lapsed(self):
        """Hold an order again whose release ran out before it was used."""
        self.ensure_one()
        order = self.order_id
        if order.state not in ("draft", "sent"):
            return
        verdict = self.env["credit.check"]._judge_orders(order)[order.id]
        if verdict.held:
            self._hold_order(order, verdict)

    def _confirm_if_wanted(self):
        """Confirm an order somebody tried to confirm, now that it is free."""
        for hold in self:
            order = hold.order_id
            wanted = hold.confirm_when_free and hold.company_id.credit_auto_confirm
            if not wanted or order.state not in ("draft", "sent"):
                continue
            # As with Odoo's buttons: a customer who signed or paid gets an e-mail, a
            # salesperson sends one.
            by_customer = bool(order.signed_on or order.transaction_ids)
            order = order.with_company(order.company_id)
            try:
                with self.env.cr.savepoint():
                    order.with_context(send_email=by_customer).action_confirm()
            except CONFLICTS:
                raise
            except Exception as error:
                # Whatever keeps one order from being confirmed must not keep the
                # others from being judged.
                _logger.info("%s is free but not confirmed", order.name, exc_info=True)
                hold._tell_salesperson(
                    self.env._(
                        "%(order)s is free but could not be confirmed: %(error)s",
                        order=order.name,
                        error=error,
                    )
                )

    def _tell_salesperson(self, text):
        """Post on the order, so that its salesperson is notified."""
        for hold in self:
            people = hold.order_id.user_id.partner_id | hold.requested_by_id.partner_id
            hold.order_id.sudo().message_post(
                body=text,
                partner_ids=people.ids,
                message_type="notification",
                subtype_xmlid="mail.mt_note",
            )

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

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_request(self):
        """Ask for the release of these holds."""
        self._request()
        return True

    def action_release(self):
        """Open the dialog that releases these holds."""
        return self._open_decision("release", self.env._("Release"))

    def action_refuse(self):
        """Open the dialog that refuses the release of these holds."""
        return self._open_decision("refuse", self.env._("Refuse Release"))

    def _open_decision(self, use, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "credit.release",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_use": use,
                "default_hold_ids": [fields.Command.set(self.ids)],
            },
        }

    def action_judge_again(self):
        """Judge these holds again now."""
        self.check_access("read")
        self.sudo().filtered("is_stopped")._judge_stopped()
        return True

    def action_open_order(self):
        """Open the held order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }

    def action_open_account(self):
        """Open the customer's credit file."""
        self.ensure_one()
        return self.partner_id.with_company(
            self.company_id
        ).action_open_credit_account()


class CreditHoldReason(models.Model):
    """Why an order is held, with the figures of the last judgement."""

    _name = "credit.hold.reason"
    _description = "Credit Hold Reason"
    _order = "hold_id, id"
    _rec_name = "code"

    hold_id = fields.Many2one(
        "credit.hold", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="hold_id.company_id")
    code = fields.Selection(
        selection=lambda self: self.env["credit.hold"]._selection_code(),
        required=True,
        readonly=True,
    )
    action = fields.Selection(
        [("warn", "Warn"), ("hold", "Hold")], required=True, readonly=True
    )
    value = fields.Float(readonly=True, groups=AMOUNT)
    threshold = fields.Float(readonly=True, groups=AMOUNT)
    shared = fields.Boolean(readonly=True)
    detail = fields.Char(readonly=True)
    text = fields.Char(compute="_compute_text", groups=AMOUNT)
    text_plain = fields.Char(compute="_compute_text", string="Reason")

    @api.depends("code", "value", "threshold", "shared", "detail")
    @api.depends_context("lang")
    def _compute_text(self):
        for reason in self:
            reason.text = reason._describe(True)
            reason.text_plain = reason._describe(False)

    def _describe(self, amounts):
        reason = self.sudo()
        return self.env["credit.check"]._describe_reason(
            Reason(
                reason.code,
                reason.action,
                reason.value,
                reason.threshold,
                reason.shared,
                reason.detail or "",
            ),
            reason.company_id,
            amounts,
        )
