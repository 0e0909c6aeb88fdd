# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.fields import Domain

from ..tools.ageing import BUCKETS, day_ranges
from .customer_cost_rows import KINDS

ITEMS = "crm_finance_bridge.customer_finance_item_action"
SETTLEMENTS = "crm_finance_bridge.customer_finance_settlement_action"
MARGIN_LINES = "crm_finance_bridge.customer_finance_margin_line_action"
COSTS = "crm_finance_bridge.customer_finance_cost_action"
ORDERS = "sale.action_orders"


class CustomerFinanceDrill(models.AbstractModel):
    """From a figure to the records that sum to it."""

    _name = "customer.finance.drill"
    _description = "Customer Finance Drill-Down"

    def action_open_figure(self):
        """Open the records behind the figure named in the context.

        Called by every figure on the screens with
        ``context="{'finance_figure': code}"``.
        """
        self.check_access("read")
        self.ensure_one()
        code = self.env.context.get("finance_figure", "receivable")
        xmlid, domain, date = self._get_figure_source(code)
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        label = self.fields_get([code], ["string"])[code]["string"]
        title = f"{label} – {self.partner_id.display_name}"
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": list(domain),
            "context": {"finance_date": str(date)},
        }

    @api.model
    def _get_figure_sources(self):
        """Return ``{code: method}``; a method of a profile or snapshot returns what
        :meth:`_get_figure_source` does. Other modules add theirs."""
        open_items = self._get_open_items
        return {
            "receivable": lambda: open_items([("open_amount", "!=", 0)]),
            "unallocated_credit": lambda: open_items([("open_amount", "<", 0)]),
            "overdue": lambda: open_items(self._get_overdue_domain()),
            "oldest_overdue_days": lambda: open_items(self._get_overdue_domain()),
            **{name: self._get_bucket_source(name) for name in BUCKETS},
            "opening_receivable": lambda: open_items(
                [("open_amount", "!=", 0)], self._get_window_start()
            ),
            **dict.fromkeys(
                ("sales", "dso", "ar_turnover", "ar_turnover_days", "cei"),
                self._get_sales_source,
            ),
            **dict.fromkeys(
                (
                    "paid_count",
                    "paid_amount",
                    "days_to_pay",
                    "days_late",
                    "days_late_spread",
                ),
                self._get_payments_source,
            ),
            "due_amount": self._get_due_source,
            "on_time_rate": self._get_due_source,
            "collection_rate": self._get_due_source,
            "due_collected": lambda: self._get_due_settlements([]),
            "due_on_time": lambda: self._get_due_settlements([("on_time", "=", True)]),
            **dict.fromkeys(
                (
                    "net_sales",
                    "margin",
                    "margin_rate",
                    "cost_coverage",
                    "cost_estimated_rate",
                ),
                self._get_margin_source,
            ),
            "financing_cost": self._get_financing_source,
            **dict.fromkeys(("cost", "net_profit", "roi"), self._get_cost_source),
            **{f"cost_{kind}": self._get_kind_source(kind) for kind, _label in KINDS},
            "order_count": self._get_orders_source,
            "last_order_date": self._get_orders_source,
        }

    def _get_figure_source(self, code):
        """Return where a figure comes from.

        :return: ``(action xml id, domain, as-of date of the rows)``
        """
        return self._get_figure_sources()[code]()

    def _get_window_start(self):
        """Return the day before the first day of the window."""
        scope = self.env["customer.finance.facts"]._get_scope(
            self.company_id, date=self.as_of_date
        )
        return scope.start

    def _get_customer_domain(self):
        return Domain(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )

    def _get_window_domain(self, name):
        return Domain(
            [(name, ">", self._get_window_start()), (name, "<=", self.as_of_date)]
        )

    def _get_open_items(self, domain, date=None):
        return (
            ITEMS,
            self._get_customer_domain() & Domain(domain),
            (date or self.as_of_date),
        )

    def _get_overdue_domain(self):
        return [("open_amount", ">", 0), ("date_maturity", "<", self.as_of_date)]

    def _get_bucket_source(self, name):
        def source():
            bounds = self.company_id.sudo()._get_finance_ageing_bounds()
            low, high = dict(zip(BUCKETS, day_ranges(bounds), strict=True))[name]
            domain = Domain("open_amount", ">", 0)
            # Due dates run the other way than days overdue.
            if low is not None:
                domain &= Domain("date_maturity", "<=", self._get_days_before(low))
            if high is not None:
                domain &= Domain("date_maturity", ">=", self._get_days_before(high))
            return self._get_open_items(domain)

        return source

    def _get_days_before(self, days):
        return self.as_of_date - timedelta(days=days)

    def _get_sales_source(self):
        domain = self._get_customer_domain() & Domain(
            "kind", "in", ("invoice", "credit_note")
        )
        return ITEMS, domain & self._get_window_domain("date"), self.as_of_date

    def _get_payments_source(self):
        domain = self._get_customer_domain() & Domain("money", "!=", 0)
        window = self._get_window_domain("settled_date")
        return SETTLEMENTS, domain & window, self.as_of_date

    def _get_due_source(self):
        domain = self._get_customer_domain() & Domain(
            [("kind", "=", "invoice"), ("date", "<=", self.as_of_date)]
        )
        return ITEMS, domain & self._get_window_domain("date_maturity"), self.as_of_date

    def _get_due_settlements(self, domain):
        domain = self._get_customer_domain() & Domain(
            [
                ("money", "!=", 0),
                ("date", "<=", self.as_of_date),
                ("settled_date", "<=", self.as_of_date),
                *domain,
            ]
        )
        window = self._get_window_domain("date_maturity")
        return SETTLEMENTS, domain & window, self.as_of_date

    def _get_margin_source(self):
        domain = self._get_customer_domain() & self._get_window_domain("date")
        return MARGIN_LINES, domain, self.as_of_date

    def _get_cost_source(self):
        domain = self._get_customer_domain() & self._get_window_domain("date")
        return COSTS, domain, self.as_of_date

    def _get_kind_source(self, kind):
        def source():
            action, domain, date = self._get_cost_source()
            return action, domain & Domain("kind", "=", kind), date

        return source

    def _get_financing_source(self):
        domain = self._get_customer_domain() & Domain("kind", "=", "invoice")
        still_open = Domain("open_amount", "!=", 0)
        return (
            ITEMS,
            domain & (still_open | self._get_window_domain("date")),
            self.as_of_date,
        )

    def _get_end_of_day(self):
        """Return the moment, in UTC, at which the as-of date ends where the company
        is."""
        timezone = pytz.timezone(self.company_id.sudo()._get_finance_timezone())
        midnight = datetime.combine(self.as_of_date + timedelta(days=1), time.min)
        return timezone.localize(midnight).astimezone(pytz.utc).replace(tzinfo=None)

    def _get_orders_source(self):
        domain = Domain(
            [
                ("state", "=", "sale"),
                ("company_id", "=", self.company_id.id),
                ("date_order", "<", self._get_end_of_day()),
                (
                    "partner_invoice_id.commercial_partner_id",
                    "=",
                    self.partner_id.id,
                ),
            ]
        )
        return ORDERS, domain, self.as_of_date
