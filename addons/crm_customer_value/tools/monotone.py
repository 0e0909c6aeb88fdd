# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Probabilities from any ranking: the share that bought, rising with the score."""

from bisect import bisect_right


def monotone_shares(scores, outcomes):
    """Return the steps of the best rising curve from score to share that bought.

    Pool adjacent violators (Ayer et al. 1955, Annals of Math. Statistics 26 641–647).
    A step of few customers who all bought, or none, proves no certainty: each step is
    told with one customer more, who bought as the whole did, (bought + m) / (n + 1), m
    being (bought + ½) / (n + 1) of all (Jeffreys). Steps of few are drawn most; where
    one is no higher then than the one below, they are one.

    :param scores: list of numbers
    :param outcomes: list of booleans
    :return: list of (lowest score of the step, share), rising, never 0 or 1

    >>> monotone_shares([1, 2, 3, 4], [False, True, False, True])
    [(1, 0.25), (2, 0.5), (4, 0.75)]
    """
    sums = {}
    for score, bought in zip(scores, outcomes, strict=True):
        entry = sums.setdefault(score, [0, 0])
        entry[0] += bool(bought)
        entry[1] += 1
    steps = [(score, *sums[score]) for score in sorted(sums)]
    mean = (sum(step[1] for step in steps) + 0.5) / (len(scores) + 1)
    steps = _pool(_pool(steps, 0, 0), mean, 1)
    return [
        (lowest, (bought + mean) / (number + 1)) for lowest, bought, number in steps
    ]


def share_at(steps, score):
    """Return the share of the step that a score is on.

    >>> [share_at([(1, 0.25), (2, 0.5), (4, 0.75)], score) for score in (0, 2.5, 9)]
    [0.25, 0.5, 0.75]
    """
    place = bisect_right([lowest for lowest, _share in steps], score)
    return steps[max(place - 1, 0)][1]


def _pool(steps, more_bought, more):
    """Return the steps so that their shares, each with so many more customers, rise."""
    pooled = []
    for lowest, bought, number in steps:
        while pooled and (pooled[-1][1] + more_bought) * (number + more) >= (
            bought + more_bought
        ) * (pooled[-1][2] + more):
            lowest, before, others = pooled.pop()
            bought, number = bought + before, number + others
        pooled.append((lowest, bought, number))
    return pooled
