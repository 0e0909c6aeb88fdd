# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import MARGIN

MEASURES = [
    ("share", "Share of Value"),
    ("amount", "Value from"),
    ("score", "Contribution from"),
    ("any", "Everybody Else"),
]
#: What decides who gets a tier.
DECISIVE = {"scheme_id", "sequence", "active", "measure", "share", "amount", "score"}


class CustomerValueTier(models.Model):
    """A tier, and the rule by which customers get it: the first rule satisfied, from
    the best tier down, decides."""

    _name = "customer.value.tier"
    _description = "Tier of Customers"
    _order = "scheme_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    scheme_id = fields.Many2one(
        "customer.value.tier.scheme", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="scheme_id.company_id")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    description = fields.Text(
        translate=True, help="What a customer of this tier may expect."
    )
    measure = fields.Selection(
        MEASURES,
        string="Rule",
        default="share",
        required=True,
        help="Share of Value: customers by falling value, until together they make "
        "this part of the value of all; whoever is worth most is always in.\n"
        "Value from: customers worth at least this.\n"
        "Contribution from: customers with at least this contribution (0 to 100).\n"
        "Everybody Else: whoever is left, the last tier.\n"
        "What value is, is told above the tiers. Who is not worth anything satisfies "
        "no share; what is not known satisfies no rule but the last.",
    )
    share = fields.Float(
        string="Up to",
        digits=(16, 4),
        help="Cumulative share of the value of all customers.",
    )
    amount = fields.Monetary(
        string="From Value",
        groups=MARGIN,
        help="In the currency of the customer's company.",
    )
    score = fields.Float(string="From Contribution", digits=(16, 1), help="0 to 100.")
    is_key = fields.Boolean(
        string="Key List",
        help="When a customer rises into a tier of the key list, its salesperson gets "
        "an activity and its followers a note.",
    )

    _score_range = models.Constraint(
        "CHECK(score BETWEEN 0 AND 100)", "A contribution is between 0 and 100."
    )

    @api.depends("scheme_id.company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for tier in self:
            company = tier.scheme_id.company_id or self.env.company
            tier.currency_id = company.currency_id

    @api.model_create_multi
    def create(self, vals_list):
        found = super().create(vals_list)
        found.scheme_id._after_change()
        return found

    def write(self, vals):
        decisive = not DECISIVE.isdisjoint(vals)
        schemes = self.scheme_id
        result = super().write(vals)
        if decisive:
            (schemes | self.scheme_id)._after_change()
        return result

    def unlink(self):
        self.scheme_id._after_change()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        moves = self.env["customer.value.tier.move"].sudo()
        for tier in self:
            if moves.search_count(
                ["|", ("tier_id", "=", tier.id), ("from_tier_id", "=", tier.id)],
                limit=1,
            ):
                raise UserError(
                    self.env._(
                        "%(tier)s is part of the history of customers: archive it "
                        "instead of deleting it.",
                        tier=tier.name,
                    )
                )

    def _get_bound(self):
        """Return the number of the rule, None for everybody else."""
        self.ensure_one()
        return None if self.measure == "any" else self.sudo()[self.measure]
