# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CustomerValueTierOverride(models.Model):
    """A tier set by hand, with its reason, until a day; the history keeps it."""

    _name = "customer.value.tier.override"
    _description = "Tier Set by Hand"
    _order = "date_end, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        ondelete="cascade",
        help="The tier is that of the commercial entity.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    scheme_id = fields.Many2one(
        "customer.value.tier.scheme", compute="_compute_scheme_id"
    )
    tier_id = fields.Many2one(
        "customer.value.tier",
        required=True,
        ondelete="restrict",
        domain="[('scheme_id', '=', scheme_id)]",
    )
    reason = fields.Char(required=True)
    date_end = fields.Date(
        string="Until",
        required=True,
        help="Last day; the next night the rules decide again.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Set By",
        readonly=True,
        required=True,
        default=lambda self: self.env.user,
    )

    _partner_company_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)",
        "The tier of this customer is set by hand already: change or end that.",
    )

    @api.depends("company_id")
    def _compute_scheme_id(self):
        schemes = self.env["customer.value.tier.scheme"]
        for one in self:
            one.scheme_id = schemes._get_scheme(one.company_id)

    @api.depends("tier_id", "partner_id")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.partner_id.display_name} – {one.tier_id.name}"

    @api.constrains("tier_id", "reason", "date_end", "company_id")
    def _check_override(self):
        for one in self:
            if not (one.reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "Tell why the tier is set by hand: the history shows it."
                    )
                )
            if one.date_end < one.company_id._get_finance_today():
                raise ValidationError(
                    self.env._(
                        "The last day of a tier set by hand cannot be in the past."
                    )
                )
            if one.tier_id.scheme_id != one.scheme_id:
                raise ValidationError(
                    self.env._(
                        "%(tier)s is not a tier of %(company)s.",
                        tier=one.tier_id.name,
                        company=one.company_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        partners = self.env["res.partner"]
        found = super().create(
            [
                {
                    **vals,
                    "partner_id": partners.browse(
                        vals.get("partner_id")
                    ).commercial_partner_id.id,
                    "user_id": self.env.uid,
                }
                for vals in vals_list
            ]
        )
        found._decide("manual")
        return found

    def write(self, vals):
        if not {"partner_id", "company_id", "user_id"}.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "A tier set by hand stays with its customer and company: end it "
                    "and set another one."
                )
            )
        result = super().write({**vals, "user_id": self.env.uid})
        self._decide("manual")
        return result

    def unlink(self):
        ended = [(one.company_id, one.partner_id, one.date_end) for one in self]
        result = super().unlink()
        for company, partner, date_end in ended:
            # One that ends in its time has been taken into the night's run.
            if date_end >= company._get_finance_today():
                self.env["customer.value.tier.run"]._run(
                    company, partner, {partner.id: ("ended", date_end)}
                )
        return result

    def _decide(self, cause):
        """Have the tiers count from now on."""
        for one in self:
            self.env["customer.value.tier.run"]._run(
                one.company_id, one.partner_id, {one.partner_id.id: (cause, False)}
            )

    @api.model
    def _expire(self, company):
        """End what was set by hand until yesterday or before.

        :return: ``{partner id: ("expired", last day)}``
        """
        expired = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("date_end", "<", company._get_finance_today()),
            ]
        )
        causes = {one.partner_id.id: ("expired", one.date_end) for one in expired}
        expired.unlink()
        return causes

    def action_end(self):
        """End it now; the rules decide again."""
        self.unlink()
        return {"type": "ir.actions.act_window_close"}
