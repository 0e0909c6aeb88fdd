# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The collection plan of an order: made at confirmation, followed when it changes."""

from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from .sale_order_instalment import Instalment

#: Keys of orders whose plan somebody changes in this transaction, and of those that
#: are confirmed in it.
BY_HAND = "sale_order.plan_by_hand"
ANEW = "sale_order.plan_anew"
#: Key of the plans as they were before somebody changed them.
BEFORE = "sale_order.plan_before"


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

    # ------------------------------------------------------------------
    # At the end of the transaction
    # ------------------------------------------------------------------

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
                getattr(self.browse(todo), method)()
        finally:
            self.env.cr.precommit.data.pop(key, None)

    def _forget_pending(self):
        """Have nothing done at the end for orders that are deleted."""
        for key, pending in self.env.cr.precommit.data.items():
            if key.startswith("sale_order.") and isinstance(pending, set):
                pending.difference_update(self.ids)

    def _push_plan_check(self, mark=None):
        """Have the plans of these orders made, followed and checked.

        :param mark: :data:`BY_HAND` when somebody changes the plan, so that it is not
            adjusted behind them; :data:`ANEW` when the order is confirmed
        """
        data = self.env.cr.precommit.data
        if mark:
            data.setdefault(mark, set()).update(self.ids)
        if mark == BY_HAND:
            before = data.setdefault(BEFORE, {})
            unknown = self.browse(set(self.ids) - before.keys())
            before.update(unknown._get_plans())
        self._run_at_end("_plan_collection")

    @api.readonly
    def web_read(self, specification):
        """Show the plan as it will be when the transaction ends."""
        if "collection_line_ids" in specification:
            self.sudo()._run_pending("sale_order._plan_collection", "_plan_collection")
        return super().web_read(specification)

    # ------------------------------------------------------------------
    # The plan
    # ------------------------------------------------------------------

    def _plan_collection(self):
        """Make or follow the plans of confirmed orders.

        A plan made from the terms is made anew when the terms say something else now.
        One changed by hand keeps its dates; its last instalment takes the difference.
        Whoever changes one has to make it sum up. A cancelled order keeps its plan as
        history, counted nowhere; confirmed again, it gets a new one.

        One statement makes the plans of all orders that are confirmed for the first
        time: every confirmation pays for it. Of the others, one reads the plans and one
        per kind of change writes them.
        """
        data = self.env.cr.precommit.data
        by_hand, anew = data.get(BY_HAND, set()), data.get(ANEW, set())
        before = data.get(BEFORE, {})
        fresh = self.browse(id_ for id_ in self.ids if id_ in anew - by_hand)
        others = self - fresh._plan_first()
        plans = others._get_plans()
        changed, history = {}, {}
        for order in self.sudo().browse(plans):
            order_id = order.id
            day, lines = plans[order_id]
            wanted = order._get_wanted_plan(
                day, lines, order_id in by_hand, order_id in anew
            )
            if wanted != lines:
                changed[order_id] = (lines, wanted)
            _day, old = before.pop(order_id, (day, lines))
            if old and old != wanted:
                history[order_id] = (old, wanted, order_id in by_hand)
        if anew:
            anew.difference_update(self.ids)
        if changed:
            self._write_plans(changed)
        if history:
            self._log_plans(history)
            # Nothing else writes what changes this late.
            self.env.flush_all()

    def _plan_first(self):
        """Make the plans of orders that have none.

        :return: the orders that got one
        """
        rows = []
        for order in self.sudo():
            day = order._get_order_day()
            rows += [(order.id, *line[1:]) for line in order._prepare_instalments(day)]
        planned = self.browse(self._insert_instalments(rows))
        planned.invalidate_recordset(["collection_line_ids"], flush=False)
        return planned

    def _get_order_day(self):
        """Return the day of the order where its company is."""
        self.ensure_one()
        return self.company_id._get_finance_date(self.date_order)

    def _get_plans(self):
        """Return ``{order id: (day of the order, instalments)}`` of those that are
        confirmed."""
        if not self:
            return {}
        self.env["sale.collection.line"].flush_model()
        self.env["sale.order"].flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sale.id, line.id, line.name, line.date_due, line.amount,
                       line.origin
                  FROM sale_order sale
                  LEFT JOIN sale_collection_line line ON line.order_id = sale.id
                 WHERE sale.id = ANY(%s) AND sale.state = 'sale'
                 ORDER BY sale.id, line.date_due, line.id
                """,
                self.ids,
            )
        )
        orders = self.sudo().browse({row[0] for row in rows})
        days = {order.id: order._get_order_day() for order in orders}
        plans = {}
        for order_id, *line in rows:
            lines = plans.setdefault(order_id, (days[order_id], []))[1]
            if line[0]:
                lines.append(Instalment(*line))
        return plans

    def _write_plans(self, changed):
        """Write what :meth:`_plan_collection` found.

        :param changed: ``{order id: (instalments before, instalments after)}``
        """
        kept = {line.id: line for _old, new in changed.values() for line in new}
        gone = [
            line.id
            for old, _new in changed.values()
            for line in old
            if line.id not in kept
        ]
        added = [
            (order_id, *line[1:])
            for order_id, (_old, new) in changed.items()
            for line in new
            if not line.id
        ]
        kept.pop(None, None)
        lines = self.env["sale.collection.line"].sudo()
        if kept:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE sale_collection_line line
                       SET amount = new.amount
                      FROM UNNEST(%s::int[], %s::numeric[]) AS new (id, amount)
                     WHERE line.id = new.id
                    """,
                    list(kept),
                    [line.amount for line in kept.values()],
                )
            )
        self._insert_instalments(added, gone)
        lines.invalidate_model()
        self.browse(changed).invalidate_recordset(["collection_line_ids"])

    @api.model
    def _insert_instalments(self, rows, gone=()):
        """Insert instalments of orders that are confirmed and have none.

        :param rows: tuples of an order's id and an instalment without its own
        :param gone: ids of instalments that are deleted first
        :return: ids of the orders that got theirs
        """
        if gone:
            self.env.cr.execute(
                SQL("DELETE FROM sale_collection_line WHERE id = ANY(%s)", list(gone))
            )
        orders = self.sudo().browse(row[0] for row in rows)
        rows = [
            (*row, order.company_id.id)
            for order, row in zip(orders, rows, strict=True)
            if order.state == "sale"
        ]
        if not rows:
            return []
        ids, names, dates, amounts, origins, companies = map(
            list, zip(*rows, strict=True)
        )
        inserted = self.env.execute_query(
            SQL(
                """
                INSERT INTO sale_collection_line (
                    order_id, name, date_due, amount, origin, company_id)
                SELECT *
                  FROM UNNEST(%(orders)s::int[], %(names)s::text[], %(dates)s::date[],
                              %(amounts)s::numeric[], %(origins)s::text[],
                              %(companies)s::int[]) AS new (order_id)
                 WHERE NOT EXISTS (SELECT FROM sale_collection_line line
                                    WHERE line.order_id = new.order_id)
                RETURNING order_id
                """,
                orders=ids,
                names=names,
                dates=dates,
                amounts=amounts,
                origins=origins,
                companies=companies,
            )
        )
        return list({order_id for (order_id,) in inserted})

    def _get_next_due(self, rows):
        """Return when the next part of the order is due.

        :param rows: positions by order id
        """
        row = rows.get(self._origin.id)
        if not row:
            return self._get_next_planned_date(0.0)
        if row["next_due_date"]:
            return row["next_due_date"]
        if self != self._origin:
            # In a form: its plan may not be saved yet.
            return self._get_next_planned_date(float(row["collected"]))
        return row["next_planned_date"] or False

    def _get_next_planned_date(self, collected):
        """Return the due date of the first instalment not filled yet."""
        self.ensure_one()
        for line in self.sudo().collection_line_ids.sorted("date_due"):
            collected -= line.amount
            if self.currency_id.compare_amounts(collected, 0.0) < 0:
                return line.date_due
        return False

    def action_plan_collection(self):
        """Make the collection plans of orders that are older than the module.

        :return: for several orders, a notification that says what was done
        """
        self.check_access("write")
        confirmed = self.filtered(lambda order: order.state == "sale")
        had = confirmed.filtered(lambda order: order.sudo().collection_line_ids)
        confirmed._plan_collection()
        if len(self) == 1:
            return True
        made = (confirmed - had).filtered(
            lambda order: order.sudo().collection_line_ids
        )
        lines = [
            self.env._("%(count)s collection plans were made.", count=len(made)),
        ]
        if others := self - confirmed:
            lines.append(
                self.env._(
                    "%(count)s are not confirmed and have none.", count=len(others)
                )
            )
        if unclear := made.filtered(lambda order: not order.payment_term_id):
            lines.append(
                self.env._(
                    "%(count)s have no payment terms: everything is due on the day of "
                    "the order. Set the terms to have the plan made from them.",
                    count=len(unclear),
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Collection Plans"),
                "message": "\n".join(lines),
                "sticky": bool(unclear),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
