# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How late customers pay, and how far their payments scatter, from additive sums.

The sums are those of the profile: money received, money × days late and money × days
late². Those of a segment or a company are the sums of its customers' sums, so mean and
spread are the same quotients there.
"""

from math import sqrt

#: Facts the lag is made of: number of payments, money, money × days, money × days².
SUMS = (
    "paid_count",
    "paid_amount",
    "paid_amount_late_days",
    "paid_amount_late_days_sq",
)


def spread(amount, late_days, late_days_sq):
    """Return the standard deviation of days late, weighted by money; ``None`` without
    money.

    :param amount: sum of the money
    :param late_days, late_days_sq: sums of money × days late, money × days late²

    300 came 20 days early and 100 twenty days late: the mean is −10, the variance
    400 − 100.

    >>> round(spread(400, -6000 + 2000, 120000 + 40000), 2)
    17.32
    >>> spread(100, 1000, 10000)
    0.0
    >>> spread(0, 0, 0) is None
    True
    """
    if amount <= 0:
        return None
    mean = late_days / amount
    # Sums of floats may fall short of zero by their noise.
    return sqrt(max(late_days_sq / amount - mean * mean, 0.0))


def band_share(weeks):
    """Return the share of weeks at whose end the money that had come lay within what
    was forecast to have come by then; ``None`` without weeks.

    :param weeks: ``(low, high, actual)`` of each week, not cumulated

    By the end of the first week 10 of 5 to 20 had come, of the second 10 of 15 to 40.

    >>> band_share([(5, 20, 10), (10, 20, 0)])
    0.5
    >>> band_share([]) is None
    True
    """
    low = high = actual = inside = 0
    for week_low, week_high, week_actual in weeks:
        low, high = low + week_low, high + week_high
        actual += week_actual
        # Half a cent is noise of floats.
        inside += low - 0.005 <= actual <= high + 0.005
    return inside / len(weeks) if weeks else None
