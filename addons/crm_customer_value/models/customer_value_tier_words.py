# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why a customer moved, in words."""

from odoo import api, fields, models
from odoo.tools.misc import format_amount, format_date, formatLang

from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import MARGIN


class CustomerValueTierMove(models.Model):
    _inherit = "customer.value.tier.move"

    reason = fields.Char(
        string="Why",
        compute="_compute_reason",
        compute_sudo=True,
        help="With the figures for those who may see margins.",
    )

    @api.depends("cause", "measure")
    @api.depends_context("uid", "lang")
    def _compute_reason(self):
        figures = self.env.user.has_group(MARGIN)
        for move in self:
            move.reason = move._say_why(figures)

    def _say_why(self, figures=False):
        """Return why a customer moved.

        :param figures: tell margins and shares as well
        """
        self.ensure_one()
        move = self.sudo()
        rule = move._say_rule(figures)
        if move.cause == "new":
            return self.env._("First placed. %(rule)s", rule=rule)
        if move.cause == "rules":
            return self.env._("The rules changed. %(rule)s", rule=rule)
        if move.cause == "manual":
            return self.env._(
                "Set by %(user)s until %(date)s: %(note)s",
                user=move.user_id.name,
                date=format_date(self.env, move.date_end),
                note=move.note,
            )
        if move.cause == "expired":
            return self.env._(
                "The tier set by hand until %(date)s has expired.",
                date=format_date(self.env, move.date_end),
            )
        if move.cause == "ended":
            return self.env._(
                "%(user)s ended the tier set by hand.", user=move.user_id.name
            )
        if move.cause == "unknown":
            return self.env._("There is not enough data any more.")
        return rule

    def _say_rule(self, figures):
        """Return what of the rule is met or missed."""
        met = self.cause != "missed"
        tier = self.tier_id if met else self.from_tier_id
        say = {
            "share": self._say_share,
            "amount": self._say_amount,
            "score": self._say_score,
        }.get(self.measure)
        if not say:
            return self.env._("No better rule is met.")
        told = say(met, tier.name, figures)
        known = self[f"{self.measure}_before"]
        if known is False or (self.measure != "score" and not figures):
            return told
        return self.env._(
            "%(told)s When the tier before was given it was %(before)s.",
            told=told,
            before=self._format(self.measure, known),
        )

    def _say_share(self, met, tier, figures):
        bound = self._format("share", self.bound)
        if met:
            told = self.env._(
                "Among the customers who make the first %(bound)s of the value.",
                bound=bound,
            )
        else:
            told = self.env._(
                "No longer among the customers who make the first %(bound)s of the "
                "value.",
                bound=bound,
            )
        if not figures or self.share is False:
            return told
        return self.env._(
            "%(told)s Cumulative share: %(share)s.",
            told=told,
            share=self._format("share", self.share),
        )

    def _say_amount(self, met, tier, figures):
        if not figures:
            if met:
                return self.env._("Worth what %(tier)s takes.", tier=tier)
            return self.env._("No longer worth what %(tier)s takes.", tier=tier)
        now = self._format("amount", self.amount)
        bound = self._format("amount", self.bound)
        if met:
            return self.env._(
                "Worth %(now)s; %(tier)s takes %(bound)s.",
                now=now,
                tier=tier,
                bound=bound,
            )
        return self.env._(
            "Worth %(now)s only; %(tier)s takes %(bound)s.",
            now=now,
            tier=tier,
            bound=bound,
        )

    def _say_score(self, met, tier, figures):
        now = self._format("score", self.score)
        bound = self._format("score", self.bound)
        if met:
            return self.env._(
                "Contribution %(now)s; %(tier)s takes %(bound)s.",
                now=now,
                tier=tier,
                bound=bound,
            )
        return self.env._(
            "Contribution %(now)s only; %(tier)s takes %(bound)s.",
            now=now,
            tier=tier,
            bound=bound,
        )

    def _format(self, measure, figure):
        if figure is False:
            return self.env._("not known")
        if measure == "share":
            percent = round(100 * figure, 1)
            return self.env._(
                "%(number)s%%",
                number=formatLang(self.env, percent, digits=int(percent % 1 > 0)),
            )
        if measure == "amount":
            return format_amount(self.env, figure, self.currency_id)
        return formatLang(self.env, figure, digits=1)
