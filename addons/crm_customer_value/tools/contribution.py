# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The contribution score: weighted percentiles of several dimensions."""

from typing import NamedTuple

from .ranking import percent_ranks, ranks

#: Net sales, margin and timeliness of payment, as in the glossary.
WEIGHTS = {"sales": 0.30, "margin": 0.45, "timeliness": 0.25}


class Contribution(NamedTuple):
    """The standing of one customer.

    :param score: 0 … 100, None when no dimension is known
    :param rank: 1 is best, None without score; equal scores share one
    :param missing: dimensions not known, whose weight went to the others
    """

    score: float | None
    rank: int | None
    missing: tuple


def check_weights(weights):
    """Return why weights cannot be used: ``negative``, ``zero`` (their sum), or None.

    >>> check_weights({"sales": 0}), check_weights({"sales": 2, "margin": -1})
    ('zero', 'negative')
    >>> check_weights({"sales": 2, "margin": 1}) is None
    True
    """
    if any(weight < 0 for weight in weights.values()):
        return "negative"
    return None if sum(weights.values()) > 0 else "zero"


def contributions(dimensions, weights=None):
    """Return the contribution of every customer.

    100 × Σ weight · percent_rank / Σ weight, over the dimensions the customer has. The
    percentiles are among those who have the dimension.

    :param dimensions: name → list of values by customer, the higher the better; None
        for a customer without that dimension
    :param weights: name → weight; their sum does not matter. Default: :data:`WEIGHTS`
    :return: list of :class:`Contribution`
    :raise ValueError: for weights of :func:`check_weights`

    Ranks 0, 1/2, 1 in sales; 0 and 1 in margin, which the last one does not have:

    >>> for one in contributions({"sales": [1, 2, 3], "margin": [9, 4, None]},
    ...                          {"sales": 1, "margin": 3}):
    ...     print(one)
    Contribution(score=75.0, rank=2, missing=())
    Contribution(score=12.5, rank=3, missing=())
    Contribution(score=100.0, rank=1, missing=('margin',))
    """
    weights = WEIGHTS if weights is None else weights
    if problem := check_weights(weights):
        raise ValueError(f"weights cannot be used: {problem}")
    percentiles = {
        name: _known_ranks(dimensions[name]) for name in weights if weights[name]
    }
    number = len(next(iter(percentiles.values())))
    scores, missing = [], []
    for place in range(number):
        own = {name: found[place] for name, found in percentiles.items()}
        score, without = combine(own, weights)
        scores.append(score)
        missing.append(without)
    places = iter(ranks([score for score in scores if score is not None]))
    return [
        Contribution(score, None if score is None else next(places), without)
        for score, without in zip(scores, missing, strict=True)
    ]


def combine(percentiles, weights):
    """Return (score, missing dimensions) of one customer.

    :param percentiles: name → 0 … 1, None where the dimension is not known
    :param weights: name → weight; what has none does not count

    >>> combine({"sales": 1.0, "margin": 0.5, "timeliness": None},
    ...         {"sales": 1, "margin": 3, "timeliness": 4})
    (62.5, ('timeliness',))
    >>> combine({"sales": None}, {"sales": 1})
    (None, ('sales',))
    """
    total = weight = 0.0
    missing = []
    for name, rank in percentiles.items():
        own = weights.get(name)
        if own and rank is None:
            missing.append(name)
        elif own:
            total += own * rank
            weight += own
    # Rounded, so that sums of binary fractions tie where the ranks do.
    return round(100 * total / weight, 9) if weight else None, tuple(missing)


def _known_ranks(values):
    found = iter(percent_ranks([value for value in values if value is not None]))
    return [None if value is None else next(found) for value in values]
