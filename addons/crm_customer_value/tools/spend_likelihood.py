# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The likelihood of average order values: Gamma-Gamma.

Fader & Hardie (2013, "The Gamma-Gamma model of monetary value", note 025, eq. 1a; the
model is Colombo & Jiang's of 1999): the value of an order is gamma distributed around
the customer's own mean, which varies over the customers, independently of how often
they order. For x repeat orders of the mean value z:

    ln L = ln Γ(px+q) − ln Γ(px) − ln Γ(q) + q ln γ
         + (px−1) ln z + px ln x − (px+q) ln(γ + x z)
"""

from collections import defaultdict
from dataclasses import dataclass
from math import lgamma, log

from .gamma import digamma

PARAMETERS = ("p", "q", "gamma")


@dataclass(frozen=True, slots=True)
class Spend:
    """Customers who ordered again, collapsed by number of repeat orders.

    :param groups: list of (x, total repeat values x z, Σ ln z) by x
    :param customers: how many they are
    :param scale: the mean value that the totals are divided by
    """

    groups: list
    customers: int
    scale: float


def collect(values):
    """Collect the customers of whom the spend model can learn.

    :param values: iterable of (x, mean value of the repeat orders); customers without
        repeat order or without positive mean are left out
    :return: :class:`Spend`

    >>> collect([(1, 30.0), (0, 0.0), (2, 10.0), (1, -4.0)])
    Spend(groups=[(1, [1.5], 0.4054651081081644), (2, [1.0], -0.6931471805599453)], \
customers=2, scale=20.0)
    """
    values = [(x, value) for x, value in values if x > 0 and value > 0]
    if not values:
        return Spend([], 0, 1.0)
    scale = sum(value for _x, value in values) / len(values)
    groups = defaultdict(list)
    for x, value in values:
        groups[x].append(value / scale)
    return Spend(
        [
            (x, [x * z for z in means], sum(map(log, means)))
            for x, means in sorted(groups.items())
        ],
        len(values),
        scale,
    )


def log_likelihood(parameters, spend):
    """Return the log-likelihood and its derivatives by p, q and γ.

    :param parameters: p, q and γ; γ in the unit of the values
    :param spend: :class:`Spend`
    :return: number, list of three

    One repeat order of 2 with all parameters 1: 1 / (1 + 2)².

    >>> from math import exp
    >>> round(exp(log_likelihood((1, 1, 1), collect([(1, 2.0)]))[0]), 9)
    0.111111111
    """
    p, q, gamma = parameters
    scale = spend.scale
    gamma /= scale
    log_gamma, gamma_q, psi_q = log(gamma), lgamma(q), digamma(q)
    total = by_p = by_q = by_gamma = 0.0
    for x, totals, sum_log_z in spend.groups:
        number, px = len(totals), p * x
        above = [gamma + w for w in totals]
        sum_log = sum(map(log, above))
        sum_inverse = sum([1.0 / w for w in above])
        log_x, psi_both = log(x), digamma(px + q)
        total += number * (lgamma(px + q) - lgamma(px) - gamma_q + q * log_gamma)
        total += (px - 1) * sum_log_z + number * px * log_x - (px + q) * sum_log
        by_p += x * (number * (psi_both - digamma(px) + log_x) + sum_log_z - sum_log)
        by_q += number * (psi_both - psi_q + log_gamma) - sum_log
        by_gamma += number * q / gamma - (px + q) * sum_inverse
    total -= spend.customers * log(scale)
    return total, [by_p, by_q, by_gamma / scale]
