# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models


class CustomerFinanceComparison(models.TransientModel):
    """A snapshot beside what the ledger gives for its date now, and why they differ."""

    _name = "customer.finance.comparison"
    _description = "Snapshot Compared with the Ledger"

    snapshot_id = fields.Many2one(
        "customer.finance.snapshot", required=True, readonly=True, ondelete="cascade"
    )
    line_ids = fields.One2many(
        "customer.finance.comparison.line", "comparison_id", readonly=True
    )
    difference_count = fields.Integer(compute="_compute_difference_count")
    change_count = fields.Integer(
        string="Later Entries",
        compute="_compute_change_count",
        # A number only; the entries are opened with the user's own rights.
        compute_sudo=True,
        help="Journal entries dated up to the month end that were created or changed "
        "after the snapshot was taken.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        comparisons = super().create(vals_list)
        comparisons._fill_lines()
        return comparisons

    def _fill_lines(self):
        """Compare the figures the user may see. Not a stored compute: that would run
        with all rights."""
        self.snapshot_id.check_access("read")
        for comparison in self:
            snapshot = comparison.snapshot_id
            names = [
                name
                for name in snapshot._get_figure_columns()
                if name in COMPARED
                and snapshot._has_field_access(snapshot._fields[name], "read")
            ]
            live = (
                snapshot.sudo()
                ._get_figures(
                    snapshot.company_id, snapshot.partner_id, snapshot.as_of_date
                )
                .get(snapshot.partner_id.id, {})
            )
            labels = snapshot.fields_get(names, ["string"])
            comparison.sudo().line_ids = [
                Command.create(
                    self._prepare_line_vals(
                        name, labels[name]["string"], snapshot[name], live.get(name)
                    )
                )
                for name in names
            ]

    @api.model
    def _prepare_line_vals(self, name, label, stored, live):
        """Return a line; rates are shown in percent."""
        scale = 1.0
        if name in RATES:
            label, scale = f"{label} (%)", 100.0
        return {
            "name": label,
            "stored_value": scale * float(stored or 0.0),
            "ledger_value": scale * float(live or 0.0),
        }

    @api.depends("line_ids.is_different")
    def _compute_difference_count(self):
        for comparison in self:
            comparison.difference_count = len(
                comparison.line_ids.filtered("is_different")
            )

    @api.depends("snapshot_id")
    def _compute_change_count(self):
        for comparison in self:
            comparison.change_count = self.env["account.move"].search_count(
                comparison._get_change_domain()
            )

    def _get_change_domain(self):
        snapshot = self.snapshot_id
        return [
            ("company_id", "=", snapshot.company_id.id),
            ("line_ids.partner_id", "child_of", snapshot.partner_id.id),
            ("date", "<=", snapshot.as_of_date),
            ("write_date", ">", snapshot.refreshed_at),
        ]

    def action_open_changes(self):
        """Open the entries that explain the difference."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries changed since the snapshot"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": self._get_change_domain(),
        }


class CustomerFinanceComparisonLine(models.TransientModel):
    _name = "customer.finance.comparison.line"
    _description = "Figure of a Snapshot Compared with the Ledger"

    comparison_id = fields.Many2one(
        "customer.finance.comparison", required=True, ondelete="cascade"
    )
    name = fields.Char(string="Indicator", readonly=True)
    stored_value = fields.Float(string="At the Month End", readonly=True)
    ledger_value = fields.Float(string="From the Ledger Now", readonly=True)
    difference = fields.Float(compute="_compute_difference")
    is_different = fields.Boolean(compute="_compute_difference")

    @api.depends("stored_value", "ledger_value")
    def _compute_difference(self):
        for line in self:
            line.difference = line.ledger_value - line.stored_value
            # Shown with two decimals.
            line.is_different = abs(line.difference) >= 0.005


RATES = {"on_time_rate", "collection_rate"}

#: What a reader compares; the parts of ratios are left out.
COMPARED = {
    "receivable",
    "unallocated_credit",
    "overdue",
    "oldest_overdue_days",
    "sales",
    "dso",
    "days_to_pay",
    "days_late",
    *RATES,
    "margin",
    "financing_cost",
    "cost",
    "net_profit",
}
