# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.comparison import spans

DATES = ("before_from", "before_to", "now_from", "now_to")


class CustomerMarginComparison(models.TransientModel):
    """Two periods whose margins are compared."""

    _name = "customer.margin.comparison"
    _description = "Periods to Compare Margins"

    period = fields.Selection(
        [
            ("months_12", "Last 12 Months"),
            ("year_to_date", "Year to Date"),
            ("quarter", "Last Quarter"),
            ("month", "Last Month"),
        ],
        default="months_12",
        required=True,
        help="Quarter and month: the last one that has ended. The days can be changed "
        "below.",
    )
    against = fields.Selection(
        [("before", "The One Before"), ("year", "The Same a Year Ago")],
        string="Compared with",
        default="before",
        required=True,
    )
    now_from = fields.Date(
        string="From", compute="_compute_dates", store=True, readonly=False
    )
    now_to = fields.Date(
        string="To", compute="_compute_dates", store=True, readonly=False
    )
    before_from = fields.Date(
        string="Earlier From", compute="_compute_dates", store=True, readonly=False
    )
    before_to = fields.Date(
        string="Earlier To", compute="_compute_dates", store=True, readonly=False
    )
    prices = fields.Selection(
        [
            ("product", "Of the Product"),
            ("customer", "Of the Product and Customer"),
        ],
        string="Unit Prices and Costs",
        default="product",
        required=True,
        help="What the change of price and cost is measured against: the mean of all "
        "customers in the earlier period, or what each customer paid and cost itself; "
        "then what somebody buys for the first time is volume and mix.",
    )

    @api.depends("period", "against")
    def _compute_dates(self):
        today = self.env.company._get_finance_today()
        for comparison in self:
            before, now = spans(
                comparison.period or "months_12", today, comparison.against == "year"
            )
            comparison.update(
                {
                    "before_from": before.first,
                    "before_to": before.last,
                    "now_from": now.first,
                    "now_to": now.last,
                }
            )

    @api.constrains(*DATES)
    def _check_dates(self):
        for comparison in self:
            if not all(comparison[name] for name in DATES):
                raise ValidationError(
                    self.env._("Enter the first and the last day of both periods.")
                )
            if (
                comparison.now_from > comparison.now_to
                or comparison.before_from > comparison.before_to
            ):
                raise ValidationError(
                    self.env._("A period cannot end before it begins: swap its days.")
                )
            if comparison.before_to >= comparison.now_from:
                raise ValidationError(
                    self.env._(
                        "The earlier period must end before the later one begins; "
                        "otherwise documents would count in both."
                    )
                )

    def _get_report_context(self):
        self.ensure_one()
        return {
            "margin_periods": [
                fields.Date.to_string(self[name])
                for name in ("before_from", "before_to", "now_from", "now_to")
            ],
            "margin_per_customer": self.prices == "customer",
            "margin_choice": [self.period, self.against],
        }

    def action_open_ranking(self):
        """Open the ranking of products over these periods."""
        products = self.env["customer.margin.product"]
        return products.with_context(**self._get_report_context()).action_open_ranking()

    def action_open_change(self):
        """Open the change of margin between these periods."""
        changes = self.env["customer.margin.change"]
        return changes.with_context(**self._get_report_context()).action_open_change()
