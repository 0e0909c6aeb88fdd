# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When an order invoices itself, and how its invoice is made."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .res_company import BOOKING


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
        if journal := company.finance_booking_journal_id:
            if not journal.active:
                raise UserError(
                    self.env._(
                        "The booking journal %(journal)s is archived. Choose another "
                        "one in the settings of Customer Finance.",
                        journal=journal.display_name,
                    )
                )
            values["journal_id"] = journal.id
        return values

    def action_retry_booking(self):
        """Try again to book this order."""
        self.check_access("write")
        bookings = self.env["sale.order.booking"].sudo()
        return bookings.search([("order_id", "in", self.ids)]).action_retry()
