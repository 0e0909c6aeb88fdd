# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Collection plan, cash forecast and its back-test, as of the last day of the file."""

from .report import aligned

#: Weeks shown one by one.
WEEKS = 8
LINES = ("low", "expected", "high")


def sections(company, last_day):
    """Return ``{heading: lines}``; empty where the suite is not installed."""
    env = company.env
    if "cash.forecast" not in env:
        return {}
    env = env(
        context={
            **env.context,
            "allowed_company_ids": company.ids,
            "finance_date": str(last_day),
        }
    )
    return {
        "Collection plans by month: due, and collected": plan(env, company),
        f"Cash forecast on {last_day}, cumulated": forecast(env, company),
        "Lateness is that of": bases(env, company),
        "Forecasts made earlier": backtest(env, company),
    }


def plan(env, company):
    """Return the months of the plans: what was to come and what came."""
    rows = env["sale.collection.report"]._read_group(
        [("company_id", "=", company.id)],
        ["date:month"],
        ["planned:sum", "collected:sum"],
    )
    return aligned(
        [
            ["month", "planned", "collected"],
            *([f"{month:%Y-%m}", *map(money, amounts)] for month, *amounts in rows),
        ]
    )


def forecast(env, company):
    """Return the lines of the forecast at the end of each of the next weeks."""
    model = env["cash.forecast"]
    amounts = {
        week: values
        for week, *values in model._read_group(
            [("company_id", "=", company.id)],
            ["week"],
            [f"{line}:sum" for line in LINES],
        )
    }
    labels = dict(model.fields_get(["week"])["week"]["selection"])
    table, totals = [["until", *LINES]], [0.0] * len(LINES)
    for place, (week, label) in enumerate(labels.items(), start=1):
        values = amounts.get(week, [0.0] * len(LINES))
        totals = [total + value for total, value in zip(totals, values, strict=True)]
        if place <= WEEKS or place == len(labels):
            table.append([label, *map(money, totals)])
    return aligned(table)


def bases(env, company):
    """Return how much is expected with whose lateness."""
    model = env["cash.forecast"]
    labels = dict(model.fields_get(["basis"])["basis"]["selection"])
    rows = model._read_group(
        [("company_id", "=", company.id), ("scenario", "=", "expected")],
        ["basis"],
        ["amount:sum", "__count"],
    )
    return aligned(
        [
            ["", "expected", "items"],
            *(
                [labels[basis], money(amount), f"{count:,}"]
                for basis, amount, count in rows
            ),
        ]
    )


def backtest(env, company):
    """Return in words what was forecast 4, 8 and 12 weeks before, and what came."""
    overview = env["cash.forecast.overview"].browse(company.id)
    return overview.headline.replace("\N{NO-BREAK SPACE}", "").splitlines()


def money(amount):
    return f"{amount or 0.0:,.2f}"
