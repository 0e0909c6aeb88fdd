# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who hears of it when a customer rises into the key list, or falls out of it."""

from odoo import api, fields, models

RISE = "crm_customer_value.mail_activity_type_tier"
#: What a single run decided; a run of everybody that places customers for the first
#: time, or by other rules, is nobody's success.
HEARD = {"met", "manual", "expired", "ended"}


class CustomerValueTierReaction(models.AbstractModel):
    _name = "customer.value.tier.reaction"
    _description = "Reaction to Tiers"

    @api.model
    def _react(self, company, moves, whole):
        """Tell of customers who rose into the key list; take back what was told of
        those who fell out of it before anybody acted.

        :param moves: rows of the history
        :param whole: everybody was valued
        """
        if not moves:
            return
        tiers = self.env["customer.value.tier"].with_context(active_test=False)
        key = set(tiers.search([("is_key", "=", True)]).ids)
        risen, fallen = [], []
        for move in moves:
            before, after = move["from_tier_id"] in key, move["tier_id"] in key
            heard = move["cause"] in HEARD or (move["cause"] == "new" and not whole)
            if after and not before and heard:
                risen.append(move["partner_id"])
            elif before and not after:
                fallen.append(move["partner_id"])
        partners = self.env["res.partner"]
        self._forget(partners.browse(fallen))
        for partner in partners.browse(risen).filtered("active"):
            self._tell(company, partner)

    @api.model
    def _forget(self, partners):
        """Remove the activities of customers who are on no key list any more."""
        if not partners:
            return
        for company in self.env["res.company"]._get_finance_companies():
            partners -= partners.with_company(company).filtered("value_tier_id.is_key")
        partners.activity_unlink([RISE])

    @api.model
    def _tell(self, company, partner):
        """Give the salesperson one activity, and the followers inside a note."""
        move = self.env["customer.value.tier.move"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)], limit=1
        )
        user = partner.user_id.filtered("active")
        lang = user.lang or company.partner_id.lang or self.env.lang
        move = move.with_context(lang=lang)
        note = self.env(context=dict(self.env.context, lang=lang))._(
            "%(customer)s has risen to %(tier)s. %(why)s",
            customer=partner.display_name,
            tier=move.tier_id.name,
            # Whoever reads the chatter may read it: no amounts.
            why=move._say_why(figures=False),
        )
        followers = partner.message_partner_ids.filtered(
            lambda follower: any(
                not member.share and member.active for member in follower.user_ids
            )
        )
        partner.message_post(
            body=note,
            message_type="notification",
            subtype_xmlid="mail.mt_note",
            partner_ids=followers.ids,
        )
        if not user or partner.activity_search([RISE]):
            return
        partner.activity_schedule(
            RISE, user_id=user.id, date_deadline=fields.Date.today(), note=note
        )
