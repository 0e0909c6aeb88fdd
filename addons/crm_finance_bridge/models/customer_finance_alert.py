# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .customer_finance_mixin import INDICATOR, MARGIN
from .optional_fields import OptionalFloat, OptionalMonetary

STATES = [
    ("open", "Ongoing"),
    ("snoozed", "Snoozed"),
    ("dismissed", "Dismissed"),
    ("closed", "Closed"),
]
#: States in which the customer is still concerned.
ONGOING = ("open", "snoozed", "dismissed")


class CustomerFinanceAlert(models.Model):
    """Something about a customer that somebody should look at.

    Opened once when a rule begins to concern a customer, closed when it no longer does;
    a later occurrence is another alert. Rules are brought by other modules: see
    :meth:`_find_concerned`. People snooze and dismiss; only the server opens and
    closes (customer_finance_alert_watch.py).
    """

    _name = "customer.finance.alert"
    _description = "Customer Alert"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "opened_date desc, id desc"
    _mail_post_access = "read"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    team_id = fields.Many2one(
        related="partner_id.user_id.sale_team_id", string="Sales Team"
    )
    kind = fields.Selection([], required=True, readonly=True)
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="open",
        tracking=True,
        help="Snoozed: quiet until a day. Dismissed: quiet until it is over. Closed: "
        "the customer is no longer concerned.",
    )
    opened_date = fields.Date(string="Since", required=True, readonly=True)
    closed_date = fields.Date(string="Until", readonly=True)
    checked_date = fields.Date(
        string="As of", readonly=True, help="Day of the figures."
    )
    snoozed_until = fields.Date(readonly=True, tracking=True)
    told_user_id = fields.Many2one(
        "res.users",
        string="Told",
        readonly=True,
        help="Who got the activity. Nobody gets a second one for the same alert.",
    )

    # The figures of both periods, as the rule of the kind means them
    amount_before = OptionalMonetary(
        readonly=True, groups=MARGIN, help="Amount of the period compared with."
    )
    amount_now = OptionalMonetary(
        readonly=True, groups=MARGIN, help="Amount of the period up to the day."
    )
    amount_change = OptionalMonetary(
        string="Change", readonly=True, groups=MARGIN, help="Amount now − before."
    )
    days_before = OptionalFloat(
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Days that are usual for the customer.",
    )
    days_now = OptionalFloat(
        readonly=True, digits=(16, 1), aggregator="avg", help="Days as they are now."
    )
    days_bound = OptionalFloat(
        readonly=True,
        digits=(16, 1),
        aggregator=None,
        help="Days from which it is an alert.",
    )
    before_start_date = fields.Date(
        readonly=True, help="Day before the period compared with."
    )
    before_end_date = fields.Date(readonly=True)
    start_date = fields.Date(readonly=True, help="Day before the present period.")
    end_date = fields.Date(readonly=True)

    reason = fields.Text(
        string="Why", compute="_compute_reason", compute_sudo=False, groups=INDICATOR
    )
    headline = fields.Text(
        string="In Short",
        compute="_compute_reason",
        compute_sudo=False,
        groups=INDICATOR,
    )

    _partner_company_kind_uniq = models.UniqueIndex(
        "(partner_id, company_id, kind) WHERE state <> 'closed'",
        "A customer has one alert of a kind at a time.",
    )

    @api.depends("kind", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for alert in self:
            alert.display_name = (
                f"{kinds.get(alert.kind, '')} – {alert.partner_id.display_name}"
            )

    @api.depends("kind", "checked_date")
    @api.depends_context("uid", "lang")
    def _compute_reason(self):
        """Why, with the figures this user may see: composed when it is read, so that no
        amount is stored in a text."""
        groups = self._get_figure_groups()
        for alert in self:
            group = groups.get(alert.kind)
            figures = not group or self.env.user.has_group(group)
            alert.reason = alert.sudo()._describe(figures)
            alert.headline = (alert.reason or "").partition("\n")[0]

    @api.model
    def _get_figure_groups(self):
        """Return ``{kind: group that may see its figures}``; a hook for the modules
        that bring kinds."""
        return {}

    def _describe(self, figures):
        """Return why there is an alert, in words; a hook for the modules that bring
        kinds.

        :param figures: whether amounts may be told
        """
        self.ensure_one()
        return False

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_open_partner(self):
        """Open the customer's contact form."""
        self.ensure_one()
        return self.partner_id._get_records_action(context={})

    def action_snooze(self):
        """Open the dialog that silences these alerts for a while."""
        return self._open_dialog("snoozed", self.env._("Snooze"))

    def action_dismiss(self):
        """Open the dialog that silences these alerts until they are over."""
        return self._open_dialog("dismissed", self.env._("Dismiss"))

    def _open_dialog(self, state, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "customer.finance.alert.silence",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_state": state,
                "default_alert_ids": [fields.Command.set(self.ids)],
            },
        }

    def action_reopen(self):
        """Have these alerts open again; the salesperson is told once more."""
        self.check_access("read")
        silenced = self.sudo().filtered(
            lambda alert: alert.state in ("snoozed", "dismissed")
        )
        silenced._wake()
        return True
