# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How good a prediction was, once it is known what happened."""

from bisect import bisect_left, bisect_right


def auc(scores, outcomes):
    """Return the probability that of two customers, one who bought and one who did not,
    the one who bought had the higher score; equal scores count half.

    :param scores: list of numbers
    :param outcomes: list of booleans
    :return: number, None unless both outcomes occur

    >>> auc([0.9, 0.8, 0.2, 0.1], [True, False, True, False])
    0.75
    >>> auc([1, 1], [True, False]), auc([1, 2], [True, True])
    (0.5, None)
    """
    pairs = list(zip(scores, outcomes, strict=True))
    without = sorted(score for score, bought in pairs if not bought)
    bought = [score for score, bought in pairs if bought]
    if not without or not bought:
        return None
    won = sum(
        (bisect_left(without, score) + bisect_right(without, score)) for score in bought
    )
    return won / 2 / (len(without) * len(bought))


def total_error(predicted, actual):
    """Return how much the sum of the predictions is off, as a share of what happened.

    >>> total_error([1.0, 2.0], [2, 2])
    -0.25
    >>> total_error([1.0], [0]) is None
    True
    """
    happened = sum(actual)
    return (sum(predicted) - happened) / happened if happened else None


def top_capture(scores, values, share=0.1):
    """Return what part of the total the customers with the highest scores brought.

    Where equal scores compete for the last places, each brings their average.

    :param scores: list of numbers
    :param values: what each customer brought
    :param share: how many customers are looked at, as a share of all
    :return: share, None if nothing was brought

    >>> top_capture([5, 4, 3, 2, 1], [10, 0, 30, 0, 60], 0.4)
    0.1
    >>> top_capture([1, 1], [30, 10], 0.5)
    0.5
    """
    total, places = sum(values), round(len(values) * share)
    if total <= 0 or not places:
        return None
    bound = sorted(scores, reverse=True)[places - 1]
    above = [v for s, v in zip(scores, values, strict=True) if s > bound]
    equal = [v for s, v in zip(scores, values, strict=True) if s == bound]
    caught = sum(above) + sum(equal) * (places - len(above)) / len(equal)
    return caught / total


def calibration(probabilities, outcomes, groups=10):
    """Return (customers, mean probability, share that bought) by rising probability.

    Groups are about equal in number; equal probabilities stay together.

    >>> calibration([0.1, 0.1, 0.3, 0.8], [False, False, True, True], 2)
    [(2, 0.1, 0.0), (2, 0.55, 1.0)]
    """
    pairs = sorted(zip(probabilities, outcomes, strict=True), key=lambda pair: pair[0])
    rows, start = [], 0
    for group in range(1, groups + 1):
        end = round(len(pairs) * group / groups)
        while start < end < len(pairs) and pairs[end][0] == pairs[end - 1][0]:
            end += 1
        if end > start:
            part = pairs[start:end]
            rows.append(
                (
                    len(part),
                    sum(probability for probability, _bought in part) / len(part),
                    sum(bool(bought) for _probability, bought in part) / len(part),
                )
            )
            start = end
    return rows


def calibration_error(rows):
    """Return the mean distance of predicted and observed share, over the customers.

    >>> round(calibration_error([(2, 0.1, 0.0), (2, 0.55, 1.0)]), 9)
    0.275
    """
    number = sum(row[0] for row in rows)
    return (
        sum(n * abs(said - was) for n, said, was in rows) / number if number else None
    )


def brier(probabilities, outcomes):
    """Return the mean squared distance of probability and outcome: 0 is perfect.

    >>> brier([0.8, 0.4], [True, False])
    0.1
    """
    pairs = list(zip(probabilities, outcomes, strict=True))
    return sum((p - bool(bought)) ** 2 for p, bought in pairs) / len(pairs)
