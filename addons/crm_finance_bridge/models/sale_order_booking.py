# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Orders that invoice themselves.

Confirming or delivering only appends the order here; a scheduled action, triggered at
once, makes the invoice in a transaction of its own. So a failure never undoes the
order: it stays here with its reason, somebody is told, and it can be tried again.
"""

import logging

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_finance_queue import CONFLICTS
from .res_company import BOOKING

_logger = logging.getLogger(__name__)

ACTIVITY = "mail.mail_activity_data_warning"


class SaleOrderBooking(models.Model):
    _name = "sale.order.booking"
    _description = "Order Booking"
    _order = "state desc, id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    state = fields.Selection(
        [("waiting", "Waiting"), ("failed", "Failed"), ("done", "Booked")],
        required=True,
        readonly=True,
        default="waiting",
    )
    queued_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    done_at = fields.Datetime(string="Booked On", readonly=True)
    tries = fields.Integer(readonly=True)
    error = fields.Text(string="Why It Failed", readonly=True)
    move_ids = fields.Many2many("account.move", string="Invoices", readonly=True)

    _waiting_uniq = models.UniqueIndex(
        "(order_id) WHERE state IN ('waiting', 'failed')",
        "This order waits to be booked already.",
    )

    @api.model
    def _push(self, orders):
        """Have orders booked after this transaction; those that wait already stay."""
        if not orders:
            return
        self.env["sale.order"].flush_model(["company_id"])
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """INSERT INTO sale_order_booking (
                        order_id, company_id, state, queued_at, tries)
                   SELECT id, company_id, 'waiting', NOW() AT TIME ZONE 'UTC', 0
                     FROM sale_order WHERE id = ANY(%s)
                   ON CONFLICT (order_id) WHERE state IN ('waiting', 'failed')
                   DO NOTHING""",
                orders.ids,
            )
        )
        self.env.ref("crm_finance_bridge.ir_cron_book_orders").sudo()._trigger()

    @api.model
    def _cron_book(self, batch_size=100):
        """Scheduled action: book what waits, one order per transaction."""
        cron = self.env["ir.cron"]
        domain = [("state", "=", "waiting")]
        for booking in self.search(domain, limit=batch_size, order="id"):
            # Another worker may have it, or have done it.
            booking = booking.try_lock_for_update().filtered_domain(domain)
            if not booking:
                continue
            try:
                booking._book()
            except CONFLICTS:
                self.env.cr.rollback()
                continue
            except Exception as error:
                self.env.cr.rollback()
                _logger.info("%s is not booked", booking.display_name, exc_info=True)
                booking._fail(error)
            if not cron._commit_progress(1, remaining=self.search_count(domain)):
                return

    def _book(self):
        """Invoice this order, if anything is left to invoice."""
        self.ensure_one()
        order = self.order_id.with_company(self.company_id)
        # Whoever invoices the same order at this moment updates its lines as well: one
        # of the two is run again and finds nothing left.
        order.order_line.flush_recordset()
        moves = order.env["account.move"]
        if order.state == "sale" and order.invoice_status == "to invoice":
            moves = order._create_invoices(final=True)
            moves.write(order._prepare_booking_values())
            if self.company_id.finance_booking_post:
                moves.action_post()
        self.write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "tries": self.tries + 1,
                "error": False,
                "move_ids": [fields.Command.set(moves.ids)],
            }
        )
        order.activity_unlink([ACTIVITY])

    def _fail(self, error):
        """Keep the reason and tell whoever takes care of it, once."""
        self.ensure_one()
        first = self.state != "failed"
        self.write({"state": "failed", "tries": self.tries + 1, "error": str(error)})
        order = self.order_id
        person = self.company_id.finance_booking_user_id or order.user_id
        if first and person:
            order.activity_unlink([ACTIVITY])
            order.activity_schedule(
                ACTIVITY,
                user_id=person.id,
                summary=self.env._("The order could not be booked"),
                note=str(error),
                date_deadline=self.company_id._get_finance_today(),
            )

    def action_retry(self):
        """Try again what failed."""
        self.check_access("read")
        self.order_id.check_access("write")
        failed = self.sudo().filtered(lambda booking: booking.state == "failed")
        failed.write({"state": "waiting"})
        if failed:
            self.env.ref("crm_finance_bridge.ir_cron_book_orders").sudo()._trigger()
        return True


class SaleOrder(models.Model):
    _inherit = "sale.order"

    finance_booking = fields.Selection(
        BOOKING,
        string="Booking",
        compute="_compute_finance_booking",
        store=True,
        readonly=False,
        precompute=True,
        groups="base.group_user",
        help="When this order invoices itself: as the customer or the company says, "
        "unless chosen here.",
    )
    finance_booking_error = fields.Text(
        string="Booking Problem",
        compute="_compute_finance_booking_error",
        groups="base.group_user",
    )

    @api.depends("partner_id", "company_id")
    def _compute_finance_booking(self):
        for order in self:
            company = order.company_id or self.env.company
            # Whoever orders need not see how customers are booked.
            partner = order.partner_id.commercial_partner_id.sudo()
            partner = partner.with_company(company)
            order.finance_booking = (
                partner.finance_booking or company.sudo().finance_booking or "manual"
            )

    def _compute_finance_booking_error(self):
        failed = (
            self.env["sale.order.booking"]
            .sudo()
            .search([("order_id", "in", self.ids), ("state", "=", "failed")])
        )
        errors = {booking.order_id.id: booking.error for booking in failed}
        for order in self:
            order.finance_booking_error = errors.get(order._origin.id)

    def _push_confirmed(self):
        """Have those booked at the end that invoice themselves when confirmed."""
        orders = self.sudo().filtered(lambda order: order.finance_booking == "confirm")
        if orders:
            self.browse(orders.ids)._run_at_end("_book_confirmed")

    def _book_confirmed(self):
        self._push_booking("confirm")

    def _book_delivered(self):
        self._push_booking("delivery")

    def _push_booking(self, mode):
        """Have the orders booked that invoice themselves at this point.

        :param mode: ``confirm`` or ``delivery``
        """
        ready = self.sudo().filtered(
            lambda order: order.state == "sale"
            and order.finance_booking == mode
            and order.invoice_status == "to invoice"
        )
        self.env["sale.order.booking"].sudo()._push(ready)

    def _prepare_booking_values(self):
        """Return what the company wants of a booked invoice."""
        self.ensure_one()
        company = self.company_id
        values = {"invoice_date": company._get_finance_today()}
        if company.finance_booking_date == "order":
            values["invoice_date"] = company._get_finance_date(self.date_order)
        if company.finance_booking_journal_id:
            values["journal_id"] = company.finance_booking_journal_id.id
        return values

    def action_retry_booking(self):
        """Try again to book this order."""
        self.check_access("write")
        bookings = self.env["sale.order.booking"].sudo()
        return bookings.search([("order_id", "in", self.ids)]).action_retry()
