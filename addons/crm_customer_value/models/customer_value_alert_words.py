# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why there is an alert, in words, and the records that show it."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_amount, format_date

from odoo.addons.crm_finance_bridge.models.customer_finance_drill import (
    MARGIN_LINES,
    SETTLEMENTS,
)

#: So many products are named.
NAMED = 3


class CustomerFinanceAlert(models.Model):
    _inherit = "customer.finance.alert"

    change_ids = fields.One2many(
        "customer.finance.alert.product", "alert_id", string="Products", readonly=True
    )

    def _describe(self, figures):
        describe = {
            "margin": self._describe_margin,
            "lag": self._describe_lag,
            "silent": self._describe_silent,
        }.get(self.kind)
        return describe(figures) if describe else super()._describe(figures)

    def _describe_margin(self, figures):
        days = (self.end_date - self.start_date).days
        a_year_ago = self.before_end_date < self.start_date
        if not figures:
            if a_year_ago:
                return self.env._(
                    "The margin of the last %(days)s days is lower than in the same "
                    "days a year ago.",
                    days=days,
                )
            return self.env._(
                "The margin of the last %(days)s days is lower than in the %(days)s "
                "days before.",
                days=days,
            )
        words = {
            "days": days,
            "now": self._format(self.amount_now),
            "before": self._format(self.amount_before),
            "change": self._format(self.amount_change, signed=True),
        }
        if a_year_ago:
            text = self.env._(
                "Margin of the last %(days)s days: %(now)s, after %(before)s in the "
                "same days a year ago (%(change)s).",
                **words,
            )
        else:
            text = self.env._(
                "Margin of the last %(days)s days: %(now)s, after %(before)s in the "
                "%(days)s days before (%(change)s).",
                **words,
            )
        return "\n".join(filter(None, [text, *self._describe_changes()]))

    def _describe_changes(self):
        """Return what explains the margin, and the products that fell most."""
        if not self.change_ids:
            return []
        effects = {
            name: sum(self.change_ids.mapped(f"{name}_effect"))
            for name in ("price", "cost", "volume", "mix")
        }
        texts = [
            self.env._(
                "Price %(price)s, cost %(cost)s, volume %(volume)s, mix %(mix)s.",
                **{
                    name: self._format(effect, signed=True)
                    for name, effect in effects.items()
                },
            )
        ]
        fallen = self.change_ids.filtered(lambda line: line.margin_change < 0)
        named = fallen.sorted("margin_change")[:NAMED]
        if named:
            texts.append(
                self.env._(
                    "Most of it: %(products)s.",
                    products=", ".join(
                        f"{line.display_name} "
                        f"{self._format(line.margin_change, signed=True)}"
                        for line in named
                    ),
                )
            )
        return texts

    def _describe_lag(self, _figures):
        return self.env._(
            "Payments of the last %(days)s days came %(now)s after their due date on "
            "average, after %(before)s in the %(past)s days before.",
            days=(self.end_date - self.start_date).days,
            past=(self.before_end_date - self.before_start_date).days,
            now=self._count_days(self.days_now),
            before=self._count_days(self.days_before),
        )

    def _describe_silent(self, _figures):
        return self.env._(
            "No order for %(silent)s days, since %(date)s. Usually one comes every "
            "%(usual)s days; beyond %(bound)s days it is unusual for this customer.",
            silent=round(self.days_now),
            date=format_date(self.env, self.start_date),
            usual=round(self.days_before),
            bound=round(self.days_bound),
        )

    def _count_days(self, days):
        return self.env._("%(days)s days", days=round(days))

    def _format(self, amount, signed=False):
        text = format_amount(self.env, amount, self.currency_id)
        return f"+{text}" if signed and amount > 0 else text

    # ------------------------------------------------------------------
    # To the records
    # ------------------------------------------------------------------

    def action_open_rows(self):
        """Open the records behind an alert: those of the present period, or with
        ``alert_before`` in the context of the period compared with."""
        self.ensure_one()
        self.check_access("read")
        before = bool(self.env.context.get("alert_before"))
        if self.kind == "silent":
            return self._open_orders()
        start, end = (
            (self.before_start_date, self.before_end_date)
            if before
            else (self.start_date, self.end_date)
        )
        customer = Domain("partner_id", "=", self.partner_id.id) & Domain(
            "company_id", "=", self.company_id.id
        )
        xmlid, name, domain = MARGIN_LINES, "date", Domain.TRUE
        if self.kind == "lag":
            xmlid, name = SETTLEMENTS, "settled_date"
            domain = Domain("money", "!=", 0)
        domain &= customer & Domain(name, ">", start) & Domain(name, "<=", end)
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        title = self.env._(
            "%(customer)s – %(first)s to %(last)s",
            customer=self.partner_id.display_name,
            first=format_date(self.env, start + timedelta(days=1)),
            last=format_date(self.env, end),
        )
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": list(domain),
            "context": {"finance_date": str(self.end_date)},
        }

    def _open_orders(self):
        profile = self.env["customer.finance.profile"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )
        if not profile:
            return self.action_open_partner()
        return profile.with_context(
            finance_figure="value_last_order_date"
        ).action_open_figure()
