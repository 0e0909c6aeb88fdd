# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two periods to compare: this one, and the one before or the same a year ago."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

#: Periods that can be chosen; all end today or with the last whole one before.
PERIODS = ("months_12", "year_to_date", "quarter", "month")
DAY = timedelta(days=1)


class Span(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date


def shift(day, months):
    """Return the day so many months later, or earlier; the last one if it has none.

    >>> shift(date(2026, 3, 31), -1), shift(date(2024, 2, 29), 12)
    (datetime.date(2026, 2, 28), datetime.date(2025, 2, 28))
    """
    month = day.year * 12 + day.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def spans(period, today, last_year=False):
    """Return the two periods, the earlier one first.

    :param period: one of :data:`PERIODS`: the twelve months up to today, the calendar
        year up to today, the last whole quarter or month
    :param last_year: compare with the same a year ago, not with the one before; the
        first two are compared with a year ago anyhow
    :return: (:class:`Span`, :class:`Span`)

    >>> def show(*args):
    ...     for span in spans(*args):
    ...         print(span.first, span.last)
    >>> show("months_12", date(2026, 6, 30))
    2024-07-01 2025-06-30
    2025-07-01 2026-06-30
    >>> show("year_to_date", date(2026, 6, 15))
    2025-01-01 2025-06-15
    2026-01-01 2026-06-15
    >>> show("quarter", date(2026, 6, 30))
    2025-10-01 2025-12-31
    2026-01-01 2026-03-31
    >>> show("quarter", date(2026, 6, 30), True)
    2025-01-01 2025-03-31
    2026-01-01 2026-03-31
    >>> show("month", date(2026, 3, 31))
    2026-01-01 2026-01-31
    2026-02-01 2026-02-28
    """
    if period == "months_12":
        middle, start = shift(today, -12), shift(today, -24)
        return Span(start + DAY, middle), Span(middle + DAY, today)
    if period == "year_to_date":
        now = Span(date(today.year, 1, 1), today)
        return Span(shift(now.first, -12), shift(today, -12)), now
    length = {"quarter": 3, "month": 1}[period]
    running = date(today.year, (today.month - 1) // length * length + 1, 1)
    first, back = shift(running, -length), 12 if last_year else length
    before = shift(first, -back)
    return Span(before, shift(before, length) - DAY), Span(first, running - DAY)
