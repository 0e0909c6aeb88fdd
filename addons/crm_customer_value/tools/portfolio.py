# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What customers are valued by: their facts, a company's settings, the portfolio they
are compared with."""

from dataclasses import dataclass, field
from datetime import date
from statistics import fmean, median
from typing import NamedTuple

from . import contribution, quadrants, standing
from .score import Settings as Outlook

#: A customer must buy so many usual orders for its own margin rate to weigh half.
PRIOR_ORDERS = 3


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
    :param exposure: what is at stake: owed longer than agreed, or the credit exposure
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
    :param call_lead: days before an order is due from which a call is for it
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
    call_lead: int = 7


@dataclass
class Portfolio:
    """What a customer is compared with.

    :param customers: how many there are
    :param ranked: how many of them have a score
    :param called: of how many a call has a worth
    :param rate: margin rate of all, None without sales
    :param prior_sales: κ of :func:`.margins.shrunk_rate`
    :param lag: days from invoice to money of all
    :param points: name → sorted figures
    :param curve: of :func:`.standing.share_curve`, of the margin
    :param cuts: name → threshold
    """

    customers: int = 0
    ranked: int = 0
    called: int = 0
    rate: float | None = None
    prior_sales: float = 0.0
    lag: float = 0.0
    points: dict = field(default_factory=dict)
    curve: list = field(default_factory=list)
    cuts: dict = field(default_factory=dict)

    def stored(self):
        """Return the portfolio as plain values, thinned."""
        thinned = {name: standing.thin(row) for name, row in self.points.items()}
        # Not asdict: it would copy every figure of everybody.
        return {**vars(self), "points": thinned, "curve": standing.thin(self.curve)}

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


def start(facts, lag):
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


def get_dimensions(one):
    """Return name → figure of the contribution, None where it is not known."""
    return {
        "sales": one.sales if one.billed else None,
        "margin": one.margin if one.billed else None,
        "timeliness": None if one.days_late is None else -one.days_late,
    }


def get_exposure(one):
    """Return what is at stake, None of who never was billed and owes nothing."""
    return one.exposure if one.billed or one.exposure else None


def get_decline(one):
    """Return the share by which the margin fell against the window before, 0 when it
    did not; None without a margin there.

    >>> get_decline(Facts(1, margin=60.0, margin_before=80.0))
    0.25
    >>> get_decline(Facts(1, margin=90.0, margin_before=80.0)), get_decline(Facts(1))
    (0.0, None)
    """
    if one.margin_before <= 0:
        return None
    return max(0.0, (one.margin_before - one.margin) / one.margin_before)


def get_profit(row, settings):
    one = row["facts"]
    if settings.profit == "predicted":
        return row["predicted"]
    if not one.billed:
        return None
    return one.margin if settings.profit == "margin" else one.profit


def get_points(rows, name):
    return sort_known([row[name] for row in rows])


def sort_known(figures):
    return standing.Points(sorted([each for each in figures if each is not None]))


def compare(portfolio, rows, settings):
    """Note in a portfolio what its customers are compared with.

    :param rows: of :func:`.valuation.value`, as far as customers stand by themselves
    """
    everybody = [row["facts"] for row in rows]
    portfolio.customers = sum(one.billed or bool(one.order_days) for one in everybody)
    points = portfolio.points
    for name in ("recency", "frequency", "monetary", "predicted", "call"):
        points[name] = get_points(rows, name)
    portfolio.called = len(points["call"])
    dimensions = [row["dimensions"] for row in rows]
    for name in contribution.WEIGHTS:
        points[name] = get_points(dimensions, name)
    for name, get_strain in (("exposure", get_exposure), ("decline", get_decline)):
        points[name] = sort_known([get_strain(one) for one in everybody])
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
    profits = [get_profit(row, settings) for row in rows]
    profits = [profit for profit in profits if profit is not None]
    portfolio.cuts["profit"] = median(profits) if profits else None
