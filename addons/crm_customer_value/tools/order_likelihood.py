# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The likelihood of order histories: BG/NBD and MBG/NBD.

Both take it that a customer orders at a steady own rate λ, gamma distributed over the
customers with shape r and rate α, and is lost after an order with an own probability p,
beta distributed with a and b. In BG/NBD (Fader, Hardie & Lee 2005, Marketing Science
24(2) 275–284) nobody is lost at the first order, so that one-time buyers count as
active for ever; in MBG/NBD (Batislam, Denizel & Filiztekin 2007, Int. J. of Research
in Marketing 24 201–209) the first order counts like the others. With y the orders
after which a customer could be lost (x, or x + 1 in MBG/NBD), one formula holds for
both (Fader et al. 2005, eq. 6; numerics as in Fader & Hardie's note 027):

    ln L = ln Γ(r+x) − ln Γ(r) + r ln α
         + ln Γ(a+b) + ln Γ(b+y) − ln Γ(b) − ln Γ(a+b+y)
         + ln( (α+T)^−(r+x) + [y>0] a/(b+y−1) (α+t_x)^−(r+x) )

Only the last logarithm depends on the whole cell; the rest is added up by x and by
time. Parameters are r, α, a, b; times are weeks.
"""

from math import exp, lgamma, log

from .gamma import digamma

#: Whether the first order, too, may be the last: what is added to x to have y.
EXTRA = {"mbg_nbd": 1, "bg_nbd": 0}

PARAMETERS = ("r", "alpha", "a", "b")


def log_likelihood(parameters, cells, model="mbg_nbd"):
    """Return the log-likelihood and its derivatives by r, α, a and b.

    :param parameters: r, α, a, b, all positive
    :param cells: :class:`.cells.Cells`
    :param model: ``mbg_nbd`` or ``bg_nbd``
    :return: number, list of four

    A customer seen for ten weeks who never came back, with all parameters 1: BG/NBD
    says 1 / (1 + 10), MBG/NBD adds that the first order was the last:
    Β(1, 2) / Β(1, 1) · (1/11 + 1) = 6/11.

    >>> from .cells import collapse
    >>> cells = collapse([(0, 0, 70)])
    >>> round(exp(log_likelihood((1, 1, 1, 1), cells, "bg_nbd")[0]), 9)
    0.090909091
    >>> round(exp(log_likelihood((1, 1, 1, 1), cells)[0]), 9)
    0.545454545
    """
    r, alpha, a, b = parameters
    extra = EXTRA[model]
    times = [alpha + time for time in cells.times]
    logs = [log(time) for time in times]
    inverse = [1.0 / time for time in times]
    total = by_r = by_alpha = by_a = by_b = 0.0
    log_alpha, gamma_r, psi_r = log(alpha), lgamma(r), digamma(r)
    gamma_ab, psi_ab = lgamma(a + b) - lgamma(b), digamma(a + b)
    psi_b = digamma(b)
    for group in cells.groups:
        x = group.repeats
        y, s = x + extra, r + x
        number = sum(group.counts)
        constant = lgamma(s) - gamma_r + r * log_alpha
        by_r += number * (digamma(s) - psi_r + log_alpha)
        by_alpha += number * r / alpha
        if not y:
            sum_log, sum_inverse = _silent_sums(group, logs, inverse)
            total += number * constant - s * sum_log
            by_r -= sum_log
            by_alpha -= s * sum_inverse
            continue
        odds = (b + y - 1) / a
        sum_mix, alive, alive_log, alive_inverse = _cell_sums(
            group, logs, inverse, s, odds
        )
        constant += gamma_ab + lgamma(b + y) - lgamma(a + b + y) - log(odds)
        total += number * constant + sum_mix
        by_r -= alive_log
        by_alpha += s * alive_inverse
        psi_aby, lost = digamma(a + b + y), number - alive
        by_a += number * (psi_ab - psi_aby) + lost / a
        by_b += number * (psi_ab + digamma(b + y) - psi_b - psi_aby)
        by_b -= lost / (b + y - 1)
    # −(r+x) ln(α+t_x) of the whole sample, by time instead of by cell.
    for last, number, repeats in cells.lasts:
        if repeats or extra:
            total -= (r * number + repeats) * logs[last]
            by_r -= number * logs[last]
            by_alpha -= (r * number + repeats) * inverse[last]
    return total, [by_r, by_alpha, by_a, by_b]


def _silent_sums(group, logs, inverse):
    """Return Σ ln(α+T) and Σ 1/(α+T) over customers who cannot have been lost."""
    pairs = list(zip(group.age, group.counts, strict=True))
    return (
        sum(number * logs[age] for age, number in pairs),
        sum(number * inverse[age] for age, number in pairs),
    )


def _cell_sums(group, logs, inverse, s, odds):
    """Return what the cells of one x add to the likelihood and its derivatives.

    With v the probability that the customer of a cell is active and d = ln(α+T) −
    ln(α+t_x): Σ ln(1 + v/(1−v)), Σ v, Σ v d and Σ v (1/(α+t_x) − 1/(α+T)). The odds
    v/(1−v) fall to 0 for whoever is idle for long, so nothing overflows. Nearly all
    the time of a fit is spent in this loop.
    """
    sum_mix = alive = alive_log = alive_inverse = 0.0
    for last, age, number in zip(group.last, group.age, group.counts, strict=True):
        idle = logs[age] - logs[last]
        active = odds * exp(-s * idle)
        share = number * active / (1.0 + active)
        sum_mix += number * log(1.0 + active)
        alive += share
        alive_log += share * idle
        alive_inverse += share * (inverse[last] - inverse[age])
    return sum_mix, alive, alive_log, alive_inverse
