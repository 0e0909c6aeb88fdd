# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How sure the figures are: standard errors, intervals, and what one customer may do.

Two kinds of uncertainty are kept apart. The *parameters* could have come out otherwise:
:func:`parameter_draws` (from the curvature of the likelihood, a few evaluations) or
:func:`bootstrap` (refits on customers drawn again, for small portfolios) give other
parameters that fit about as well, and :func:`interval` what a figure becomes with them.
A *customer* is more uncertain than that: :func:`simulate` lets one live many futures.
Seeds make every interval repeatable.
"""

from collections import Counter
from math import ceil, exp, log, sqrt
from random import Random

from . import order_likelihood
from .cells import from_counts
from .discount import DAYS_PER_MONTH
from .estimation import BOUND, fit_orders
from .interval_model import IntervalModel, estimate
from .order_model import OrderModel

_STEP = 1e-4
#: So many customers are drawn again in all; of more, the parameters are sure enough.
_REDRAWN = 100_000


def covariance(cells, orders):
    """Return the covariance of the logarithms of the parameters: the inverse of the
    second derivatives of −ln L, as differences of the first ones.

    :param cells: :class:`.cells.Cells` the model was fitted to
    :param orders: :class:`.order_model.OrderModel`
    :return: list of lists, or None where the likelihood has no proper top
    """
    point = [log(value) for value in orders.parameters.values()]

    def slopes(logs):
        values = [exp(x) for x in logs]
        _total, by = order_likelihood.log_likelihood(values, cells, orders.model)
        return [-slope * value for slope, value in zip(by, values, strict=True)]

    rows = []
    for i in range(len(point)):
        sides = []
        for step in (_STEP, -_STEP):
            moved = list(point)
            moved[i] += step
            sides.append(slopes(moved))
        rows.append(
            [(up - down) / (2 * _STEP) for up, down in zip(*sides, strict=True)]
        )
    size = range(len(point))
    factor = _cholesky([[(rows[i][j] + rows[j][i]) / 2 for j in size] for i in size])
    return factor and _inverse(factor)


def standard_errors(matrix):
    """Return the standard errors of the logarithms of the parameters.

    >>> standard_errors([[4.0, 1.0], [1.0, 9.0]])
    [2.0, 3.0]
    """
    return [sqrt(matrix[i][i]) for i in range(len(matrix))]


def parameter_draws(orders, matrix, number=200, seed=0):
    """Return models with other parameters that fit about as well.

    :param matrix: of :func:`covariance`
    :return: list of :class:`.order_model.OrderModel`
    """
    random = Random(seed)
    point = [log(value) for value in orders.parameters.values()]
    factor = _cholesky(matrix)
    models = []
    for _draw in range(number):
        normal = [random.gauss(0.0, 1.0) for _x in point]
        logs = [
            x + sum(f * z for f, z in zip(row, normal, strict=True))
            for x, row in zip(point, factor, strict=True)
        ]
        values = [exp(min(max(x, -BOUND), BOUND)) for x in logs]
        models.append(OrderModel(orders.model, *values))
    return models


def bootstrap(customers, orders, number=100, seed=0):
    """Return models fitted to as many customers, drawn again with replacement.

    :param customers: iterable of (x, t_x, T), times in days
    :param orders: the model fitted to them, from which the fits start
    :return: list of models; refits that are refused are left out
    """
    customers = list(customers)
    random = Random(seed)
    models = []
    for _round in range(number):
        drawn = Counter(random.choices(customers, k=len(customers)))
        found = fit_orders(
            from_counts(drawn),
            orders.model,
            min_customers=1,
            min_repeaters=1,
            start=tuple(orders.parameters.values()),
        )
        if not found.refusal:
            models.append(OrderModel(orders.model, **found.parameters))
    return models


def redraw(customers, orders, number=100, seed=0):
    """Return models that say about as well what customers did, to let one live by.

    Of the simple estimate, which has no likelihood, those of customers drawn again; of
    a fitted model those of :func:`parameter_draws`.

    :param customers: iterable of (x, t_x, T), times in days
    :param orders: the model in use
    :return: list of models of the same kind, at least one
    """
    customers = list(customers)
    if isinstance(orders, IntervalModel):
        random = Random(seed)
        rounds = min(number, _REDRAWN // max(len(customers), 1))
        found = [
            estimate(random.choices(customers, k=len(customers)))
            for _round in range(rounds)
        ]
        return [each for each in found if each] or [orders]
    matrix = covariance(from_counts(Counter(customers)), orders)
    if matrix is None:
        return [orders]
    return parameter_draws(orders, matrix, number, seed)


def interval(figures, confidence=0.8):
    """Return the bounds that hold the middle of the figures, interpolated.

    >>> interval(range(11), 0.8)
    (1.0, 9.0)
    >>> interval([3.0])
    (3.0, 3.0)
    """
    ordered = sorted(figures)
    bounds = []
    for share in ((1 - confidence) / 2, (1 + confidence) / 2):
        place = round(share * (len(ordered) - 1), 9)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        bounds.append(ordered[low] + (place - low) * (ordered[high] - ordered[low]))
    return tuple(bounds)


def simulate(
    customer, models, spend=None, horizon=365, number=1000, seed=0, yearly_rate=0.0
):
    """Let a customer live many futures; return (orders, their value) of each.

    Every future draws one of the models, whether the customer is active, the own order
    rate and chance to be lost, and with a Gamma-Gamma model the own mean order value.

    :param customer: :class:`.customers.Customer`
    :param models: list of :class:`.order_model.OrderModel`, e.g. of
        :func:`parameter_draws`; the fitted one alone leaves its uncertainty out
    :param spend: model of the order value; without one the values are None
    :param horizon: days
    :param yearly_rate: discount rate of the values, by the end of the month
    :return: list of pairs
    """
    random = Random(seed)
    x, last, age = customer[1:4]
    futures = []
    for _future in range(number):
        days = _future_days(random.choice(models), x, last, age, horizon, random)
        orders, value = len(days), None
        if spend is not None:
            value = orders and _future_value(spend, *customer.spends, orders, random)
            if orders and yearly_rate:
                value *= _present(days, yearly_rate)
        futures.append((orders, value))
    return futures


def likely(customer, models, spend, months, yearly_rate, confidence=0.8, number=1000):
    """Return what the orders of the next months may bring of one customer, as present
    value of the margin: the bounds that hold so many of its futures.

    :param customer: :class:`.customers.Customer`
    :param models: of :func:`redraw`
    :param spend: model of the order value
    """
    horizon = months * DAYS_PER_MONTH
    futures = simulate(
        customer, models, spend, horizon, number, yearly_rate=yearly_rate
    )
    worth = customer.margin_rate * (1.0 + yearly_rate) ** (-customer.lag / 365)
    return interval([worth * value for _orders, value in futures], confidence)


def _present(days, yearly_rate):
    """Return the mean present value of a unit of money on each of some days.

    >>> _present([180, 365], 3.0)  # (4^(−6/12) + 4^(−12/12)) / 2
    0.375
    """
    values = [(1.0 + yearly_rate) ** (-ceil(day / DAYS_PER_MONTH) / 12) for day in days]
    return sum(values) / len(values)


def _future_days(model, x, last, age, horizon, random):
    """Return the days from today on which the customer orders, in one future."""
    if random.random() >= model.active(x, last, age):
        return []
    rate, lost = model.draw(x, age, random)
    days, time = [], random.expovariate(rate) if rate > 0 else horizon
    while time < horizon:
        days.append(time)
        if random.random() < lost:
            break
        time += random.expovariate(rate)
    return days


def _future_value(spend, x, mean, orders, random):
    """Draw the value of so many orders: gamma(p n, ν) with the customer's own
    ν ~ gamma(px + q, γ + x z)."""
    if spend.model != "gamma_gamma":
        return orders * spend.value(x, mean)
    if mean <= 0:
        x = mean = 0
    own = random.gammavariate(spend.p * x + spend.q, 1 / (spend.gamma + x * mean))
    return random.gammavariate(spend.p * orders, 1 / own)


def _cholesky(matrix):
    """Return the lower triangle L with L Lᵀ = matrix, None if there is none.

    >>> _cholesky([[4.0, 2.0], [2.0, 5.0]])
    [[2.0, 0.0], [1.0, 2.0]]
    >>> _cholesky([[1.0, 2.0], [2.0, 1.0]]) is None
    True
    """
    size = len(matrix)
    factor = [[0.0] * size for _row in matrix]
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i][j] - sum(factor[i][k] * factor[j][k] for k in range(j))
            if i != j:
                factor[i][j] = rest / factor[j][j]
            elif rest <= 0:
                return None
            else:
                factor[i][i] = sqrt(rest)
    return factor


def _inverse(factor):
    """Return the inverse of L Lᵀ.

    >>> _inverse([[2.0, 0.0], [1.0, 2.0]])
    [[0.3125, -0.125], [-0.125, 0.25]]
    """
    size = len(factor)
    columns = []
    for unit in range(size):
        column = [float(i == unit) for i in range(size)]
        for i in range(size):
            known = sum(factor[i][k] * column[k] for k in range(i))
            column[i] = (column[i] - known) / factor[i][i]
        for i in reversed(range(size)):
            known = sum(factor[k][i] * column[k] for k in range(i + 1, size))
            column[i] = (column[i] - known) / factor[i][i]
        columns.append(column)
    return columns
