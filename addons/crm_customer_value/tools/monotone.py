# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Probabilities from any ranking: the share that bought, rising with the score."""

from bisect import bisect_right


def monotone_shares(scores, outcomes):
    """Return the steps of the best rising curve from score to share that bought.

    Pool adjacent violators (Ayer et al. 1955, Annals of Math. Statistics 26 641–647).

    :param scores: list of numbers
    :param outcomes: list of booleans
    :return: list of (lowest score of the step, share), rising

    >>> monotone_shares([1, 2, 3, 4], [False, True, False, True])
    [(1, 0.0), (2, 0.5), (4, 1.0)]
    """
    sums = {}
    for score, bought in zip(scores, outcomes, strict=True):
        entry = sums.setdefault(score, [0, 0])
        entry[0] += bool(bought)
        entry[1] += 1
    steps = []
    for score in sorted(sums):
        bought, number = sums[score]
        lowest = score
        while steps and steps[-1][1] * number >= bought * steps[-1][2]:
            lowest, more, others = steps.pop()
            bought, number = bought + more, number + others
        steps.append((lowest, bought, number))
    return [(lowest, bought / number) for lowest, bought, number in steps]


def share_at(steps, score):
    """Return the share of the step that a score is on.

    >>> [share_at([(1, 0.0), (2, 0.5), (4, 1.0)], score) for score in (0, 2.5, 9)]
    [0.0, 0.5, 1.0]
    """
    place = bisect_right([lowest for lowest, _share in steps], score)
    return steps[max(place - 1, 0)][1]
