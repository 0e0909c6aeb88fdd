# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .customer_finance_mixin import AMOUNT, MARGIN


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    finance_window_days = fields.Integer(
        related="company_id.finance_window_days", readonly=False
    )
    finance_ageing_1 = fields.Integer(
        related="company_id.finance_ageing_1", readonly=False
    )
    finance_ageing_2 = fields.Integer(
        related="company_id.finance_ageing_2", readonly=False
    )
    finance_ageing_3 = fields.Integer(
        related="company_id.finance_ageing_3", readonly=False
    )
    finance_yearly_rate = fields.Float(
        related="company_id.finance_yearly_rate", readonly=False
    )
    finance_booking = fields.Selection(
        related="company_id.finance_booking", readonly=False
    )
    finance_booking_post = fields.Boolean(
        related="company_id.finance_booking_post", readonly=False
    )
    finance_booking_date = fields.Selection(
        related="company_id.finance_booking_date", readonly=False
    )
    finance_booking_journal_id = fields.Many2one(
        related="company_id.finance_booking_journal_id", readonly=False
    )
    finance_booking_user_id = fields.Many2one(
        related="company_id.finance_booking_user_id", readonly=False
    )
    finance_reminder_days = fields.Integer(
        related="company_id.finance_reminder_days", readonly=False
    )
    finance_collector_id = fields.Many2one(
        related="company_id.finance_collector_id", readonly=False
    )
    finance_lag_count = fields.Integer(
        related="company_id.finance_lag_count", readonly=False
    )
    finance_doubtful_days = fields.Integer(
        related="company_id.finance_doubtful_days", readonly=False
    )
    finance_forecast_leads = fields.Boolean(
        related="company_id.finance_forecast_leads", readonly=False
    )
    finance_lead_days = fields.Integer(
        related="company_id.finance_lead_days", readonly=False
    )
    group_finance_salesperson_amount = fields.Boolean(
        string="Salespeople See Amounts",
        group="sales_team.group_sale_salesman",
        implied_group=AMOUNT,
    )
    group_finance_salesperson_margin = fields.Boolean(
        string="Salespeople See Margins",
        group="sales_team.group_sale_salesman",
        implied_group=MARGIN,
    )
    finance_queue_count = fields.Integer(
        string="Waiting Refreshes", compute="_compute_finance_queue_count"
    )

    @api.onchange("group_finance_salesperson_amount")
    def _onchange_group_finance_salesperson_amount(self):
        if not self.group_finance_salesperson_amount:
            self.group_finance_salesperson_margin = False

    @api.onchange("group_finance_salesperson_margin")
    def _onchange_group_finance_salesperson_margin(self):
        if self.group_finance_salesperson_margin:
            self.group_finance_salesperson_amount = True

    def set_values(self):
        if not self.group_finance_salesperson_amount:
            # The margin group sees amounts as well.
            self.group_finance_salesperson_margin = False
        result = super().set_values()
        # Odoo takes a group away from everything salespeople have, so from the margin
        # group as well, which others have.
        self.env.ref(MARGIN)._apply_group(self.env.ref(AMOUNT))
        return result

    def _compute_finance_queue_count(self):
        self.finance_queue_count = (
            self.env["customer.finance.queue"].sudo().search_count([])
        )

    def action_finance_rebuild(self):
        """Queue a refresh of every customer of the company."""
        self.env["customer.finance.queue"]._push_all(self.company_id)
        return self._notify_finance_queue()

    def action_finance_rebuild_snapshots(self):
        """Queue the last 24 month ends for being taken anew."""
        queue = self.env["customer.finance.queue"]
        queue._push_all(self.company_id, queue._get_snapshot_dates(self.company_id))
        return self._notify_finance_queue()

    def _notify_finance_queue(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Queued. The figures are recomputed in the background."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
