# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Shows the open alerts of a customer on its profile and its contact."""

from odoo import api, fields, models
from odoo.fields import Domain


class CustomerFinanceProfile(models.Model):
    _inherit = "customer.finance.profile"

    alert_ids = fields.Many2many(
        "customer.finance.alert",
        string="Open Alerts",
        compute="_compute_alert_ids",
        search="_search_alert_ids",
        compute_sudo=False,
    )
    alert_count = fields.Integer(
        string="Number of Alerts", compute="_compute_alert_ids", compute_sudo=False
    )
    alert_kinds = fields.Char(
        string="Alerts", compute="_compute_alert_ids", compute_sudo=False
    )

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid", "lang")
    def _compute_alert_ids(self):
        alerts = self.env["customer.finance.alert"]
        kinds = dict(alerts._fields["kind"]._description_selection(self.env))
        found = {}
        if kinds:
            found = alerts.search_fetch(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("state", "=", "open"),
                ],
                ["partner_id", "company_id", "kind"],
                order="kind, id",
            ).grouped(lambda alert: (alert.partner_id.id, alert.company_id.id))
        for profile in self:
            own = found.get((profile.partner_id.id, profile.company_id.id), alerts)
            profile.alert_ids = own
            profile.alert_count = len(own)
            profile.alert_kinds = ", ".join(kinds[alert.kind] for alert in own)

    @api.model
    def _search_alert_ids(self, operator, value):
        """Search by open alerts: whether there are any, or by what they are."""
        wanted = Domain("state", "=", "open")
        if operator == "any":
            wanted &= Domain(value)
        elif operator == "in":
            ids = [each for each in value if each]
            wanted &= Domain("id", "in", ids) if ids else Domain.TRUE
            if False in value:
                if ids:
                    return NotImplemented
                return ~self._get_alerted(wanted)
        else:
            return NotImplemented
        return self._get_alerted(wanted)

    @api.model
    def _get_alerted(self, wanted):
        """Return the domain of the profiles with an alert ``wanted``."""
        pairs = self.env["customer.finance.alert"]._read_group(
            wanted, ["company_id"], ["partner_id:array_agg"]
        )
        return Domain.OR(
            Domain("company_id", "=", company.id) & Domain("partner_id", "in", partners)
            for company, partners in pairs
        )

    def action_open_alerts(self):
        """Open the open alerts of this customer."""
        self.ensure_one()
        return self.alert_ids._get_records_action(
            name=self.env._("Alerts – %(customer)s", customer=self.display_name),
            context={},
        )


class CustomerFinanceLink(models.AbstractModel):
    _inherit = "customer.finance.link"

    finance_alert_count = fields.Integer(
        related="finance_profile_id.alert_count", related_sudo=False
    )

    def action_open_finance_alerts(self):
        """Open the open alerts of the document's customer."""
        self.ensure_one()
        return self.finance_profile_id.action_open_alerts()
