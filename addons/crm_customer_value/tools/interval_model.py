# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The simple estimate for when there is too little to fit a model: own intervals.

Everybody is taken to order at an own interval and to be lost after an order with one
and the same probability c:

- the usual interval g of a customer is (t_x + ḡ) / (x + 1): the own intervals and one
  that is everyone's, ḡ = Σ t_x / Σ x over those who came back;
- c = (silent + 1) / (orders + 2), silent being those idle for over three intervals;
- active = (1−c) e^(−idle/g) / ((1−c) e^(−idle/g) + c);
- an active customer orders within h with 1 − e^(−h/g), and (1 − e^(−c h/g)) / c times.

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
        """Return the usual days between orders, never less than one.

        >>> IntervalModel(30, 0.2).interval(3, 90)
        30.0
        """
        return max((last + self.gap) / (x + 1), 1.0)

    def silence(self, x, last, age):
        """Return the probability of being silent for so long while active."""
        return exp(-(age - last) / self.interval(x, last))

    def active(self, x, last, age):
        """Return the probability that the customer has not been lost.

        >>> IntervalModel(30, 0.2).active(0, 0, 0)
        0.8
        """
        kept = (1 - self.loss) * self.silence(x, last, age)
        return kept / (kept + self.loss)

    def order_if_active(self, x, last, _age, horizon):
        """Return the probability that an active customer orders within so many days."""
        return -expm1(-horizon / self.interval(x, last))

    def orders_if_active(self, x, last, _age, horizon):
        """Return the orders to be expected of an active customer within so many days.

        >>> round(IntervalModel(30, 0.2).orders_if_active(0, 0, 0, 1e9), 6)
        5.0
        """
        return -expm1(-self.loss * horizon / self.interval(x, last)) / self.loss

    def wait(self, x, last, _age, probability=0.5):
        """Return the days by which an active customer has ordered with that chance."""
        return -log1p(-probability) * self.interval(x, last)

    def curve_key(self, x, last, _age):
        """Return what the functions of an active customer depend on."""
        return x, last

    @property
    def curve_scale(self):
        """None: the curves are cheap and computed month by month."""
        return None


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
