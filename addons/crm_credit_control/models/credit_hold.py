# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.decision import HOLD, Decision
from .credit_account import AMOUNT

STATES = [
    ("open", "On Hold"),
    ("requested", "Release Requested"),
    ("released", "Released"),
    ("refused", "Refused"),
    ("cured", "Cured"),
    ("used", "Release Used"),
    ("lapsed", "Lapsed"),
]
STAGES = [
    ("confirm", "Confirmation"),
    ("change", "Change of a Confirmed Order"),
    ("delivery", "Delivery"),
]
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
        STAGES,
        string="Stopped At",
        required=True,
        readonly=True,
        default="confirm",
    )
    state = fields.Selection(
        STATES,
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
        return self.order_id._get_records_action(context={})

    def action_open_account(self):
        """Open the customer's credit file."""
        self.ensure_one()
        return self.partner_id.with_company(
            self.company_id
        ).action_open_credit_account()
