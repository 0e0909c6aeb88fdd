# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a call on a customer is worth: in which order to call them."""

from datetime import timedelta

#: Horizon of the value at stake, in months.
STAKE_MONTHS = 12


def add_worth(row, today, settings):
    """Add to a customer's figures what a call is worth.

    - ``stake`` = expected value of the next 12 months × probability that no order comes
      in a year. The expected value has the chance of being kept in it, so this is
      V · p · (1 − p): highest where a call decides, low for who comes anyway and for
      who has left for good.
    - ``due_margin`` = probability of still being a customer × usual order × margin
      rate, once the next order is due by the customer's rhythm within the lead; 0
      before.
    - ``call`` = both together.

    Money of the company; margin, not sales. Not without a prediction of money. A
    customer that loses money has a call below zero.

    :param row: of :func:`.valuation.value`, as far as the customer stands by itself
    :param today: date it is of
    :param settings: :class:`.portfolio.Settings`

    Expected 1,000 of which 30 % are at risk; 0.8 × 500 × 0.2 as an order is due.

    >>> from datetime import date
    >>> from .portfolio import Settings
    >>> row = {"lifetime": (1000.0, 0, 0), "churn": 0.3, "p_alive": 0.8,
    ...        "order_value": 500.0, "margin_rate": 0.2, "due_date": date(2026, 7, 7)}
    >>> add_worth(row, date(2026, 6, 30), Settings(call_lead=7))
    >>> row["stake"], row["due_margin"], row["call"]
    (300.0, 80.0, 380.0)
    >>> add_worth(row, date(2026, 6, 29), Settings(call_lead=7))
    >>> row["due_margin"], row["call"]
    (0.0, 300.0)
    """
    expected = row["lifetime"][settings.outlook.months.index(STAKE_MONTHS)]
    if expected is None or row["churn"] is None or row["margin_rate"] is None:
        return
    row["stake"] = expected * row["churn"]
    row["due_margin"] = 0.0
    if row["due_date"] <= today + timedelta(days=settings.call_lead):
        row["due_margin"] = row["p_alive"] * row["order_value"] * row["margin_rate"]
    row["call"] = row["stake"] + row["due_margin"]
