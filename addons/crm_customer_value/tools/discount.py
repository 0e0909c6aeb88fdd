# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The present value of orders to come, month by month.

Expected orders E(t) fall into months; those of month k are worth (1 + d)^(−k/12) each:

    Σ (E(k) − E(k−1)) (1+d)^(−k/12),  k = 1 … K
    = Σ cₖ E(k)   with cₖ = (1+d)^(−k/12) − (1+d)^(−(k+1)/12), c_K = (1+d)^(−K/12)

E is smooth, so that a few times give the value at every month end
(:mod:`.chebyshev`). Their weights depend on nothing but the horizon and the scale, and
the months of all customers cost a handful of values of E.
"""

from math import expm1, log1p

from .chebyshev import factors, points, shares

DAYS_PER_MONTH = 365.25 / 12


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


def nodes(yearly_rate, horizons, scale):
    """Return the days at which to compute E, and for every horizon their weights.

    :param yearly_rate: discount rate of a year
    :param horizons: numbers of months, e.g. (12, 24, 36)
    :param scale: days on whose scale E bends
    :return: list of days, list (by horizon) of lists of weights

    >>> days, weights = nodes(0.1, (12, 36), scale=40)
    >>> len(days) < 15, len(weights)
    (True, 2)
    """
    longest = max(horizons)
    month_ends = [DAYS_PER_MONTH * k for k in range(1, longest + 1)]
    by_month = [month_weights(yearly_rate, months) for months in horizons]
    places = points(0.0, log1p(month_ends[-1] / scale))
    if len(places) >= longest:
        return month_ends, [row + [0.0] * (longest - len(row)) for row in by_month]
    # At 0 E is 0: a point that costs nothing and needs no weight.
    known = [0.0, *places]
    inner = factors(known)
    parts = [shares(known, inner, log1p(day / scale))[1:] for day in month_ends]
    weights = [
        [
            sum(c * part[j] for c, part in zip(row, parts, strict=False))
            for j in range(len(places))
        ]
        for row in by_month
    ]
    return [scale * expm1(place) for place in places], weights
