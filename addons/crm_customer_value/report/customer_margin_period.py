# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from odoo.addons.crm_finance_bridge.models.customer_finance_drill import MARGIN_LINES
from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import MARGIN
from odoo.addons.crm_finance_bridge.models.optional_fields import OptionalFloat
from odoo.addons.crm_finance_bridge.tools.ratios import RATIOS, Ratio

from ..tools.comparison import PERIODS, spans

#: Choice of the periods, as in the wizard, where the context has none.
DEFAULT_CHOICE = ("months_12", "before")


class CustomerMarginPeriod(models.AbstractModel):
    """The margin lines of two periods beside each other, and why the margin changed.

    Rows and periods come from ``customer.margin.rows``.
    """

    _name = "customer.margin.period"
    _description = "Margin of Two Periods"
    _inherit = ["customer.finance.ratio"]
    _depends = {
        "customer.finance.margin.line": [
            "company_id",
            "cost",
            "date",
            "margin",
            "net_sales",
            "net_sales_known",
            "partner_id",
            "product_id",
            "quantity",
        ]
    }
    _finance_ratios = {
        "margin_rate": RATIOS["margin_rate"],
        "margin_rate_before": Ratio(
            "margin_rate_before", {"margin_before": 1}, {"net_sales_before": 1}
        ),
        "growth": Ratio("growth", {"margin_change": 1}, {"margin_before": 1}),
    }
    _finance_shares = {"margin_share": "margin"}

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", readonly=True)
    product_categ_id = fields.Many2one(related="product_id.categ_id")
    quantity_before = fields.Float(readonly=True, digits="Product Unit")
    quantity = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="Invoiced less credited, in the product's own unit.",
    )
    net_sales_before = fields.Monetary(readonly=True, groups=MARGIN)
    net_sales = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="Posted invoices less credit notes, without tax, in company currency.",
    )
    cost_before = fields.Monetary(readonly=True, groups=MARGIN)
    cost = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="The cost frozen when it was sold × quantity, never today's cost.",
    )
    margin_before = fields.Monetary(readonly=True, groups=MARGIN)
    margin = fields.Monetary(
        readonly=True, groups=MARGIN, help="Net sales less frozen cost."
    )
    margin_change = fields.Monetary(
        string="Change",
        readonly=True,
        groups=MARGIN,
        help="Margin − margin before = price + cost + volume + mix.",
    )
    price_effect = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="What other prices brought: sales − quantity × earlier unit price, of "
        "this period less the same of the earlier one. The unit price is net sales / "
        "quantity of the product in the earlier period; in this one, if it was not "
        "sold then.",
    )
    cost_effect = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="What other unit costs brought, higher ones negative: −(cost − quantity × "
        "earlier unit cost), of this period less the same of the earlier one.",
    )
    volume_effect = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="What would have changed had every product grown like all products of the "
        "company together: earlier quantity × earlier unit margin × growth of all "
        "quantities, at earlier prices.",
    )
    mix_effect = fields.Monetary(
        readonly=True,
        groups=MARGIN,
        help="The rest of the change of quantity × earlier unit margin: more or less "
        "than all products together grew. New products and those no longer sold are "
        "volume and mix.",
    )
    margin_rate_before = OptionalFloat(
        readonly=True, aggregator="avg", digits=(16, 4), groups=MARGIN
    )
    margin_rate = OptionalFloat(
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="Margin / net sales; of a group the quotient of its sums. Empty without "
        "net sales.",
    )
    growth = OptionalFloat(
        string="Margin Growth",
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="Change / margin before. Empty if there was none before.",
    )
    margin_share = OptionalFloat(
        string="Share of Margin",
        readonly=True,
        aggregator="avg",
        groups=MARGIN,
        help="Part of the margin of all groups shown beside it; negative for a group "
        "sold at a loss.",
    )

    @api.model
    def _say_periods(self):
        """Return both periods in words."""
        before, now = self.env["customer.margin.rows"]._get_periods()
        choice = self._get_choice()[0]
        periods = self.env["customer.margin.comparison"]._fields["period"]
        name = dict(periods._description_selection(self.env))[choice]
        # Most comparisons have a name; a title has little room for four dates.
        today = self.env.company._get_finance_today()
        if (before, now) == spans(choice, today, last_year=True):
            return self.env._("%(period)s YoY", period=name)
        if (before, now) == spans(choice, today):
            return self.env._("%(period)s vs. before", period=name)
        return self.env._(
            "%(start)s – %(end)s against %(start_before)s – %(end_before)s",
            start=format_date(self.env, now.first),
            end=format_date(self.env, now.last),
            start_before=format_date(self.env, before.first),
            end_before=format_date(self.env, before.last),
        )

    @api.model
    def _get_choice(self):
        """Return (period, what it is compared with) as chosen in the wizard."""
        choice = self.env.context.get("margin_choice") or DEFAULT_CHOICE
        return choice if choice[0] in PERIODS else DEFAULT_CHOICE

    @api.model
    def _open_report(self, xmlid, title):
        """Return the action of a report over the periods of the context, named after
        them."""
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        name = f"{title}: {self._say_periods()}"
        context = literal_eval(action["context"] or "{}")
        for key in ("margin_periods", "margin_per_customer", "margin_choice"):
            if key in self.env.context:
                context[key] = self.env.context[key]
        return {**action, "name": name, "display_name": name, "context": context}

    def action_choose_periods(self):
        """Open the choice of the periods, with those compared now."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_value.customer_margin_comparison_action"
        )
        before, now = self.env["customer.margin.rows"]._get_periods()
        per_customer = self.env.context.get("margin_per_customer")
        choice = self._get_choice()
        return {
            **action,
            "context": {
                "default_period": choice[0],
                "default_against": choice[1],
                "default_before_from": fields.Date.to_string(before.first),
                "default_before_to": fields.Date.to_string(before.last),
                "default_now_from": fields.Date.to_string(now.first),
                "default_now_to": fields.Date.to_string(now.last),
                "default_prices": "customer" if per_customer else "product",
            },
        }

    def _get_line_domain(self):
        """Return the domain of the margin lines of a row, of all days."""
        self.ensure_one()
        return Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("product_id", "=", self.product_id.id),
            ]
        )

    def action_open_lines(self):
        """Open the margin lines of both periods."""
        return self._open_lines(*self.env["customer.margin.rows"]._get_periods())

    def action_open_before(self):
        """Open the margin lines of the earlier period."""
        return self._open_lines(self.env["customer.margin.rows"]._get_periods()[0])

    def action_open_now(self):
        """Open the margin lines of the later period."""
        return self._open_lines(self.env["customer.margin.rows"]._get_periods()[1])

    def _open_lines(self, *periods):
        days = Domain.OR(
            Domain("date", ">=", span.first) & Domain("date", "<=", span.last)
            for span in periods
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(MARGIN_LINES)
        title = self.product_id.display_name or self.env._("Without a Product")
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": list(self._get_line_domain() & days),
            "context": {"group_by": ["date:month"]} if len(periods) > 1 else {},
        }
