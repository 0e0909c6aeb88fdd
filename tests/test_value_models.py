# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The models of customer value: derivatives, properties, extremes, refusals."""

import ast
import doctest
import importlib.util
import itertools
import math
import pkgutil
import sys
from pathlib import Path
from random import Random
from statistics import fmean, stdev

import pytest

from bench.value import load_tools, make_customers, measure_fit

tools = load_tools()
Customer = tools.customers.Customer
OrderModel = tools.order_model.OrderModel
STANDARD = sys.stdlib_module_names

MODELS = [
    OrderModel("mbg_nbd", 0.525, 6.183, 0.891, 1.614),
    OrderModel("bg_nbd", 0.243, 4.414, 0.793, 2.426),
    OrderModel("mbg_nbd", 3.0, 0.4, 1.0, 5.0),
    OrderModel("mbg_nbd", 25.0, 90.0, 0.6, 3.0),
    tools.interval_model.IntervalModel(40.0, 0.3),
    tools.interval_model.IntervalModel(40.0, 0.05, 6.0),
    tools.interval_model.IntervalModel(40.0, 0.3, 0.4),
]
#: x, t_x, T in days; among them 500 orders in 20 weeks, then idle for three years.
HISTORIES = [
    (0, 0, 0),
    (0, 0, 4000),
    (1, 1, 1),
    (3, 200, 210),
    (12, 360, 365),
    (140, 140, 141),
    (500, 140, 1239),
    (500, 3600, 3600),
]


@pytest.fixture(scope="module")
def simulated():
    """Return 3,000 customers of a known model, and their cells."""
    customers = make_customers(3000)
    return customers, tools.cells.collapse(one[1:4] for one in customers)


def names():
    return [module.name for module in pkgutil.iter_modules(tools.__path__)]


@pytest.mark.parametrize("name", names())
def test_doctests(name):
    module = importlib.import_module(f"{tools.__name__}.{name}")
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("name", names())
def test_nothing_but_the_standard_library(name):
    """Neither Odoo nor a package that its host may not have."""
    source = importlib.util.find_spec(f"{tools.__name__}.{name}").origin
    for node in ast.walk(ast.parse(Path(source).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= STANDARD
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 1 or node.module.split(".")[0] in STANDARD


# -- Derivatives ---------------------------------------------------------------


def slopes(function, point, step=1e-6):
    """Return the derivatives as differences."""
    found = []
    for place, x in enumerate(point):
        up, down = list(point), list(point)
        up[place], down[place] = x * (1 + step), x * (1 - step)
        found.append((function(up)[0] - function(down)[0]) / (2 * step * x))
    return found


@pytest.mark.parametrize("model", ["mbg_nbd", "bg_nbd"])
@pytest.mark.parametrize("point", [(0.5, 6, 0.9, 1.6), (2.0, 0.3, 3.0, 0.4)])
def test_derivatives_of_orders(simulated, model, point):
    def function(values):
        return tools.order_likelihood.log_likelihood(values, simulated[1], model)

    assert function(point)[1] == pytest.approx(slopes(function, point), rel=1e-5)


@pytest.mark.parametrize("point", [(6, 3.7, 15), (0.8, 1.2, 400)])
def test_derivatives_of_spend(simulated, point):
    spend = tools.spend_likelihood.collect((one[1], one[4]) for one in simulated[0])

    def function(values):
        return tools.spend_likelihood.log_likelihood(values, spend)

    assert function(point)[1] == pytest.approx(slopes(function, point), rel=1e-5)


def test_cells_change_nothing():
    """The likelihood of customers counted is the sum of theirs, one by one."""
    histories = [(0, 0, 70), (0, 0, 70), (2, 30, 70), (2, 30, 70), (1, 5, 9)]
    point = (0.5, 6, 0.9, 1.6)
    for model in ("mbg_nbd", "bg_nbd"):
        singles = [
            tools.order_likelihood.log_likelihood(
                point, tools.cells.collapse([history]), model
            )[0]
            for history in histories
        ]
        cells = tools.cells.collapse(histories)
        together, _slopes = tools.order_likelihood.log_likelihood(point, cells, model)
        assert together == pytest.approx(sum(singles), rel=1e-12)


def test_likelihood_by_hand():
    """One repeat order after a week, seen for two; r = α = a = b = 1, BG/NBD.

    λ² e^(−2λ) is 2/(1+2)³ · … : Γ(2)/Γ(1) = 1; Β(1, 2)/Β(1, 1) = 1/2; a/(b+x−1) = 1;
    so 1/2 · (3^−2 + 2^−2) = 13/72.
    """
    cells = tools.cells.collapse([(1, 7, 14)])
    found, _slopes = tools.order_likelihood.log_likelihood(
        (1, 1, 1, 1), cells, "bg_nbd"
    )
    assert math.exp(found) == pytest.approx(13 / 72)


# -- Fits ----------------------------------------------------------------------


def test_the_truth_is_found():
    """Within three standard errors of what the customers were simulated with."""
    customers = make_customers(12_000)
    result = tools.fit.fit(customers)
    cells = tools.cells.collapse(one[1:4] for one in customers)
    matrix = tools.uncertainty.covariance(cells, result.orders)
    errors = tools.uncertainty.standard_errors(matrix)
    found = result.orders.parameters.values()
    for value, true, error in zip(found, (0.6, 8, 0.9, 1.8), errors, strict=True):
        assert abs(math.log(value / true)) < 3 * error
    assert result.spend.p == pytest.approx(6, rel=0.1)
    assert result.spend.value(0, 0) == pytest.approx(6 * 15 / 2.7, rel=0.05)


def test_currency_and_start_do_not_matter(simulated):
    """Yen or pounds: the same p and q; any start: the same optimum."""
    customers, cells = simulated
    pounds = tools.estimation.fit_spend((one[1], one[4]) for one in customers)
    yen = tools.estimation.fit_spend((one[1], one[4] * 190) for one in customers)
    assert yen.parameters["p"] == pytest.approx(pounds.parameters["p"], rel=1e-5)
    assert yen.parameters["gamma"] == pytest.approx(
        190 * pounds.parameters["gamma"], rel=1e-5
    )
    ends = [
        tools.estimation.fit_orders(cells, start=start)
        for start in ((0.5, 6, 1, 2), (1, 1, 1, 1), (3, 0.1, 0.2, 9), (0.1, 99, 5, 1))
    ]
    best = max(end.log_likelihood for end in ends)
    for end in ends:
        assert end.refusal is None
        assert end.log_likelihood == pytest.approx(best, abs=1e-5)
        assert end.parameters == pytest.approx(ends[0].parameters, rel=1e-3)


def test_thin_data_is_refused(simulated):
    few = simulated[0][:150]
    result = tools.fit.fit(few)
    assert result.refusal == tools.estimation.Refusal("few_customers", 150, 200)
    assert result.orders.model == "interval"
    assert result.log_likelihood is None
    scores = tools.score.score(few, result)
    assert len(scores) == 150
    once = [Customer(key, 0, 0, 100 + key) for key in range(300)]
    again = [Customer(key, 1, 50, 90, 20.0) for key in range(49)]
    result = tools.fit.fit(once + again)
    assert result.refusal == tools.estimation.Refusal("few_repeaters", 49, 50)
    assert result.spend_refusal.code == "few_repeaters"
    assert result.spend.mean == 20


def test_an_optimum_on_a_bound_is_refused():
    """Everybody orders every month and nobody stops: nothing to tell losses from."""
    regular = [Customer(k, 11, 330, 340 + k % 3, 10.0 + k % 7) for k in range(300)]
    result = tools.fit.fit(regular)
    assert result.refusal.code == "bound"
    assert result.refusal.found in ("r", "alpha", "a", "b")
    assert result.orders.model == "interval"
    [score] = tools.score.score(regular[:1], result)
    assert score.interval == pytest.approx(30, rel=0.05)
    assert score.active > 0.9
    assert score.orders == pytest.approx(12, rel=0.15)


def test_one_order_long_ago():
    """Ten order every 30 days, nine times so far; one ordered once, 400 days ago.

    ḡ = 30. Nine orders are expected of each of the ten in their 270 days, and came: no
    excess, k = (10 · 81 + 5 · 81) / (5 · 81) = 3. One is silent; the orders count
    10 · (2/2 + 2/3 + … + 2/11) + 1 = 41.398, so c = 2 / 43.398 = .04609. The one is
    active with odds of (90 / 490)³ · .95391 / .04609, once with .1137.
    """
    regular = [Customer(key, 9, 270, 270, 10.0) for key in range(10)]
    once = Customer("once", 0, 0, 400, 10.0, valued=1)
    result = tools.fit.fit([*regular, once])
    found = result.orders
    assert (found.gap, found.alike) == (30, 3)
    assert found.loss == pytest.approx(0.04609, abs=1e-5)
    assert found.active(0, 0, 400) == pytest.approx(0.1137, abs=1e-4)
    gone, here = tools.score.score([once, regular[0]], result)
    assert gone.wait is None
    assert gone.lifetime[0] < 0.03 * here.lifetime[0]
    # Just bought, the same customer is one of them.
    assert found.active(0, 0, 10) == pytest.approx(0.9378, abs=1e-4)


def test_rhythms_that_differ():
    """Half order ten times as often: nobody can tell whether one who ordered once is
    gone or slow. 11 orders are expected of each; five came to 2 and five to 20: the
    excess is 10 · (9² − 11) = 700 and k = (1210 + 605) / (700 + 605)."""
    often = [Customer(key, 20, 400, 400) for key in range(5)]
    seldom = [Customer(key, 2, 400, 400) for key in range(5, 10)]
    found = tools.interval_model.estimate(each[1:4] for each in often + seldom)
    assert found.alike == pytest.approx(1815 / 1305)


def test_losses_are_counted_as_they_are_used():
    """c' of every order sums to the losses seen, up to what is presumed of c = 1/2."""
    found = tools.interval_model.estimate([(4, 40, 400), (1, 10, 400), (0, 0, 400)])
    trials = [x for total in (4, 1, 0) for x in range(total + 1)]
    expected = sum(found._loss(x) for x in trials)
    assert expected + 2 * found.loss == pytest.approx(3 + 1)


def test_order_values_of_few_customers():
    """Fifty-one came back, most with orders of 450 and some of 90,000: means of so few
    do not tell how uneven a customer's own orders are. With 22 orders of 450 the next
    is one of 450 · (everybody's mean / 450)^(1/23)."""
    small = [Customer(k, 21, 600, 610, 450.0, valued=22) for k in range(46)]
    large = [Customer(k, 21, 600, 610, 90_000.0, valued=22) for k in range(46, 51)]
    result = tools.fit.fit(small + large)
    assert result.spend_refusal == tools.estimation.Refusal("few_customers", 51, 200)
    everybody = (46 * 450 + 5 * 90_000) / 51
    expected = 450 * (everybody / 450) ** (1 / 23)
    [score] = tools.score.score(small[:1], result)
    assert score.order_value == pytest.approx(expected)
    assert score.order_value < 540


def test_equal_order_values_are_refused():
    """A subscription at one price: the spread has no estimate, the mean is exact."""
    customers = [Customer(k, 1 + k % 4, 30, 60, 25.0) for k in range(300)]
    result = tools.fit.fit(customers)
    assert result.spend_refusal.code == "bound"
    assert result.spend.value(3, 25.0) == 25
    assert result.correlation is None


@pytest.mark.parametrize(
    "customers",
    [
        [],
        [Customer(1, 0, 0, 0)],
        [Customer(key, 0, 0, 5) for key in range(500)],  # all on the same day
    ],
)
def test_nothing_to_estimate_from(customers):
    """No repeat order anywhere: no figure at all instead of one that looks like one."""
    result = tools.fit.fit(customers)
    assert result.orders is None and result.spend is None
    assert result.refusal is not None
    assert tools.score.score(customers, result) == []


def test_order_values_that_are_not_positive():
    """Gifts and returns teach nothing of spend, and such customers get the mean."""
    customers = [Customer(k, 2, 30, 60, 20.0 + k % 5) for k in range(100)]
    customers.append(Customer("gift", 3, 30, 60, 0.0))
    customers.append(Customer("returns", 3, 30, 60, -8.0))
    result = tools.fit.fit(customers)
    gift, returns = tools.score.score(customers, result)[-2:]
    assert gift.order_value == returns.order_value
    assert 20 < gift.order_value < 25


def test_parameters_can_be_stored(simulated):
    customers, _cells = simulated
    result = tools.fit.fit(customers)
    orders, spend = result.orders, result.spend
    restored = tools.fit.restore(
        orders.model, orders.parameters, spend.model, spend.parameters
    )
    assert restored == (orders, spend)
    # One customer after a new order has the figures of the nightly run.
    for customer, of_all in zip(
        customers[:50], tools.score.score(customers, result), strict=False
    ):
        [alone] = tools.score.score([customer], restored)
        for name in ("active", "order_probability", "orders", "order_value"):
            expected = getattr(of_all, name)
            assert getattr(alone, name) == pytest.approx(expected, rel=1e-5)
        assert (alone.wait, alone.interval) == (of_all.wait, of_all.interval)
        assert alone.lifetime == pytest.approx(of_all.lifetime, rel=1e-5)


# -- Properties ----------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_within_bounds(model):
    """Also for 500 orders and three years idle: no overflow, nothing out of bounds."""
    for (x, last, age), horizon in itertools.product(HISTORIES, (1, 90, 3650)):
        active = model.active(x, last, age)
        ordering = model.order_if_active(x, last, age, horizon)
        expected = model.orders_if_active(x, last, age, horizon)
        assert 0 <= active <= 1
        assert 0 < ordering <= 1
        # Markov: an order is no likelier than orders are expected.
        assert ordering <= expected * (1 + 1e-9)
        # The rate the model sees, if nobody were ever lost; only a model that loses
        # customers makes fewer of it.
        assert expected <= horizon / model.interval(x, age) * (1 + 1e-9)
        assert model.wait(x, last, age) > 0
        assert model.interval(x, last) > 0


def test_three_years_idle():
    model = MODELS[0]
    assert model.active(500, 140, 1239) < 1e-100
    assert model.active(500, 1239, 1239) > 0.99
    [score] = tools.score.score(
        [Customer("gone", 500, 140, 1239, 80.0)],
        (model, tools.spend_model.GammaGamma(6.25, 3.74, 15.44)),
    )
    assert score.wait is None
    assert score.lifetime[2] == pytest.approx(0, abs=1e-9)
    assert score.order_value == pytest.approx(80, rel=0.01)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_rises_with_recency(model):
    """Of customers with as many orders in as much time, the later one is likelier to
    be active."""
    for x, age in ((1, 365), (5, 365), (40, 2000)):
        found = [model.active(x, last, age) for last in range(x, age + 1, 20)]
        assert found == sorted(found)
        assert found[0] < found[-1]


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_rises_with_frequency(model):
    """Of customers who all bought today, more orders promise more."""
    found = [
        [
            model.active(x, 365, 365),
            model.active(x, 365, 365) * model.order_if_active(x, 365, 365, 90),
            model.active(x, 365, 365) * model.orders_if_active(x, 365, 365, 90),
        ]
        for x in (1, 2, 5, 20, 80, 300)
    ]
    for column in zip(*found, strict=True):
        assert list(column) == sorted(column)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_rises_with_the_horizon(model):
    for x, last, age in HISTORIES:
        horizons = (1, 10, 100, 1000, 10_000)
        orders = [model.orders_if_active(x, last, age, horizon) for horizon in horizons]
        assert orders == sorted(orders)
        # What is expected falls off: nobody lasts for ever.
        rates = [o / horizon for o, horizon in zip(orders, horizons, strict=True)]
        assert rates == sorted(rates, reverse=True)


@pytest.mark.parametrize("model", MODELS[:4], ids=str)
def test_series_and_integral_agree(model):
    """Two ways to the expected orders; the first is exact where a is 1."""
    for (x, _last, age), horizon in itertools.product(HISTORIES, (1, 90, 1100)):
        beta = model.alpha + age / 7
        y = x + tools.order_likelihood.EXTRA[model.model]
        integral = tools.order_model._integral(
            model.a, model.b + y, model.r + x, horizon / 7 / beta
        )
        found = model.orders_if_active(x, 0, age, horizon)
        assert found == pytest.approx(integral, rel=1e-8)


def test_wait_is_the_median():
    for model in MODELS:
        for x, last, age in HISTORIES:
            wait = model.wait(x, last, age)
            assert model.order_if_active(x, last, age, wait) == pytest.approx(0.5)


@pytest.mark.parametrize("scale", [0.3, 40.0, 900.0])
def test_present_value_month_by_month(scale):
    """The few nodes give what all 36 months give."""
    model = OrderModel("mbg_nbd", 0.5, scale / 7, 0.9, 1.6)
    discount = tools.discount
    days, weights = discount.nodes(0.12, (12, 36), model.curve_scale)
    for x, age in ((0, 0), (4, 300), (90, 2000)):
        curve = [model.orders_if_active(x, 0, age, day) for day in days]
        for months, row in zip((12, 36), weights, strict=True):
            found = sum(w * e for w, e in zip(row, curve, strict=True))
            orders = [
                model.orders_if_active(x, 0, age, discount.DAYS_PER_MONTH * k)
                for k in range(months + 1)
            ]
            exact = sum(
                (orders[k] - orders[k - 1]) * 1.12 ** (-k / 12)
                for k in range(1, months + 1)
            )
            assert found == pytest.approx(exact, rel=2e-6)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_read_off_the_curve(model):
    """Many ages of one x: the same as each for itself."""
    settings = tools.score.Settings()
    for x in (0, 4, 100):
        places = {(x, age) for age in range(x, 1700)}
        many = tools.promise.promise(places, model, settings)
        for age in range(x, 1700, 97):
            alone = tools.promise.promise({(x, age)}, model, settings)
            assert many[x, age] == pytest.approx(alone[x, age], rel=1e-5)


def test_value_follows_margin_and_lag():
    models = (MODELS[0], tools.spend_model.MeanSpend(50.0))
    plain, poor, late = tools.score.score(
        [
            Customer(1, 3, 200, 220, 60.0),
            Customer(2, 3, 200, 220, 60.0, margin_rate=-0.2),
            Customer(3, 3, 200, 220, 60.0, lag=365.0),
        ],
        models,
        tools.score.Settings(yearly_rate=0.25),
    )
    assert poor.lifetime == pytest.approx([-0.2 * value for value in plain.lifetime])
    assert late.lifetime == pytest.approx([value / 1.25 for value in plain.lifetime])
    assert plain.lifetime == tuple(sorted(plain.lifetime))


# -- Uncertainty ---------------------------------------------------------------


SIMPLE = tools.interval_model.IntervalModel(30.0, 0.05, 3.0)


@pytest.mark.parametrize("history", [(0, 0, 20), (0, 0, 300), (9, 270, 280)], ids=str)
def test_futures_of_the_simple_estimate(history):
    """On average they bring as much as the score says."""
    customer = Customer("A", *history, 100.0, 0.4, 45.0, valued=1)
    models = SIMPLE, tools.spend_model.MeanSpend(100.0)
    settings = tools.score.Settings(yearly_rate=0.2)
    [score] = tools.score.score([customer], models, settings)
    futures = tools.uncertainty.simulate(
        customer, [SIMPLE], models[1], 24 * 365.25 / 12, 4000, yearly_rate=0.2
    )
    values = [value * 0.4 * 1.2 ** (-45 / 365) for _orders, value in futures]
    # What three standard errors of the mean allow.
    error = 3 * stdev(values) / 4000**0.5
    assert fmean(values) == pytest.approx(score.lifetime[1], abs=error)
    low, high = tools.uncertainty.likely(customer, [SIMPLE], models[1], 24, 0.2)
    assert low <= score.lifetime[1] <= high or history == (0, 0, 300)
    inside = sum(low <= value <= high for value in values) / len(values)
    assert inside == pytest.approx(0.8, abs=0.15)


def test_no_future_is_no_range():
    """Who is lost brings nothing in nearly all futures: not a range around zero."""
    customer = Customer("A", 5, 50, 4000, 100.0, 0.4)
    found = tools.uncertainty.likely(
        customer,
        [SIMPLE],
        tools.spend_model.MeanSpend(100.0),
        24,
        0.1,
    )
    assert found == (0, 0)


def test_redraw(simulated):
    """Ten alike and one gone: estimates of eleven drawn again differ in how many of the
    gone there are. Of a hundred thousand nothing is drawn again."""
    histories = [(9, 270, 270)] * 10 + [(0, 0, 400)]
    model = tools.interval_model.estimate(histories)
    found = tools.uncertainty.redraw(histories, model, 50)
    assert len(found) == 50
    assert len(set(found)) > 1
    assert found == tools.uncertainty.redraw(histories, model, 50)
    many = [(9, 270, 270)] * 100_001
    [alone] = tools.uncertainty.redraw(many, model)
    assert alone == model
    customers, _cells = simulated
    fitted = tools.fit.fit(customers).orders
    draws = tools.uncertainty.redraw([one[1:4] for one in customers], fitted, 30)
    assert len(draws) == 30
    assert len(set(draws)) == 30


def test_intervals_repeat_and_agree(simulated):
    """Curvature and bootstrap say about the same, and the same twice."""
    customers, cells = simulated
    uncertainty = tools.uncertainty
    model = tools.fit.fit(customers).orders
    matrix = uncertainty.covariance(cells, model)
    draws = uncertainty.parameter_draws(model, matrix, 300, seed=1)
    assert draws == uncertainty.parameter_draws(model, matrix, 300, seed=1)
    histories = [one[1:4] for one in customers]
    refits = uncertainty.bootstrap(histories, model, 12, seed=1)
    assert refits[:2] == uncertainty.bootstrap(histories, model, 2, seed=1)

    def orders(model):
        return model.active(4, 300, 330) * model.orders_if_active(4, 300, 330, 365)

    low, high = uncertainty.interval(map(orders, draws))
    assert low < orders(model) < high
    assert high - low < 0.3 * orders(model)
    spread = uncertainty.interval(map(orders, refits), 1.0)
    assert spread[0] < high and spread[1] > low


def test_futures_of_one_customer():
    """Their mean is what the model expects; their spread is far wider."""
    model, spend = MODELS[0], tools.spend_model.GammaGamma(6.25, 3.74, 15.44)
    customer = Customer("A", 6, 250, 270, 40.0)
    futures = tools.uncertainty.simulate(customer, [model], spend, 365, 6000, seed=3)
    expected = model.active(6, 250, 270) * model.orders_if_active(6, 250, 270, 365)
    assert fmean(orders for orders, _value in futures) == pytest.approx(
        expected, rel=0.05
    )
    value = expected * spend.value(6, 40.0)
    assert fmean(value for _orders, value in futures) == pytest.approx(value, rel=0.06)
    low, high = tools.uncertainty.interval([value for _orders, value in futures])
    assert low < value < high
    assert futures == tools.uncertainty.simulate(
        customer, [model], spend, 365, 6000, seed=3
    )


def test_bench():
    [measure] = measure_fit(((1000, 60.0),), rounds=1)
    assert measure.ok
    assert "1,000 customers" in measure.what


# -- Bad input -----------------------------------------------------------------


@pytest.mark.parametrize("history", [(1, 10, 5), (-1, 0, 5), (0, 3, 5), (1, -1, 5)])
def test_impossible_histories(history):
    with pytest.raises(ValueError, match="not a history of orders"):
        tools.cells.collapse([history])


def test_minimiser_survives_a_cliff():
    """Where the function cannot be computed, steps are shortened."""

    def cliff(point):
        (x,) = point
        if x > 1:
            return math.inf, [math.nan]
        return (x - 0.9) ** 2, [2 * (x - 0.9)]

    found = tools.minimize.minimize(cliff, (-3.0,), 8)
    assert found.converged and found.point[0] == pytest.approx(0.9)


def test_minimiser_in_a_curved_valley():
    """Rosenbrock's function, the usual trial."""

    def valley(point):
        x, y = point
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2, [
            -2 * (1 - x) - 400 * x * (y - x * x),
            200 * (y - x * x),
        ]

    random = Random(1)
    for _start in range(5):
        start = (random.uniform(-2, 2), random.uniform(-1, 3))
        found = tools.minimize.minimize(valley, start, 8, limit=500)
        assert found.point == pytest.approx((1, 1), abs=1e-5)
