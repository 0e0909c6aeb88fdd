# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Turn stories into dated orders and payment dates.

Plain Python. Each story draws from its own seeded generator, so the same day gives
the same history everywhere and a changed story leaves the others as they were.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .story import Pays, Story

HISTORY_DAYS = 730
MONTH_DAYS = 30
QUARTER_DAYS = 90
BILLING_DAYS = 5


@dataclass(frozen=True)
class PlannedOrder:
    """One order to create; `invoice_date` is None while it is to be invoiced."""

    story: Story
    buyer: str
    age: int
    order_date: date
    invoice_date: date | None
    lines: tuple[tuple[str, int], ...]

    @property
    def quarter(self) -> int:
        """Ninety-day periods before today; 0 is the running one."""
        return self.age // QUARTER_DAYS


def generator(story: Story, purpose: str) -> Random:
    """Return the story's own random generator for one purpose."""
    return Random(f"crm_finance_bridge/{story.key}/{purpose}")


def elapsed(age: float) -> float:
    """Return the part of the history that is over at that age, 0 to 1.

    >>> elapsed(730), elapsed(0)
    (0.0, 1.0)
    """
    return min(1.0, max(0.0, 1 - age / HISTORY_DAYS))


def interpolate(values: tuple[float, ...], age: float) -> float:
    """Read a curve given as evenly spaced values, 24 months ago first.

    >>> interpolate((1.0, 2.0, 4.0), 730), interpolate((1.0, 2.0, 4.0), 365)
    (1.0, 2.0)
    """
    position = elapsed(age) * (len(values) - 1)
    index = min(int(position), len(values) - 2)
    return values[index] + (values[index + 1] - values[index]) * (position - index)


def plan_orders(
    story: Story, prices: dict[str, float], today: date
) -> list[PlannedOrder]:
    """Return the orders of a story, oldest first.

    :param prices: list price by product code, to turn an amount into quantities
    """
    rng = generator(story, "orders")
    orders = []
    age = story.first - rng.uniform(0, min(story.every, story.first - story.last))
    while age > story.last:
        days = int(age)
        order_date = today - timedelta(days=days)
        target = _order_amount(story, days, order_date, rng)
        orders.append(
            PlannedOrder(
                story=story,
                buyer=rng.choice(story.buyers) if story.buyers else story.key,
                age=days,
                order_date=order_date,
                invoice_date=_invoice_date(story, days, today, rng),
                lines=_order_lines(story.basket, prices, target, rng),
            )
        )
        age -= max(1.0, story.every * rng.uniform(0.6, 1.4))
    return orders


def _order_amount(story: Story, age: int, day: date, rng: Random) -> float:
    """Return the amount aimed at: usual size, trend, season and chance."""
    trend = 1 + story.growth * elapsed(age)
    season = 1 + story.season * math.cos((day.month - 6) * math.pi / 6)
    return story.amount * trend * season * rng.uniform(0.65, 1.35)


def _order_lines(basket, prices, target: float, rng: Random):
    """Return (product code, quantity) pairs worth about the target."""
    codes = rng.sample(basket, k=min(len(basket), rng.choice((1, 2, 2, 3))))
    share = target / len(codes)
    return tuple((code, max(1, round(share / prices[code]))) for code in codes)


def _invoice_date(story: Story, age: int, today: date, rng: Random) -> date | None:
    """Invoice on a billing day, or at the end of the month when monthly."""
    if story.monthly:
        billed = age // MONTH_DAYS * MONTH_DAYS - 1
    else:
        billed = (age - rng.randint(0, 3)) // BILLING_DAYS * BILLING_DAYS
    return today - timedelta(days=billed) if billed >= 0 else None


def payment_date(
    pays: Pays, invoiced: date, due: date, today: date, rng: Random, phase: int = 0
) -> date | None:
    """Return the day an amount due is paid, None while it is still open.

    :param phase: age of the customer's latest payment run

    >>> from datetime import date
    >>> today = date(2026, 6, 30)
    >>> on_due = Pays(late=0, spread=0)
    >>> payment_date(on_due, date(2026, 5, 1), date(2026, 5, 31), today, Random(1))
    datetime.date(2026, 5, 31)
    >>> payment_date(on_due, date(2026, 6, 1), date(2026, 7, 1), today, Random(1))
    """
    chance = rng.triangular(-1, 1, 0) * pays.spread
    if pays.early:
        day = invoiced + timedelta(days=round(4 + chance))
    else:
        drift = pays.drift * elapsed((today - invoiced).days)
        day = max(invoiced, due + timedelta(days=round(pays.late + drift + chance)))
    runs, _rest = divmod((today - day).days - phase, pays.run)
    age = runs * pays.run + phase
    return today - timedelta(days=age) if age >= 0 else None
