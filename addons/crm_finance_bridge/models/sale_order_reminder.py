# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who collects is reminded of what falls due: one activity per order, gone when the
money is there."""

from datetime import timedelta

from odoo import api, fields, models

from .customer_finance_mixin import INDICATOR

COLLECT = "crm_finance_bridge.mail_activity_type_collect"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    cash_reminder_date = fields.Date(
        string="First Reminder",
        compute="_compute_cash_reminder_date",
        groups=INDICATOR,
        help="Day on which whoever collects is reminded of the next instalment.",
    )

    @api.depends("cash_next_due_date", "company_id")
    def _compute_cash_reminder_date(self):
        for order in self:
            days = order.company_id.sudo().finance_reminder_days
            due = order.cash_next_due_date
            order.cash_reminder_date = due and due - timedelta(days=days)

    def _get_collector(self):
        """Return who collects this order's money: whom the company names, the
        salesperson or the team's leader, nobody when none of them is there any more."""
        self.ensure_one()
        people = (
            self.company_id.finance_collector_id,
            self.user_id,
            self.team_id.user_id,
        )
        return next(
            (person for person in people if person.active), self.env["res.users"]
        )

    @api.model
    def _remind_collection(self, company):
        """Remind of every instalment of a company that is due soon or late.

        Called every night; a fixed number of statements and what each new reminder
        costs.
        """
        due = self._get_due_instalments(company)
        reminded = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("activity_ids.activity_type_id", "=", self.env.ref(COLLECT).id),
            ]
        )
        (reminded - self.browse(due)).activity_unlink([COLLECT])
        for order in self.browse(due) - reminded:
            order.activity_schedule(
                COLLECT,
                user_id=order._get_collector().id,
                date_deadline=due[order.id],
                note=self.env._(
                    "Due on %(date)s and not collected yet.", date=due[order.id]
                ),
            )

    @api.model
    def _get_due_instalments(self, company):
        """Return ``{order id: due date}`` of the oldest instalment that is due by the
        day of the reminder and not collected."""
        last = company._get_finance_today() + timedelta(
            days=company.finance_reminder_days
        )
        rows = (
            self.env["sale.collection.report"]
            .sudo()
            .with_context(allowed_company_ids=company.ids)
            ._read_group(
                [
                    ("company_id", "=", company.id),
                    ("kind", "=", "planned"),
                    ("missing", ">", 0.005),
                    ("date", "<=", last),
                ],
                ["order_id"],
                ["date:min"],
            )
        )
        return {order.id: date for order, date in rows}

    @api.model
    def _forget_collected(self, company, partners):
        """Take back the reminders of customers whose money has come."""
        reminded = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("partner_invoice_id.commercial_partner_id", "in", partners.ids),
                ("activity_ids.activity_type_id", "=", self.env.ref(COLLECT).id),
            ]
        )
        last = company._get_finance_today() + timedelta(
            days=company.finance_reminder_days
        )
        settled = reminded.filtered(
            lambda order: order.state != "sale"
            or not order.cash_next_due_date
            or order.cash_next_due_date > last
        )
        settled.filtered(lambda order: not order.cash_days_late).activity_unlink(
            [COLLECT]
        )
