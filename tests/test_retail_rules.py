# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The generated terms, payments and costs, and what settles what."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from retail import profiles, rows, rules
from retail.settle import Bill, Credit, Payment, SetOff, match_returns, settle

EXTRACT = Path(__file__).parent / "data" / "online_retail_extract.csv"
CODES = [str(code) for code in range(12000, 22000)]
CLOSING = date(2011, 12, 9)


def day(number):
    return date(2011, 1, 1) + timedelta(days=number)


def pounds(text):
    return Decimal(text)


# -- Choices -------------------------------------------------------------------


def test_a_choice_never_changes():
    """These were computed once; another value would break resuming a load."""
    assert rules.fraction("pick", "17850") == pytest.approx(0.8039045001379854)
    assert {code: choices(code) for code in ("12755", "12888", "14287", "17900")} == {
        "12755": (30, "punctual"),
        "12888": (30, "very slow"),
        "14287": (15, "slow"),
        "17900": (30, "early"),
    }


def choices(code):
    return rules.term_days(code), rules.habit(code).name


def test_shares_of_terms():
    found = Counter(map(rules.term_days, CODES))
    for days, share in rules.TERMS.items():
        assert found[days] / len(CODES) == pytest.approx(share, abs=0.015)
    assert sum(rules.TERMS.values()) == pytest.approx(1)


def test_shares_of_habits():
    found = Counter(rules.habit(code).name for code in CODES)
    for habit in rules.HABITS:
        assert found[habit.name] / len(CODES) == pytest.approx(habit.share, abs=0.015)
    assert sum(habit.share for habit in rules.HABITS) == pytest.approx(1)


def test_the_sample_grows_and_does_not_depend_on_the_order():
    first = rules.in_load_order(CODES)
    assert rules.in_load_order(reversed(CODES)) == first
    assert sorted(first) == CODES
    assert first != CODES


def test_payment_days_stay_within_the_habit():
    never = 0
    for code in CODES[:2000]:
        habit = rules.habit(code)
        paid = rules.payment_day(code, "536365", day(0), day(30))
        if paid is None:
            never += 1
            continue
        late = (paid - day(30)).days
        low, high = habit.lag
        assert low - habit.spread <= late <= high + habit.spread
    expected = sum(habit.share * habit.never for habit in rules.HABITS)
    assert never / 2000 == pytest.approx(expected, abs=0.01)


def test_nobody_pays_before_the_invoice():
    early = next(code for code in CODES if rules.habit(code).name == "early")
    assert rules.payment_day(early, "536365", day(0), day(0)) == day(0)


def test_cost_is_a_share_of_the_usual_price():
    for code in ("85123A", "22423", "47566"):
        cost = rules.unit_cost(code, "goods", pounds("100.00"))
        assert pounds("45.00") <= cost <= pounds("75.00")
        assert cost == cost.quantize(pounds("0.01"))
    assert rules.unit_cost("POST", "carriage", pounds("100")) >= pounds("80")
    assert rules.unit_cost("M", "charge", pounds("100")) == 0


# -- Returns -------------------------------------------------------------------


def returns_of(code):
    customer = rows.read(EXTRACT).customers[code]
    return {
        number: [
            (part.row.code, part.quantity, part.sale and part.sale.invoice)
            for part in parts
        ]
        for number, parts in match_returns(customer.documents).items()
    }


def test_returns_take_back_the_latest_sale():
    # Both orders have both products; the later one has 12 of 46000S.
    assert returns_of("17900") == {
        "C558327": [
            ("46000S", 12, "555381"),
            ("46000S", 12, "555367"),
            ("21927", 12, "555381"),
            ("21926", 12, "555367"),
        ],
        "C558329": [("46000S", 12, "555367"), ("21927", 12, "555367")],
    }


def test_charges_take_back_only_their_own_price():
    # The 600.00 of C556274 comes before its sale, the 48.00 of C562622 has none.
    assert returns_of("15299") == {
        "C543758": [("D", 1, None)],
        "C550010": [("84950", 4, "536809"), ("84856S", 1, None)],
        "C556274": [("M", 1, None)],
        "C562622": [("M", 1, None)],
    }


def test_a_return_without_sale():
    assert returns_of("16995") == {"C536818": [("84947", 1, None)]}


# -- Settlement ----------------------------------------------------------------


def test_a_payment_is_what_is_open():
    bills = [Bill("1", day(0), pounds("100.00"), day(40))]
    credits = [Credit("C1", day(10), pounds("30.00"), ("1",))]
    assert settle(bills, credits, CLOSING) == [
        SetOff("C1", "1", pounds("30.00")),
        Payment("1", day(40), pounds("70.00")),
    ]


def test_credit_for_a_paid_invoice_goes_to_the_oldest_open_one_then_waits():
    bills = [
        Bill("1", day(0), pounds("100.00"), day(5)),
        Bill("2", day(6), pounds("20.00"), day(50)),
        Bill("3", day(30), pounds("50.00"), day(60)),
    ]
    credits = [Credit("C1", day(10), pounds("30.00"), ("1",))]
    assert settle(bills, credits, CLOSING) == [
        Payment("1", day(5), pounds("100.00")),
        SetOff("C1", "2", pounds("20.00")),
        SetOff("C1", "3", pounds("10.00")),
        Payment("3", day(60), pounds("40.00")),
    ]


def test_credit_without_a_sale_stays_unallocated():
    bills = [Bill("1", day(0), pounds("100.00"), None)]
    credits = [Credit("C1", day(10), pounds("30.00"), ())]
    assert settle(bills, credits, CLOSING) == []


def test_credit_never_exceeds_what_is_open():
    bills = [Bill("1", day(0), pounds("10.00"), day(90))]
    credits = [Credit("C1", day(1), pounds("30.00"), ("1",))]
    assert settle(bills, credits, CLOSING) == [SetOff("C1", "1", pounds("10.00"))]


def test_books_close_on_the_last_day():
    bills = [
        Bill("1", day(0), pounds("100.00"), CLOSING),
        Bill("2", day(0), pounds("100.00"), CLOSING + timedelta(days=1)),
    ]
    assert settle(bills, [], CLOSING) == [Payment("1", CLOSING, pounds("100.00"))]


# -- Snapshots -----------------------------------------------------------------


def test_month_ends():
    assert profiles.month_ends(date(2010, 12, 1), date(2011, 3, 5)) == [
        date(2010, 12, 31),
        date(2011, 1, 31),
        date(2011, 2, 28),
        date(2011, 3, 31),
    ]
