# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the file does not hold and is generated: terms, payments and costs.

Pure Python. Each choice is a hash of the id it is made for, never a random state: it
is the same in every run, in any order, for any number of customers.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .rows import PENNY

#: Payment terms in days → share of the customers that have them.
TERMS = {0: 0.10, 15: 0.20, 30: 0.50, 60: 0.20}


@dataclass(frozen=True)
class Habit:
    """How a customer pays: days after the due date, and the share it never pays.

    ``share`` is the share of the customers that have the habit. The lag of a customer
    is fixed within ``lag``; each invoice moves it by at most ``spread`` days.
    """

    name: str
    share: float
    lag: tuple[int, int]
    spread: int
    never: float


HABITS = (
    Habit("early", 0.15, (-10, -3), 3, 0.0),
    Habit("punctual", 0.40, (-2, 4), 3, 0.002),
    Habit("slow", 0.30, (7, 25), 7, 0.01),
    Habit("very slow", 0.15, (30, 75), 20, 0.06),
)

#: Kind of product → bounds of the cost as a share of the product's price. A charge
#: (discount, manual entry, bank charge, commission) has no cost.
COST_SHARES = {
    "goods": (0.45, 0.75),
    "carriage": (0.80, 1.00),
    "charge": (0.0, 0.0),
}


def fraction(*parts: str) -> float:
    """Return a number in [0, 1) that depends on nothing but ``parts``."""
    digest = hashlib.sha256("/".join(parts).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def within(bounds: tuple[int, int], *parts: str) -> int:
    """Return a whole number from ``bounds``, both included."""
    low, high = bounds
    return low + int(fraction(*parts) * (high - low + 1))


def pick(shares: dict, *parts: str):
    """Return one key of ``{key: share}``; the shares add up to 1."""
    rest = fraction(*parts)
    for key, share in shares.items():
        rest -= share
        if rest < 0:
            return key
    return key


def in_load_order(customers: Iterable[str]) -> list[str]:
    """Sort customer ids by their hash.

    The first N are a representative sample, and part of the first N + 1.
    """
    return sorted(
        customers, key=lambda customer: (fraction("pick", customer), customer)
    )


def term_days(customer: str) -> int:
    return pick(TERMS, "terms", customer)


def habit(customer: str) -> Habit:
    return pick({kind: kind.share for kind in HABITS}, "habit", customer)


def payment_day(customer: str, invoice: str, issued: date, due: date) -> date | None:
    """Return the day the customer pays the invoice, None if it never does."""
    kind = habit(customer)
    if fraction("never", customer, invoice) < kind.never:
        return None
    lag = within(kind.lag, "lag", customer)
    lag += within((-kind.spread, kind.spread), "lag", customer, invoice)
    return max(issued, due + timedelta(days=lag))


def cost_share(code: str, kind: str) -> float:
    low, high = COST_SHARES[kind]
    return low + (high - low) * fraction("cost", code)


def unit_cost(code: str, kind: str, price: Decimal) -> Decimal:
    """Return the generated cost: a fixed share of the product's usual price."""
    return (price * Decimal(cost_share(code, kind))).quantize(PENNY)
