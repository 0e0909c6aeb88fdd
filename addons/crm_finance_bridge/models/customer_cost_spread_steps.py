# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date


class CustomerCostSpreadSteps(models.AbstractModel):
    """Preview, post, undo: a fixed number of statements for any number of customers."""

    _name = "customer.cost.spread.steps"
    _description = "Spreading of Costs: Steps"
    _inherit = ["customer.cost.spread.rows"]

    def action_preview(self):
        """Count the costs to spread and write each customer's share."""
        for spread in self:
            spread._check_step("draft", "previewed")
            spread._check_account()
            spread._preview()
        return True

    def action_post(self):
        """Let the shares count: mark the costs as taken."""
        for spread in self:
            spread._check_step("previewed")
            spread._check_account()
            spread._take_lines()
            spread._store_results(
                state="posted",
                posted_by_id=self.env.uid,
                posted_at=fields.Datetime.now(),
            )
            spread._queue_customers()
        return True

    def action_undo(self):
        """Let go of the costs taken; the shares count no more."""
        for spread in self:
            spread._check_step("posted")
            self.env["account.analytic.line"].flush_model(["finance_spread_id"])
            self.env.cr.execute(
                SQL(
                    """UPDATE account_analytic_line SET finance_spread_id = NULL
                        WHERE finance_spread_id = %s""",
                    spread.id,
                )
            )
            self.env["account.analytic.line"].invalidate_model(["finance_spread_id"])
            spread._store_results(state="undone")
            spread._queue_customers()
        return True

    def action_draft(self):
        """Take a preview back, or begin anew after an undo."""
        for spread in self:
            spread._check_step("draft", "previewed", "undone")
            spread._clear_shares()
            spread._store_results(state="draft", amount=0.0, line_count=0, over_count=0)
        return True

    def _check_step(self, *states):
        self.ensure_one()
        self.check_access("write")
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(name)s” is %(state)s, so this step is not possible.",
                    name=self.name,
                    state=labels[self.state].lower(),
                )
            )
        # The period's first day: a closed period has figures others rely on.
        self.company_id._check_cost_date(min(self.date_from, self.date))

    def _preview(self):
        rows = self.env["customer.cost.rows"]
        rows._flush_cost_sources()
        self.env["customer.finance.facts"]._flush_sources()
        self.env["crm.lead"].flush_model()
        self.flush_recordset()
        self._clear_shares()
        [(count, total, over)] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*), COALESCE(SUM(taken.amount), 0),
                       COUNT(*) FILTER (WHERE item.id IS NOT NULL AND (%s))
                  FROM (%s) taken
                  LEFT JOIN account_move_line item ON item.id = taken.move_line_id
                """,
                rows._sql_is_over_charged(SQL("item"), self.account_id),
                self._sql_taken_lines(),
            )
        )
        if self.currency_id.is_zero(float(total)):
            raise UserError(
                self.env._(
                    "There is nothing to spread: “%(account)s” has no costs from "
                    "%(start)s to %(end)s that are not charged to a customer or spread "
                    "already.",
                    account=self.account_id.display_name,
                    start=format_date(self.env, self.date_from),
                    end=format_date(self.env, self.date_to),
                )
            )
        if not self._insert_shares(total):
            raise UserError(
                self.env._(
                    "There is no basis to spread by: none of the customers has "
                    "anything of “%(basis)s” in the period. Choose another basis, "
                    "other customers or another period.",
                    basis=dict(self._fields["basis"]._description_selection(self.env))[
                        self.basis
                    ],
                )
            )
        self.env["customer.cost.share"].invalidate_model()
        self.invalidate_recordset(["share_ids", "share_count"])
        self._store_results(
            state="previewed", amount=total, line_count=count, over_count=over
        )

    def _clear_shares(self):
        self.env.cr.execute(
            SQL("DELETE FROM customer_cost_share WHERE spread_id = %s", self.id)
        )
        self.env["customer.cost.share"].invalidate_model()
        self.invalidate_recordset(["share_ids", "share_count"])

    def _take_lines(self):
        """Mark the costs as taken; refuse when they are not those of the preview.

        Who else posts them at the same time waits here, and is refused.
        """
        self.env["customer.cost.rows"]._flush_cost_sources()
        [(count, total)] = self.env.execute_query(
            SQL(
                """
                WITH taken AS (
                    UPDATE account_analytic_line line SET finance_spread_id = %s
                      FROM (%s) cost
                     WHERE line.id = cost.line_id AND line.finance_spread_id IS NULL
                    RETURNING cost.amount
                )
                SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM taken
                """,
                self.id,
                self._sql_taken_lines(),
            )
        )
        self.env["account.analytic.line"].invalidate_model(["finance_spread_id"])
        if count != self.line_count or self.currency_id.compare_amounts(
            float(total), self.amount
        ):
            raise UserError(
                self.env._(
                    "The costs on “%(account)s” have changed since the preview: it had "
                    "%(before)s, now it is %(after)s. Preview again.",
                    account=self.account_id.display_name,
                    before=self.currency_id.format(self.amount),
                    after=self.currency_id.format(float(total)),
                )
            )

    def _queue_customers(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT partner_id FROM customer_cost_share"
                " WHERE spread_id = %s",
                self.id,
            )
        )
        self.env["customer.finance.queue"]._push(
            self.env["res.partner"].browse([row[0] for row in rows]), self.company_id
        )

    def action_open_costs(self):
        """Open the costs taken, or on a preview those that would be."""
        self.ensure_one()
        self.check_access("read")
        if self.state == "posted":
            domain = [("finance_spread_id", "=", self.id)]
        else:
            self.env["customer.cost.rows"]._flush_cost_sources()
            rows = self.env.execute_query(self._sql_taken_lines())
            domain = [("id", "in", [row[0] for row in rows])]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "analytic.account_analytic_line_action_entries"
        )
        return {
            **action,
            "name": self.name,
            "display_name": self.name,
            "domain": domain,
            "context": {},
        }
