# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find the parameters of the models, or the reason why they cannot be found."""

from dataclasses import dataclass
from math import exp, log

from . import order_likelihood, spend_likelihood
from .cells import DAYS_PER_WEEK
from .minimize import minimize

MIN_CUSTOMERS = 200
MIN_REPEATERS = 50

#: Largest absolute logarithm of a parameter: beyond it the model is another, simpler
#: one (everybody alike, nobody ever lost) and its parameters mean nothing.
BOUND = 8.0
#: A search that ends this near to the bound was on its way there.
_NEAR = 7.9
#: Spend has no expectation up to q = 1, and just above one that means nothing.
_MIN_Q = 1.05


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a model was not fitted; the caller puts it into words.

    :param code: ``few_customers``, ``few_repeaters``, ``bound``, ``not_converged``
        or ``no_mean`` (spend so uneven that its expectation is infinite)
    :param found: customers, or the name of the parameter on its bound
    :param needed: customers needed
    """

    code: str
    found: object = None
    needed: int | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """One fitted model.

    :param parameters: name → value; of a refused model at most where the search ended
    :param refusal: :class:`Refusal` or None
    :param log_likelihood: at the optimum, None when there is none
    :param evaluations: of the likelihood
    """

    parameters: dict
    refusal: Refusal | None = None
    log_likelihood: float | None = None
    evaluations: int = 0


def fit_orders(
    cells,
    model="mbg_nbd",
    min_customers=MIN_CUSTOMERS,
    min_repeaters=MIN_REPEATERS,
    start=None,
):
    """Fit a model of orders to cells.

    :param cells: :class:`.cells.Cells`
    :param start: parameters to start from (as from an earlier fit)
    :return: :class:`Fit`
    """
    if cells.customers < min_customers:
        return Fit({}, Refusal("few_customers", cells.customers, min_customers))
    if cells.repeaters < min_repeaters:
        return Fit({}, Refusal("few_repeaters", cells.repeaters, min_repeaters))
    # α starts where times are, in whatever rhythm the trade goes.
    scale = sum(cells.times) / len(cells.times) / 4
    return _maximise(
        lambda values: order_likelihood.log_likelihood(values, cells, model),
        order_likelihood.PARAMETERS,
        start or (0.5, max(scale, 1 / DAYS_PER_WEEK), 1.0, 2.0),
        cells.customers,
    )


def fit_spend(values, min_repeaters=MIN_REPEATERS, min_customers=1):
    """Fit the Gamma-Gamma model.

    How uneven a customer's own orders are it has to tell from means alone. Of few
    customers, some of them large, it says anything: so it needs as many as the orders.

    :param values: iterable of (x, mean value of the repeat orders)
    :return: :class:`Fit`; when refused, its parameters hold the mean, if there is one
    """
    values = list(values)
    spend = spend_likelihood.collect(values)
    mean = _mean_value(values)
    simple = {} if mean is None else {"mean": mean}
    if spend.customers < min_repeaters:
        return Fit(simple, Refusal("few_repeaters", spend.customers, min_repeaters))
    if len(values) < min_customers:
        return Fit(simple, Refusal("few_customers", len(values), min_customers))
    found = _maximise(
        lambda values: spend_likelihood.log_likelihood(values, spend),
        spend_likelihood.PARAMETERS,
        (3.0, 3.0, spend.scale),
        spend.customers,
        units=(1.0, 1.0, spend.scale),
    )
    refusal = found.refusal
    if not refusal and found.parameters["q"] <= _MIN_Q:
        refusal = Refusal("no_mean")
    return Fit(simple, refusal) if refusal else found


def _maximise(function, names, start, number, units=None):
    """Maximise a likelihood over the logarithms of its parameters."""
    units = units or (1.0,) * len(names)

    def loss(point):
        values = [unit * exp(x) for unit, x in zip(units, point, strict=True)]
        total, slopes = function(values)
        return -total / number, [
            -slope * value / number for slope, value in zip(slopes, values, strict=True)
        ]

    origin = [log(value / unit) for value, unit in zip(start, units, strict=True)]
    found = minimize(loss, origin, BOUND)
    values = [unit * exp(x) for unit, x in zip(units, found.point, strict=True)]
    refusal = None
    beyond = [n for n, x in zip(names, found.point, strict=True) if abs(x) > _NEAR]
    if beyond:
        refusal = Refusal("bound", beyond[0])
    elif not found.converged:
        refusal = Refusal("not_converged")
    return Fit(
        dict(zip(names, values, strict=True)),
        refusal,
        -found.value * number,
        found.evaluations,
    )


def _mean_value(values):
    """Return the mean value of all repeat orders with a positive one, or None."""
    positive = [(x, value) for x, value in values if x and value > 0]
    orders = sum(x for x, _value in positive)
    return sum(x * value for x, value in positive) / orders if orders else None
