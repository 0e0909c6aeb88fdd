# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A portfolio as what one customer is compared with: sorted figures, kept small.

Who is compared with all others needs the others' figures. Sorted, they answer by
bisection; of many, a thousand are enough to be stored and to tell a percentile.
"""

from bisect import bisect_left, bisect_right
from functools import cached_property

from .ranking import shares_by_value

#: So many figures of a portfolio are kept: a percentile is exact to a thousandth.
POINTS = 1001


class Points(list):
    """Sorted figures of a portfolio that knows where each of them is: looking it up
    takes a fraction of a bisection, which a few figures do without.

    >>> points = Points([10, 10, 20])
    >>> [points.ranks[figure] for figure in (10, 20)]
    [0.0, 1.0]
    >>> [points.higher[figure] for figure in (10, 20)]
    [1, 0]
    """

    @cached_property
    def ranks(self):
        """Figure → its percent rank."""
        others = max(len(self) - 1, 1)
        ranks = [place / others for place in range(len(self) - 1, -1, -1)]
        # The last to be noted is the first of its like.
        return dict(zip(reversed(self), ranks, strict=True))

    @cached_property
    def higher(self):
        """Figure → how many are higher."""
        return dict(zip(self, range(len(self) - 1, -1, -1), strict=True))


class Curve(list):
    """(value, cumulative share) by rising value, with the shares at hand."""

    @cached_property
    def shares(self):
        return dict(self)


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
    try:
        return points.ranks[value]
    except (AttributeError, KeyError):
        return min(bisect_left(points, value) / max(len(points) - 1, 1), 1.0)


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
    return min(_count_higher(points, value) / max(len(points) - 1, 1), 1.0)


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
    return 1 + round(_count_higher(points, value) * number / len(points))


def _count_higher(points, value):
    try:
        return points.higher[value]
    except (AttributeError, KeyError):
        return len(points) - bisect_right(points, value)


def share_curve(values, number=POINTS):
    """Return the :class:`Curve` of the positive values.

    >>> share_curve([50, 30, 20, -5])
    [(20, 1.0), (30, 0.8), (50, 0.5)]
    """
    shares = shares_by_value(values)
    return Curve(thin(list(reversed(shares.items())), number))


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
    try:
        return curve.shares[value]
    except (AttributeError, KeyError):
        place = bisect_right(curve, (value, 2.0)) - 1
        return curve[max(place, 0)][1]
