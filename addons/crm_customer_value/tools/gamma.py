# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The derivative of the logarithm of the gamma function.

``math.lgamma`` gives the logarithm itself; the standard library has no digamma.
"""

from math import log

#: Below this the recurrence is used, above it the asymptotic series.
_LARGE = 8.0


def digamma(x):
    """Return ψ(x) = d ln Γ(x) / dx for x > 0, to about 1e-13.

    ψ(x) = ψ(x + 1) − 1/x up to a large argument, then the asymptotic series
    ln x − 1/(2x) − Σ B₂ₖ / (2k x²ᵏ) (Abramowitz & Stegun 1964, 6.3.5 and 6.3.18).

    >>> round(digamma(1), 12)  # minus Euler's constant
    -0.577215664902
    >>> round(digamma(0.5), 12)  # −γ − 2 ln 2
    -1.963510026021
    >>> round(digamma(4) - digamma(3), 12)  # 1/3
    0.333333333333
    """
    shift = 0.0
    while x < _LARGE:
        shift += 1.0 / x
        x += 1.0
    inverse = 1.0 / (x * x)
    series = inverse * (
        1 / 12
        - inverse
        * (
            1 / 120
            - inverse
            * (
                1 / 252
                - inverse * (1 / 240 - inverse * (1 / 132 - inverse * 691 / 32760))
            )
        )
    )
    return log(x) - 0.5 / x - series - shift
