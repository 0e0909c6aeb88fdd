# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measures of the cash forecast: 100,000 open items by week against bare SQL over
them, the overview with its back-test, statements."""

import time
from statistics import median

from . import database
from .report import Measure

#: Open items the forecast is made of.
ITEMS = 100_000
#: Seconds by week, of so many items.
SECONDS = 5.0

#: The same items, read from the ledger and summed by week of their due date: no
#: lateness, no credit taken off, no band, no plan of an order.
BARE = """
    SELECT date_trunc('week', line.date_maturity), sum(line.amount_residual)
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
     WHERE line.company_id = %s AND line.parent_state = 'posted'
       AND account.account_type = 'asset_receivable' AND line.amount_residual > 0
     GROUP BY 1
"""


def open_items(name, count=ITEMS):
    """Have database ``name`` show ``count`` invoices as open, the latest ones, as if
    nothing had been paid of them; return how many are."""
    connection = database.connect(name)
    with connection, connection.cursor() as cr:
        cr.execute(
            """
            UPDATE account_move_line item
               SET amount_residual = item.balance, reconciled = FALSE
              FROM (
                    SELECT line.id FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                     WHERE account.account_type = 'asset_receivable'
                       AND line.parent_state = 'posted' AND line.balance > 0
                     ORDER BY line.date DESC, line.id DESC LIMIT %s
                   ) latest
             WHERE latest.id = item.id
            """,
            [count],
        )
        cr.execute(
            "SELECT count(*) FROM account_move_line line"
            "  JOIN account_account account ON account.id = line.account_id"
            " WHERE account.account_type = 'asset_receivable'"
            "   AND line.parent_state = 'posted' AND line.amount_residual > 0"
        )
        [[found]] = cr.fetchall()
    connection.close()
    return found


def measure_forecast(name, items=ITEMS, rounds=5):
    """Return the measures of the forecast of ``items`` open items in database ``name``,
    a copy with the suite installed; its ledger is changed."""
    found = open_items(name, items)
    database.vacuum(name)
    with database.environment(name) as env:
        company = env.ref("base.main_company")
        env["customer.finance.profile"]._rebuild(company)
        env.cr.commit()
        forecast = env["cash.forecast"]
        overview = env["cash.forecast.overview"].browse(company.id)

        def read_bare():
            env.cr.execute(BARE, [company.id])
            env.cr.fetchall()

        def read_weeks():
            return forecast._read_group(
                [("company_id", "=", company.id)],
                ["week"],
                ["low:sum", "expected:sum", "high:sum"],
            )

        def read_overview():
            env.invalidate_all()
            return overview.headline, overview.band

        bare, weeks, whole = [], [], []
        for _round in range(rounds):
            bare.append(_seconds(read_bare))
            weeks.append(_seconds(read_weeks))
            whole.append(_seconds(read_overview))
        before = env.cr.sql_log_count
        read_overview()
        statements = env.cr.sql_log_count - before
    label = f"{found:,} open items"
    return [
        Measure(
            f"cash forecast by week, seconds ({label})",
            _span(weeks),
            f"{SECONDS:g} s",
            median(weeks) / SECONDS,
            1.0,
            {"database": name, "weeks": weeks},
        ),
        Measure(
            f"cash forecast by week / bare SQL over its items ({label})",
            _span(weeks),
            _span(bare),
            median(weeks) / median(bare),
            detail={"bare": bare},
        ),
        Measure(
            f"overview with the back-test of 4, 8 and 12 weeks ago ({label})",
            _span(whole),
            f"{statements} statements",
            detail={"overview": whole},
        ),
    ]


def _seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def _span(seconds):
    """Render the median with the range."""
    return f"{median(seconds):.2f} s ({min(seconds):.2f}–{max(seconds):.2f})"
