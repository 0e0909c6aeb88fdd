# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .credit_account import ABSURD


class CreditCover(models.Model):
    """What raises a limit for a time: an extension, a guarantee, an insurance."""

    _name = "credit.cover"
    _description = "Credit Cover"
    _order = "date_to, id"
    _rec_name = "kind"

    account_id = fields.Many2one(
        "credit.account",
        string="Credit File",
        required=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(related="account_id.partner_id")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    currency_id = fields.Many2one(related="account_id.currency_id")
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("extension", "Temporary Extension"),
            ("guarantee", "Guarantee"),
            ("insurance", "Credit Insurance"),
        ],
        required=True,
        default="extension",
    )
    amount = fields.Monetary(required=True, help="In company currency.")
    coverage = fields.Float(
        default=100.0,
        required=True,
        digits=(5, 2),
        help="Share of the amount that raises the limit, in per cent.",
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Until", help="Last day. Required for an extension.")
    reference = fields.Char(help="Number of the guarantee or policy.")
    reason = fields.Char(required=True)
    in_force = fields.Boolean(compute="_compute_in_force")

    @api.depends("active", "date_from", "date_to", "company_id")
    def _compute_in_force(self):
        for cover in self:
            today = (cover.company_id or self.env.company)._get_finance_today()
            cover.in_force = (
                cover.active
                and (not cover.date_from or cover.date_from <= today)
                and (not cover.date_to or cover.date_to >= today)
            )

    @api.constrains("amount", "coverage", "date_from", "date_to", "kind")
    def _check_cover(self):
        for cover in self:
            if not 0 < cover.amount <= ABSURD:
                raise ValidationError(
                    self.env._("The amount of a cover must be more than zero.")
                )
            if not 0 < cover.coverage <= 100:
                raise ValidationError(
                    self.env._("The coverage must be above 0 and at most 100 %.")
                )
            if cover.date_to and cover.date_to < cover.date_from:
                raise ValidationError(
                    self.env._(
                        "A cover cannot end (%(end)s) before it starts (%(start)s).",
                        end=cover.date_to,
                        start=cover.date_from,
                    )
                )
            if cover.kind == "extension" and not cover.date_to:
                raise ValidationError(
                    self.env._("Say until when the limit is extended.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        covers = super().create(vals_list)
        covers._log("", lambda cover: cover._describe())
        return covers

    def write(self, vals):
        if not self.env.su and "account_id" in vals:
            raise UserError(self.env._("A cover stays in its credit file."))
        before = {cover: cover._describe() for cover in self}
        result = super().write(vals)
        self._log(before, lambda cover: cover._describe())
        return result

    def unlink(self):
        self._log({cover: cover._describe() for cover in self}, lambda cover: "")
        return super().unlink()

    def _describe(self):
        """Return the cover in one line, as the log keeps it."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        text = (
            f"{kinds[self.kind]} {self.currency_id.format(self.amount)} × "
            f"{self.coverage:g} %, {self.date_from} – {self.date_to or '…'}"
        )
        return text if self.active else self.env._("%(cover)s (ended)", cover=text)

    def _log(self, before, describe):
        rows = []
        for cover in self:
            old = before and before[cover]
            new = describe(cover)
            if old != new:
                rows.append(
                    {
                        "account_id": cover.account_id.id,
                        "field_name": "cover_ids",
                        "old_value": old,
                        "new_value": new,
                        "reason": cover.reason,
                    }
                )
        self.env["credit.log"].sudo()._append(rows)
        self.account_id._queue_refresh()
