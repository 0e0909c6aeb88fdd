# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The simple estimate for when there is too little to fit a model: own intervals.

Everybody's interval is drawn towards the usual one by as much as one interval weighs,
everybody's chance to be lost after an order towards the usual one by as much as two
orders weigh:

- ḡ = Σ t_x / Σ x is the usual interval of those who came back;
- the interval of a customer is (ḡ + t_x) / (1 + x);
- c = (silent + 1) / (orders + 2) is the usual chance to be lost after an order, silent
  being those idle for over three intervals; that of a customer is c' = 2c / (2 + x);
- an active customer is silent for so long with ((ḡ + t_x) / (ḡ + T))^(1+x), and active
  with odds of that times (1 − c') / c';
- an active customer orders within h with 1 − (1 + h/(ḡ+T))^−(1+x), and in h
  (1 − (1 + c' h/(ḡ+T))^−(1+x)) / c' times.

This is about what MBG/NBD says with r = 1, α = ḡ, a = 2c and b = 2 − 2c, found by
counting.
It answers the same questions as :class:`.order_model.OrderModel`, so that a caller need
not know which of them it has, and says in ``model`` that it is the estimate.
"""

from dataclasses import dataclass
from math import exp, expm1, log1p

#: Idle for so many usual intervals, a customer counts as silent.
SILENT_INTERVALS = 3


@dataclass(frozen=True, slots=True)
class IntervalModel:
    """The simple estimate.

    :param gap: ḡ, usual days between orders
    :param loss: c, probability of being lost after an order
    """

    gap: float
    loss: float
    model = "interval"

    @property
    def parameters(self):
        """Name → value, to be stored."""
        return {"gap": self.gap, "loss": self.loss}

    def interval(self, x, last):
        """Return the usual days between the customer's orders.

        >>> IntervalModel(30, 0.2).interval(3, 90)
        30.0
        """
        return (self.gap + last) / (x + 1)

    def silence(self, x, last, age):
        """Return the probability of being silent for so long while active.

        >>> IntervalModel(30, 0.2).silence(1, 30, 90)  # (60 / 120)²
        0.25
        """
        return exp(-(x + 1) * log1p((age - last) / (self.gap + last)))

    def active(self, x, last, age):
        """Return the probability that the customer has not been lost.

        >>> IntervalModel(30, 0.2).active(0, 0, 0)
        0.8
        """
        loss = self._loss(x)
        kept = (1 - loss) * self.silence(x, last, age)
        return kept / (kept + loss)

    def _loss(self, x):
        return 2 * self.loss / (2 + x)

    def order_if_active(self, x, _last, age, horizon):
        """Return the probability that an active customer orders within so many days."""
        return -expm1(-(x + 1) * log1p(horizon / (self.gap + age)))

    def orders_if_active(self, x, _last, age, horizon):
        """Return the orders to be expected of an active customer within so many days.

        >>> round(IntervalModel(30, 0.4).orders_if_active(2, 0, 0, 150), 6)  # 5 − 5/2³
        4.375
        """
        loss = self._loss(x)
        share = loss * horizon / (self.gap + age)
        return -expm1(-(x + 1) * log1p(share)) / loss

    def wait(self, x, _last, age, probability=0.5):
        """Return the days by which an active customer has ordered with that chance.

        >>> IntervalModel(30, 0.2).wait(0, 0, 10)
        40.0
        """
        return (self.gap + age) * expm1(-log1p(-probability) / (x + 1))

    @property
    def curve_scale(self):
        """Days on whose scale expectations bend: see :mod:`.chebyshev`."""
        return self.gap


def estimate(customers):
    """Return the simple estimate, or None when nobody ever came back.

    :param customers: iterable of (x, t_x, T), times in days

    Two came back, after 20 and after 2 × 20 days: ḡ = 20. The one idle for 400 days
    is silent: c = (1 + 1) / (6 + 2).

    >>> estimate([(1, 20, 30), (2, 40, 440), (0, 0, 10)])
    IntervalModel(gap=20.0, loss=0.25)
    >>> estimate([(0, 0, 10)]) is None
    True
    """
    customers = list(customers)
    repeats = sum(x for x, _last, _age in customers)
    time = sum(last for _x, last, _age in customers)
    if not repeats or time <= 0:
        return None
    gap = time / repeats
    silent = sum(
        age - last > SILENT_INTERVALS * (last + gap) / (x + 1)
        for x, last, age in customers
    )
    orders = repeats + len(customers)
    return IntervalModel(gap, (silent + 1) / (orders + 2))
