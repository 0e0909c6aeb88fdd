# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which days the margin of the last days is compared with."""

from datetime import date, timedelta
from typing import NamedTuple


class Windows(NamedTuple):
    """Three periods, each as (day before its first day, last day).

    :param recent: the last days
    :param year: the same days a year ago
    :param prior: as many days before the recent ones
    """

    recent: tuple
    year: tuple
    prior: tuple


def get_windows(today, days):
    """Return the :class:`Windows` of so many days up to today.

    >>> found = get_windows(date(2026, 6, 30), 90)
    >>> for start, end in found:
    ...     print(start, end)
    2026-04-01 2026-06-30
    2025-04-01 2025-06-30
    2026-01-01 2026-04-01
    >>> str(get_windows(date(2028, 2, 29), 90).year[1])
    '2027-02-28'
    """
    length = timedelta(days=days)
    start = today - length
    try:
        last_year = today.replace(year=today.year - 1)
    except ValueError:
        last_year = date(today.year - 1, 2, 28)
    return Windows(
        (start, today), (last_year - length, last_year), (start - length, start)
    )


def compared(windows, first):
    """Return what the recent days of a customer are compared with: the same days a year
    ago for who was a customer by their first day, else the days before; None for who
    was none by their last day either.

    :param first: date of the first invoice, or None

    >>> found = get_windows(date(2026, 6, 30), 90)
    >>> compared(found, date(2025, 4, 2)) == found.year
    True
    >>> compared(found, date(2025, 4, 3)) == found.prior
    True
    >>> compared(found, date(2026, 4, 2)), compared(found, None)
    (None, None)
    """
    if first is None or first > windows.prior[1]:
        return None
    # The first day of a window is the day after its start.
    if first <= windows.year[0] + timedelta(days=1):
        return windows.year
    return windows.prior
