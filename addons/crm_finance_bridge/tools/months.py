# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Month ends, for snapshots."""

from datetime import timedelta


def past_month_ends(today, count):
    """Return the last ``count`` month ends strictly before ``today``, newest first.

    >>> from datetime import date
    >>> past_month_ends(date(2026, 3, 31), 2)
    [datetime.date(2026, 2, 28), datetime.date(2026, 1, 31)]
    >>> past_month_ends(date(2026, 4, 1), 1)
    [datetime.date(2026, 3, 31)]
    """
    ends = []
    day = today
    for _index in range(count):
        day = day.replace(day=1) - timedelta(days=1)
        ends.append(day)
    return ends
