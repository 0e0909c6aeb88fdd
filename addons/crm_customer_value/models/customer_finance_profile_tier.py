# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CustomerFinanceProfile(models.Model):
    """The tier of a customer, and where it stands between two runs.

    Written by SQL (customer_value_tier_run.py), like the figures.
    """

    _inherit = "customer.finance.profile"

    value_tier_id = fields.Many2one(
        "customer.value.tier",
        string="Tier",
        readonly=True,
        ondelete="set null",
        group_expand="_group_expand_tiers",
    )
    value_tier_color = fields.Integer(
        related="value_tier_id.color", string="Color of the Tier"
    )
    value_tier_rule_id = fields.Many2one(
        "customer.value.tier",
        string="Tier by the Rules",
        readonly=True,
        ondelete="set null",
    )
    value_tier_candidate_id = fields.Many2one(
        "customer.value.tier", string="Next Tier", readonly=True, ondelete="set null"
    )
    value_tier_runs = fields.Integer(
        string="Days towards Next Tier", readonly=True, aggregator=None
    )
    value_tier_run_date = fields.Date(string="Last Day towards It", readonly=True)
    value_tier_date = fields.Date(string="In Tier since", readonly=True)
    value_tier_note = fields.Char(
        string="Why This Tier", compute="_compute_value_tier_note", compute_sudo=True
    )

    @api.model
    def _group_expand_tiers(self, tiers, domain):
        """Show the tiers in use in the columns of a kanban, best first."""
        scheme = self.env["customer.value.tier.scheme"]._get_scheme(self.env.company)
        return tiers | scheme.tier_ids.sudo(False)

    @api.depends("value_tier_id", "value_tier_candidate_id", "value_tier_runs")
    @api.depends_context("uid", "lang")
    def _compute_value_tier_note(self):
        moves = self.env["customer.value.tier.move"]
        newest = moves._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            ["partner_id", "company_id"],
            ["id:max"],
        )
        # Together, so that they are read together.
        last = moves.browse([move for *_key, move in newest]).grouped(
            lambda move: (move.partner_id, move.company_id)
        )
        for profile in self:
            move = last.get((profile.partner_id, profile.company_id), moves)
            said = [move.reason, profile._say_tier_candidate()]
            profile.value_tier_note = " ".join(filter(None, said)) or False

    def _say_tier_candidate(self):
        """Return where the rules would place the customer next, in words."""
        if not self.value_tier_candidate_id:
            return None
        tier, rule = self.value_tier_candidate_id, self.value_tier_rule_id
        scheme = rule.scheme_id
        if (tier.sequence, tier.id) < (rule.sequence, rule.id):
            return self.env._(
                "The rules placed it in %(tier)s on %(runs)s of %(needed)s days.",
                tier=tier.name,
                runs=self.value_tier_runs,
                needed=scheme.runs_up,
            )
        return self.env._(
            "The rules placed it in %(tier)s in %(runs)s of %(needed)s nights.",
            tier=tier.name,
            runs=self.value_tier_runs,
            needed=scheme.runs_down,
        )

    def action_open_tier_moves(self):
        """Open the history of the customer's tiers."""
        self.ensure_one()
        return self.partner_id._open_tier_moves(self.company_id)

    def action_set_tier(self):
        """Set the tier by hand, or change what was set."""
        self.ensure_one()
        return self.partner_id._open_tier_override(self.company_id)
