# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The models against the figures published for CDNOW.

FHL: Fader, Hardie & Lee (2005), Marketing Science 24(2) 275–284; N025: Fader & Hardie
(2013), note 025 on the Gamma-Gamma model; the others as printed by R's BTYDplus and
CLVTools. What a figure is compared with has as many digits as its source.
"""

from collections import Counter, defaultdict
from statistics import fmean, quantiles

import cdnow
import pytest

from bench.value import load_tools

tools = load_tools()
WEEK = 7


@pytest.fixture(scope="module")
def customers():
    return tools.customers.summarise(cdnow.read_orders(), cdnow.SPLIT)


@pytest.fixture(scope="module")
def fits(customers):
    return {model: tools.fit.fit(customers, model) for model in ("bg_nbd", "mbg_nbd")}


@pytest.fixture(scope="module")
def past(customers):
    return tools.backtest.backtest(cdnow.read_orders(), cdnow.SPLIT, cdnow.END)


def rounded(values, digits):
    return [round(value, digits) for value in values]


def test_sample(customers):
    orders = cdnow.read_orders()
    assert len(orders) == 6919
    assert len(customers) == 2357
    assert Counter(one.repeats > 0 for one in customers) == {False: 1411, True: 946}
    assert sum(value == 0 for _customer, _day, value in orders) == 8


# -- Fits ----------------------------------------------------------------------


def test_bg_nbd(fits):
    found = fits["bg_nbd"]
    assert rounded(found.orders.parameters.values(), 3) == [0.243, 4.414, 0.793, 2.426]
    assert round(found.log_likelihood, 2) == -9582.43
    assert round(found.log_likelihood, 4) == -9582.4292
    assert (found.customers, found.repeaters, found.cells) == (2357, 946, 1016)
    assert found.refusal is None


def test_mbg_nbd(fits):
    found = fits["mbg_nbd"]
    assert rounded(found.orders.parameters.values(), 3) == [0.525, 6.183, 0.891, 1.614]
    assert round(found.log_likelihood, 2) == -9582.14


def test_standard_errors_of_bg_nbd(customers, fits):
    """CLVTools, of the logarithms."""
    cells = tools.cells.collapse(one[1:4] for one in customers)
    matrix = tools.uncertainty.covariance(cells, fits["bg_nbd"].orders)
    errors = tools.uncertainty.standard_errors(matrix)
    assert rounded(errors, 4) == [0.0518, 0.0857, 0.2342, 0.2908]


def test_gamma_gamma(customers, fits):
    """N025: parameters, mean and largest of the average values."""
    found = fits["mbg_nbd"]
    assert rounded(found.spend.parameters.values(), 2) == [6.25, 3.74, 15.44]
    values = [one.value for one in customers if one.repeats]
    assert round(fmean(values), 2) == 35.08
    assert round(max(values), 2) == 299.63
    assert round(found.correlation, 3) == 0.114


def test_gamma_gamma_likelihood(customers):
    """clvkit, at the published parameters."""
    spend = tools.spend_likelihood.collect(
        (one.repeats, one.value) for one in customers
    )
    total, _slopes = tools.spend_likelihood.log_likelihood((6.25, 3.74, 15.44), spend)
    assert total == pytest.approx(-4055.919232049544, abs=1e-9)


# -- Single customers ----------------------------------------------------------


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        (0.1429, 0.0078),
        (1, 0.0532),
        (3, 0.1506),
        (31.8571, 1.0405),
        (32, 1.0437),
        (78, 1.8576),
    ],
)
def test_expected_orders_of_a_new_customer(weeks, expected):
    """Hardie's spreadsheet, at its parameters: a customer of age 0."""
    model = tools.order_model.OrderModel("bg_nbd", 0.24259, 4.41353, 0.79291, 2.42590)
    # Its last figure has the hypergeometric series cut off: 1.8580 with all terms.
    slack = 0.0005 if weeks == 78 else 0.0001
    found = model.orders_if_active(0, 0, 0, weeks * WEEK)
    assert found == pytest.approx(expected, abs=slack)


@pytest.mark.parametrize(
    ("history", "active", "orders", "digits"),
    [
        ((2, 30.43, 38.86), 0.7266, 1.226, 3),
        ((0, 0, 38.86), 1.0, 0.195, 3),
        ((7, 29.43, 38.86), 0.642, 3.337, 3),
    ],
)
def test_single_customer(fits, history, active, orders, digits):
    """FHL: a customer of x, t_x and T, the next 39 weeks."""
    model = fits["bg_nbd"].orders
    x, last, age = history[0], history[1] * WEEK, history[2] * WEEK
    found = model.active(x, last, age)
    assert found == pytest.approx(active, abs=5e-4)
    found *= model.orders_if_active(x, last, age, 39 * WEEK)
    assert round(found, digits) == orders


def test_distribution_of_active(customers, fits):
    """BTYDplus: quartiles and mean of P(alive)."""
    found = [fits["bg_nbd"].orders.active(*one[1:4]) for one in customers]
    low, middle, high = quantiles(found, n=4, method="inclusive")
    assert (round(low, 4), middle, high) == (0.6604, 1.0, 1.0)
    assert round(fmean(found), 4) == 0.8134


# -- Holdout -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("bg_nbd", [0.23, 0.52, 1.04, 1.52, 2.16, 2.65]),
        ("mbg_nbd", [0.19, 0.55, 1.05, 1.49, 2.10, 2.56]),
    ],
)
def test_holdout_by_repeats(customers, fits, model, expected):
    """BTYDplus: orders expected in the 39 weeks of the holdout, by repeat orders."""
    settings = tools.score.Settings(orders_days=39 * WEEK)
    scores = tools.score.score(customers, fits[model], settings)
    by_repeats = defaultdict(list)
    for one, score in zip(customers, scores, strict=True):
        by_repeats[one.repeats].append(score.orders)
    found = [fmean(by_repeats[repeats]) for repeats in range(6)]
    # .225 is printed as .23, .185 as .19.
    assert found == pytest.approx(expected, abs=0.0051)


def test_holdout_actual(customers, past):
    orders = defaultdict(set)
    for key, day, _value in cdnow.read_orders():
        if day > cdnow.SPLIT:
            orders[key].add(day)
    by_repeats = defaultdict(list)
    for one in customers:
        by_repeats[one.repeats].append(len(orders[one.key]))
    found = [fmean(by_repeats[repeats]) for repeats in range(6)]
    assert rounded(found, 2) == [0.24, 0.70, 1.39, 1.56, 2.53, 2.95]
    assert (past.customers, past.buyers, past.orders) == (2357, 684, 1882)
    assert round(past.value, 2) == 70976.39
    assert past.days == 39 * WEEK


def test_holdout_total_error(past):
    """BTYDplus: −12.1 % and −16.2 %."""
    found = {name: past.outcomes[name].orders_error for name in ("bg_nbd", "mbg_nbd")}
    assert found == pytest.approx({"bg_nbd": -0.1215, "mbg_nbd": -0.1622}, abs=1e-4)


def test_holdout_beside_the_baselines(past):
    found = {
        name: (round(outcome.auc, 3), round(outcome.top_capture, 3))
        for name, outcome in past.outcomes.items()
    }
    assert found == {
        "mbg_nbd": (0.760, 0.503),
        "bg_nbd": (0.757, 0.502),
        "interval": (0.763, 0.501),
        "recency": (0.771, 0.411),
        "ticket": (0.754, 0.492),
        "rfm": (0.776, 0.481),
    }
    errors = {
        name: outcome.value_error and round(outcome.value_error, 3)
        for name, outcome in past.outcomes.items()
    }
    assert errors == {
        "mbg_nbd": -0.195,
        "bg_nbd": -0.156,
        "interval": -0.388,
        "recency": None,
        "ticket": 0.628,
        "rfm": None,
    }


def test_the_back_test_chooses(past):
    """On this shop a simple score names the next buyers best; it is what is chosen."""
    choose = tools.backtest.choose
    assert choose(past.outcomes, "auc") == "rfm"
    assert choose(past.outcomes, "orders_error") == "bg_nbd"
    rfm = past.outcomes["rfm"]
    assert tools.backtest.calibrated(rfm, 3) < tools.backtest.calibrated(rfm, 15)
    assert 0 < tools.backtest.calibrated(rfm, 3)
    assert tools.backtest.calibrated(rfm, 15) < 1


def test_probabilities_of_the_holdout(past):
    found = past.outcomes["mbg_nbd"]
    assert round(found.brier, 3) == 0.161
    mean = sum(number * said for number, said, _was in found.calibration) / 2357
    assert round(mean, 3) == 0.240
    assert sum(number for number, _said, _was in found.calibration) == 2357


def test_present_value(customers, fits):
    """12 months at 15 % a year: 70,840 of sales."""
    settings = tools.score.Settings(yearly_rate=0.15, months=(12,))
    scores = tools.score.score(customers, fits["bg_nbd"], settings)
    assert sum(score.lifetime[0] for score in scores) == pytest.approx(70840, abs=1)


# -- RFM -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def raw():
    """Return days since the last order, orders and sales, by customer."""
    days, sales = defaultdict(set), defaultdict(float)
    for key, day, value in cdnow.read_orders():
        if day <= cdnow.SPLIT:
            days[key].add(day)
            sales[key] += value
    recency = [(cdnow.SPLIT - max(days[key])).days for key in days]
    monetary = [round(sales[key], 2) for key in days]
    return recency, [len(days[key]) for key in days], monetary


def test_rfm_scores(raw):
    recency, frequency, monetary = raw
    scores = (
        tools.rfm.scores(recency, lowest_best=True),
        tools.rfm.scores(frequency),
        tools.rfm.scores(monetary),
    )
    found = [[Counter(values)[score] for score in range(1, 6)] for values in scores]
    assert found == [
        [480, 478, 459, 475, 465],
        [1411, 0, 439, 214, 293],
        [480, 464, 470, 471, 472],
    ]
    both = Counter(zip(*scores, strict=True))
    assert (both[5, 5, 5], both[1, 1, 1]) == (191, 151)
    names = Counter(tools.segments.segment(*three) for three in both.elements())
    assert sum(names.values()) == 2357
    assert set(names) <= set(tools.segments.SEGMENTS)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("mean", [376, 72, 28, 135, 89, 188, 14, 1455]),
        ("median", [729, 89, 90, 269, 101, 277, 26, 776]),
    ],
)
def test_eight_classes(raw, method, expected):
    recency, frequency, monetary = raw
    recent = [-days for days in recency]
    classes = tools.segments.eight_classes(recent, frequency, monetary, method)
    found = Counter(classes)
    names = tools.segments.EIGHT_CLASSES.values()
    assert [found[name] for name in names] == expected


def test_abc(raw):
    """899, 800 and 658 when equal customers are torn apart at the bound of A."""
    found = Counter(tools.ranking.abc_classes(raw[2]))
    assert found == {"A": 898, "B": 800, "C": 659}
