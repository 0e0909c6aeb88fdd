# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The back-test of the transaction file, on a file small enough to judge by hand."""

import csv

import pytest

from retail import rows, value

#: Customer → days of orders, each worth 10. The last 91 days begin on 2011-01-31.
DAYS = {
    "A": ["2010-12-01", "2011-01-20", "2011-04-01", "2011-05-01"],
    "B": ["2010-12-01", "2011-01-10"],
    "C": ["2011-01-25", "2011-03-01"],
    "D": ["2011-02-15"],
}


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "orders.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(rows.COLUMNS)
        number = 536000
        for customer, days in DAYS.items():
            for day in days:
                number += 1
                writer.writerow(
                    [number, "85123A", "LANTERN", 4, f"{day} 10:00:00", "2.50"]
                    + [f"1{ord(customer)}", "France"]
                )
        # A return is no order.
        writer.writerow(
            [f"C{number}", "85123A", "LANTERN", -4, "2011-04-20 10:00:00", "2.50"]
            + ["166", "France"]
        )
    return rows.read(path)


def test_backtest(sheet):
    """A and C order again, B does not, D was no customer yet. Days since the last order
    put C (5 days) and A (10) before B (20): every pair is right."""
    lines = value.backtest(sheet)
    assert lines[0] == (
        "3 customers had ordered until 2011-01-30; 2 of them ordered in the 91 days"
        " after, for 30."
    )
    assert "mbg_nbd: refused (few_customers)" in lines
    recency = next(line for line in lines if line.startswith("recency"))
    assert recency.split()[1] == "1.000"
    assert lines[-1].startswith("In use: ")
