# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why the margin changed: price, cost, volume, mix.

For every product of two periods, with quantity q, sales S and cost C, and the first
period's unit price p and unit cost c:

    price  = (S₁ − q₁ p) − (S₀ − q₀ p)
    cost   = −((C₁ − q₁ c) − (C₀ − q₀ c))
    volume = q₀ (p − c) · (V₁/V₀ − 1),  V = Σ q p: all quantities at the old prices
    mix    = (q₁ − q₀) (p − c) − volume

They add up to the change of S − C for every product and in all. Volume is what the
change would be had every product grown like the whole; quantities are weighted with
their prices, so that pieces and tonnes can be added. A product without a positive
quantity in the first period takes unit price and cost from the second one: it is all
volume and mix. Sales without a quantity (a price adjusted later) are price.
"""

from collections import defaultdict
from typing import NamedTuple


class Effects(NamedTuple):
    """What a product, or all together, added to the margin."""

    key: object
    price: float
    cost: float
    volume: float
    mix: float

    @property
    def total(self):
        """The change of the margin."""
        return self.price + self.cost + self.volume + self.mix


def decompose(before, after):
    """Return the effects of all products together, and of every one.

    :param before: iterable of (key, quantity, sales, cost); a key may come twice
    :param after: the same for the later period
    :return: :class:`Effects` with the key None, list of :class:`Effects` from the one
        that changed most

    A sold 10 at 5 (cost 3), then 12 at 6 (cost 4); B sold 5 at 10 (cost 4), then none.
    V₀ = 100, V₁ = 60; the margin fell from 50 to 24.

    >>> total, lines = decompose([("A", 10, 50, 30), ("B", 5, 50, 20)],
    ...                          [("A", 12, 72, 48)])
    >>> total, total.total
    (Effects(key=None, price=12.0, cost=-12.0, volume=-20.0, mix=-6.0), -26.0)
    >>> [(line.key, line.total) for line in lines]
    [('B', -30.0), ('A', 4.0)]
    """
    first, second = _sums(before), _sums(after)
    products = {
        key: _unit(*first[key], *second[key])
        for key in dict.fromkeys((*first, *second))
    }
    base = sum(first[key][0] * price for key, (price, _cost) in products.items())
    now = sum(second[key][0] * price for key, (price, _cost) in products.items())
    growth = now / base - 1 if base > 0 else None
    lines = []
    for key, (price, cost) in products.items():
        q0, s0, c0 = first[key]
        q1, s1, c1 = second[key]
        moved = (q1 - q0) * (price - cost)
        volume = moved if growth is None else q0 * (price - cost) * growth
        lines.append(
            Effects(
                key,
                (s1 - q1 * price) - (s0 - q0 * price),
                -((c1 - q1 * cost) - (c0 - q0 * cost)),
                volume,
                moved - volume,
            )
        )
    lines.sort(key=lambda line: -abs(line.total))
    sums = [sum((line[place] for line in lines), 0.0) for place in range(1, 5)]
    return Effects(None, *sums), lines


def _sums(rows):
    sums = defaultdict(lambda: (0.0, 0.0, 0.0))
    for key, quantity, sales, cost in rows:
        q, s, c = sums[key]
        sums[key] = (q + quantity, s + sales, c + cost)
    return sums


def _unit(q0, s0, c0, q1, s1, c1):
    """Return the unit price and unit cost that quantities are valued with."""
    if q0 > 0:
        return s0 / q0, c0 / q0
    return (s1 / q1, c1 / q1) if q1 > 0 else (0.0, 0.0)
