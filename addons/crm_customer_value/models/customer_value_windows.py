# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Net sales and margin of the last days and of the days they are compared with, as SQL
beside everything else that is read of customers (customer_value_score.py)."""

from datetime import timedelta

from odoo.tools import SQL


def sql_windows(digits, **windows):
    """Return net sales and margin of customers in each window, from ``billed``."""
    return SQL(", ").join(
        SQL(
            "ROUND(COALESCE(SUM(%s) FILTER (WHERE date > %s AND date <= %s), 0), %s)"
            " AS %s",
            SQL.identifier(figure),
            start,
            end,
            digits,
            SQL.identifier(f"{figure}_{name}"),
        )
        for name, (start, end) in windows.items()
        for figure in ("net", "margin")
    )


def sql_compared(year, prior):
    """Return the recent net sales and margin, and those compared with: see
    :func:`..tools.windows.compared`."""
    return SQL(", ").join(
        SQL(
            """
            life.%(recent)s::float8,
            (CASE WHEN profile.first_invoice_date <= %(first_day)s THEN life.%(year)s
                  WHEN profile.first_invoice_date <= %(prior_end)s THEN life.%(prior)s
            END)::float8 AS %(compared)s
            """,
            recent=SQL.identifier(f"{figure}_recent"),
            first_day=year[0] + timedelta(days=1),
            year=SQL.identifier(f"{figure}_year"),
            prior_end=prior[1],
            prior=SQL.identifier(f"{figure}_prior"),
            compared=SQL.identifier(f"{figure}_compared"),
        )
        for figure in ("net", "margin")
    )
