# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading the transaction file; figures are summed by hand from the extract."""

import gzip
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from retail import rows
from retail.countries import ISO_CODES
from retail.errors import Failure

EXTRACT = Path(__file__).parent / "data" / "online_retail_extract.csv"
GOOD = (
    "536365",
    "85123a",
    "LANTERN",
    "6.0",
    "2010-12-01 08:26:00",
    "2.55",
    "17850",
    "United Kingdom",
)


@pytest.fixture(scope="module")
def sheet():
    return rows.read(EXTRACT)


def classify(**changes):
    values = dict(zip(rows.COLUMNS, GOOD, strict=True)) | changes
    return rows.classify(2, tuple(values.values()))


def test_every_row_is_usable_or_counted(sheet):
    assert sheet.read == 188
    assert sheet.usable == 165
    assert sum(customer.row_count for customer in sheet.customers.values()) == 165
    assert sheet.rejected_by_reason == {
        "not_a_sale": 5,
        "no_customer": 14,
        "zero_price": 3,
        "part_penny": 1,
    }


def test_rejected_rows_keep_their_line_and_text(sheet):
    lines = {row.number: row for row in sheet.rejected}
    content = EXTRACT.read_text().splitlines()
    assert lines[182].reason == "zero_price"
    assert ",".join(lines[182].values) == content[181]
    assert lines[147].reason == "part_penny"


def test_days(sheet):
    assert sheet.first_day == date(2010, 12, 1)
    assert sheet.last_day == date(2011, 12, 1)


def test_customers_without_a_usable_row_are_left_out(sheet):
    assert len(sheet.customers) == 15
    assert "13256" not in sheet.customers


def test_documents(sheet):
    documents = [doc for one in sheet.customers.values() for doc in one.documents]
    assert sum(not document.is_credit for document in documents) == 35
    assert sum(document.is_credit for document in documents) == 15


def test_document_amounts(sheet):
    amounts = {
        document.number: document.amount
        for code in ("17900", "18059", "12755")
        for document in sheet.customers[code].documents
    }
    assert amounts == {
        "555367": Decimal("79.80"),
        "555381": Decimal("32.40"),
        "C558327": Decimal("64.80"),
        "C558329": Decimal("32.40"),
        "569240": Decimal("124.08"),
        "572893": Decimal("95.78"),
        "576878": Decimal("86.60"),
        "C579876": Decimal("9.75"),
        "537899": Decimal("3794.40"),
        "545645": Decimal("17.55"),
        "C545892": Decimal("17.55"),
        "C548731": Decimal("1591.20"),
    }


def test_documents_are_in_order_of_time(sheet):
    numbers = [document.number for document in sheet.customers["14287"].documents]
    assert numbers == ["554632", "554633", "C556324", "580060"]


def test_country_of_most_rows(sheet):
    # 21 rows say Belgium, 6 Denmark.
    assert sheet.customers["12394"].country == "Belgium"


def test_every_country_of_the_extract_is_known(sheet):
    countries = {customer.country for customer in sheet.customers.values()}
    assert countries <= set(ISO_CODES)
    assert ISO_CODES["Channel Islands"] == "JE"
    assert ISO_CODES["Unspecified"] is None


def test_product_has_its_usual_name_and_median_price(sheet):
    # Sold at 0.55 and 0.65 (its return at 0.55 is no sale).
    product = sheet.products["84950"]
    assert product.name == "ASSORTED COLOUR T-LIGHT HOLDER"
    assert product.price == Decimal("0.60")
    assert product.kind == "goods"


def test_kinds(sheet):
    kinds = {code: sheet.products[code].kind for code in ("POST", "C2", "M", "D")}
    assert kinds == {"POST": "carriage", "C2": "carriage", "M": "charge", "D": "charge"}
    # Never sold: the price is that of its return.
    assert sheet.products["D"].price == Decimal("65.91")


def test_a_good_row():
    row = classify()
    assert row.code == "85123A"
    assert row.moment == datetime(2010, 12, 1, 8, 26)
    assert row.amount == Decimal("15.30")


def test_a_return_has_a_positive_quantity():
    row = classify(InvoiceNo="C536365", Quantity="-6")
    assert row.quantity == 6
    assert row.amount == Decimal("15.30")


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("no_number", {"InvoiceNo": ""}),
        ("no_number", {"StockCode": ""}),
        ("bad_date", {"InvoiceDate": "2010-02-30 08:26:00"}),
        ("bad_date", {"InvoiceDate": ""}),
        ("bad_quantity", {"Quantity": "six"}),
        ("bad_quantity", {"Quantity": "0.5"}),
        ("bad_price", {"UnitPrice": "2,55"}),
        ("bad_price", {"UnitPrice": "NaN"}),
        ("not_a_sale", {"StockCode": "AMAZONFEE"}),
        ("no_customer", {"CustomerID": ""}),
        ("zero_quantity", {"Quantity": "0"}),
        ("negative_sale", {"Quantity": "-6"}),
        ("positive_return", {"InvoiceNo": "C536365"}),
        ("zero_price", {"UnitPrice": "0.0"}),
        ("negative_price", {"UnitPrice": "-2.55"}),
        ("part_penny", {"UnitPrice": "0.001"}),
    ],
)
def test_reasons(reason, changes):
    row = classify(**changes)
    assert row.reason == reason
    assert row.reason in rows.REASONS


def test_spreadsheet_export_is_read_too():
    row = classify(InvoiceDate="12/1/2010 8:26", CustomerID="17850.0", Quantity="6")
    assert row == classify()


def test_identical_rows_are_both_kept():
    row = classify()
    customer = rows.group([row, row])["17850"]
    assert customer.documents[0].amount == Decimal("30.60")


def test_one_number_of_two_customers_is_two_documents():
    customers = rows.group([classify(), classify(CustomerID="17851")])
    assert {len(customer.documents) for customer in customers.values()} == {1}


def test_compressed_file_gives_the_same(tmp_path, sheet):
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(EXTRACT.read_bytes()))
    assert rows.read(path) == sheet


def test_columns_may_be_in_any_order(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(
        ",".join(reversed(rows.COLUMNS)) + "\n" + ",".join(reversed(GOOD)) + "\n"
    )
    assert list(rows.read(path).customers) == ["17850"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        (b"", "column(s) missing: InvoiceNo"),
        (b"InvoiceNo,StockCode\n1,2\n", "column(s) missing: Description"),
        (b"\x1f\x8bnonsense", "cannot be read"),
        (",".join(rows.COLUMNS).encode(), "no usable row among 0"),
    ],
)
def test_unusable_file_is_one_line(tmp_path, content, message):
    path = tmp_path / "rows.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Failure) as caught:
        rows.read(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
