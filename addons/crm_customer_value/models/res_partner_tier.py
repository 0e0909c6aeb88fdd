# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.crm_finance_bridge.models.customer_finance_link import figure


class CustomerFinanceLink(models.AbstractModel):
    """Shows the tier on contact, order, invoice and opportunity."""

    _inherit = "customer.finance.link"

    finance_value_tier_id = figure(
        fields.Many2one, "value_tier_id", string="Tier of the Customer"
    )
    finance_value_tier_color = figure(fields.Integer, "value_tier_color")


class ResPartner(models.Model):
    """The tier on the contact: a label per company to group, filter, mail and automate
    by. Only the decision on tiers writes it; contacts of a customer follow it."""

    _inherit = "res.partner"

    value_tier_id = fields.Many2one(
        "customer.value.tier",
        string="Tier",
        company_dependent=True,
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Tier of the customer in this company, by its value or set by hand; of "
        "contacts, that of their company.",
    )
    finance_value_tier_date = figure(fields.Date, "value_tier_date")
    finance_value_tier_note = fields.Char(
        related="finance_profile_id.value_tier_note", related_sudo=False
    )

    def _commercial_fields(self):
        return [*super()._commercial_fields(), "value_tier_id"]

    @api.model
    def _has_field_access(self, field, operation):
        """Nobody writes the tier, but the decision on it."""
        if field.name == "value_tier_id" and operation == "write" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_open_tier_moves(self):
        """Open the history of the customer's tiers."""
        self.ensure_one()
        return self._open_tier_moves(self.env.company)

    def action_set_tier(self):
        """Set the tier by hand, or change what was set."""
        self.ensure_one()
        return self._open_tier_override(self.env.company)

    def _open_tier_moves(self, company):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_value.customer_value_tier_move_action"
        )
        return {
            **action,
            "domain": [
                ("partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", company.id),
            ],
            "context": {},
        }

    def _open_tier_override(self, company):
        customer = self.commercial_partner_id
        overrides = self.env["customer.value.tier.override"]
        found = overrides.search(
            [("partner_id", "=", customer.id), ("company_id", "=", company.id)]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tier of %(customer)s", customer=customer.display_name),
            "res_model": overrides._name,
            "res_id": found.id,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": customer.id,
                "default_company_id": company.id,
            },
        }
