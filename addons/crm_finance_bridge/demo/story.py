# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a customer story is made of. Plain data, no Odoo."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pays:
    """How a customer pays.

    late: days after the due date it is ready to be paid, negative when early.
    spread: how far one payment may be from that, in days.
    drift: days added little by little over the 24 months.
    run: the customer pays all that is ready every `run` days, in one transfer.
    early: pays within a week of the invoice, for the discount.
    """

    late: int
    spread: int = 3
    drift: int = 0
    run: int = 1
    early: bool = False


@dataclass(frozen=True)
class Story:
    """Two years of one customer. Ages are days before today.

    key: the customer is `res_partner_<key>_demo`.
    basket: products bought, as `product_<code>_demo`.
    every: usual days between two orders.
    amount: usual order at list price, company currency.
    first, last: age of the first order, and of the day they stop.
    growth: 0.8 = orders end 80 % larger than they began.
    season: 0.4 = 40 % more in June, 40 % less in December.
    discount: percentage on every line.
    currency: price list in that currency; empty for the company's own.
    buyers: who places the orders, in turn; the customer itself by default.
    monthly: one invoice for all the orders of thirty days.
    disputed: ages; the invoice nearest each stays unpaid.
    partly: (age, share); the invoice nearest is paid to that share only.
    stopped: invoices younger than this age are not paid at all.
    """

    key: str
    basket: tuple[str, ...]
    every: int
    amount: int
    pays: Pays
    first: int = 730
    last: int = 0
    growth: float = 0.0
    season: float = 0.0
    discount: float = 0.0
    currency: str = ""
    buyers: tuple[str, ...] = ()
    monthly: bool = False
    disputed: tuple[int, ...] = ()
    partly: tuple[tuple[int, float], ...] = ()
    stopped: int = 0


@dataclass(frozen=True)
class CreditNote:
    """A share of the invoice nearest `billed` days ago, credited at `age`.

    It settles that invoice if it is open, and is left unallocated if not.
    """

    key: str
    billed: int
    age: int
    share: float = 1.0
    reason: str = "Goods returned"


@dataclass(frozen=True)
class Advance:
    """Money received that pays no invoice yet, in company currency at `age`."""

    key: str
    age: int
    amount: float
    currency: str = ""
    memo: str = "Advance payment"


@dataclass(frozen=True)
class WriteOff:
    """The end of the invoice nearest `billed` days ago.

    paid: share received at `age`; the rest is a loss.
    """

    key: str
    billed: int
    age: int
    paid: float = 0.0


@dataclass(frozen=True)
class OpenOrder:
    """An order that has no invoice: quotation, cancelled, or to be invoiced.

    state: draft, sent, sale or cancel. lead: opportunity it belongs to.
    """

    key: str
    state: str
    age: int
    lines: tuple[tuple[str, int], ...]
    lead: str = ""
    currency: str = ""
