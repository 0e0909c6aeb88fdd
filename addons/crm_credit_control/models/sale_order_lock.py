# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The lock: no order is confirmed or grows against the credit decision.

Two guards. The gate stands before every ``action_confirm``, also those of modules
installed later: orders that may not be confirmed are put on hold and never reach them.
``create`` and ``write`` are the wall behind it: whatever else sets the state or raises
a confirmed order is judged too, and refused.
"""

from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.decision import HOLD
from .credit_account import AMOUNT

#: Fields of an order that may raise what its customer owes.
WATCHED = {
    "partner_id",
    "partner_invoice_id",
    "company_id",
    "currency_id",
    "pricelist_id",
    "payment_term_id",
    "commitment_date",
    "order_line",
    "fiscal_position_id",
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # The gate
    # ------------------------------------------------------------------

    def _register_hook(self):
        """Put the gate before every override of ``action_confirm``.

        What modules do there before calling ``super`` (loyalty points, bookings) must
        not be done for an order that is held; an ordinary override could stand behind
        theirs.
        """
        result = super()._register_hook()
        model_class = self.env.registry[self._name]

        def action_confirm(orders):
            return orders._pass_credit_gate(
                lambda passed: super(model_class, passed).action_confirm()
            )

        action_confirm.__doc__ = model_class.action_confirm.__doc__
        model_class.action_confirm = action_confirm
        return result

    def _unregister_hook(self):
        result = super()._unregister_hook()
        model_class = self.env.registry[self._name]
        if "action_confirm" in vars(model_class):
            del model_class.action_confirm
        return result

    def _pass_credit_gate(self, confirm):
        """Confirm the orders that may be, hold the others.

        :param confirm: what confirms orders once they are through
        :return: what ``confirm`` returns, or a notification that says what is held
        """
        waiting = self.filtered(lambda order: order.state in ("draft", "sent"))
        waiting.check_access("write")
        keys = waiting._get_credit_keys()
        check = self.env["credit.check"].sudo()
        with self.env["credit.turn"]._take(keys.values()) as look:
            verdicts = check._judge_orders(waiting, look=look)
        held = waiting.filtered(lambda order: verdicts[order.id].held)
        for order in held:
            if message := order._confirmation_error_message():
                raise UserError(message)
        passed = self - held
        result = True
        if passed:
            with passed._let_through(verdicts):
                result = confirm(passed)
        if not held:
            return result
        held._claim_for_hold()
        for order in held:
            order.env["credit.hold"]._hold_order(order, verdicts[order.id])
        held.invalidate_recordset(["credit_hold_id", "credit_hold_state"])
        return held._notify_held(passed)

    def _claim_for_hold(self):
        """Make sure that nobody else has confirmed, changed or held these orders since
        this transaction began: holding writes nothing on them that would tell.

        :raise SerializationFailure: somebody did; Odoo runs the transaction again
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE sale_order SET write_date = write_date WHERE id = ANY(%s)",
                self.ids,
            ),
            log_exceptions=False,
        )

    def _get_credit_keys(self):
        """Return ``{order id: (company id, id of the limit's owner)}``, what to queue
        for before these orders may be judged."""
        keys = {}
        position = self.env["credit.position"].sudo()
        # Not all of the contact: most of it nobody reads while confirming.
        self.sudo().partner_invoice_id.fetch(["commercial_partner_id", "parent_id"])
        for company, orders in self.sudo().grouped("company_id").items():
            partners = orders.partner_invoice_id.commercial_partner_id
            # Whoever is below nobody shares nobody's limit but its own.
            below = partners.filtered("parent_id")
            roots = {id_: id_ for id_ in partners.ids}
            if below:
                roots |= position._get_related_ids(below.ids, company)
            for order in orders:
                if partner := order.partner_invoice_id.commercial_partner_id:
                    keys[order.id] = (company.id, roots[partner.id])
        return keys

    def _get_credit_mark(self):
        """Return what a judgement rests on; another value needs another judgement."""
        self.ensure_one()
        order = self.sudo()
        return (
            order.amount_total,
            order.currency_id.id,
            order.partner_invoice_id.commercial_partner_id.id,
            order.payment_term_id.id,
            order.company_id.id,
            order.commitment_date,
        )

    def _get_credit_passes(self):
        """Return what the gate has let through: ``{order id: (mark, is on no hold)}``.

        Kept with the transaction, where no client reaches it.
        """
        return self.env.cr.precommit.data.setdefault("credit_passes", {})

    @contextmanager
    def _let_through(self, verdicts):
        for order in self:
            if order.id in verdicts:
                self._get_credit_passes()[order.id] = (
                    order._get_credit_mark(),
                    verdicts[order.id].is_free,
                )
        try:
            yield
        finally:
            for order in self:
                self._get_credit_passes().pop(order.id, None)

    def _notify_held(self, passed):
        """Return the notification on what was confirmed and what is held."""
        lines = [
            f"{order.name}: {order.credit_reasons_plain}".replace("\n", " ")
            for order in self
        ]
        if passed:
            lines.append(
                self.env._(
                    "Confirmed: %(orders)s", orders=", ".join(passed.mapped("name"))
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": bool(passed),
                "title": self.env._("Held for Credit Reasons"),
                "message": "\n".join(lines),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # ------------------------------------------------------------------
    # The wall
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sale")._guard_confirmation()
        return orders

    def write(self, vals):
        if WATCHED.isdisjoint(vals) and "state" not in vals:
            return super().write(vals)
        confirming = self.browse()
        if vals.get("state") == "sale":
            confirming = self.filtered(lambda order: order.state != "sale")
        with (self - confirming)._guard_growth():
            result = super().write(vals)
        confirming._guard_confirmation()
        if vals.get("state") in ("draft", "cancel"):
            self.env["credit.hold"]._lapse_orders(self)
        elif others := self - confirming:
            self.env["credit.hold"]._push_open([("order_id", "in", others.ids)])
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        if held := self.sudo().filtered("credit_hold_ids"):
            raise UserError(
                self.env._(
                    "%(orders)s was held for credit reasons, which is kept on record. "
                    "Cancel it instead.",
                    orders=", ".join(held.mapped("name")),
                )
            )

    def _guard_confirmation(self):
        """Judge orders that have just become confirmed, unless the gate did.

        :raise UserError: when one of them is held
        """
        if not self:
            return
        passes = self._get_credit_passes()
        unjudged, free = self.browse(), self.browse()
        for order in self:
            mark, is_free = passes.get(order.id, (None, False))
            if mark != order._get_credit_mark():
                unjudged += order
            elif is_free:
                free += order
        if unjudged:
            check = self.env["credit.check"].sudo()
            amounts = self.env["credit.position"].sudo()._get_order_amounts(unjudged)
            keys = unjudged._get_credit_keys()
            with self.env["credit.turn"]._take(keys.values()) as look:
                verdicts = check._judge_orders(unjudged, amounts, look)
            unjudged._refuse_held(verdicts)
        for hold in self.env["credit.hold"]._get_active(self - free):
            hold._close("used" if hold.state == "released" else "cured")

    @contextmanager
    def _guard_growth(self):
        """Judge what confirmed orders grow by in the block; lowering is free.

        :raise UserError: when the growth is held
        """
        guarded = self.env.cr.precommit.data.setdefault("credit_guarded", set())
        orders = self.filtered(
            lambda order: order.state == "sale" and order.id not in guarded
        )
        if not orders:
            yield
            return
        guarded.update(orders.ids)
        try:
            before = orders._get_credit_stand()
            yield
            orders._check_growth(before)
        finally:
            guarded.difference_update(orders.ids)

    def _get_credit_stand(self):
        """Return ``{order id: (amount, partner id, days of credit)}``."""
        amounts = self.env["credit.position"].sudo()._get_order_amounts(self)
        return {
            order.id: (
                amounts[order.id],
                order.partner_invoice_id.commercial_partner_id.id,
                order._get_credit_days(),
            )
            for order in self.sudo()
        }

    def _get_credit_days(self):
        """Return the most days the payment terms give; -1 for cash terms, which are no
        credit at all."""
        self.ensure_one()
        partner = self.partner_invoice_id.commercial_partner_id
        policy = self.env["credit.policy"]._get_policies(self.company_id, partner)
        term = self.payment_term_id
        if not term:
            return 0
        if term in policy[partner].exempt_term_ids:
            return -1
        today = self.company_id._get_finance_today()
        return max((line._get_due_date(today) - today).days for line in term.line_ids)

    def _check_growth(self, before):
        orders = self.filtered(lambda order: order.state == "sale")
        after = orders._get_credit_stand()
        increases = {}
        for order in orders:
            old_amount, old_partner, old_days = before[order.id]
            amount, partner, days = after[order.id]
            unit = order.company_id.currency_id.rounding / 2
            if partner != old_partner:
                increases[order.id] = amount
            elif amount > old_amount + unit or days > old_days:
                increases[order.id] = max(0.0, amount - old_amount)
        if orders.browse(increases.keys()):
            orders.browse(increases.keys())._guard_increases(increases)
        shrunk = orders.filtered(lambda o: after[o.id][0] < before[o.id][0])
        for order in shrunk:
            self.env["customer.finance.queue"].sudo()._push(
                order.partner_invoice_id, order.company_id
            )

    def _guard_increases(self, increases):
        keys = self._get_credit_keys()
        check = self.env["credit.check"].sudo()
        with self.env["credit.turn"]._take(keys.values()) as look:
            verdicts = check._judge_orders(self, increases, look)
        self._refuse_held(verdicts, changing=True)
        for order in self.sudo():
            hold = order.credit_hold_id
            if hold.state == "released" and verdicts[order.id].release_id:
                hold._close("used")
            self.env["customer.finance.queue"].sudo()._push(
                order.partner_invoice_id, order.company_id
            )

    def _refuse_held(self, verdicts, changing=False):
        """Raise what holds these orders, with amounts for those who may see them.

        :param changing: they are confirmed and were to grow
        """
        held = self.filtered(lambda order: verdicts[order.id].held)
        if not held:
            return
        amounts = self.env.user.has_group(AMOUNT)
        check = self.env["credit.check"]
        lines = []
        for order in held.sudo():
            decision = verdicts[order.id].decision
            lines.append(
                self.env._(
                    "%(order)s is held for credit reasons:", order=order.name or ""
                )
            )
            lines += [
                f"- {check._describe_reason(reason, order.company_id, amounts)}"
                for reason in decision.reasons
                if reason.action == HOLD
            ]
            lines.append(check._describe_way_out(decision, order.company_id, amounts))
        lines.append(
            self.env._(
                "Nothing was changed. To let the order grow, use “Ask for Credit "
                "Release” first."
            )
            if changing
            else self.env._(
                "Nothing was changed. Confirm the order with its button: it is put on "
                "hold and release can be asked for."
            )
        )
        raise UserError("\n".join(line for line in lines if line))

    # ------------------------------------------------------------------
    # Invoicing
    # ------------------------------------------------------------------

    def _create_invoices(self, grouped=False, final=False, date=None):
        self._check_credit_invoiceable()
        return super()._create_invoices(grouped=grouped, final=final, date=date)

    def _check_credit_invoiceable(self):
        """A held quotation is not invoiced; what was confirmed and shipped always is.

        :raise UserError: when one of the orders is held before its confirmation
        """
        held = self.filtered(
            lambda order: order.state != "sale"
            and order.sudo().credit_hold_id.is_stopped
        )
        if held:
            raise UserError(
                self.env._(
                    "%(orders)s is on credit hold and cannot be invoiced.",
                    orders=", ".join(held.mapped("name")),
                )
            )
