# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every figure of customers from their facts, a model and the portfolio they are in.

A night values everybody and says what the portfolio is; by day one customer is valued
against it. Both take the same way.
"""

from datetime import timedelta

from . import placing, standing
from .calling import add_worth
from .customers import Customer
from .margins import shrunk_rate
from .portfolio import compare, get_dimensions, get_points, start
from .score import score

#: All figures of a customer of whom nothing is known. Copied, it has room for them.
_UNKNOWN = {
    **dict.fromkeys(
        (
            *("key", "facts", "order_days", "dimensions", "historic", "recency"),
            *("frequency", "monetary", "order_value", "repeats", "age"),
            # What only a model can tell.
            *("p_alive", "p_order", "churn", "orders", "interval", "next_date"),
            *("due_date", "margin_rate", "lifetime", "predicted", "total"),
            *("stake", "due_margin", "call", "call_rank"),
            # What only the others tell.
            *("r", "f", "m", "segment", "eight", "score", "rank", "share", "abc"),
            *("lateness", "exposure", "decline", "risk", "quadrant"),
        )
    ),
    "missing": (),
    "severe": False,
}
#: Horizon of the chance that no order comes at all, as part of the risk.
CHURN_DAYS = 365


def value(facts, today, models, settings, lag=0.0, portfolio=None, predictor=None):
    """Return the figures of customers, and the portfolio they were compared with.

    :param facts: list of :class:`.portfolio.Facts`
    :param today: date they are of
    :param models: (model of orders, model of spend), either None
    :param lag: days from invoice to money of everybody, when ``portfolio`` is None
    :param portfolio: :class:`.portfolio.Portfolio` to compare with; None: the
        customers are all there are
    :param predictor: :class:`.portfolio.Predictor`
    :return: list of dicts, :class:`.portfolio.Portfolio`
    """
    whole = portfolio is None
    if whole:
        portfolio = start(facts, lag)
    scores = _predict(facts, today, models, settings, portfolio)
    priced = portfolio.rate is not None and models[1] is not None
    rows = [_first(one, today, settings, scores.get(one.key), priced) for one in facts]
    if whole:
        compare(portfolio, rows, settings)
    for row in rows:
        placing.rate(row, portfolio, settings)
        if predictor and row["order_days"]:
            row["p_order"] = placing.calibrated(row, portfolio, predictor, settings)
    if whole:
        portfolio.points["score"] = get_points(rows, "score")
        portfolio.ranked = len(portfolio.points["score"])
    cuts = placing.get_cuts(portfolio, settings)
    for row in rows:
        row["rank"] = standing.rank(
            portfolio.points["score"], row["score"], portfolio.ranked
        )
        # A portfolio stored before there was such a thing has none.
        row["call_rank"] = standing.rank(
            portfolio.points.get("call"), row["call"], portfolio.called
        )
        placing.place(row, portfolio, settings, cuts)
    return rows, portfolio


def get_customer(one, today, portfolio):
    """Return who ever ordered as the models see it.

    :param one: :class:`.portfolio.Facts`
    :return: :class:`.customers.Customer`
    """
    rate = portfolio.rate
    if rate is not None:
        rate = shrunk_rate(one.life_margin, one.life_sales, rate, portfolio.prior_sales)
    return Customer(
        one.key,
        one.order_days - 1,
        (one.last - one.first).days,
        (today - one.first).days,
        one.net / one.order_days,
        0.0 if rate is None else rate,
        portfolio.lag if one.lag is None else one.lag,
        valued=one.order_days,
    )


def _predict(facts, today, models, settings, portfolio):
    """Return key → (score, chance that no order comes in a year)."""
    orders, _spend = models
    if orders is None:
        return {}
    customers = [get_customer(one, today, portfolio) for one in facts if one.order_days]
    return {
        found.key: (
            found,
            customer,
            1.0
            - found.active
            * orders.order_if_active(
                customer.repeats, customer.last, customer.age, CHURN_DAYS
            ),
        )
        for found, customer in zip(
            score(customers, models, settings.outlook), customers, strict=True
        )
    }


def _first(one, today, settings, predicted, priced):
    """Return what is known of a customer by itself."""
    row = _UNKNOWN.copy()
    row["key"] = one.key
    row["facts"] = one
    row["order_days"] = one.order_days
    row["dimensions"] = get_dimensions(one)
    row["historic"] = one.historic
    row["lifetime"] = (None,) * len(settings.outlook.months)
    if one.order_days:
        row["recency"] = (one.last - today).days
        row["frequency"] = one.recent_days
        row["monetary"] = one.recent_net
        row["order_value"] = one.net / one.order_days
    if predicted:
        found, customer, row["churn"] = predicted
        row["p_alive"] = found.active
        row["p_order"] = found.order_probability
        row["orders"] = found.orders
        row["interval"] = found.interval
        row["repeats"] = customer.repeats
        row["age"] = customer.age
        row["due_date"] = one.last + timedelta(days=round(found.interval))
        if found.wait is not None:
            row["next_date"] = today + timedelta(days=round(found.wait))
        # Without any sale there is no margin rate: orders can be told, money cannot.
        if priced:
            row["margin_rate"] = customer.margin_rate
            row["lifetime"] = found.lifetime
            row["predicted"] = found.lifetime[
                settings.outlook.months.index(settings.horizon)
            ]
            row["total"] = one.historic + row["predicted"]
    add_worth(row, today, settings)
    return row
