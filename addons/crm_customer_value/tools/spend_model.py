# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the value of a customer's next order will be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """The fitted Gamma-Gamma model (Fader & Hardie 2013, note 025, eq. 5)."""

    p: float
    q: float
    gamma: float
    model = "gamma_gamma"

    @property
    def parameters(self):
        """Name → value, to be stored."""
        return {"p": self.p, "q": self.q, "gamma": self.gamma}

    def value(self, x, mean):
        """Return the expected value of an order: p (γ + x z) / (px + q − 1).

        :param x: repeat orders
        :param mean: their mean value; without a positive one, what all are expected to
            spend is returned

        >>> model = GammaGamma(6.25, 3.74, 15.44)  # CDNOW
        >>> round(model.value(0, 0), 2), round(model.value(10, 100.0), 2)
        (35.22, 97.28)
        """
        if mean <= 0:
            x = mean = 0
        return self.p * (self.gamma + x * mean) / (self.p * x + self.q - 1)


@dataclass(frozen=True, slots=True)
class MeanSpend:
    """The simple estimate: the own mean, drawn towards everyone's by one order.

    By the factor between the two, not by the difference: of who orders for 450 twenty
    times, in a trade of orders of 20,000, the next order is one of 500, not of 1,400.
    """

    mean: float
    model = "mean"

    @property
    def parameters(self):
        """Name → value, to be stored."""
        return {"mean": self.mean}

    def value(self, x, mean):
        """Return the expected value of an order: (z^x · everyone's mean)^(1 / (x + 1)).

        >>> round(MeanSpend(80.0).value(2, 10.0), 9), MeanSpend(30.0).value(0, 0)
        (20.0, 30.0)
        """
        if x <= 0 or mean <= 0 or self.mean <= 0:
            return self.mean
        return mean * (self.mean / mean) ** (1 / (x + 1))
