# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The present value of orders to come, month by month.

Expected orders E(t) fall into months; those of month k are worth (1 + d)^(−k/12) each:

    Σ (E(k) − E(k−1)) (1+d)^(−k/12),  k = 1 … K
    = Σ cₖ E(k)   with cₖ = (1+d)^(−k/12) − (1+d)^(−(k+1)/12), c_K = (1+d)^(−K/12)

E bends smoothly in v = ln(1 + t/scale), so that a polynomial in v through a few times
gives every month's value. The weights of those times depend on nothing but the
horizon and the scale, and the months of all customers cost a handful of values of E.
"""

from math import ceil, cos, exp, hypot, log, log1p, pi

DAYS_PER_MONTH = 365.25 / 12

#: Relative error aimed at, a bound: E has its nearest singularity π away in v, what is
#: found is about a thousandth.
_ERROR = 1e-5


def month_weights(yearly_rate, months):
    """Return c₁ … c_K, the present value of one more expected order by each month end.

    :param yearly_rate: discount rate of a year, e.g. 0.1
    :param months: K

    >>> month_weights(0.0, 3)
    [0.0, 0.0, 1.0]
    >>> [round(c, 6) for c in month_weights(1.0, 12)][-2:]  # 2^(−11/12) − 1/2, 1/2
    [0.029732, 0.5]
    """
    factor = (1.0 + yearly_rate) ** (-1 / 12)
    weights = [factor**k - factor ** (k + 1) for k in range(1, months)]
    return [*weights, factor**months]


def nodes(yearly_rate, horizons, scale=None):
    """Return the days at which to compute E, and for every horizon their weights.

    :param yearly_rate: discount rate of a year
    :param horizons: numbers of months, e.g. (12, 24, 36)
    :param scale: days on whose scale E bends; None takes every month as it is
    :return: list of days, list (by horizon) of lists of weights

    >>> days, weights = nodes(0.1, (12, 36), scale=40)
    >>> len(days) < 15, len(weights)
    (True, 2)
    """
    longest = max(horizons)
    month_ends = [DAYS_PER_MONTH * k for k in range(1, longest + 1)]
    by_month = [month_weights(yearly_rate, months) for months in horizons]
    if scale is None:
        return month_ends, [row + [0.0] * (longest - len(row)) for row in by_month]
    top = log1p(month_ends[-1] / scale)
    ratio = 2 * pi / top
    number = ceil(log(1 / _ERROR) / log(ratio + hypot(ratio, 1.0))) + 1
    if number >= longest:
        return nodes(yearly_rate, horizons)
    # Chebyshev's points, and 0, where E is 0 and needs no weight.
    points = [top / 2 * (1 - cos(pi * (j + 0.5) / number)) for j in range(number)]
    shares = [_lagrange([0.0, *points], log1p(day / scale))[1:] for day in month_ends]
    weights = [
        [
            sum(c * share[j] for c, share in zip(row, shares, strict=False))
            for j in range(number)
        ]
        for row in by_month
    ]
    return [scale * (exp(point) - 1.0) for point in points], weights


def _lagrange(points, at):
    """Return the share of the value at each point in the polynomial's value."""
    shares = []
    for j, point in enumerate(points):
        share = 1.0
        for i, other in enumerate(points):
            if i != j:
                share *= (at - other) / (point - other)
        shares.append(share)
    return shares
