# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The collection plan of an order: made at confirmation, followed when it changes."""

from functools import partial

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Key of the orders whose plan somebody changes in this transaction.
BY_HAND = "sale_order.plan_by_hand"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    collection_line_ids = fields.One2many(
        "sale.collection.line",
        "order_id",
        string="Collection Plan",
        copy=False,
        groups="base.group_user",
    )
    collection_plan_editable = fields.Boolean(
        compute="_compute_collection_plan_editable", groups="base.group_user"
    )

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_collection_plan_editable(self):
        editable = self.env["sale.collection.line"]._is_planner()
        for order in self:
            order.collection_plan_editable = editable and order.state == "sale"

    def _run_at_end(self, method):
        """Have a method of these orders called when the transaction ends, once for all
        steps that lie between.

        :param method: name of a method of sale.order
        """
        precommit = self.env.cr.precommit
        key = f"sale_order.{method}"
        if key not in precommit.data:
            precommit.data[key] = set()
            precommit.add(partial(self.sudo()._run_pending, key, method))
        precommit.data[key].update(self.ids)

    def _run_pending(self, key, method):
        # None when the order was shown since: what is shown is done already.
        pending = self.env.cr.precommit.data.get(key, set())
        done = set()
        try:
            # What the method itself changes asks for it again: each order has its turn
            # once.
            while todo := pending - done:
                done |= todo
                getattr(self.browse(todo).exists(), method)()
        finally:
            self.env.cr.precommit.data.pop(key, None)
        if done:
            # What is run at the very end writes its own changes to the database.
            self.env.flush_all()

    def _push_plan_check(self, by_hand=False):
        """Have the plans of these orders made, followed and checked.

        :param by_hand: somebody changes the plan, so it is not adjusted behind them
        """
        if by_hand:
            self.env.cr.precommit.data.setdefault(BY_HAND, set()).update(self.ids)
        self._run_at_end("_plan_collection")

    @api.readonly
    def web_read(self, specification):
        """Show the plan as it will be when the transaction ends."""
        if "collection_line_ids" in specification:
            self.sudo()._run_pending("sale_order._plan_collection", "_plan_collection")
        return super().web_read(specification)

    def _plan_collection(self):
        """Make or follow the plans of confirmed orders.

        A plan made from the terms is made anew when it no longer sums to the order. One
        changed by hand keeps its dates; its last line takes the difference. Whoever
        changes one has to make it sum up.
        """
        by_hand = self.env.cr.precommit.data.get(BY_HAND, ())
        confirmed = self.sudo().filtered(lambda order: order.state == "sale")
        for order in confirmed:
            order = order.with_company(order.company_id)
            lines = order.collection_line_ids.sorted("date_due")
            planned = sum(lines.mapped("amount"))
            if (
                lines
                and order.currency_id.compare_amounts(planned, order.amount_total) == 0
                and not order._is_plan_outdated()
            ):
                continue
            if lines and order.id in by_hand:
                order._refuse_plan(planned)
            if lines.filtered(lambda line: line.origin == "manual"):
                order._fit_plan(lines, order.amount_total - planned)
                continue
            lines.unlink()
            self.env["sale.collection.line"].sudo().create(
                order._prepare_collection_lines()
            )

    def _refuse_plan(self, planned):
        self.ensure_one()
        raise ValidationError(
            self.env._(
                "The instalments of %(order)s sum to %(planned)s, the order to "
                "%(total)s. Change the plan by %(difference)s, or delete all of its "
                "lines to have it made from the payment terms again.",
                order=self.name,
                planned=self.currency_id.format(planned),
                total=self.currency_id.format(self.amount_total),
                difference=self.currency_id.format(self.amount_total - planned),
            )
        )

    def _is_plan_outdated(self):
        """Tell whether the plan comes from other terms than the order has now."""
        self.ensure_one()
        origins = set(self.collection_line_ids.mapped("origin"))
        if "manual" in origins:
            return False
        expected = self._prepare_collection_lines()
        lines = self.collection_line_ids.sorted("date_due")
        return len(lines) != len(expected) or any(
            values["date_due"] != line.date_due
            or self.currency_id.compare_amounts(values["amount"], line.amount)
            for values, line in zip(expected, lines, strict=True)
        )

    def _fit_plan(self, lines, difference):
        """Have the last instalments take a change of the order's total."""
        self.ensure_one()
        for line in reversed(lines):
            change = difference if difference > 0 else max(difference, -line.amount)
            line.amount += change
            difference -= change
            if self.currency_id.is_zero(difference):
                return

    def _prepare_collection_lines(self):
        """Return the values of the plan by the payment terms, from the order's day.

        Without terms, everything is due on that day, and marked so.
        """
        self.ensure_one()
        day = self.company_id._get_finance_date(self.date_order)
        term = self.payment_term_id
        if not term:
            return [
                {
                    "order_id": self.id,
                    "name": self.env._("No payment terms"),
                    "date_due": day,
                    "amount": self.amount_total,
                    "origin": "none",
                }
            ]
        tax, untaxed = self.amount_tax, self.amount_untaxed
        rate = self.currency_rate or 1.0
        instalments = term._compute_terms(
            date_ref=day,
            currency=self.currency_id,
            company=self.company_id,
            tax_amount=tax / rate,
            tax_amount_currency=tax,
            untaxed_amount=untaxed / rate,
            untaxed_amount_currency=untaxed,
            sign=1,
        )["line_ids"]
        count = len(instalments)
        return sorted(
            (
                {
                    "order_id": self.id,
                    "name": term.name
                    if count == 1
                    else f"{number}/{count} {term.name}",
                    "date_due": max(instalment["date"], day),
                    # The last one is what is left, with the noise of floats.
                    "amount": self.currency_id.round(instalment["foreign_amount"]),
                    "origin": "terms",
                }
                for number, instalment in enumerate(instalments, start=1)
            ),
            key=lambda values: values["date_due"],
        )

    def _get_next_planned_date(self, collected):
        """Return the due date of the first instalment not filled yet."""
        self.ensure_one()
        for line in self.sudo().collection_line_ids.sorted("date_due"):
            collected -= line.amount
            if self.currency_id.compare_amounts(collected, 0.0) < 0:
                return line.date_due
        return False

    def action_plan_collection(self):
        """Make the collection plan of orders that are older than the module."""
        self.check_access("write")
        self._plan_collection()
        return True
