# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every figure of customers from their facts, a model and the portfolio they are in.

A night values everybody and says what the portfolio is (:class:`Portfolio`); by day one
customer is valued against it. Both take the same way.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from statistics import fmean, median
from typing import NamedTuple

from . import contribution, quadrants, rfm, segments, standing
from .customers import Customer
from .margins import shrunk_rate
from .monotone import share_at
from .score import Settings as Outlook
from .score import score

#: A customer must buy so many usual orders for its own margin rate to weigh half.
PRIOR_ORDERS = 3
#: Horizon of the chance that no order comes at all, as part of the risk.
CHURN_DAYS = 365
#: Among fewer customers than scores there are, who stands where means nothing.
MIN_COMPARED = 5
#: Quadrant → (high profit, high risk).
SIDES = {
    "core_growth": (True, False),
    "steady": (True, False),
    "high_profit_high_risk": (True, True),
    "potential": (False, False),
    "low_value": (False, False),
    "high_risk": (False, True),
}
_WHOLE = ("whole_recency", "whole_frequency", "whole_monetary")


class Facts(NamedTuple):
    """What is known of one customer. Money in company currency.

    :param key: the caller's
    :param order_days: days with orders, 0 for who never ordered
    :param first: date of the first order, None without
    :param last: date of the last one
    :param net: net value of all orders
    :param recent_days: days with orders in the RFM window
    :param recent_net: net value of the orders in the RFM window
    :param life_sales: net sales of the whole life
    :param life_margin: margin of the whole life
    :param historic: net profit of the whole life
    :param sales: net sales of the window
    :param margin: margin of the window
    :param profit: net profit of the window
    :param margin_before: margin of the window before
    :param days_late: of the window, None without payments
    :param lag: days from invoice to money, None to take everyone's
    :param exposure: what the customer owes longer than agreed
    :param billed: whether there ever was an invoice
    :param quadrant: where the customer stood the last time, or None
    """

    key: object
    order_days: int = 0
    first: date | None = None
    last: date | None = None
    net: float = 0.0
    recent_days: int = 0
    recent_net: float = 0.0
    life_sales: float = 0.0
    life_margin: float = 0.0
    historic: float = 0.0
    sales: float = 0.0
    margin: float = 0.0
    profit: float = 0.0
    margin_before: float = 0.0
    days_late: float | None = None
    lag: float | None = None
    exposure: float = 0.0
    billed: bool = False
    quadrant: str | None = None


@dataclass(frozen=True)
class Settings:
    """What a company decides.

    :param outlook: :class:`.score.Settings`
    :param horizon: months of the predictive part of the total value, one of
        ``outlook.months``
    :param weights: of :func:`.contribution.combine`
    :param thresholds: recency, frequency and monetary thresholds of
        :func:`.rfm.scores`; None for percentiles
    :param class_method: of :func:`.segments.cut`
    :param class_cuts: the three thresholds, when fixed: days, orders, money
    :param profit: ``profit``, ``margin`` (of the window) or ``predicted``
    :param profit_cut: where high profit begins, None for the median
    :param cuts: :class:`.quadrants.Cuts`; its profit is not used
    :param bounds: of :func:`.ranking.abc_classes`
    """

    outlook: Outlook = field(default_factory=Outlook)
    horizon: int = 24
    weights: dict = field(default_factory=lambda: dict(contribution.WEIGHTS))
    thresholds: tuple | None = None
    class_method: str = "mean"
    class_cuts: tuple = (None, None, None)
    profit: str = "profit"
    profit_cut: float | None = None
    cuts: quadrants.Cuts = field(default_factory=lambda: quadrants.Cuts(profit=0.0))
    bounds: tuple = (0.8, 0.95)


@dataclass
class Portfolio:
    """What a customer is compared with.

    :param customers: how many there are
    :param ranked: how many of them have a score
    :param rate: margin rate of all, None without sales
    :param prior_sales: κ of :func:`.margins.shrunk_rate`
    :param lag: days from invoice to money of all
    :param points: name → sorted figures
    :param curve: of :func:`.standing.share_curve`, of the margin
    :param cuts: name → threshold
    """

    customers: int = 0
    ranked: int = 0
    rate: float | None = None
    prior_sales: float = 0.0
    lag: float = 0.0
    points: dict = field(default_factory=dict)
    curve: list = field(default_factory=list)
    cuts: dict = field(default_factory=dict)

    def stored(self):
        """Return the portfolio as plain values, thinned."""
        thinned = {name: standing.thin(row) for name, row in self.points.items()}
        return {**asdict(self), "points": thinned, "curve": standing.thin(self.curve)}

    @classmethod
    def restore(cls, values):
        """Return the portfolio of :meth:`stored`, perhaps by way of JSON.

        >>> Portfolio.restore(Portfolio(curve=[(1, 1.0)]).stored()).curve
        [(1, 1.0)]
        """
        curve = [tuple(point) for point in values["curve"]]
        return cls(**{**values, "curve": curve})


@dataclass(frozen=True)
class Predictor:
    """What the probability of an order comes from, if not from the model.

    :param name: baseline of :mod:`.backtest`
    :param steps: of :func:`.monotone.monotone_shares`
    """

    name: str
    steps: list


def value(facts, today, models, settings, lag=0.0, portfolio=None, predictor=None):
    """Return the figures of customers, and the portfolio they were compared with.

    :param facts: list of :class:`Facts`
    :param today: date they are of
    :param models: (model of orders, model of spend), either None
    :param lag: days from invoice to money of everybody, when ``portfolio`` is None
    :param portfolio: :class:`Portfolio` to compare with; None: the customers are all
        there are
    :param predictor: :class:`Predictor`
    :return: list of dicts, :class:`Portfolio`
    """
    whole = portfolio is None
    if whole:
        portfolio = _start(facts, lag)
    scores = _predict(facts, today, models, settings, portfolio)
    priced = portfolio.rate is not None and models[1] is not None
    rows = [_first(one, today, settings, scores.get(one.key), priced) for one in facts]
    if whole:
        _compare(portfolio, rows, settings)
    for row in rows:
        _rate(row, portfolio, settings)
        if predictor and row["order_days"]:
            row["p_order"] = _calibrated(row, portfolio, predictor, settings)
    if whole:
        portfolio.points["score"] = _points(rows, "score")
        portfolio.ranked = len(portfolio.points["score"])
    cuts = _get_cuts(portfolio, settings)
    for row in rows:
        row["rank"] = standing.rank(
            portfolio.points["score"], row["score"], portfolio.ranked
        )
        _place(row, portfolio, settings, cuts)
    return rows, portfolio


def _start(facts, lag):
    """Return the portfolio as far as the model needs it: margin rate and usual order.

    Customers who lost money as a whole do not decide what a new one is worth: a rate
    over all sales is used, whatever its sign.
    """
    sales = sum(one.life_sales for one in facts)
    margin = sum(one.life_margin for one in facts)
    days = sum(one.order_days for one in facts)
    usual = sum(one.net for one in facts) / days if days else 0.0
    return Portfolio(
        rate=margin / sales if sales > 0 else None,
        prior_sales=PRIOR_ORDERS * usual,
        lag=lag,
    )


def _predict(facts, today, models, settings, portfolio):
    """Return key → (score, chance that no order comes in a year)."""
    orders, _spend = models
    if orders is None:
        return {}
    customers = []
    for one in facts:
        if not one.order_days:
            continue
        x = one.order_days - 1
        rate = portfolio.rate
        if rate is not None:
            rate = shrunk_rate(
                one.life_margin, one.life_sales, rate, portfolio.prior_sales
            )
        customers.append(
            Customer(
                one.key,
                x,
                (one.last - one.first).days,
                (today - one.first).days,
                one.net / one.order_days,
                0.0 if rate is None else rate,
                portfolio.lag if one.lag is None else one.lag,
                valued=one.order_days,
            )
        )
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
    ordered = bool(one.order_days)
    row = {
        "key": one.key,
        "facts": one,
        "order_days": one.order_days,
        "historic": one.historic,
        "recency": (one.last - today).days if ordered else None,
        "frequency": one.recent_days if ordered else None,
        "monetary": one.recent_net if ordered else None,
        "order_value": one.net / one.order_days if ordered else None,
        **dict.fromkeys(
            (
                *("p_alive", "p_order", "churn", "orders", "interval", "next_date"),
                *("due_date",),
                *("margin_rate", "predicted", "total"),
            )
        ),
        "lifetime": (None,) * len(settings.outlook.months),
    }
    if predicted:
        found, customer, churn = predicted
        row |= {
            "p_alive": found.active,
            "p_order": found.order_probability,
            "churn": churn,
            "orders": found.orders,
            "interval": found.interval,
            "repeats": customer.repeats,
            "age": customer.age,
        }
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
    return row


def _dimensions(one):
    """Return name → figure of the contribution, None where it is not known."""
    return {
        "sales": one.sales if one.billed else None,
        "margin": one.margin if one.billed else None,
        "timeliness": None if one.days_late is None else -one.days_late,
    }


def _profit(row, settings):
    one = row["facts"]
    if settings.profit == "predicted":
        return row["predicted"]
    if not one.billed:
        return None
    return one.margin if settings.profit == "margin" else one.profit


def _points(rows, name):
    return sorted(row[name] for row in rows if row[name] is not None)


def _compare(portfolio, rows, settings):
    """Note what the customers are compared with."""
    everybody = [row["facts"] for row in rows]
    portfolio.customers = sum(one.billed or bool(one.order_days) for one in everybody)
    points = portfolio.points
    for name in ("recency", "frequency", "monetary", "predicted"):
        points[name] = _points(rows, name)
    for name in contribution.WEIGHTS:
        known = [_dimensions(one)[name] for one in everybody]
        points[name] = sorted(figure for figure in known if figure is not None)
    points["exposure"] = sorted(one.exposure for one in everybody if one.billed)
    ordered = [one for one in everybody if one.order_days]
    points["whole_frequency"] = sorted(one.order_days for one in ordered)
    points["whole_monetary"] = sorted(one.net for one in ordered)
    points["whole_recency"] = points["recency"]
    portfolio.curve = standing.share_curve(
        [one.margin for one in everybody if one.billed], number=len(rows) or 1
    )
    method = fmean if settings.class_method == "mean" else median
    for name in ("recency", "frequency", "monetary"):
        portfolio.cuts[name] = method(points[name]) if points[name] else None
    profits = [_profit(row, settings) for row in rows]
    profits = [profit for profit in profits if profit is not None]
    portfolio.cuts["profit"] = median(profits) if profits else None


def _rate(row, portfolio, settings):
    """Add the scores among the others: RFM, names, contribution."""
    one, points = row["facts"], portfolio.points
    row |= dict.fromkeys(("r", "f", "m", "segment", "eight"))
    if one.order_days and (
        settings.thresholds or len(points["recency"]) >= MIN_COMPARED
    ):
        three = [row[name] for name in ("recency", "frequency", "monetary")]
        if settings.thresholds:
            found = [
                rfm.scores([-figure], bounds, lowest_best=True)[0]
                if name == "recency"
                else rfm.scores([figure], bounds)[0]
                for name, figure, bounds in zip(
                    ("recency", "frequency", "monetary"),
                    three,
                    settings.thresholds,
                    strict=True,
                )
            ]
        else:
            found = [
                _score(points[name], figure)
                for name, figure in zip(
                    ("recency", "frequency", "monetary"), three, strict=True
                )
            ]
        row["r"], row["f"], row["m"] = found
        row["segment"] = segments.segment(*found)
        row["eight"] = _eight(three, portfolio, settings)
    if portfolio.customers < MIN_COMPARED:
        row |= dict.fromkeys(("score", "share", "abc"), None) | {"missing": ()}
        return
    percentiles = {
        name: standing.percent_rank(points[name], figure)
        for name, figure in _dimensions(one).items()
    }
    row["score"], row["missing"] = contribution.combine(percentiles, settings.weights)
    margin = one.margin if one.billed else None
    row["share"] = standing.share_of(portfolio.curve, margin)
    row["abc"] = None
    if one.billed:
        row["abc"] = _abc(margin, row["share"], portfolio.curve, settings.bounds)


def _score(points, figure):
    return min(rfm.SCORES, 1 + int(rfm.SCORES * standing.percent_rank(points, figure)))


def _eight(three, portfolio, settings):
    names = ("recency", "frequency", "monetary")
    if settings.class_method == "fixed":
        days, orders, money = settings.class_cuts
        fixed = (-days, orders, money)
    else:
        fixed = tuple(portfolio.cuts[name] for name in names)
        # A mean or median is to be exceeded, but for recency.
        highs = [figure > cut for figure, cut in zip(three, fixed, strict=True)]
        highs[0] = three[0] >= fixed[0]
        return segments.EIGHT_CLASSES[tuple(highs)]
    return segments.eight_classes(*([figure] for figure in three), "fixed", fixed)[0]


def _abc(margin, share, curve, bounds):
    """Return A, B or C; the highest margin is always A, what is not positive C."""
    if margin <= 0 or share is None:
        return "C"
    if margin >= curve[-1][0] or share <= bounds[0] + 1e-9:
        return "A"
    return "B" if share <= bounds[1] + 1e-9 else "C"


def _calibrated(row, portfolio, predictor, settings):
    """Return the probability that went with a baseline's score in the back-test."""
    one = row["facts"]
    if predictor.name == "recency":
        by = row["recency"]
    elif predictor.name == "ticket":
        rate = row["repeats"] / max(row["age"], 1) * settings.outlook.probability_days
        by = one.net / one.order_days * rate
    else:
        figures = (row["recency"], one.order_days, one.net)
        by = sum(
            _score(portfolio.points[name], figure)
            for name, figure in zip(_WHOLE, figures, strict=True)
        )
    return share_at(predictor.steps, by)


def _get_cuts(portfolio, settings):
    """Return where high begins, None when there is nothing to compare with."""
    cut = settings.profit_cut
    if cut is None:
        cut = portfolio.cuts["profit"]
    if cut is None or portfolio.customers < MIN_COMPARED:
        return None
    return replace(settings.cuts, profit=cut)


def _place(row, portfolio, settings, cuts):
    """Add risk and quadrant.

    Of who is neither known to order nor to pay there is no risk to be told.
    """
    one, points = row["facts"], portfolio.points
    late = standing.percent_rank(
        points["timeliness"], None if one.days_late is None else -one.days_late
    )
    row["risk"] = None
    if row["churn"] is not None or late is not None:
        row["risk"] = quadrants.risk(
            {
                "churn": row["churn"],
                "lateness": None if late is None else 1 - late,
                "exposure": standing.percent_rank(points["exposure"], one.exposure)
                if one.billed
                else None,
            }
        )
    row["quadrant"], row["severe"] = None, False
    if cuts is None:
        return
    trend = None
    if one.margin_before > 0:
        trend = (one.margin - one.margin_before) / one.margin_before
    found = quadrants.position(
        _profit(row, settings),
        row["risk"],
        cuts,
        trend=trend,
        promise=standing.percent_rank(points["predicted"], row["predicted"]),
        previous=SIDES.get(one.quadrant),
    )
    if found:
        row["quadrant"], row["severe"] = found.name, found.severe
