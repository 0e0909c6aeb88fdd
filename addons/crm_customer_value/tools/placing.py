# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a customer stands in its portfolio: scores, names, risk, quadrant."""

from dataclasses import replace

from . import contribution, quadrants, rfm, segments, standing
from .monotone import share_at
from .portfolio import get_decline, get_exposure, get_profit

#: Among fewer customers than scores there are, who stands where means nothing.
MIN_COMPARED = 5
#: Quadrant → (high profit, high risk).
SIDES = {
    "core_growth": (True, False),
    "steady": (True, False),
    "high_profit_high_risk": (True, True),
    "potential": (False, False),
    "low_value": (False, False),
    "high_risk": (False, True),
}
_RFM = ("recency", "frequency", "monetary")
_WHOLE = ("whole_recency", "whole_frequency", "whole_monetary")


def rate(row, portfolio, settings):
    """Add the scores among the others: RFM, names, contribution."""
    one, points = row["facts"], portfolio.points
    if one.order_days and (
        settings.thresholds or len(points["recency"]) >= MIN_COMPARED
    ):
        three = [row[name] for name in _RFM]
        if settings.thresholds:
            found = [
                rfm.scores([-figure], bounds, lowest_best=True)[0]
                if name == "recency"
                else rfm.scores([figure], bounds)[0]
                for name, figure, bounds in zip(
                    _RFM, three, settings.thresholds, strict=True
                )
            ]
        else:
            found = [_score(points[name], row[name]) for name in _RFM]
        row["r"], row["f"], row["m"] = found
        row["segment"] = segments.segment(*found)
        row["eight"] = _eight(three, portfolio, settings)
    if portfolio.customers < MIN_COMPARED:
        return
    percentiles = {
        name: standing.percent_rank(points[name], figure)
        for name, figure in row["dimensions"].items()
    }
    row["score"], row["missing"] = contribution.combine(percentiles, settings.weights)
    if one.billed:
        row["share"] = standing.share_of(portfolio.curve, one.margin)
        row["abc"] = _abc(one.margin, row["share"], portfolio.curve, settings.bounds)


def calibrated(row, portfolio, predictor, settings):
    """Return the probability that went with a baseline's score in the back-test."""
    one = row["facts"]
    if predictor.name == "recency":
        by = row["recency"]
    elif predictor.name == "ticket":
        rate = row["repeats"] / max(row["age"], 1) * settings.outlook.probability_days
        by = one.net / one.order_days * rate
    else:
        figures = (row["recency"], one.order_days, one.net)
        by = sum(
            _score(portfolio.points[name], figure)
            for name, figure in zip(_WHOLE, figures, strict=True)
        )
    return share_at(predictor.steps, by)


def get_cuts(portfolio, settings):
    """Return where high begins, None when there is nothing to compare with."""
    cut = settings.profit_cut
    if cut is None:
        cut = portfolio.cuts["profit"]
    if cut is None or portfolio.customers < MIN_COMPARED:
        return None
    return replace(settings.cuts, profit=cut)


def place(row, portfolio, settings, cuts):
    """Add risk and quadrant.

    Of who is neither known to order nor to pay there is no risk to be told.
    """
    one, points = row["facts"], portfolio.points
    timeliness = None if one.days_late is None else -one.days_late
    parts = {
        "lateness": standing.share_above(points["timeliness"], timeliness),
        "exposure": standing.percent_rank(points["exposure"], get_exposure(one)),
        "decline": standing.percent_rank(points.get("decline", ()), get_decline(one)),
    }
    row |= parts
    if row["churn"] is not None or parts["lateness"] is not None:
        row["risk"] = quadrants.risk({"churn": row["churn"], **parts})
    if cuts is None:
        return
    trend = None
    if one.margin_before > 0:
        trend = (one.margin - one.margin_before) / one.margin_before
    found = quadrants.position(
        get_profit(row, settings),
        row["risk"],
        cuts,
        trend=trend,
        promise=standing.percent_rank(points["predicted"], row["predicted"]),
        previous=SIDES.get(one.quadrant),
    )
    if found:
        row["quadrant"], row["severe"] = found.name, found.severe


def _score(points, figure):
    return min(rfm.SCORES, 1 + int(rfm.SCORES * standing.percent_rank(points, figure)))


def _eight(three, portfolio, settings):
    if settings.class_method == "fixed":
        days, orders, money = settings.class_cuts
        fixed = (-days, orders, money)
        return segments.eight_classes(*([figure] for figure in three), "fixed", fixed)[
            0
        ]
    recency, frequency, monetary = three
    cuts = portfolio.cuts
    # A mean or median is to be exceeded, but for recency.
    return segments.EIGHT_CLASSES[
        recency >= cuts["recency"],
        frequency > cuts["frequency"],
        monetary > cuts["monetary"],
    ]


def _abc(margin, share, curve, bounds):
    """Return A, B or C; the highest margin is always A, what is not positive C."""
    if margin <= 0 or share is None:
        return "C"
    if margin >= curve[-1][0] or share <= bounds[0] + 1e-9:
        return "A"
    return "B" if share <= bounds[1] + 1e-9 else "C"
