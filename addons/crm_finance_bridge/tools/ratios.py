# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every ratio of the finance profile, declared once as a quotient of sums.

A profile stores additive facts (amounts, amount × days). A ratio is a quotient of
two weighted sums of them, so the same declaration gives the figure of one customer,
of a group of customers in a pivot (quotient of the sums, never a mean of ratios) and,
rendered as SQL, of a whole refresh.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ratio:
    """One ratio over the additive facts.

    :param code: field name and glossary code
    :param numerator: fact → weight
    :param denominator: fact → weight
    :param factor: constant the quotient is multiplied with
    :param factor_fact: fact (a length in days, equal for all rows of a company) the
        quotient is also multiplied with; empty for none
    """

    code: str
    numerator: Mapping[str, float]
    denominator: Mapping[str, float]
    factor: float = 1.0
    factor_fact: str = ""
    facts: frozenset = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        names = {*self.numerator, *self.denominator}
        if self.factor_fact:
            names.add(self.factor_fact)
        object.__setattr__(self, "facts", frozenset(names))

    def value(self, facts):
        """Return the ratio for ``facts``, or ``None`` without a positive denominator.

        :param facts: mapping of fact name → number; a missing or empty fact is 0
        :return: float or ``None``

        >>> RATIOS["on_time_rate"].value({"due_amount": 200, "due_on_time": 150})
        0.75
        >>> RATIOS["dso"].value({"receivable": 1000.0, "daily_sales": 25.0})
        40.0
        >>> RATIOS["dso"].value({"receivable": 1000.0, "daily_sales": -3.0}) is None
        True
        >>> RATIOS["ar_turnover_days"].value(
        ...     {"opening_receivable": 100, "receivable": 300, "sales": 1460,
        ...      "window_days": 365})
        50.0
        """
        below = _weighted(self.denominator, facts)
        if below <= 0:
            return None
        result = self.factor * _weighted(self.numerator, facts) / below
        if self.factor_fact:
            result *= float(facts.get(self.factor_fact) or 0.0)
        return result


def _weighted(weights, facts):
    return sum(
        weight * float(facts.get(name) or 0.0) for name, weight in weights.items()
    )


#: Definitions: see the glossary (data/customer_finance_indicator_data.xml), one to one.
RATIOS = {
    ratio.code: ratio
    for ratio in (
        Ratio("dso", {"receivable": 1}, {"daily_sales": 1}),
        Ratio("ar_turnover", {"sales": 2}, {"opening_receivable": 1, "receivable": 1}),
        Ratio(
            "ar_turnover_days",
            {"opening_receivable": 0.5, "receivable": 0.5},
            {"sales": 1},
            factor_fact="window_days",
        ),
        Ratio("days_to_pay", {"paid_amount_days": 1}, {"paid_amount": 1}),
        Ratio("days_late", {"paid_amount_late_days": 1}, {"paid_amount": 1}),
        Ratio("on_time_rate", {"due_on_time": 1}, {"due_amount": 1}),
        Ratio("collection_rate", {"due_collected": 1}, {"due_amount": 1}),
        Ratio(
            "cei",
            {"opening_receivable": 1, "sales": 1, "receivable": -1},
            {"opening_receivable": 1, "sales": 1, "not_due": -1},
            factor=100,
        ),
        Ratio("margin_rate", {"margin": 1}, {"net_sales": 1}),
        Ratio(
            "cost_coverage",
            {"net_sales_cost_frozen": 1, "net_sales_cost_estimated": 1},
            {"net_sales": 1},
        ),
        Ratio("cost_estimated_rate", {"net_sales_cost_estimated": 1}, {"net_sales": 1}),
        Ratio("roi", {"net_profit": 1}, {"cost": 1}),
    )
}
