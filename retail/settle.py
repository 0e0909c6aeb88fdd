# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which return belongs to which sale, and what settles what, for one customer.

Pure Python, so that the plan can be checked without a database.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .rows import Document, Row, kind_of


@dataclass(frozen=True)
class Return:
    """A part of a returned row, with the sale it takes back, if one was found."""

    row: Row
    quantity: int
    sale: Row | None


def match_returns(documents: Iterable[Document]) -> dict[str, list[Return]]:
    """Find the sales that each credit note of one customer takes back.

    A return is matched with the customer's latest earlier sales of the same product
    that still have goods to return; a charge only with one of the same price. It is
    split where it spans several sales; what exceeds them is a return without a sale.

    :param documents: all documents of the customer, oldest first
    :return: credit note number → parts, in the order of its rows
    """
    sales = defaultdict(list)
    returns = {}
    for document in documents:
        if not document.is_credit:
            for row in document.rows:
                sales[row.code].append([row, row.quantity])
            continue
        returns[document.number] = parts = []
        for row in document.rows:
            left = row.quantity
            for entry in reversed(sales[row.code]):
                sale, kept = entry
                if kind_of(row.code) == "charge" and sale.price != row.price:
                    continue
                taken = min(left, kept)
                if taken:
                    parts.append(Return(row, taken, sale))
                    entry[1] -= taken
                    left -= taken
            if left:
                parts.append(Return(row, left, None))
    return returns


@dataclass(frozen=True)
class Bill:
    """An invoice to settle; ``pays`` is the day it is paid, None for never."""

    number: str
    day: date
    amount: Decimal
    pays: date | None


@dataclass(frozen=True)
class Credit:
    """A credit note and the invoices its returns were matched with."""

    number: str
    day: date
    amount: Decimal
    origins: tuple[str, ...]


@dataclass(frozen=True)
class Payment:
    """Money for one invoice."""

    invoice: str
    day: date
    amount: Decimal


@dataclass(frozen=True)
class SetOff:
    """Credit put against an invoice."""

    credit: str
    invoice: str
    amount: Decimal


def settle(
    bills: Iterable[Bill], credits: Iterable[Credit], closing: date
) -> list[Payment | SetOff]:
    """Play the customer's account day by day and return what settles what, in order.

    On one day invoices come first, then credit notes, then payments. A credit note
    whose sale was found goes to the open part of that invoice, then to the oldest open
    invoices, then waits for the next one. A credit note without a sale stays
    unallocated. A payment is what is then open on its invoice. The books close on
    ``closing``: later payments are not made.
    """
    bills = {bill.number: bill for bill in bills}
    credits = {credit.number: credit for credit in credits}
    events = [(bill.day, 0, bill.number) for bill in bills.values()]
    events += [(note.day, 1, note.number) for note in credits.values() if note.origins]
    events += [
        (bill.pays, 2, bill.number)
        for bill in bills.values()
        if bill.pays and bill.pays <= closing
    ]
    due, spare, plan = {}, {}, []

    def set_off(credit, invoice):
        amount = min(spare.get(credit, 0), due.get(invoice, 0))
        if amount:
            spare[credit] -= amount
            due[invoice] -= amount
            plan.append(SetOff(credit, invoice, amount))

    for day, rank, number in sorted(events):
        if rank == 0:
            due[number] = bills[number].amount
            for credit in spare:
                set_off(credit, number)
        elif rank == 1:
            spare[number] = credits[number].amount
            for invoice in (*credits[number].origins, *due):
                set_off(number, invoice)
        elif due[number]:
            plan.append(Payment(number, day, due[number]))
            due[number] = Decimal()
    return plan
