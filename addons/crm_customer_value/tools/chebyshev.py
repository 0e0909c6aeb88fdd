# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Smooth functions of time from a few of their values.

What a model expects bends smoothly in v = ln(1 + t/scale): its nearest singularity is
at least π away from the real line. A polynomial through Chebyshev's points in v then
comes as close as one likes, the more points the wider the range (Trefethen 2013,
Approximation Theory and Approximation Practice, theorem 8.2).
"""

from math import ceil, cos, hypot, log, pi

#: Relative error aimed at; a test holds it to ten times that.
ERROR = 1e-6


def points(low, high):
    """Return Chebyshev's points in a range of v, rising; enough for :data:`ERROR`.

    >>> len(points(0, 1)), len(points(0, 4))
    (7, 13)
    """
    width = max(high - low, 1e-9)
    ratio = 2 * pi / width
    number = ceil(log(1 / ERROR) / log(ratio + hypot(ratio, 1.0))) + 1
    middle = (low + high) / 2
    return [middle - width / 2 * cos(pi * (j + 0.5) / number) for j in range(number)]


def factors(places):
    """Return what :func:`shares` needs to know of the points: 1 / Π (vⱼ − vᵢ)."""
    found = []
    for j, place in enumerate(places):
        product = 1.0
        for i, other in enumerate(places):
            if i != j:
                product *= place - other
        found.append(1.0 / product)
    return found


def shares(places, weights, at):
    """Return the share of the value at each point in the polynomial's value: the second
    barycentric formula (Berrut & Trefethen 2004, SIAM Review 46(3), eq. 4.2).

    >>> places = [0.0, 1.0, 3.0]
    >>> found = shares(places, factors(places), 2.0)
    >>> [round(share, 9) for share in found], round(found[1] + 9 * found[2], 9)  # 2²
    ([-0.333333333, 1.0, 0.333333333], 4.0)
    >>> shares(places, factors(places), 1.0)
    [0.0, 1.0, 0.0]
    """
    if at in places:
        return [float(place == at) for place in places]
    found = [w / (at - place) for w, place in zip(weights, places, strict=True)]
    total = sum(found)
    return [share / total for share in found]
