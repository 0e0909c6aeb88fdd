# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ranks, percentiles, cumulative shares. Equal values always share one rank."""

from bisect import bisect_left

#: Sums of decimals miss a bound like 0.8 by this much at most.
_ROUNDING = 1e-9


def percent_ranks(values):
    """Return for every value the share of the others that are lower: 0 … 1.

    (rank − 1) / (n − 1), what PostgreSQL calls ``percent_rank``; equal values have one
    rank, the lowest (``ntile`` would tear them apart). One value alone has 0.

    :param values: list of numbers
    :return: list of numbers in the same order

    >>> percent_ranks([10, 30, 20, 10, 40])
    [0.0, 0.75, 0.5, 0.0, 1.0]
    >>> percent_ranks([7]), percent_ranks([])
    ([0.0], [])
    """
    ordered = sorted(values)
    others = max(len(ordered) - 1, 1)
    place = {}
    for position, value in enumerate(ordered):
        place.setdefault(value, position / others)
    return [place[value] for value in values]


def ranks(values):
    """Return the ranks from 1 for the highest; equal values share one.

    >>> ranks([10, 30, 20, 10])
    [3, 1, 2, 3]
    """
    ordered = sorted(-value for value in values)
    return [bisect_left(ordered, -value) + 1 for value in values]


def cumulative_shares(values):
    """Return for every value the share of the total that it and all higher ones make.

    Only what is positive counts: a share of profits and losses together has no meaning.
    Equal values share one figure, so that no order among them decides; a value that is
    not positive has 1.

    :return: list of shares, or of None where nothing is positive

    >>> cumulative_shares([50, 30, 10, 10, -5])
    [0.5, 0.8, 1.0, 1.0, 1.0]
    >>> cumulative_shares([0, -1])
    [None, None]
    """
    shares = shares_by_value(values)
    rest = 1.0 if shares else None
    return [shares.get(value, rest) for value in values]


def shares_by_value(values):
    """Return positive value → share of the total that it and all higher ones make, the
    highest first.

    >>> shares_by_value([10, 50, 30, 10, -5])
    {50: 0.5, 30: 0.8, 10: 1.0}
    """
    positive = sorted((value for value in values if value > 0), reverse=True)
    total = sum(positive)
    shares, running = {}, 0.0
    for value in positive:
        running += value
        shares[value] = running / total  # the last of equal values stays
    return shares


def abc_classes(values, bounds=(0.8, 0.95)):
    """Return A, B or C for every value, by its cumulative share.

    The highest value is always A, however much of the total it makes; what is not
    positive is C.

    :param bounds: up to which share A and B go

    >>> abc_classes([50, 30, 15, 5, -5])
    ['A', 'A', 'B', 'C', 'C']
    >>> abc_classes([100, 1]), abc_classes([0, 0])
    (['A', 'C'], ['C', 'C'])
    """
    highest = max(values, default=0)
    classes = []
    for value, share in zip(values, cumulative_shares(values), strict=True):
        if value <= 0:
            classes.append("C")
        elif value == highest or share <= bounds[0] + _ROUNDING:
            classes.append("A")
        else:
            classes.append("B" if share <= bounds[1] + _ROUNDING else "C")
    return classes
