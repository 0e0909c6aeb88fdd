# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from .customer_finance_mixin import AMOUNT
from .sale_order_plan import BY_HAND

#: Who may change a plan.
PLANNERS = ("sales_team.group_sale_manager", "account.group_account_invoice")


class SaleCollectionLine(models.Model):
    """One instalment of an order's collection plan.

    The lines of an order sum to its total. They come from the payment terms when the
    order is confirmed and follow it when it changes; whoever changes one says why.
    """

    _name = "sale.collection.line"
    _description = "Collection Plan Line"
    _order = "date_due, id"
    _rec_name = "name"
    _check_company_auto = True
    # Who changed what and when is told in the order's chatter; less to write when an
    # order is confirmed.
    _log_access = False

    order_id = fields.Many2one(
        "sale.order", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    name = fields.Char(string="Instalment", required=True)
    date_due = fields.Date(string="Due", required=True)
    amount = fields.Monetary(
        required=True,
        groups=AMOUNT,
        help="In the order's currency, tax included.",
    )
    origin = fields.Selection(
        [
            ("terms", "Payment Terms"),
            ("none", "No Payment Terms"),
            ("manual", "Changed by Hand"),
        ],
        required=True,
        readonly=True,
        default="manual",
    )
    reason = fields.Char(
        string="Why Changed", help="Required when the plan is changed by hand."
    )
    collected = fields.Monetary(
        compute="_compute_collected",
        groups=AMOUNT,
        help="What was collected of the order fills the instalments in the order of "
        "their due dates.",
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("part", "Partly Collected"),
            ("late", "Late"),
            ("done", "Collected"),
        ],
        compute="_compute_collected",
    )

    # ------------------------------------------------------------------
    # Planned against actual
    # ------------------------------------------------------------------

    @api.depends("amount", "date_due", "order_id.collection_line_ids.amount")
    def _compute_collected(self):
        self.state = "planned"
        orders = self.order_id._origin
        positions = {}
        if orders:
            positions = self.env["order.cash.rows"].sudo()._get_order_positions(orders)
        sees_amounts = self._has_field_access(self._fields["amount"], "read")
        if sees_amounts:
            self.collected = 0.0
        todays = {
            company: company._get_finance_today()
            for company in self.order_id.company_id
        }
        for order in self.order_id:
            row = positions.get(order._origin.id, {})
            left = float(row.get("collected", 0.0))
            today = todays.get(order.company_id) or fields.Date.today()
            for line in order.sudo().collection_line_ids.sorted(
                lambda line, today=today: (line.date_due or today, line._origin.id)
            ):
                filled = min(max(left, 0.0), line.amount)
                left -= line.amount
                mine = self & line.with_env(self.env)
                if not mine:
                    continue
                mine.state = line._get_state(filled, today)
                if sees_amounts:
                    mine.collected = filled

    def _get_state(self, filled, today):
        self.ensure_one()
        if self.currency_id.compare_amounts(filled, self.amount) >= 0:
            return "done"
        if self.date_due and self.date_due < today:
            return "late"
        return "part" if filled else "planned"

    # ------------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------------

    @api.constrains("date_due", "order_id")
    def _check_date_due(self):
        for line in self:
            ordered = line.order_id.date_order
            day = ordered and line.company_id._get_finance_date(ordered)
            if day and line.date_due < day:
                raise ValidationError(
                    self.env._(
                        "An instalment of %(order)s cannot be due on %(due)s, before "
                        "the order of %(day)s.",
                        order=line.order_id.name,
                        due=line.date_due,
                        day=day,
                    )
                )

    @api.onchange("amount", "date_due")
    def _onchange_by_hand(self):
        """Ask for the reason while it is typed."""
        origin = self._origin
        if origin and (
            self.date_due != origin.date_due
            or self.currency_id.compare_amounts(self.amount, origin.amount)
        ):
            self.origin = "manual"

    @api.constrains("amount")
    def _check_amount(self):
        for line in self:
            if line.amount < 0 <= line.order_id.amount_total:
                raise ValidationError(
                    self.env._("An instalment cannot be less than zero.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_planner()
        if not self.env.su:
            vals_list = [{**vals, "origin": "manual"} for vals in vals_list]
        orders = self.env["sale.order"].browse(
            {vals["order_id"] for vals in vals_list if vals.get("order_id")}
        )
        orders._push_plan_check(self._get_plan_mark())
        lines = super().create(vals_list)
        lines._require_reason()
        return lines

    def write(self, vals):
        self._check_planner()
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name != "origin"}
            if {"amount", "date_due", "order_id"} & vals.keys():
                vals["origin"] = "manual"
        self.order_id._push_plan_check(self._get_plan_mark())
        result = super().write(vals)
        self._require_reason()
        if "order_id" in vals:
            self.order_id._push_plan_check(self._get_plan_mark())
        return result

    def unlink(self):
        self._check_planner()
        self.order_id._push_plan_check(self._get_plan_mark())
        return super().unlink()

    @api.model
    def _get_plan_mark(self):
        return None if self.env.su else BY_HAND

    @api.model
    def _is_planner(self):
        """Tell whether the user may change plans."""
        return self.env.su or any(self.env.user.has_group(group) for group in PLANNERS)

    @api.model
    def _check_planner(self):
        if self._is_planner():
            return
        raise AccessError(
            self.env._("Only sales managers and accountants change a collection plan.")
        )

    def _require_reason(self):
        for line in self:
            if line.origin == "manual" and not (line.reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "Say why the collection plan of %(order)s is changed.",
                        order=line.order_id.name,
                    )
                )
