# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the statistics know of a customer, and how it comes from the orders."""

from collections import defaultdict
from typing import NamedTuple


class Customer(NamedTuple):
    """One customer as the statistics see them. Numbers are int or float.

    :param key: anything the caller knows the customer by
    :param repeats: x, days with orders after the first one
    :param last: t_x, days from the first order to the last
    :param age: T, days from the first order to the as-of date
    :param value: mean net value of the repeat orders, 0 without any
    :param margin_rate: share of the value that is kept (see :mod:`.margins`)
    :param lag: days from order to money, by which the value is discounted too
    :param valued: how many orders ``value`` is the mean of; None: the repeat orders, as
        in the papers, which leave the first one out
    """

    key: object
    repeats: int
    last: float
    age: float
    value: float = 0.0
    margin_rate: float = 1.0
    lag: float = 0.0
    valued: int | None = None

    @property
    def spends(self):
        """(number of orders, their mean value), for the model of spend.

        >>> Customer("A", 2, 9, 9, 50.0).spends
        (2, 50.0)
        >>> Customer("A", 2, 9, 9, 50.0, valued=3).spends
        (3, 50.0)
        """
        return (self.repeats if self.valued is None else self.valued, self.value)


def summarise(orders, as_of, first_counts=False):
    """Summarise orders into customers; orders of one day count as one.

    :param orders: iterable of (key, date, value); those after ``as_of`` are left out
    :param as_of: date the customers are looked at
    :param first_counts: whether the value of the first order is known of a customer
        too, so that who ordered once is not taken to order as everybody does
    :return: list of :class:`Customer`, in the order of their keys' first appearance

    >>> from datetime import date
    >>> found = summarise([("A", date(2026, 1, 1), 10), ("A", date(2026, 1, 8), 20),
    ...                    ("A", date(2026, 1, 8), 5), ("B", date(2026, 1, 9), 7),
    ...                    ("A", date(2026, 2, 1), 99)], date(2026, 1, 11))
    >>> [customer[:5] for customer in found]
    [('A', 1, 7, 10, 25.0), ('B', 0, 0, 2, 0.0)]
    """
    histories = defaultdict(lambda: defaultdict(float))
    for key, day, value in orders:
        if day <= as_of:
            histories[key][day] += value
    return [
        _customer(key, days, as_of, first_counts) for key, days in histories.items()
    ]


def _customer(key, days, as_of, first_counts):
    first, last = min(days), max(days)
    repeats = len(days) - 1
    total = sum(days.values())
    found = Customer(
        key,
        repeats,
        (last - first).days,
        (as_of - first).days,
        (total - days[first]) / repeats if repeats else 0.0,
    )
    if first_counts:
        return found._replace(value=total / len(days), valued=len(days))
    return found
