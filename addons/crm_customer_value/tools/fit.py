# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fit the models to customers, or say why not and estimate instead."""

from collections import Counter
from dataclasses import dataclass
from math import sqrt

from .cells import collapse
from .estimation import (
    MIN_CUSTOMERS,
    MIN_REPEATERS,
    Fit,
    Refusal,
    fit_orders,
    fit_spend,
)
from .interval_model import IntervalModel, estimate
from .order_model import OrderModel
from .spend_model import GammaGamma, MeanSpend


@dataclass(frozen=True, slots=True)
class FitResult:
    """What :func:`fit` found out about a portfolio.

    :param orders: model of the orders: :class:`.order_model.OrderModel`, the simple
        :class:`.interval_model.IntervalModel`, or None when nobody ever came back
    :param spend: model of the order value: :class:`.spend_model.GammaGamma`, the
        simple :class:`.spend_model.MeanSpend`, or None without any repeat order
    :param refusal: why ``orders`` is not the model asked for, or None
    :param spend_refusal: why ``spend`` is not the Gamma-Gamma model, or None
    :param log_likelihood: of the orders, None for the simple estimate
    :param spend_log_likelihood: of the order values, None for the simple estimate
    :param customers: how many there are
    :param repeaters: how many of them ordered again
    :param cells: how many different histories they have
    :param correlation: of repeat orders and their mean value, which the spend model
        takes to be 0; from about ±0.3 its values are doubtful. None if undefined
    :param evaluations: of the likelihood of the orders
    """

    orders: object
    spend: object
    refusal: Refusal | None
    spend_refusal: Refusal | None
    log_likelihood: float | None
    spend_log_likelihood: float | None
    customers: int
    repeaters: int
    cells: int
    correlation: float | None
    evaluations: int


def fit(
    customers,
    model="mbg_nbd",
    min_customers=MIN_CUSTOMERS,
    min_repeaters=MIN_REPEATERS,
):
    """Fit the model of the orders and that of their value.

    :param customers: iterable of :class:`.customers.Customer`
    :param model: ``mbg_nbd``, ``bg_nbd``, or ``interval`` for the simple estimate
    :param min_customers: fewer customers are refused
    :param min_repeaters: fewer customers with a second order are refused
    :return: :class:`FitResult`; thin data are no error but a refusal in it

    >>> from .customers import Customer
    >>> result = fit([Customer(1, 2, 20, 30, 50.0), Customer(2, 0, 0, 9)])
    >>> result.refusal, result.orders.model, result.spend
    (Refusal(code='few_customers', found=2, needed=200), 'interval', \
MeanSpend(mean=50.0))
    >>> fit([]).orders is None
    True
    """
    customers = list(customers)
    histories = Counter((each[1], each[2], each[3]) for each in customers)
    repeaters = sum(number for (x, _last, _age), number in histories.items() if x)
    spend = fit_spend((each.spends for each in customers), min_repeaters, min_customers)
    found, orders = Fit({}), None
    if model != IntervalModel.model:
        found = fit_orders(collapse(histories), model, min_customers, min_repeaters)
        if not found.refusal:
            orders = OrderModel(model, **found.parameters)
    return FitResult(
        orders=orders or estimate(histories.elements()),
        spend=_spend_model(spend),
        refusal=found.refusal,
        spend_refusal=spend.refusal,
        log_likelihood=None if found.refusal else found.log_likelihood,
        spend_log_likelihood=None if spend.refusal else spend.log_likelihood,
        customers=len(customers),
        repeaters=repeaters,
        cells=len(histories),
        correlation=_correlation([c.spends for c in customers if c.spends[0]]),
        evaluations=found.evaluations,
    )


def restore(model, parameters, spend_model=None, spend_parameters=None):
    """Return the models of parameters that were stored.

    >>> restore("interval", {"gap": 30.0, "loss": 0.2}, "mean", {"mean": 10.0})
    (IntervalModel(gap=30.0, loss=0.2, alike=1.0), MeanSpend(mean=10.0))
    """
    if model == IntervalModel.model:
        orders = IntervalModel(**parameters)
    else:
        orders = OrderModel(model, **parameters)
    kinds = {kind.model: kind for kind in (GammaGamma, MeanSpend)}
    spend = kinds[spend_model](**spend_parameters) if spend_model else None
    return orders, spend


def _spend_model(found):
    if found.refusal:
        return MeanSpend(**found.parameters) if found.parameters else None
    return GammaGamma(**found.parameters)


def _correlation(pairs):
    """Return Pearson's correlation, or None where one of the two does not vary.

    >>> _correlation([(1, 2.0), (2, 4.0), (3, 6.0)])
    1.0
    """
    if not pairs:
        return None
    mean_x = sum(x for x, _y in pairs) / len(pairs)
    mean_y = sum(y for _x, y in pairs) / len(pairs)
    cross = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    square_x = sum((x - mean_x) ** 2 for x, _y in pairs)
    square_y = sum((y - mean_y) ** 2 for _x, y in pairs)
    if not square_x or not square_y:
        return None
    return cross / sqrt(square_x * square_y)
