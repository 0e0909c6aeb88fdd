# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.credit_account import AMOUNT
from ..models.credit_hold import STAGES, STATES


class CreditHoldReport(models.Model):
    """What became of the holds: how many, how much, why, how long, and the outcome."""

    _name = "credit.hold.report"
    _description = "Credit Hold Analysis"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "hold_id"
    _depends = {
        "credit.hold": ["amount", "closed_at", "date", "main_code", "state"],
        "sale.order": ["state"],
        "account.move": ["payment_state", "state"],
    }

    hold_id = fields.Many2one("credit.hold", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    salesperson_id = fields.Many2one("res.users", readonly=True)
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decision_reason_id = fields.Many2one("credit.reason", readonly=True)
    stage = fields.Selection(STAGES, string="Stopped At", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    main_code = fields.Selection(
        selection=lambda self: self.env["credit.hold"]._selection_code(),
        string="Main Reason",
        readonly=True,
    )
    outcome = fields.Selection(
        [
            ("open", "Still Open"),
            ("lost", "Lost"),
            ("confirmed", "Confirmed"),
            ("invoiced", "Invoiced, Unpaid"),
            ("paid", "Paid"),
        ],
        readonly=True,
        help="Of the order. Lost: cancelled. Paid: every invoice of it is paid.",
    )
    date = fields.Datetime(string="Held Since", readonly=True)
    amount = fields.Monetary(readonly=True, groups=AMOUNT)
    days = fields.Float(
        string="Days Until Decided",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the hold to its release, cure or end; until now if still held.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT hold.id, hold.id AS hold_id, hold.order_id, hold.partner_id,
                   hold.company_id, hold.salesperson_id, hold.user_id,
                   hold.decided_by_id, hold.decision_reason_id, hold.stage, hold.state,
                   hold.main_code, hold.date, hold.amount,
                   EXTRACT(EPOCH FROM COALESCE(hold.closed_at, NOW() AT TIME ZONE 'UTC')
                        - hold.date) / 86400 AS days,
                   CASE WHEN sale.state = 'cancel' THEN 'lost'
                        WHEN sale.state <> 'sale' THEN 'open'
                        WHEN invoice.unpaid IS NULL THEN 'confirmed'
                        WHEN invoice.unpaid THEN 'invoiced'
                        ELSE 'paid'
                   END AS outcome
              FROM credit_hold hold
              JOIN sale_order sale ON sale.id = hold.order_id
              LEFT JOIN LATERAL (
                    SELECT BOOL_OR(move.payment_state NOT IN (
                                'paid', 'in_payment', 'reversed')) AS unpaid
                      FROM sale_order_line line
                      JOIN sale_order_line_invoice_rel link
                        ON link.order_line_id = line.id
                      JOIN account_move_line item ON item.id = link.invoice_line_id
                      JOIN account_move move ON move.id = item.move_id
                     WHERE line.order_id = sale.id AND move.state = 'posted'
                   ) invoice ON TRUE
            """
        )

    def action_open_hold(self):
        """Open the hold."""
        self.ensure_one()
        return self.hold_id._get_records_action(context={})
