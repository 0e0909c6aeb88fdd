# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a fitted model of orders says of a customer: BG/NBD and MBG/NBD.

With β = α + T, s = r + x and y the orders after which the customer may have been lost
(see :mod:`.order_likelihood`), an active customer's rate is gamma(s, β) and the chance
to be lost after an order beta(a, b + y). All times are days at the door.
"""

from dataclasses import dataclass
from math import exp, expm1, log, log1p

from .cells import DAYS_PER_WEEK
from .order_likelihood import EXTRA
from .quadrature import beta_nodes

#: Below this first parameter the series would lose digits: its terms alternate.
_ALTERNATING = -8.0
#: Above this a the series would need thousands of terms.
_SLOW = 30.0
_LIMIT = 20_000
_HUGE = 1e250
#: Logarithm of a time that is as good as for ever.
_LONG = 100.0


@dataclass(frozen=True, slots=True)
class OrderModel:
    """A fitted model of repeat orders.

    :param model: ``mbg_nbd`` or ``bg_nbd``
    """

    model: str
    r: float
    alpha: float
    a: float
    b: float

    @property
    def parameters(self):
        """Name → value, to be stored."""
        return {"r": self.r, "alpha": self.alpha, "a": self.a, "b": self.b}

    def draw(self, x, age, random):
        """Return what one active customer may be like: orders a day, chance to be lost.

        :param random: :class:`random.Random`
        """
        rate = random.gammavariate(self.r + x, 1 / (self.alpha * DAYS_PER_WEEK + age))
        return rate, random.betavariate(self.a, self.b + x + EXTRA[self.model])

    def active(self, x, last, age):
        """Return P(alive): the probability that the customer has not been lost.

        1 / (1 + [y>0] a/(b+y−1) ((α+T)/(α+t_x))^(r+x)): Fader, Hardie & Lee (2008,
        "Computing P(alive) using the BG/NBD model"), Batislam et al. (2007). In BG/NBD
        it is 1 for every one-time buyer: no measure of churn.

        :param x: repeat orders
        :param last: days from first to last order
        :param age: days from first order to the as-of date

        >>> OrderModel("mbg_nbd", 1, 1, 1, 1).active(0, 0, 70)  # 1 / (1 + 11)
        0.08333333333333333
        >>> OrderModel("bg_nbd", 1, 1, 1, 1).active(0, 0, 70)
        1.0
        """
        y = x + EXTRA[self.model]
        if not y:
            return 1.0
        start = self.alpha + last / DAYS_PER_WEEK
        idle = log1p((age - last) / DAYS_PER_WEEK / start)
        odds = (self.b + y - 1) / self.a * exp(-(self.r + x) * idle)
        return odds / (1.0 + odds)

    def order_if_active(self, x, _last, age, horizon):
        """Return the probability that an active customer orders within some days.

        1 − (β / (β + h))^s: nobody is lost before the next order, only after it.

        >>> OrderModel("mbg_nbd", 1, 1, 1, 1).order_if_active(0, 0, 70, 77)
        0.5
        """
        beta = self.alpha + age / DAYS_PER_WEEK
        return -expm1(-(self.r + x) * log1p(horizon / DAYS_PER_WEEK / beta))

    def orders_if_active(self, x, _last, age, horizon):
        """Return the orders to be expected of an active customer in ``horizon`` days.

        Fader et al. (2005, eq. 10) without P(alive): with C = a+b+y−1 and z = h/(β+h),
        C/(a−1) · [1 − (1−z)^s ₂F₁(s, b+y; C; z)]. Euler's transformation turns this
        into C/(a−1) · [1 − (1−z)^(a−1) ₂F₁(C−s, a−1; C; z)], whose terms stay small
        for any number of orders; its constant and a − 1 cancel, so that a = 1 is no
        exception:

            −C (exp(ε L) − 1)/ε − exp(ε L) Σ (C−s)ₙ (a)ₙ₋₁ / ((C+1)ₙ₋₁ n!) zⁿ

        with ε = a − 1, L = ln(1−z), n from 1.

        :return: number, which the caller multiplies with :meth:`active`

        With all parameters 1 and z = 1/2, −ln(1−z) − z/2 · … = E[(1 − 1/(1+p))/p]:

        >>> model = OrderModel("bg_nbd", 1, 1, 1, 1)
        >>> round(model.orders_if_active(0, 0, 0, 7), 9)  # ln 2
        0.693147181
        """
        y = x + EXTRA[self.model]
        beta = self.alpha + age / DAYS_PER_WEEK
        time = horizon / DAYS_PER_WEEK
        s, c = self.r + x, self.a + self.b + y - 1
        if c - s < _ALTERNATING or self.a > _SLOW:
            return _integral(self.a, self.b + y, s, time / beta)
        log_left, rest = -log1p(time / beta), self.a - 1
        first = expm1(rest * log_left) / rest if abs(rest) > 1e-12 else log_left
        total, log_scale = _series(c - s, self.a, c, time / (beta + time))
        return -c * first - exp(rest * log_left + log_scale) * total

    def wait(self, x, _last, age, probability=0.5):
        """Return the days by which an active customer has ordered with the given
        probability: β ((1 − probability)^(−1/s) − 1).

        >>> OrderModel("mbg_nbd", 1, 1, 1, 1).wait(0, 0, 70)
        77.0
        """
        beta = self.alpha + age / DAYS_PER_WEEK
        exponent = -log1p(-probability) / (self.r + x)
        return beta * expm1(min(exponent, _LONG)) * DAYS_PER_WEEK

    def interval(self, x, last):
        """Return the days between orders that are usual for the customer.

        (α + t_x) / (r + x): the own interval, drawn towards everyone's.

        >>> OrderModel("mbg_nbd", 1, 1, 1, 1).interval(3, 49)
        14.0
        """
        return (self.alpha + last / DAYS_PER_WEEK) / (self.r + x) * DAYS_PER_WEEK

    @property
    def curve_scale(self):
        """Days on whose scale expectations bend: see :mod:`.chebyshev`."""
        return self.alpha * DAYS_PER_WEEK


def _series(first, a, c, z):
    """Return Σ (first)ₙ (a)ₙ₋₁ / ((c+1)ₙ₋₁ n!) zⁿ from n = 1, and the logarithm of the
    factor that was taken out of it."""
    term = total = first * z
    log_scale = 0.0
    for n in range(1, _LIMIT):
        ratio = (first + n) * (a + n - 1) / ((c + n) * (n + 1)) * z
        term *= ratio
        total += term
        if abs(term) <= 1e-10 * abs(total) * (1.0 - z) and ratio < 1:
            break
        if abs(total) > _HUGE:
            term /= _HUGE
            total /= _HUGE
            log_scale += log(_HUGE)
    return total, log_scale


def _integral(a, b, s, ratio):
    """Return E[(1 − (1 + p h/β)^−s) / p] over p ~ Beta(a, b): the same number."""
    return sum(
        weight * -expm1(-s * log1p(p * ratio)) / p for p, weight in beta_nodes(a, b)
    )
