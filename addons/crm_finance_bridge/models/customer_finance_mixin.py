# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.query import Query

from ..tools.payment_lag import SUMS, spread
from ..tools.ratios import RATIOS
from .customer_finance_rows import sql_bucket
from .optional_fields import OptionalFloat

INDICATOR = "crm_finance_bridge.crm_finance_bridge_group_indicator"
AMOUNT = "crm_finance_bridge.crm_finance_bridge_group_amount"
MARGIN = "crm_finance_bridge.crm_finance_bridge_group_margin"


#: Stored figures that follow from the facts but are no ratios.
DERIVED = (
    "window_days",
    "oldest_overdue_days",
    "overdue_class",
    "daily_sales",
    "net_profit",
)


class CustomerFinanceMixin(models.AbstractModel):
    """The columns of a finance profile: facts, derived days and ratios.

    Profile (now) and snapshot (month end) share them. Help texts are not written here:
    they come from the glossary, see :meth:`fields_get`.
    """

    _name = "customer.finance.mixin"
    _description = "Customer Finance Figures"
    _inherit = ["customer.finance.drill"]

    # No index of their own: the unique index of each table begins with the customer,
    # and every one more would have to be kept up by every refresh.
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="partner_id.user_id")
    team_id = fields.Many2one(
        related="partner_id.user_id.sale_team_id", string="Sales Team"
    )
    country_id = fields.Many2one(related="partner_id.country_id")
    as_of_date = fields.Date(readonly=True, required=True)
    refreshed_at = fields.Datetime(readonly=True)
    window_days = fields.Integer(string="Window (days)", readonly=True, aggregator=None)

    # Receivable
    receivable = fields.Monetary(readonly=True, groups=AMOUNT)
    unallocated_credit = fields.Monetary(readonly=True, groups=AMOUNT)
    overdue = fields.Monetary(readonly=True, groups=AMOUNT)
    not_due = fields.Monetary(readonly=True, groups=AMOUNT)
    ageing_1 = fields.Monetary(readonly=True, groups=AMOUNT)
    ageing_2 = fields.Monetary(readonly=True, groups=AMOUNT)
    ageing_3 = fields.Monetary(readonly=True, groups=AMOUNT)
    ageing_4 = fields.Monetary(readonly=True, groups=AMOUNT)
    oldest_due_date = fields.Date(readonly=True, aggregator="min")
    oldest_overdue_days = fields.Integer(readonly=True, aggregator="max")
    overdue_class = fields.Selection(
        selection="_selection_overdue_class",
        string="Oldest Overdue",
        readonly=True,
        help="Ageing bucket of the oldest overdue item.",
    )

    # Sales and collections
    opening_receivable = fields.Monetary(readonly=True, groups=AMOUNT)
    sales = fields.Monetary(readonly=True, groups=AMOUNT)
    daily_sales = OptionalFloat(readonly=True, groups=AMOUNT)
    first_invoice_date = fields.Date(readonly=True, aggregator="min")
    dso = OptionalFloat(string="DSO", readonly=True, aggregator="avg", digits=(16, 1))
    ar_turnover = OptionalFloat(
        string="AR Turnover", readonly=True, aggregator="avg", digits=(16, 2)
    )
    ar_turnover_days = OptionalFloat(
        string="AR Turnover Days", readonly=True, aggregator="avg", digits=(16, 1)
    )
    paid_count = fields.Integer(string="Number of Payments", readonly=True)
    paid_amount = fields.Monetary(string="Collected", readonly=True, groups=AMOUNT)
    paid_amount_days = fields.Float(
        string="Collected × Days to Pay", readonly=True, groups=AMOUNT
    )
    paid_amount_late_days = fields.Float(
        string="Collected × Days Late", readonly=True, groups=AMOUNT
    )
    paid_amount_late_days_sq = fields.Float(
        string="Collected × Days Late²", readonly=True, groups=AMOUNT
    )
    days_to_pay = OptionalFloat(
        string="Days to Pay", readonly=True, aggregator="avg", digits=(16, 1)
    )
    days_late = OptionalFloat(readonly=True, aggregator="avg", digits=(16, 1))
    days_late_spread = OptionalFloat(
        string="Spread of Days Late",
        compute="_compute_days_late_spread",
        # Days only; the amounts they are weighted with are not shown.
        compute_sudo=True,
        digits=(16, 1),
    )
    due_amount = fields.Monetary(string="Fell Due", readonly=True, groups=AMOUNT)
    due_on_time = fields.Monetary(string="Paid On Time", readonly=True, groups=AMOUNT)
    due_collected = fields.Monetary(
        string="Fell Due and Paid", readonly=True, groups=AMOUNT
    )
    on_time_rate = OptionalFloat(readonly=True, aggregator="avg")
    collection_rate = OptionalFloat(readonly=True, aggregator="avg")
    cei = OptionalFloat(string="CEI", readonly=True, aggregator="avg", digits=(16, 1))

    # Margin and costs
    net_sales = fields.Monetary(readonly=True, groups=AMOUNT)
    margin = fields.Monetary(readonly=True, groups=MARGIN)
    margin_rate = OptionalFloat(readonly=True, aggregator="avg", groups=MARGIN)
    net_sales_cost_frozen = fields.Monetary(
        string="Net Sales with Frozen Cost", readonly=True, groups=MARGIN
    )
    net_sales_cost_estimated = fields.Monetary(
        string="Net Sales with Estimated Cost", readonly=True, groups=MARGIN
    )
    cost_coverage = OptionalFloat(readonly=True, aggregator="avg", groups=MARGIN)
    cost_estimated_rate = OptionalFloat(
        string="Estimated Cost Share", readonly=True, aggregator="avg", groups=MARGIN
    )
    financing_cost = fields.Monetary(readonly=True, groups=MARGIN)
    cost_acquisition = fields.Monetary(
        string="Acquisition Cost", readonly=True, groups=MARGIN
    )
    cost_marketing = fields.Monetary(
        string="Marketing Cost", readonly=True, groups=MARGIN
    )
    cost_service = fields.Monetary(string="Service Cost", readonly=True, groups=MARGIN)
    cost_visit = fields.Monetary(string="Visit Cost", readonly=True, groups=MARGIN)
    cost_other = fields.Monetary(string="Other Cost", readonly=True, groups=MARGIN)
    cost = fields.Monetary(string="Customer Cost", readonly=True, groups=MARGIN)
    net_profit = fields.Monetary(readonly=True, groups=MARGIN)
    roi = OptionalFloat(string="ROI", readonly=True, aggregator="avg", groups=MARGIN)

    # Orders
    order_count = fields.Integer(string="Orders", readonly=True)
    last_order_date = fields.Date(string="Last Order", readonly=True, aggregator="max")

    @api.depends(*SUMS)
    def _compute_days_late_spread(self):
        for row in self:
            row.days_late_spread = spread(
                row.paid_amount,
                row.paid_amount_late_days,
                row.paid_amount_late_days_sq,
            )

    def _selection_overdue_class(self):
        return self.env.company._get_finance_ageing_selection()

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Take the help of every indicator from the glossary."""
        result = super().fields_get(allfields, attributes)
        if attributes is None or "help" in attributes:
            self.env["customer.finance.indicator"]._explain_fields(result)
        return result

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        """A ratio of a group is the quotient of its sums, not a mean of ratios."""
        name, _sep, function = aggregate_spec.partition(":")
        if function != "avg" or name not in RATIOS:
            return super()._read_group_select(aggregate_spec, query)
        self._check_field_access(self._fields[name], "read")

        def total(fact):
            # The ratio itself may be read, so its parts are summed without a further
            # access check; they are not returned.
            return SQL("SUM(%s)", SQL.identifier(self._table, fact))

        factor = SQL("AVG(%s)", SQL.identifier(self._table, "window_days"))
        return sql_ratio(RATIOS[name], total, factor)

    @api.model
    def _sql_figures(self, scope):
        """Return the SELECT of all stored figures for a scope: facts and ratios.

        Its columns are those of :meth:`_get_figure_columns`, after ``partner_id``.
        """
        facts = self.env["customer.finance.facts"]
        ratios = [
            SQL(
                "%s AS %s",
                sql_ratio(ratio, SQL.identifier, SQL.identifier("window_days")),
                SQL.identifier(code),
            )
            for code, ratio in RATIOS.items()
        ]
        return SQL(
            """
            SELECT partner_id, %(names)s, %(ratios)s
              FROM (
                    SELECT fact.*,
                           %(window)s::int AS window_days,
                           COALESCE(%(date)s::date - oldest_due_date, 0)
                                AS oldest_overdue_days,
                           %(overdue_class)s AS overdue_class,
                           sales / LEAST(
                                %(window)s,
                                %(date)s::date - first_invoice_date + 1
                           ) AS daily_sales,
                           margin - cost - financing_cost AS net_profit
                      FROM (%(facts)s) fact
                   ) fact
            """,
            names=SQL(", ").join(
                SQL.identifier(name) for name in self._get_fact_column_names()
            ),
            ratios=SQL(", ").join(ratios),
            window=scope.window,
            date=scope.date,
            overdue_class=sql_bucket(
                SQL("COALESCE(%s::date - oldest_due_date, 0)", scope.date),
                [SQL("%s", bound) for bound in scope.bounds],
            ),
            facts=facts._sql_facts(scope),
        )

    @api.model
    def _get_fact_column_names(self):
        facts = self.env["customer.finance.facts"]._get_fact_columns()
        return [*facts, *DERIVED]

    @api.model
    def _get_figure_columns(self):
        """Return the names of all stored figures, in the order they are selected."""
        return [*self._get_fact_column_names(), *RATIOS]

    @api.model
    def _sql_overwrite_figures(self):
        """Return the SET clause with which an upsert takes over the new figures."""
        return SQL(", ").join(
            SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
            for name in ("refreshed_at", *self._get_figure_columns())
        )

    @api.model
    def _get_figures(self, company, partners=None, date=None):
        """Compute the figures of customers live, from the ledger as it stands.

        :param company: one res.company
        :param partners: commercial partners, or None for every customer
        :param date: as-of date, None for today in the company's timezone
        :return: ``{partner id: {figure: value}}``; amounts in company currency, a
            ratio without a denominator is None; customers without any fact are absent
        """
        facts = self.env["customer.finance.facts"]
        facts._flush_sources()
        scope = facts._get_scope(company, partners, date)
        rows = self.env.execute_query_dict(self._sql_figures(scope))
        return {row.pop("partner_id"): row for row in rows}


def sql_ratio(ratio, total, factor):
    """Render a :class:`Ratio` as SQL.

    :param total: function of a fact's name, returning the SQL of its (summed) value
    :param factor: SQL of ``ratio.factor_fact``
    """

    def weighted(weights):
        return SQL(" + ").join(
            SQL("%s * COALESCE(%s, 0)::float8", weight, total(name))
            for name, weight in weights.items()
        )

    below = weighted(ratio.denominator)
    sql = SQL(
        "CASE WHEN %s > 0 THEN %s * (%s) / (%s) END",
        below,
        ratio.factor,
        weighted(ratio.numerator),
        below,
    )
    return SQL("%s * %s", sql, factor) if ratio.factor_fact else sql
