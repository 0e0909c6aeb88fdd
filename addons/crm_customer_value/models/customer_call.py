# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whom to call: the profile as a list of customers in the order a call is worth."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import MARGIN
from odoo.addons.crm_finance_bridge.models.optional_fields import (
    OptionalInteger,
    OptionalMonetary,
)

CALL = "mail.mail_activity_data_call"


class CustomerFinanceProfile(models.Model):
    _inherit = "customer.finance.profile"

    value_stake = OptionalMonetary(string="At Stake", readonly=True, groups=MARGIN)
    value_due_margin = OptionalMonetary(
        string="Due Order", readonly=True, groups=MARGIN
    )
    value_call = OptionalMonetary(
        string="Worth of a Call", readonly=True, groups=MARGIN
    )
    value_call_rank = OptionalInteger(
        string="Call Rank", readonly=True, aggregator="min"
    )
    call_phone = fields.Char(related="partner_id.phone", string="Phone")
    call_reason = fields.Text(string="Why Call", compute="_compute_call_reason")
    call_contact_date = fields.Date(
        string="Last Contact",
        compute="_compute_call_contact_date",
        search="_search_call_contact_date",
        compute_sudo=True,
        help="Last message, logged note, activity done or meeting with the customer or "
        "one of its contacts: on the contact, its orders and opportunities.",
    )
    call_activity_date = fields.Date(
        string="Planned", compute="_compute_call_activity", compute_sudo=True
    )
    call_activity = fields.Char(
        string="Next Activity",
        compute="_compute_call_activity",
        compute_sudo=True,
        help="The next activity planned on the contact, its orders or opportunities.",
    )
    call_pause_until = fields.Date(
        string="Paused Until",
        compute="_compute_call_pause",
        search="_search_call_pause_until",
    )
    call_pause_reason = fields.Char(
        string="Paused Because", compute="_compute_call_pause"
    )

    @api.depends("partner_id", "company_id")
    def _compute_call_contact_date(self):
        rows = self.env["customer.contact.rows"]
        last = rows._get_last_contacts(self.partner_id, fields.Datetime.now())
        for profile in self:
            moment = last.get(profile.partner_id.id)
            profile.call_contact_date = moment and (
                profile.company_id._get_finance_date(moment)
            )

    @api.model
    def _search_call_contact_date(self, operator, value):
        """Search by a contact since a day; whoever was never spoken to is before any
        day."""
        if operator not in (">", ">=", "<", "<=") or not value:
            return NotImplemented
        rows = self.env["customer.contact.rows"]
        rows._flush()
        since = fields.Datetime.to_datetime(value)
        if operator in (">", "<="):
            since += timedelta(days=1)
        spoken = Domain(
            "partner_id",
            "in",
            SQL(
                "(SELECT partner_id FROM (%s) contact)",
                rows._sql_contacts(
                    fields.Datetime.now(), since=since - timedelta(seconds=1)
                ),
            ),
        )
        return spoken if operator in (">", ">=") else ~spoken

    @api.depends("partner_id")
    @api.depends_context("lang")
    def _compute_call_activity(self):
        found = self.env["customer.contact.rows"]._get_next_activities(self.partner_id)
        activities = self.env["mail.activity"].sudo().browse(found.values())
        activities.fetch(["date_deadline", "summary", "activity_type_id", "user_id"])
        by_id = {activity.id: activity for activity in activities}
        for profile in self:
            activity = by_id.get(found.get(profile.partner_id.id))
            profile.call_activity_date = activity and activity.date_deadline
            profile.call_activity = activity and " – ".join(
                filter(None, [activity.display_name, activity.user_id.name])
            )

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid")
    def _compute_call_pause(self):
        pauses = (
            self.env["customer.call.pause"]
            .search(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                ]
            )
            .filtered(
                lambda pause: pause.date_until > pause.company_id._get_finance_today()
            )
            .grouped(lambda pause: (pause.partner_id, pause.company_id))
        )
        for profile in self:
            pause = pauses.get((profile.partner_id, profile.company_id))
            profile.call_pause_until = pause and pause.date_until
            profile.call_pause_reason = pause and pause.reason

    @api.model
    def _search_call_pause_until(self, operator, value):
        """Search who is paused (``!= False``) or not (``= False``)."""
        if operator != "in" or set(value) != {False}:
            return NotImplemented
        paused = Domain.OR(
            Domain("company_id", "=", company.id) & Domain("partner_id", "in", partners)
            for company, partners in self.env["customer.call.pause"]._read_group(
                [("date_until", ">", fields.Date.context_today(self))],
                ["company_id"],
                ["partner_id:array_agg"],
            )
        )
        return ~paused

    @api.depends(
        "value_due_date", "value_churn", "oldest_overdue_days", "call_pause_until"
    )
    @api.depends_context("uid", "lang")
    def _compute_call_reason(self):
        """Why to call, in words without amounts, the most urgent first."""
        for profile in self:
            profile.call_reason = "\n".join(profile._get_call_reasons())

    def _get_call_reasons(self):
        self.ensure_one()
        company = self.company_id.sudo()
        today = company._get_finance_today()
        reasons = []
        if self.call_pause_until:
            reasons.append(
                self.env._(
                    "Paused until %(date)s: %(reason)s",
                    date=format_date(self.env, self.call_pause_until),
                    reason=self.call_pause_reason,
                )
            )
        due = self.value_due_date
        if "silent" in self.alert_ids.mapped("kind"):
            pass  # The alert says so.
        elif due and due <= today:
            reasons.append(
                self.env._(
                    "Order due since %(date)s by its rhythm.",
                    date=format_date(self.env, due),
                )
            )
        elif due and due <= today + timedelta(days=company.value_call_lead):
            reasons.append(
                self.env._(
                    "Order due on %(date)s by its rhythm.",
                    date=format_date(self.env, due),
                )
            )
        # What is told of them depends on the rights of the user.
        reasons += self.alert_ids.mapped("headline")
        if self.value_churn and self.value_churn >= company.value_risk_cut:
            reasons.append(
                self.env._(
                    "Probability of no order within a year: %(share)s %%.",
                    share=round(100 * self.value_churn),
                )
            )
        if self.oldest_overdue_days > 0:
            reasons.append(
                self.env._(
                    "Overdue for %(days)s days: talk about the money first.",
                    days=self.oldest_overdue_days,
                )
            )
        return reasons

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_plan_call(self):
        """Open Odoo's dialog that plans an activity, with a call filled in."""
        self.check_access("read")
        kind = self.env.ref(CALL, raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan a Call"),
            "res_model": "mail.activity.schedule",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": "res.partner",
                "active_ids": self.partner_id.ids,
                "active_id": self.partner_id[:1].id,
                **({"default_activity_type_id": kind.id} if kind else {}),
            },
        }

    def action_start_quotation(self):
        """Open a new quotation for this customer."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Quotation"),
            "res_model": "sale.order",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }

    def action_pause_calls(self):
        """Open the dialog that says until when, and why, not to call."""
        self.ensure_one()
        self.check_access("read")
        pause = self.env["customer.call.pause"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Do Not Call Until"),
            "res_model": "customer.call.pause",
            "res_id": pause.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }
