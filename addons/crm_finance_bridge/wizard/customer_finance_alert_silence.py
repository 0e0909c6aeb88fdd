# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class CustomerFinanceAlertSilence(models.TransientModel):
    """Snoozes or dismisses alerts, with a reason that is kept in their history."""

    _name = "customer.finance.alert.silence"
    _description = "Silence Customer Alerts"

    alert_ids = fields.Many2many("customer.finance.alert", required=True)
    state = fields.Selection(
        [("snoozed", "Snooze"), ("dismissed", "Dismiss")], required=True
    )
    date_until = fields.Date(
        string="Until",
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=14),
        help="Day on which the alert opens again, unless it is over by then.",
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        """Silence the alerts."""
        self.ensure_one()
        self.alert_ids.check_access("read")
        # Who may see an alert may silence it; nobody may write to it.
        alerts = self.sudo().alert_ids.filtered(lambda alert: alert.state != "closed")
        if self.state == "snoozed" and (
            not self.date_until
            or self.date_until <= max(map(_get_today, alerts.company_id), default=False)
        ):
            raise UserError(
                self.env._("Choose a day after today until which the alert is quiet.")
            )
        until = self.date_until if self.state == "snoozed" else False
        alerts._silence(self.state, until)
        text = self.env._("Dismissed: %(reason)s", reason=self.reason)
        if until:
            text = self.env._(
                "Snoozed until %(date)s: %(reason)s",
                date=format_date(self.env, until),
                reason=self.reason,
            )
        for alert in alerts:
            alert.message_post(
                body=text, author_id=self.env.user.partner_id.id, message_type="comment"
            )
        return {"type": "ir.actions.act_window_close"}


def _get_today(company):
    return company._get_finance_today()
