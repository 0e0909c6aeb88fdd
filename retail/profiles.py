# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Refresh the suite's profiles and snapshots for the sample company."""

from datetime import date, timedelta


def refresh(company, first_day, last_day):
    """Refresh as of today, and take a snapshot at each month end of the file.

    :return: the figures on ``last_day``, ``{partner id: {indicator: value}}``; None
        where the suite is not installed
    """
    env = company.env
    if "customer.finance.profile" not in env:
        return None
    env["customer.finance.profile"]._rebuild(company)
    snapshots = env["customer.finance.snapshot"]
    snapshots._rebuild(company, months=24)
    for day in month_ends(first_day, last_day):
        snapshots._take(company, day, replace=True)
    return env["customer.finance.profile"]._get_figures(company, date=last_day)


def month_ends(first_day: date, last_day: date) -> list[date]:
    """Return the last day of each month from the first day to the last."""
    found, day = [], first_day
    while day <= last_day:
        next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append(next_month - timedelta(days=1))
        day = next_month
    return found
