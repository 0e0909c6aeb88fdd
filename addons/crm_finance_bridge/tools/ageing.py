# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ageing buckets: not due, then one bucket up to each bound, then everything over."""

#: Names of the bucket facts, from not due to oldest.
BUCKETS = ("not_due", "ageing_1", "ageing_2", "ageing_3", "ageing_4")

#: Values of a bucket in a selection; they sort like the buckets, whose names do not.
BUCKET_CODES = tuple(f"b{index}" for index in range(len(BUCKETS)))


def check_bounds(bounds):
    """Tell whether ``bounds`` (three numbers of days) rise strictly from 1 or more.

    >>> check_bounds((30, 60, 90)), check_bounds((30, 30, 90)), check_bounds((0, 5, 9))
    (True, False, False)
    """
    return (
        all(low < high for low, high in zip((0, *bounds), bounds, strict=False))
        and len(bounds) == len(BUCKETS) - 2
    )


def day_ranges(bounds):
    """Return ``(from, to)`` days overdue of every bucket; ``None`` is open-ended.

    >>> day_ranges((30, 60, 90))
    ((None, 0), (1, 30), (31, 60), (61, 90), (91, None))
    """
    starts = (None, 1, *(bound + 1 for bound in bounds))
    return tuple(zip(starts, (0, *bounds, None), strict=True))
