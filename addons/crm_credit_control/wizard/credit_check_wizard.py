# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.credit_account import AMOUNT


class CreditCheckWizard(models.TransientModel):
    """May we sell this much to this customer? The same decision, without side
    effects."""

    _name = "credit.check.wizard"
    _description = "Credit Check"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        help="What is to be sold on credit, tax included, in company currency."
    )
    outcome = fields.Selection(
        [("allow", "Allowed"), ("warn", "Allowed, with a Warning"), ("hold", "Held")],
        compute="_compute_outcome",
    )
    reasons = fields.Text(compute="_compute_outcome", groups=AMOUNT)
    reasons_plain = fields.Text(compute="_compute_outcome", string="Why")
    way_out = fields.Text(compute="_compute_outcome", groups=AMOUNT)
    policy = fields.Char(compute="_compute_outcome")

    @api.depends("partner_id", "company_id", "amount")
    def _compute_outcome(self):
        check = self.env["credit.check"]
        policies = self.env["credit.policy"]
        for wizard in self:
            partner = wizard.partner_id.commercial_partner_id
            if not partner:
                wizard.update(
                    {
                        "outcome": False,
                        "reasons": "",
                        "reasons_plain": "",
                        "way_out": "",
                        "policy": "",
                    }
                )
                continue
            company = wizard.company_id
            visible = self.env["credit.exposure"]._get_visible_rows(company, partner)
            decision = check._judge_customers(
                company, partner, {partner.id: wizard.amount}
            )[partner.id]
            policy = policies._get_policies(company, partner)[partner]
            wizard.outcome = decision.outcome
            wizard.reasons_plain = "\n".join(
                check._describe_reason(reason, company, amounts=False)
                for reason in decision.reasons
            )
            wizard.reasons = "\n".join(
                check._describe_reason(reason, company, amounts=bool(visible))
                for reason in decision.reasons
            )
            wizard.way_out = check._describe_way_out(
                decision, company, amounts=bool(visible)
            )
            wizard.policy = policy._explain(partner.sudo(), company)
