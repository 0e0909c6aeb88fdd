# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How well customer value would have predicted the last three months of the file.

Pure Python: the statistics of `crm_customer_value`, given the days on which customers
of the file ordered and for how much; what was returned later is not taken off.
"""

from datetime import timedelta

from bench.value import load_tools

from .report import aligned

#: Days that are predicted: three of the twelve months.
HOLDOUT = 91


def backtest(sheet):
    """Return the lines of the back-test, what the product would use, and why.

    :param sheet: :class:`.rows.Sheet`
    """
    tools = load_tools().backtest
    orders = [
        (customer.code, document.moment.date(), float(document.amount))
        for customer in sheet.customers.values()
        for document in customer.documents
        if not document.is_credit
    ]
    split = sheet.last_day - timedelta(days=HOLDOUT)
    test = tools.backtest(orders, split, sheet.last_day, first_counts=True)
    table = [["predictor", "AUC", "top tenth", "total error", "calibration"]]
    table += [
        [name, *map(_figure, _figures(outcome))]
        for name, outcome in test.outcomes.items()
    ]
    models = {name: one for name, one in test.outcomes.items() if not one.baseline}
    return [
        f"{test.customers:,} customers had ordered until {split}; {test.buyers:,} of "
        f"them ordered in the {HOLDOUT} days after, for {test.value:,.0f}.",
        *(f"{model}: refused ({why.code})" for model, why in test.refusals.items()),
        *aligned(table),
        "In use: "
        f"{tools.choose(test.outcomes, 'auc')} for who orders, "
        f"{tools.choose(models, 'value_error')} for how much.",
    ]


def _figures(outcome):
    return (
        outcome.auc,
        outcome.top_capture,
        outcome.value_error,
        outcome.calibration_error,
    )


def _figure(number):
    return "" if number is None else f"{number:.3f}"
