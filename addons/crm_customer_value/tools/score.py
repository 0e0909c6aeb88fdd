# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every figure of every customer from a fit; also of one customer, without a refit."""

from dataclasses import dataclass
from typing import NamedTuple

from .promise import promise


@dataclass(frozen=True, slots=True)
class Settings:
    """How far to look ahead, and how to value it.

    :param probability_days: horizon of the probability of an order
    :param orders_days: horizon of the expected orders
    :param months: horizons of the predictive lifetime value
    :param yearly_rate: discount rate of a year
    """

    probability_days: int = 90
    orders_days: int = 365
    months: tuple = (12, 24, 36)
    yearly_rate: float = 0.1


#: Days of a century: an order due later is not in sight.
_NEVER = 36_525


class Score(NamedTuple):
    """The figures of one customer.

    :param key: the customer's
    :param active: probability that the customer has not been lost
    :param order_probability: of at least one order within ``probability_days``
    :param orders: expected in ``orders_days``
    :param order_value: expected net value of an order; None without a spend model
    :param lifetime: present value of the margin on the orders of the next months, per
        horizon; None without a spend model
    :param wait: days from the as-of date by which an order is as likely as not; None
        when it is not that likely ever to come
    :param interval: usual days between the customer's orders
    """

    key: object
    active: float
    order_probability: float
    orders: float
    order_value: float | None
    lifetime: tuple | None
    wait: float | None
    interval: float


def score(customers, result, settings=None):
    """Return the scores of customers.

    Predictive lifetime value = margin rate × expected order value × Σ over the months
    of (expected orders of the month) × (1 + d)^(−k/12), and × (1 + d)^(−lag/365) as the
    money comes ``lag`` days after the order.

    :param customers: iterable of :class:`.customers.Customer`
    :param result: :class:`.fit.FitResult`, or (model of orders, model of spend)
    :param settings: :class:`Settings`
    :return: list of :class:`Score`, empty when there is no model of orders at all

    New, with a usual interval of 30 days and a chance of 1/4 to be lost: an order comes
    with 3/4 · 90/120, and 3/4 · t/(30+t) = 1/2; 12 months bring 8 · 3/4 · 4 (1 − 1/(1 +
    365.25/120)).

    >>> from .customers import Customer
    >>> from .fit import restore
    >>> models = restore("interval", {"gap": 30.0, "loss": 0.25}, "mean", {"mean": 8.0})
    >>> [one] = score([Customer("A", 0, 0, 0)], models, Settings(yearly_rate=0.0))
    >>> one.active, one.order_value, one.interval
    (0.75, 8.0, 30.0)
    >>> round(one.order_probability, 9), round(one.wait, 9)
    (0.5625, 60.0)
    >>> round(one.orders, 9) == round(0.75 * 4 * (1 - 1 / (1 + 365 / 120)), 9)
    True
    >>> [round(value, 3) for value in one.lifetime]
    [18.065, 20.614, 21.631]
    """
    settings = settings or Settings()
    orders, spend = result if isinstance(result, tuple) else _models(result)
    if orders is None:
        return []
    customers = list(customers)
    promises = promise({(each[1], each[3]) for each in customers}, orders, settings)
    yearly = 1.0 + settings.yearly_rate
    scores = []
    for customer in customers:
        key, x, last, age, _value, rate, lag, _valued = customer
        ordering, expected, *present = promises[x, age]
        active = orders.active(x, last, age)
        order_value = lifetime = None
        if spend is not None:
            order_value = spend.value(*customer.spends)
            worth = active * order_value * rate
            if lag:
                worth *= yearly ** (-lag / 365)
            lifetime = tuple([worth * amount for amount in present])
        wait = None
        if active > 0.5:
            wait = orders.wait(x, last, age, 0.5 / active)
            wait = wait if wait < _NEVER else None
        scores.append(
            Score(
                key,
                active,
                active * ordering,
                active * expected,
                order_value,
                lifetime,
                wait,
                orders.interval(x, last),
            )
        )
    return scores


def _models(result):
    return result.orders, result.spend
