# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read the transaction file: which rows can be used, and what documents they make.

Pure Python. A row is one line of an invoice, or of a credit note when its invoice
number starts with C. A row that cannot be used keeps the reason; none is dropped.
"""

import csv
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from statistics import median

from .errors import Failure

COLUMNS = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)

#: ISO in the UCI file as distributed here; the month first in its spreadsheet exports.
DATE_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%m/%d/%Y %H:%M")

#: Why a row cannot be used, in the order the reasons are tried: a row has the first.
REASONS = {
    "no_number": "no invoice number or no stock code",
    "bad_date": "date cannot be read",
    "bad_quantity": "quantity cannot be read or is not whole",
    "bad_price": "price cannot be read",
    "not_a_sale": "not a sale: bad debt, samples, marketplace fees",
    "no_customer": "no customer",
    "zero_quantity": "quantity is zero",
    "negative_sale": "negative quantity on an invoice: stock correction, not a return",
    "positive_return": "positive quantity on a credit note",
    "zero_price": "price is zero: gift or correction",
    "negative_price": "price is negative",
    "part_penny": "price is finer than a penny",
}

#: Codes that book something other than a sale to the customer.
NOT_A_SALE = {"B", "S", "AMAZONFEE"}

#: Codes that are charged (or granted) to customers but are not goods.
CARRIAGE = {"POST", "DOT", "C2", "23444"}
CHARGES = {"M", "D", "BANK CHARGES", "CRUK"}

PENNY = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Row:
    """One usable line. The quantity of a return is positive, like its price."""

    number: int
    invoice: str
    code: str
    description: str
    quantity: int
    moment: datetime
    price: Decimal
    customer: str
    country: str

    @property
    def amount(self) -> Decimal:
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be used: its line in the file, the reason, what it said."""

    number: int
    reason: str
    values: tuple[str, ...]


@dataclass
class Document:
    """An invoice (with its order) or a credit note of one customer."""

    number: str
    customer: str
    rows: list[Row] = field(default_factory=list)

    @property
    def is_credit(self) -> bool:
        return is_credit(self.number)

    @property
    def moment(self) -> datetime:
        """The first time on the document: 31 invoices were typed over two minutes."""
        return min(row.moment for row in self.rows)

    @property
    def amount(self) -> Decimal:
        return sum((row.amount for row in self.rows), Decimal())


@dataclass
class Customer:
    """A customer and all its documents, oldest first."""

    code: str
    country: str
    documents: list[Document]

    @property
    def row_count(self) -> int:
        return sum(len(document.rows) for document in self.documents)


@dataclass(frozen=True)
class Product:
    """A stock code with the name and the price it most often has in the file."""

    code: str
    name: str
    price: Decimal
    kind: str


@dataclass
class Sheet:
    """The whole file, read."""

    read: int
    customers: dict[str, Customer]
    products: dict[str, Product]
    rejected: list[Rejected]
    first_day: date
    last_day: date

    @property
    def rejected_by_reason(self) -> dict[str, int]:
        """Reason → number of rows, in the order of :data:`REASONS`."""
        found = Counter(row.reason for row in self.rejected)
        return {reason: found[reason] for reason in REASONS if found[reason]}

    @property
    def usable(self) -> int:
        return self.read - len(self.rejected)


def is_credit(number: str) -> bool:
    return number.startswith("C")


def read(path: Path) -> Sheet:
    """Read a ``.csv`` or ``.csv.gz`` file."""
    rows, rejected = [], []
    count = 0
    for count, values in enumerate(_read_values(path), start=1):
        # Line 1 of the file holds the column names.
        row = classify(count + 1, values)
        (rows if isinstance(row, Row) else rejected).append(row)
    if not rows:
        raise Failure(f"{path}: no usable row among {count}")
    return Sheet(
        read=count,
        customers=group(rows),
        products=list_products(rows),
        rejected=rejected,
        first_day=min(row.moment for row in rows).date(),
        last_day=max(row.moment for row in rows).date(),
    )


def _read_values(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the values of each row in the order of :data:`COLUMNS`."""
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
    except FileNotFoundError:
        raise Failure(f"{path}: no such file") from None
    except (OSError, EOFError) as error:
        raise Failure(f"{path}: cannot be read: {error}") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    lines = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(lines, [])]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise Failure(f"{path}: column(s) missing: {', '.join(missing)}")
    places = [header.index(name) for name in COLUMNS]
    for line in lines:
        if line:
            padded = line + [""] * (len(header) - len(line))
            yield tuple(padded[place].strip() for place in places)


def classify(number: int, values: tuple[str, ...]) -> Row | Rejected:
    """Turn the values of line ``number`` into a row, or say why not."""

    def reject(reason):
        return Rejected(number, reason, values)

    invoice, code, description, quantity, moment, price, customer, country = values
    code = code.upper()
    moment = _parse_moment(moment)
    quantity = _parse_decimal(quantity)
    price = _parse_decimal(price)
    if not invoice or not code:
        return reject("no_number")
    if moment is None:
        return reject("bad_date")
    if quantity is None or quantity != int(quantity):
        return reject("bad_quantity")
    if price is None:
        return reject("bad_price")
    if code in NOT_A_SALE:
        return reject("not_a_sale")
    if not customer:
        return reject("no_customer")
    if not quantity:
        return reject("zero_quantity")
    if is_credit(invoice):
        if quantity > 0:
            return reject("positive_return")
    elif quantity < 0:
        return reject("negative_sale")
    if not price:
        return reject("zero_price")
    if price < 0:
        return reject("negative_price")
    if price != price.quantize(PENNY):
        return reject("part_penny")
    return Row(
        number=number,
        invoice=invoice,
        code=code,
        description=description or code,
        quantity=abs(int(quantity)),
        moment=moment,
        price=price.quantize(PENNY),
        customer=customer.removesuffix(".0"),
        country=country,
    )


def _parse_moment(text: str) -> datetime | None:
    for date_format in DATE_FORMATS:
        try:
            return datetime.strptime(text, date_format)
        except ValueError:
            continue
    return None


def _parse_decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def group(rows: list[Row]) -> dict[str, Customer]:
    """Put the rows into documents and the documents under their customers.

    A document is an invoice number of one customer. Identical rows are kept: an
    invoice may list a product twice, and its total includes both.
    """
    documents = {}
    countries = defaultdict(Counter)
    for row in rows:
        key = row.customer, row.invoice
        if key not in documents:
            documents[key] = Document(row.invoice, row.customer)
        documents[key].rows.append(row)
        countries[row.customer][row.country] += 1
    by_customer = defaultdict(list)
    for document in documents.values():
        by_customer[document.customer].append(document)
    return {
        customer: Customer(
            code=customer,
            country=_most_common(countries[customer]),
            documents=sorted(found, key=lambda doc: (doc.moment, doc.number)),
        )
        for customer, found in by_customer.items()
    }


def list_products(rows: list[Row]) -> dict[str, Product]:
    """Return a product for each stock code, described by all of its rows.

    The price is the median of its sales, or of its returns when it has no sale.
    """
    names = defaultdict(Counter)
    sales, returns = defaultdict(list), defaultdict(list)
    for row in rows:
        names[row.code][row.description] += 1
        prices = returns if is_credit(row.invoice) else sales
        prices[row.code].append(row.price)
    return {
        code: Product(
            code=code,
            name=_most_common(found),
            price=median(sales[code] or returns[code]).quantize(PENNY),
            kind=kind_of(code),
        )
        for code, found in names.items()
    }


def kind_of(code: str) -> str:
    """Say whether a stock code is goods, or a service: carriage or a charge."""
    if code in CARRIAGE:
        return "carriage"
    return "charge" if code in CHARGES else "goods"


def _most_common(found: Counter) -> str:
    """Return the most frequent text; the first in the alphabet of those that tie."""
    return min(found, key=lambda text: (-found[text], text))
