# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Predict a past that is known by now, beside baselines that anyone can compute.

Orders up to a day are what the predictors may see; those after it tell how good each
was. Baselines are part of the result, not a footnote: on many portfolios a simple rule
picks the next buyers as well as a model does (Wübben & Wangenheim 2008, J. of Marketing
72(3) 82–93), and where it does it is what should be used.
"""

from collections import defaultdict
from dataclasses import dataclass

from . import metrics
from .customers import summarise
from .estimation import MIN_CUSTOMERS, MIN_REPEATERS
from .fit import fit
from .monotone import monotone_shares, share_at
from .rfm import scores as rfm_scores
from .score import Settings, score

MODELS = ("mbg_nbd", "bg_nbd", "interval")
BASELINES = ("recency", "ticket", "rfm")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How good one predictor was.

    :param name: one of the models or of the baselines: ``recency`` (days since the
        last order), ``ticket`` (mean order value × repeat orders per day × days ahead)
        or ``rfm`` (sum of the three scores)
    :param baseline: whether it is a baseline
    :param auc: of who buys, see :func:`.metrics.auc`
    :param calibration: rows of :func:`.metrics.calibration`, None without probability
    :param calibration_error: of these
    :param brier: of the probabilities
    :param orders_error: of the sum of orders, None unless predicted
    :param value_error: of the sum of order values, None unless predicted
    :param top_capture: part of the value that the tenth ranked first brought
    :param steps: of :func:`.monotone.monotone_shares`: what turns the score into a
        probability
    """

    name: str
    baseline: bool
    auc: float | None
    calibration: list | None
    calibration_error: float | None
    brier: float | None
    orders_error: float | None
    value_error: float | None
    top_capture: float | None
    steps: list


@dataclass(frozen=True, slots=True)
class Backtest:
    """A back-test of one portfolio.

    :param customers: who had ordered by the day of the split
    :param buyers: how many of them ordered after it
    :param orders: days with orders they had after it
    :param value: of these orders
    :param days: length of the time predicted
    :param refusals: model → :class:`.estimation.Refusal` of those not fitted
    :param outcomes: name → :class:`Outcome`
    """

    customers: int
    buyers: int
    orders: int
    value: float
    days: int
    refusals: dict
    outcomes: dict


def backtest(
    orders,
    split,
    end,
    models=MODELS,
    min_customers=MIN_CUSTOMERS,
    min_repeaters=MIN_REPEATERS,
    first_counts=False,
):
    """Fit on the orders up to ``split``, predict those up to ``end``, and compare.

    :param orders: iterable of (key, date, value)
    :param split: last date the predictors see
    :param end: last date of what they predict
    :param first_counts: of :func:`.customers.summarise`
    :return: :class:`Backtest`
    :raise ValueError: when ``end`` is not after ``split``
    """
    orders = list(orders)
    days = (end - split).days
    if days <= 0:
        raise ValueError("nothing to predict: the end is not after the split")
    customers = summarise(orders, split, first_counts)
    days_bought, value = _what_happened(orders, split, end)
    actual = [len(days_bought[customer.key]) for customer in customers]
    spent = [value[customer.key] for customer in customers]
    outcomes, refusals = {}, {}
    for model in models:
        result = fit(customers, model, min_customers, min_repeaters)
        if result.refusal:
            refusals[model] = result.refusal
        elif result.orders:
            predicted = _predict(customers, result, days)
            outcomes[model] = _judge(model, False, *predicted, actual, spent)
    for name, predicted in _baselines(orders, customers, split, days).items():
        outcomes[name] = _judge(name, True, *predicted, actual, spent)
    return Backtest(
        customers=len(customers),
        buyers=sum(map(bool, actual)),
        orders=sum(actual),
        value=sum(spent),
        days=days,
        refusals=refusals,
        outcomes=outcomes,
    )


def choose(outcomes, measure, default="mbg_nbd"):
    """Return the name of the best predictor by one measure.

    :param outcomes: of :class:`Backtest`
    :param measure: ``auc`` (who buys), ``top_capture`` (who brings most), or
        ``orders_error`` or ``value_error`` (how much in all; the nearest to 0)
    :param default: wins a tie
    :return: name, None when no predictor has the measure
    """
    judged = {}
    for name, outcome in outcomes.items():
        found = getattr(outcome, measure)
        if found is not None:
            judged[name] = -abs(found) if measure.endswith("error") else found
    return max(judged, key=lambda name: (judged[name], name == default), default=None)


def calibrated(outcome, ranked_by):
    """Return the probability that goes with a score, as it was in the back-test: that
    of an order within the days of its holdout.

    :param outcome: :class:`Outcome` of the predictor
    :param ranked_by: what the predictor ranks by: probability of an order, days since
        the last order with a minus, expected value, or sum of the RFM scores
    """
    return share_at(outcome.steps, ranked_by)


def _what_happened(orders, split, end):
    days, value = defaultdict(set), defaultdict(float)
    for key, day, amount in orders:
        if split < day <= end:
            days[key].add(day)
            value[key] += amount
    return days, value


def _predict(customers, result, days):
    """Return (score of who buys, of who brings most, probabilities, orders, values)."""
    scores = score(customers, result, Settings(days, days, (1,)))
    probabilities = [one.order_probability for one in scores]
    expected = [one.orders for one in scores]
    values = None
    if result.spend:
        values = [one.orders * one.order_value for one in scores]
    return probabilities, values or expected, probabilities, expected, values


def _baselines(orders, customers, split, days):
    totals, numbers = defaultdict(float), defaultdict(set)
    for key, day, amount in orders:
        if day <= split:
            totals[key] += amount
            numbers[key].add(day)
    recency = [customer.last - customer.age for customer in customers]
    frequency = [len(numbers[customer.key]) for customer in customers]
    monetary = [totals[customer.key] for customer in customers]
    rates = [customer.repeats / max(customer.age, 1) * days for customer in customers]
    ticket = [
        total / number * rate
        for total, number, rate in zip(monetary, frequency, rates, strict=True)
    ]
    rfm = [
        sum(three)
        for three in zip(
            rfm_scores(recency),
            rfm_scores(frequency),
            rfm_scores(monetary),
            strict=True,
        )
    ]
    return {
        "recency": (recency, recency, None, None, None),
        "ticket": (ticket, ticket, None, rates, ticket),
        "rfm": (rfm, rfm, None, None, None),
    }


def _judge(name, baseline, who, most, probabilities, expected, values, actual, spent):
    bought = [number > 0 for number in actual]
    rows = probabilities and metrics.calibration(probabilities, bought)
    return Outcome(
        name=name,
        baseline=baseline,
        auc=metrics.auc(who, bought),
        calibration=rows,
        calibration_error=rows and metrics.calibration_error(rows),
        brier=probabilities and metrics.brier(probabilities, bought),
        orders_error=expected and metrics.total_error(expected, actual),
        value_error=values and metrics.total_error(values, spent),
        top_capture=metrics.top_capture(most, spent),
        steps=monotone_shares(who, bought),
    )
