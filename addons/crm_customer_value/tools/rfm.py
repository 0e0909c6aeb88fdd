# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Recency, frequency and monetary scores from 1 to 5."""

from bisect import bisect_right

from .ranking import percent_ranks

SCORES = 5


def scores(values, thresholds=None, lowest_best=False):
    """Return a score from 1 to 5 for every value.

    min(5, 1 + ⌊5 · percent_rank⌋), so that equal values have the same score, or
    1 + the number of thresholds that the value reaches.

    :param values: list of numbers
    :param thresholds: four rising numbers: what 2, 3, 4 and 5 take at least (for
        ``lowest_best``, four falling ones: what they take at most)
    :param lowest_best: whether few is good, as for days since the last order

    >>> scores([1, 1, 1, 2, 9])
    [1, 1, 1, 4, 5]
    >>> scores([10, 200], thresholds=(365, 180, 90, 30), lowest_best=True)
    [5, 2]
    """
    if lowest_best:
        values = [-value for value in values]
        thresholds = thresholds and [-bound for bound in thresholds]
    if thresholds:
        return [1 + bisect_right(thresholds, value) for value in values]
    return [min(SCORES, 1 + int(SCORES * rank)) for rank in percent_ranks(values)]


def suggest_thresholds(values, lowest_best=False):
    """Return thresholds that give (nearly) the scores these values have among
    themselves: fixed from now on, so that a score means the same next month.

    Where equal values leave a score empty, two thresholds are the same.

    :return: tuple of four, or None when all values are equal

    >>> suggest_thresholds([1, 1, 1, 2, 9])
    (2, 2, 2, 9)
    >>> suggest_thresholds([5, 10, 20, 40, 80], lowest_best=True)
    (40, 20, 10, 5)
    >>> suggest_thresholds([3, 3]) is None
    True
    """
    found = scores(values, lowest_best=lowest_best)
    if len(set(values)) < 2:
        return None
    pick = max if lowest_best else min
    result = []
    for score in range(2, SCORES + 1):
        reached = [v for v, s in zip(values, found, strict=True) if s >= score]
        result.append(pick(reached) if reached else result[-1])
    return tuple(result)


def check_thresholds(thresholds, lowest_best=False):
    """Tell whether four thresholds are in order.

    >>> check_thresholds((1, 2, 2, 5)), check_thresholds((90, 30, 60, 10), True)
    (True, False)
    """
    signed = [-bound for bound in thresholds] if lowest_best else list(thresholds)
    return len(signed) == SCORES - 1 and signed == sorted(signed)
