# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Equal customers counted once.

The likelihood of a customer's orders depends on three numbers only: the repeat orders
x, the time t_x from first to last order and the time T from first order to the as-of
date. Customers that share them make one cell. Times are days at the door and weeks
inside, the unit of the published parameters.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

DAYS_PER_WEEK = 7.0


@dataclass(frozen=True, slots=True)
class Group:
    """The cells with the same number of repeat orders; parallel lists.

    :param repeats: x
    :param last: position of t_x among the times, per cell
    :param age: position of T among the times, per cell
    :param counts: customers per cell
    """

    repeats: int
    last: Sequence[int]
    age: Sequence[int]
    counts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Cells:
    """Customers collapsed into cells.

    :param times: the distinct t_x and T in weeks, rising
    :param groups: the cells by number of repeat orders, rising
    :param lasts: (position of t_x, customers with it, their repeat orders), those who
        never came back (t_x = 0) apart from those who did
    :param customers: how many customers there are
    :param repeaters: how many of them ordered again
    """

    times: Sequence[float]
    groups: Sequence[Group]
    lasts: Sequence[tuple]
    customers: int
    repeaters: int

    def __len__(self):
        return sum(len(group.counts) for group in self.groups)


def collapse(customers):
    """Collapse customers into cells.

    :param customers: iterable of (x, t_x, T): repeat orders, days from first to last
        order, days from first order to the as-of date
    :return: :class:`Cells`
    :raise ValueError: for a negative number, a last order after the as-of date, or a
        customer without repeat order whose last order is not the first

    >>> cells = collapse([(0, 0, 70), (2, 7, 70), (0, 0, 70), (2, 14, 70)])
    >>> cells.times, cells.customers, cells.repeaters, len(cells)
    ([0.0, 1.0, 2.0, 10.0], 4, 2, 3)
    >>> cells.groups[0]
    Group(repeats=0, last=[0], age=[3], counts=[2])
    >>> collapse([(1, 80, 70)])
    Traceback (most recent call last):
    ValueError: not a history of orders: 1 repeats, last after 80 of 70 days
    """
    return from_counts(Counter(customers))


def from_counts(counts):
    """Make cells of (x, t_x, T) → number of customers; times in days."""
    for x, last, age in counts:
        if not 0 <= last <= age or x < 0 or (x == 0 and last):
            raise ValueError(
                f"not a history of orders: {x} repeats, last after {last} of {age} days"
            )
    days = sorted({day for _x, last, age in counts for day in (last, age)})
    position = {day: index for index, day in enumerate(days)}
    groups = defaultdict(lambda: ([], [], []))
    for (x, last, age), count in counts.items():
        if count:
            lasts, ages, numbers = groups[x]
            lasts.append(position[last])
            ages.append(position[age])
            numbers.append(count)
    lasts = defaultdict(lambda: [0, 0])
    for (x, last, _age), count in counts.items():
        sums = lasts[position[last], x > 0]
        sums[0] += count
        sums[1] += count * x
    return Cells(
        times=[day / DAYS_PER_WEEK for day in days],
        groups=[Group(x, *groups[x]) for x in sorted(groups)],
        lasts=[(last, *sums) for (last, _again), sums in sorted(lasts.items())],
        customers=sum(counts.values()),
        repeaters=sum(count for (x, _last, _age), count in counts.items() if x),
    )
