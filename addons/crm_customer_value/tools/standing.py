# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A portfolio as what one customer is compared with: sorted figures, kept small.

Who is compared with all others needs the others' figures. Sorted, they answer by
bisection; of many, a thousand are enough to be stored and to tell a percentile.
"""

from bisect import bisect_left, bisect_right
from functools import cached_property

from .ranking import cumulative_shares

#: So many figures of a portfolio are kept: a percentile is exact to a thousandth.
POINTS = 1001


class Points(list):
    """Sorted figures of a portfolio that knows where each of them is: looking it up
    takes a tenth of a bisection.

    >>> points = Points([10, 10, 20])
    >>> points.find_first(10), points.find_first(20), points.find_first(15)
    (0, 2, 2)
    """

    @cached_property
    def _first(self):
        # The last to be noted is the first of its like.
        return {value: place for place, value in reversed(list(enumerate(self)))}

    def find_first(self, value):
        """Return the place of a figure, or where it would be."""
        place = self._first.get(value)
        return bisect_left(self, value) if place is None else place


def thin(points, number=POINTS):
    """Return at most ``number`` of sorted figures, evenly drawn, both ends among them.

    >>> thin([1, 2, 3, 4, 5], 3), thin([1, 2], 3)
    ([1, 3, 5], [1, 2])
    """
    if len(points) <= number:
        return list(points)
    last = len(points) - 1
    return [points[round(i * last / (number - 1))] for i in range(number)]


def percent_rank(points, value):
    """Return the share of the others that are lower: (rank − 1) / (n − 1), as
    :func:`.ranking.percent_ranks` does for all at once.

    :param points: sorted figures of the portfolio, those of the customer among them
    :param value: the customer's; None has none

    >>> [percent_rank([10, 10, 20, 30, 40], value) for value in (10, 20, 40, 99)]
    [0.0, 0.5, 1.0, 1.0]
    >>> percent_rank([10], 10), percent_rank([], 10), percent_rank([10], None)
    (0.0, 0.0, None)
    """
    if value is None:
        return None
    if isinstance(points, Points):
        lower = points.find_first(value)
    else:
        lower = bisect_left(points, value)
    return min(lower / max(len(points) - 1, 1), 1.0)


def share_above(points, value):
    """Return the share of the others that are higher: the percent rank of what is the
    better the lower it is.

    >>> [share_above([10, 10, 20, 30, 40], value) for value in (10, 20, 40)]
    [0.75, 0.5, 0.0]
    >>> share_above([10, 10], 10), share_above([10], None)
    (0.0, None)
    """
    if value is None:
        return None
    higher = len(points) - bisect_right(points, value)
    return min(higher / max(len(points) - 1, 1), 1.0)


def rank(points, value, number):
    """Return the rank from 1 for the highest; equal values share one.

    :param points: sorted figures, perhaps thinned
    :param number: how many customers they stand for

    >>> [rank([10, 10, 20, 30], value, 4) for value in (30, 20, 10)]
    [1, 2, 3]
    >>> rank([1, 3, 5], 3, 5)  # one of three points is higher: 1/3 of 5
    3
    """
    if value is None or not points:
        return None
    higher = len(points) - bisect_right(points, value)
    return 1 + round(higher * number / len(points))


def share_curve(values, number=POINTS):
    """Return (value, cumulative share) of the positive values, by rising value.

    >>> share_curve([50, 30, 20, -5])
    [(20, 1.0), (30, 0.8), (50, 0.5)]
    """
    positive = [value for value in values if value > 0]
    return thin(
        sorted(set(zip(positive, cumulative_shares(positive), strict=True))), number
    )


def share_of(curve, value):
    """Return the share of the total that a value and all higher ones make.

    Between two points of the curve the lower one speaks. None where nothing is
    positive, 1 for what is not.

    >>> curve = [(20, 1.0), (30, 0.8), (50, 0.5)]
    >>> [share_of(curve, value) for value in (50, 99, 40, -1)]
    [0.5, 0.5, 0.8, 1.0]
    >>> share_of([], 5) is None
    True
    """
    if not curve or value is None:
        return None
    if value <= 0:
        return 1.0
    place = bisect_right(curve, (value, 2.0)) - 1
    return curve[max(place, 0)][1]
