# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What active customers promise, for many of them at once.

The promise depends on the repeat orders x and on the age T only, not on when the last
order was. Customers with the same two share it; and where many ages go with one x, it
is computed at a few of them and read off the curve through those.
"""

from collections import defaultdict
from math import expm1, log1p

from . import chebyshev, discount


def promise(places, orders, settings):
    """Return the promise of every (x, T).

    :param places: set of (repeat orders, days from first order to the as-of date)
    :param orders: model of orders
    :param settings: :class:`.score.Settings`
    :return: (x, T) → (probability of an order within ``probability_days``, orders in
        ``orders_days``, and per horizon of ``months`` the orders at present value), if
        active
    """
    scale = orders.curve_scale
    days, weights = discount.nodes(settings.yearly_rate, settings.months, scale)
    by_repeats = defaultdict(list)
    for x, age in places:
        by_repeats[x].append(age)
    promises = {}
    for x, ages in by_repeats.items():
        bent = [log1p(age / scale) for age in ages]
        points = chebyshev.points(min(bent), max(bent))
        if len(ages) <= 2 * len(points):
            for age in ages:
                promises[x, age] = _one(orders, x, age, settings, days, weights)
            continue
        rows = [
            _one(orders, x, scale * expm1(point), settings, days, weights)
            for point in points
        ]
        columns = list(zip(*rows, strict=True))
        inner = chebyshev.factors(points)
        for age, at in zip(ages, bent, strict=True):
            shares = chebyshev.shares(points, inner, at)
            promises[x, age] = [
                orders.order_if_active(x, 0, age, settings.probability_days),
                *(
                    sum([s * v for s, v in zip(shares, column, strict=True)])
                    for column in columns[1:]
                ),
            ]
    return promises


def _one(orders, x, age, settings, days, weights):
    """Return the promise of one customer."""
    expected = [orders.orders_if_active(x, 0, age, day) for day in days]
    return [
        orders.order_if_active(x, 0, age, settings.probability_days),
        orders.orders_if_active(x, 0, age, settings.orders_days),
        *(
            sum([weight * number for weight, number in zip(row, expected, strict=True)])
            for row in weights
        ),
    ]
