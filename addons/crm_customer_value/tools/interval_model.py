# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The simple estimate for when there is too little to fit a model: own intervals.

Everybody's rhythm is drawn towards the usual one by as much as k orders weigh,
everybody's chance to be lost after an order towards the usual one by as much as two
orders weigh:

- ḡ = Σ t_x / Σ x is the usual interval of those who came back;
- the interval of a customer is (k ḡ + t_x) / (k + x);
- k tells how alike rhythms are: where all customers order alike, somebody silent for
  long is gone, even after one order; where rhythms differ much, it may be a slow one.
  It is the shape of a negative binomial distribution by its moments, Σ μ² over the
  excess Σ ((x − μ)² − μ) of those not silent, with μ = T Σ x / Σ T; both drawn towards
  k = 1 by as much as five customers weigh;
- c is the usual chance to be lost after the first order; after x repeats it is
  c' = 2c / (2 + x). So c = (silent + 1) / (n + 2), silent being those idle for over
  three intervals and n = Σ (2/2 + 2/3 + … + 2/(2 + x)) the orders, each as much as c
  counts in it;
- an active customer is silent for so long with ((k ḡ + t_x) / (k ḡ + T))^(k+x), and
  active with odds of that times (1 − c') / c';
- an active customer orders within h with 1 − (1 + h/(k ḡ+T))^−(k+x), and in h
  (1 − (1 + c' h/(k ḡ+T))^−(k+x)) / c' times.

This is what MBG/NBD says with r = k, α = k ḡ, a = 2c and b = 2 − 2c, found by counting,
but for the orders to come, where c' stays the same for all of them.
It answers the same questions as :class:`.order_model.OrderModel`, so that a caller need
not know which of them it has, and says in ``model`` that it is the estimate.
"""

from dataclasses import dataclass
from math import exp, expm1, log1p

#: Idle for so many usual intervals, a customer counts as silent.
SILENT_INTERVALS = 3
#: How many customers the presumption weighs that rhythms differ (k = 1).
PRIOR_CUSTOMERS = 5
#: How many orders the usual chance to be lost weighs.
PRIOR_ORDERS = 2


@dataclass(frozen=True, slots=True)
class IntervalModel:
    """The simple estimate.

    :param gap: ḡ, usual days between orders
    :param loss: c, probability of being lost after the first order
    :param alike: k, how many orders the usual rhythm weighs
    """

    gap: float
    loss: float
    alike: float = 1.0
    model = "interval"

    @property
    def parameters(self):
        """Name → value, to be stored."""
        return {"gap": self.gap, "loss": self.loss, "alike": self.alike}

    @property
    def _time(self):
        return self.alike * self.gap

    def interval(self, x, last):
        """Return the usual days between the customer's orders.

        >>> IntervalModel(30, 0.2).interval(3, 90)
        30.0
        >>> IntervalModel(30, 0.2, 3.0).interval(3, 180)  # halfway to 60
        45.0
        """
        return (self._time + last) / (self.alike + x)

    def silence(self, x, last, age):
        """Return the probability of being silent for so long while active.

        >>> IntervalModel(30, 0.2).silence(1, 30, 90)  # (60 / 120)²
        0.25
        >>> round(IntervalModel(30, 0.2, 4.0).silence(0, 0, 120), 9)  # (120 / 240)⁴
        0.0625
        """
        return exp(-(x + self.alike) * log1p((age - last) / (self._time + last)))

    def active(self, x, last, age):
        """Return the probability that the customer has not been lost.

        >>> IntervalModel(30, 0.2).active(0, 0, 0)
        0.8
        >>> round(IntervalModel(30, 0.2, 4.0).active(0, 0, 120), 9)  # .05 / (.05 + .2)
        0.2
        """
        loss = self._loss(x)
        kept = (1 - loss) * self.silence(x, last, age)
        return kept / (kept + loss)

    def _loss(self, x):
        return PRIOR_ORDERS * self.loss / (PRIOR_ORDERS + x)

    def order_if_active(self, x, _last, age, horizon):
        """Return the probability that an active customer orders within so many days."""
        return -expm1(-(x + self.alike) * log1p(horizon / (self._time + age)))

    def orders_if_active(self, x, _last, age, horizon):
        """Return the orders to be expected of an active customer within so many days.

        >>> round(IntervalModel(30, 0.4).orders_if_active(2, 0, 0, 150), 6)  # 5 − 5/2³
        4.375
        """
        loss = self._loss(x)
        share = loss * horizon / (self._time + age)
        return -expm1(-(x + self.alike) * log1p(share)) / loss

    def wait(self, x, _last, age, probability=0.5):
        """Return the days by which an active customer has ordered with that chance.

        >>> IntervalModel(30, 0.2).wait(0, 0, 10)
        40.0
        """
        return (self._time + age) * expm1(-log1p(-probability) / (x + self.alike))

    def draw(self, x, age, random):
        """Return what one active customer may be like: orders a day, chance to be lost.

        :param random: :class:`random.Random`
        """
        rate = random.gammavariate(self.alike + x, 1 / (self._time + age))
        return rate, self._loss(x)

    @property
    def curve_scale(self):
        """Days on whose scale expectations bend: see :mod:`.chebyshev`."""
        return self._time


def estimate(customers):
    """Return the simple estimate, or None when nobody ever came back.

    :param customers: iterable of (x, t_x, T), times in days

    Two came back, after 20 and after 2 × 20 days: ḡ = 20. The one idle for 400 days
    is silent. Of the others one ordered again in 30 days, one did not in 10: expected
    are 3/4 and 1/4, which is no excess, so k = (5/8 + 5 · 5/16) / (5 · 5/16). The
    orders count 1 + 2/3, 1 + 2/3 + 1/2 and 1, and c = 2 / (29/6 + 2).

    >>> found = estimate([(1, 20, 30), (2, 40, 440), (0, 0, 10)])
    >>> found.gap, round(found.loss * 41, 9), round(found.alike, 9)
    (20.0, 12.0, 1.4)
    >>> estimate([(0, 0, 10)]) is None
    True
    """
    customers = list(customers)
    repeats = sum(x for x, _last, _age in customers)
    time = sum(last for _x, last, _age in customers)
    if not repeats or time <= 0:
        return None
    gap = time / repeats
    silent = [
        age - last > SILENT_INTERVALS * (last + gap) / (x + 1)
        for x, last, age in customers
    ]
    orders = sum(
        PRIOR_ORDERS / (PRIOR_ORDERS + place)
        for x, _last, _age in customers
        for place in range(x + 1)
    )
    alike = _alike(
        [
            (x, age)
            for (x, _last, age), lost in zip(customers, silent, strict=True)
            if not lost
        ]
    )
    return IntervalModel(gap, (sum(silent) + 1) / (orders + 2), alike)


def _alike(customers):
    """Return how many orders the usual rhythm weighs, from (x, T) of the active.

    Three who ordered again 1, 2 and 3 times in 100 days; 2 are expected of each: no
    excess, (3 · 4 + 5 · 4) / (5 · 4). With 0, 2 and 10 times, 4 expected: 56 − 12.

    >>> _alike([(1, 100), (2, 100), (3, 100)])
    1.6
    >>> round(_alike([(0, 100), (2, 100), (10, 100)]) * 124, 9)
    128.0
    """
    time = sum(age for _x, age in customers)
    repeats = sum(x for x, _age in customers)
    if not time or not repeats:
        return 1.0
    expected = [repeats / time * age for _x, age in customers]
    squares = sum(mean * mean for mean in expected)
    excess = sum(
        (x - mean) ** 2 - mean
        for (x, _age), mean in zip(customers, expected, strict=True)
    )
    prior = PRIOR_CUSTOMERS * squares / len(customers)
    return (squares + prior) / (max(excess, 0.0) + prior)
