# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names for RFM scores: the eleven segments usual in the West, 八类客户 in China."""

from operator import ge, gt
from statistics import fmean, median

#: Row: recency score 5 … 1; column: mean of frequency and monetary score, 1 … 5.
#: Published maps overlap and have gaps; this one gives every score exactly one name.
_MAP = {
    5: ("new", "potential_loyal", "potential_loyal", "champions", "champions"),
    4: ("promising", "potential_loyal", "potential_loyal", "loyal", "champions"),
    3: ("about_to_sleep", "about_to_sleep", "need_attention", "loyal", "loyal"),
    2: ("hibernating", "hibernating", "at_risk", "at_risk", "cannot_lose"),
    1: ("lost", "lost", "at_risk", "cannot_lose", "cannot_lose"),
}

#: From best to worst.
SEGMENTS = (
    "champions",
    "loyal",
    "potential_loyal",
    "new",
    "promising",
    "need_attention",
    "about_to_sleep",
    "at_risk",
    "cannot_lose",
    "hibernating",
    "lost",
)

#: (recent, frequent, of high value) → class.
EIGHT_CLASSES = {
    (True, True, True): "key_value",  # 重要价值客户
    (True, False, True): "key_develop",  # 重要发展客户
    (False, True, True): "key_keep",  # 重要保持客户
    (False, False, True): "key_win_back",  # 重要挽留客户
    (True, True, False): "general_value",  # 一般价值客户
    (True, False, False): "general_develop",  # 一般发展客户
    (False, True, False): "general_keep",  # 一般保持客户
    (False, False, False): "general_win_back",  # 一般挽留客户
}


def segment(recency, frequency, monetary):
    """Return the segment of three scores from 1 to 5.

    >>> segment(5, 5, 5), segment(5, 1, 1), segment(1, 5, 4), segment(1, 1, 1)
    ('champions', 'new', 'cannot_lose', 'lost')
    """
    return _MAP[recency][(frequency + monetary + 1) // 2 - 1]


def cut(values, method, fixed=None):
    """Return the threshold between low and high.

    :param values: list of numbers
    :param method: ``mean``, ``median`` or ``fixed``
    :param fixed: the threshold, when fixed
    :return: number, None without values

    >>> cut([1, 2, 6], "mean"), cut([1, 2, 6], "median"), cut([1, 2, 6], "fixed", 5)
    (3.0, 2, 5)
    """
    if method == "fixed":
        return fixed
    if not values:
        return None
    return fmean(values) if method == "mean" else median(values)


def eight_classes(recency, frequency, monetary, method="mean", fixed=(None,) * 3):
    """Return the class of every customer: each of the three is low or high.

    Works on scores as on raw figures. A mean or median is to be exceeded, a fixed
    threshold to be reached; who is as recent as any threshold is recent.

    :param recency: list of numbers, the higher the more recent (a score, or days since
        the last order with a minus)
    :param frequency: list of numbers
    :param monetary: list of numbers
    :param method: of :func:`cut`
    :param fixed: three thresholds, when fixed
    :return: list of names

    >>> eight_classes([5, 1, 3], [5, 1, 3], [5, 5, 2], method="fixed", fixed=(3, 3, 3))
    ['key_value', 'key_win_back', 'general_value']
    """
    cuts = [
        cut(values, method, given)
        for values, given in zip((recency, frequency, monetary), fixed, strict=True)
    ]
    above = ge if method == "fixed" else gt
    highs = [
        [compare(value, bound) for value in values]
        for compare, values, bound in zip(
            (ge, above, above), (recency, frequency, monetary), cuts, strict=True
        )
    ]
    return [EIGHT_CLASSES[high] for high in zip(*highs, strict=True)]
