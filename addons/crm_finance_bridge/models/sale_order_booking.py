# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Orders that invoice themselves.

Confirming or delivering only appends the order here; a scheduled action, triggered at
once, makes the invoice in a transaction of its own. So a failure never undoes the
order: it stays here with its reason, somebody is told, and it can be tried again.
"""

import logging

from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.tools import SQL, plaintext2html

from .customer_finance_queue import CONFLICTS

_logger = logging.getLogger(__name__)

ACTIVITY = "mail.mail_activity_data_warning"
CRON = "crm_finance_bridge.ir_cron_book_orders"
#: How often an order that somebody else invoices meanwhile is tried at once.
TRIES = 5


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
        self.env.ref(CRON).sudo()._trigger()

    @api.model
    def _cron_book(self, batch_size=100):
        """Scheduled action: book what waits, one order per transaction."""
        cron = self.env["ir.cron"]
        domain = [("state", "=", "waiting")]
        for booking in self.search(domain, limit=batch_size, order="id"):
            if not booking._try_book():
                continue
            if not cron._commit_progress(1, remaining=self.search_count(domain)):
                return

    def _try_book(self):
        """Book this order, or keep the reason why it cannot be.

        :return: whether it was this one's turn: not when another worker has it, has
            done it, or somebody keeps invoicing the same order
        """
        self.ensure_one()
        for _again in range(TRIES):
            try:
                booking = self._take_waiting()
                if not booking:
                    return False
                booking._book()
                self.env.cr.flush()
            except CONFLICTS:
                self.env.cr.rollback()
                _logger.info("Somebody else changes %s, again", self.order_id.name)
                continue
            except Exception as error:
                self.env.cr.rollback()
                _logger.info(
                    "Order %s is not booked", self.order_id.name, exc_info=True
                )
                booking = self._take_waiting()
                if booking:
                    booking._fail(error)
                return bool(booking)
            return True
        self.env.ref(CRON).sudo()._trigger()
        self.env["ir.cron"]._commit_progress(0)
        return False

    def _take_waiting(self):
        """Return this record if it waits and nobody else is at it."""
        booking = self.try_lock_for_update()
        return booking.filtered(lambda booking: booking.state == "waiting")

    def _book(self):
        """Invoice this order, if anything is left to invoice."""
        self.ensure_one()
        # Whoever invoices the same order at this moment writes the quantities invoiced
        # to its lines as well: one of the two is run again and finds nothing left.
        order = self.order_id.with_company(self.company_id)
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
        reason = self._describe_error(error)
        self.write({"state": "failed", "tries": self.tries + 1, "error": reason})
        order = self.order_id
        person = self.company_id.finance_booking_user_id or order.user_id
        order.activity_unlink([ACTIVITY])
        order.activity_schedule(
            ACTIVITY,
            user_id=person.id if person.active else False,
            summary=self.env._("The order could not be booked"),
            note=plaintext2html(reason),
            date_deadline=self.company_id._get_finance_today(),
        )

    def _describe_error(self, error):
        """Return in words why an order is not booked."""
        self.ensure_one()
        if not isinstance(error, IntegrityError):
            return str(error) or repr(error)
        reason = self.env["account.move"]._sql_error_to_message(error)
        order = self.order_id.with_company(self.company_id)
        products = order.order_line.product_id.filtered(
            lambda product: not product._get_product_accounts()["income"]
        )
        if products:
            hint = self.env._(
                "No income account: %(products)s. Set one on the product, its category "
                "or the journal.",
                products=", ".join(products.mapped("display_name")),
            )
            reason = f"{reason}\n{hint}"
        return reason

    def action_retry(self):
        """Try again what failed."""
        self.check_access("read")
        self.order_id.check_access("write")
        failed = self.sudo().filtered(lambda booking: booking.state == "failed")
        failed.write({"state": "waiting"})
        if failed:
            self.env.ref(CRON).sudo()._trigger()
        return True
