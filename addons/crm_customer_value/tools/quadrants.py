# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a customer stands between profit and risk."""

from dataclasses import dataclass
from typing import NamedTuple

#: Chance that no order comes, percentile of lateness, percentile of exposure or of the
#: decline of the margin, whichever is higher.
RISK_WEIGHTS = {"churn": 0.5, "lateness": 0.3, "exposure": 0.2}


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where high begins.

    :param profit: of 12 months; usually the median
    :param risk: 0 … 1
    :param severe: risk from which a customer is an alarm whatever the profit
    :param growth: change of the margin from which a customer grows, e.g. 0.1
    :param promise: percentile of predictive value from which a customer has potential
    :param band: how far a figure must pass the cut before a customer changes sides:
        share of the profit cut, points of risk
    """

    profit: float
    risk: float = 0.5
    severe: float = 0.7
    growth: float = 0.1
    promise: float = 0.75
    band: float = 0.05


class Position(NamedTuple):
    """Where a customer stands.

    :param quadrant: (high profit, high risk)
    :param name: ``core_growth``, ``steady`` (both high profit, low risk),
        ``high_profit_high_risk``, ``potential``, ``low_value`` (both low, low), or
        ``high_risk`` (low profit, high risk)
    :param severe: whether the risk is an alarm
    """

    quadrant: tuple
    name: str
    severe: bool


def risk(parts, weights=None):
    """Return the risk from 0 to 1: the weighted mean of the parts that are known.

    :param parts: name → 0 … 1 or None; ``decline`` counts as exposure where it is the
        higher of the two
    :param weights: name → weight; default :data:`RISK_WEIGHTS`
    :return: number, None when nothing is known

    >>> round(risk({"churn": 0.8, "lateness": 0.5, "exposure": None}), 9)  # .55 / .8
    0.6875
    >>> parts = {"churn": 0.1, "lateness": 0.0, "exposure": 0.4, "decline": 0.9}
    >>> round(risk(parts), 9)  # .05 + .18
    0.23
    >>> risk({"churn": None}) is None
    True
    """
    strain, decline = parts.get("exposure"), parts.get("decline")
    if strain is None or (decline is not None and decline > strain):
        strain = decline
    total = known = 0.0
    for name, weight in (RISK_WEIGHTS if weights is None else weights).items():
        part = strain if name == "exposure" else parts.get(name)
        if weight and part is not None:
            total += weight * part
            known += weight
    return total / known if known > 0 else None


def position(profit, risk, cuts, trend=None, promise=None, previous=None):
    """Return where a customer stands, None when profit or risk is not known.

    :param profit: net profit or margin of 12 months
    :param risk: 0 … 1, of :func:`risk`
    :param cuts: :class:`Cuts`
    :param trend: change of the margin against the year before, 0.1 is 10 % up
    :param promise: percentile of the predictive value
    :param previous: quadrant of the last run: within the band it stays
    :return: :class:`Position`

    >>> cuts = Cuts(profit=1000.0)
    >>> position(5000, 0.2, cuts, trend=0.3).name, position(5000, 0.2, cuts).name
    ('core_growth', 'steady')
    >>> position(5000, 0.8, cuts)
    Position(quadrant=(True, True), name='high_profit_high_risk', severe=True)
    >>> position(100, 0.2, cuts, promise=0.9).name, position(100, 0.2, cuts).name
    ('potential', 'low_value')
    >>> position(100, 0.6, cuts).name, position(None, 0.6, cuts)
    ('high_risk', None)
    >>> position(980, 0.2, cuts, previous=(True, False)).name
    'steady'
    """
    if profit is None or risk is None:
        return None
    was = previous or (None, None)
    high_profit = _is_high(profit, cuts.profit, abs(cuts.profit) * cuts.band, was[0])
    high_risk = _is_high(risk, cuts.risk, cuts.band, was[1])
    grows = trend is not None and trend >= cuts.growth
    if high_risk:
        name = "high_profit_high_risk" if high_profit else "high_risk"
    elif high_profit:
        name = "core_growth" if grows else "steady"
    elif grows or (promise is not None and promise >= cuts.promise):
        name = "potential"
    else:
        name = "low_value"
    return Position((high_profit, high_risk), name, risk >= cuts.severe)


def _is_high(value, cut, band, was):
    """Tell whether a value is high; near the cut it stays what it was."""
    if was is not None and abs(value - cut) < band:
        return was
    return value >= cut
