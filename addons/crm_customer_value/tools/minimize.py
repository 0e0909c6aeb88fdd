# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A small minimiser for a few variables within a box: BFGS with projection.

The update is Broyden's, Fletcher's, Goldfarb's and Shanno's of 1970 (Nocedal & Wright,
Numerical Optimization, 2006, eq. 6.17), the step length that of Armijo with quadratic
interpolation. A step ends where the first variable meets its bound; one that rests
there and is pushed outwards is left out of the next step, so that an optimum on the
bound is found and can be told.
"""

from dataclasses import dataclass
from math import copysign, isfinite, sqrt

#: No step changes the variables more than this (they are logarithms here).
_LONGEST_STEP = 2.0
_SUFFICIENT = 1e-4
#: The search is over when so many steps together gained no more than this, relative to
#: the function: on a plain that slopes for ever (a parameter that tells nothing).
_STEPS, _GAIN = 6, 1e-9
#: A rise that may be rounding, relative to the function.
_ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class Minimum:
    """Where the search ended.

    :param point: the variables
    :param value: the function there
    :param gradient: its derivatives there
    :param evaluations: how often the function was computed
    :param converged: whether the derivatives vanish (but for those at a bound), or no
        step gains anything any more
    :param on_bound: positions of the variables that rest on a bound
    """

    point: tuple
    value: float
    gradient: tuple
    evaluations: int
    converged: bool
    on_bound: tuple


def minimize(function, start, bound, tolerance=1e-7, limit=200):
    """Minimise a function of a few variables, each within −bound … bound.

    :param function: point → (value, gradient)
    :param start: point to start from
    :param bound: largest absolute value of a variable
    :param tolerance: the search ends when no derivative is larger
    :param limit: most evaluations
    :return: :class:`Minimum`

    >>> def bowl(point):
    ...     x, y = point
    ...     return (x - 1) ** 2 + 10 * (y + x) ** 2, [
    ...         2 * (x - 1) + 20 * (y + x), 20 * (y + x)]
    >>> found = minimize(bowl, (0, 0), 5)
    >>> [round(x, 6) for x in found.point], found.converged, found.on_bound
    ([1.0, -1.0], True, ())
    >>> found = minimize(bowl, (0, 0), 0.5)
    >>> [round(x, 6) for x in found.point], found.on_bound
    ([0.5, -0.5], (0, 1))
    """
    size = range(len(start))
    point = [min(max(float(x), -bound), bound) for x in start]
    value, gradient = function(point)
    evaluations = 1
    inverse, before = None, None
    values = [value]
    while evaluations < limit and not _idle(values):
        free = [i for i in size if not _pushed_out(point[i], gradient[i], bound)]
        if all(abs(gradient[i]) <= tolerance for i in free):
            break
        if free != before:
            inverse, before = None, free  # what is known of the curves is of others
        step = _step(inverse, gradient, free)
        trial, used = _search(function, point, value, gradient, step, bound)
        evaluations += used
        if trial is None:
            if inverse is None:
                break
            inverse = None  # once more along the slope itself
            continue
        new_point, new_value, new_gradient = trial
        moved = [new_point[i] - point[i] for i in size]
        turned = [(new_gradient[i] - gradient[i]) * (i in free) for i in size]
        inverse = _update(inverse, moved, turned)
        point, value, gradient = new_point, new_value, new_gradient
        values.append(value)
    free = [i for i in size if not _pushed_out(point[i], gradient[i], bound)]
    return Minimum(
        point=tuple(point),
        value=value,
        gradient=tuple(gradient),
        evaluations=evaluations,
        converged=_idle(values)
        or all(abs(gradient[i]) <= tolerance * 100 for i in free),
        on_bound=tuple(i for i in size if abs(point[i]) >= bound),
    )


def _idle(values):
    if len(values) <= _STEPS:
        return False
    return values[-1 - _STEPS] - values[-1] <= _GAIN * (1 + abs(values[-1]))


def _pushed_out(x, slope, bound):
    return (x >= bound and slope < 0) or (x <= -bound and slope > 0)


def _room(x, d, bound):
    """Return how much of a step there is to the bound."""
    return max(bound - x if d > 0 else bound + x, 0.0) / abs(d) if d else 1.0


def _step(inverse, gradient, free):
    """Return the step to try: quasi-Newton, or down the slope at first."""
    step = [0.0] * len(gradient)
    for i in free:
        if inverse is None:
            step[i] = -gradient[i]
        else:
            step[i] = -sum(inverse[i][j] * gradient[j] for j in free)
    if inverse is not None and sum(step[i] * gradient[i] for i in free) >= 0:
        step = [-gradient[i] if i in free else 0.0 for i in range(len(gradient))]
    length = sqrt(sum(x * x for x in step))
    longest = _LONGEST_STEP if inverse is not None else 1.0
    if length > longest or inverse is None:
        step = [x * longest / length for x in step]
    return step


def _search(function, point, value, gradient, step, bound):
    """Shorten the step until the function falls enough; return the new point with its
    value and gradient, or None, and the evaluations used."""
    length = min([1.0, *map(_room, point, step, [bound] * len(point))])
    used = 0
    for used in range(1, 31 if length else 1):
        new = [
            min(max(x + length * d, -bound), bound)
            for x, d in zip(point, step, strict=True)
        ]
        # Rounding must not leave a variable just inside.
        new = [copysign(bound, x) if bound - abs(x) < 1e-9 else x for x in new]
        slope = _product(gradient, new, point)
        new_value, new_gradient = function(new)
        if new_value <= value + _SUFFICIENT * slope < value or (
            # Near the bottom rounding hides the fall; the slope still tells.
            new_value <= value + _ROUNDING * (1 + abs(value))
            and abs(_product(new_gradient, new, point)) <= 0.5 * abs(slope)
        ):
            return (new, new_value, new_gradient), used
        # The lowest point of the parabola through what is known.
        curve = 2 * (new_value - value - slope)
        shorter = -slope / curve if isfinite(curve) and curve > 0 else 0.5
        length *= min(max(shorter, 0.1), 0.5)
    return None, used


def _product(gradient, new, point):
    return sum(g * (n - x) for g, n, x in zip(gradient, new, point, strict=True))


def _update(inverse, moved, turned):
    """Return the new estimate of the inverse of the second derivatives."""
    size = range(len(moved))
    curvature = sum(m * t for m, t in zip(moved, turned, strict=True))
    if curvature <= 1e-14:
        return inverse
    if inverse is None:
        scale = curvature / sum(t * t for t in turned)
        inverse = [[scale * (i == j) for j in size] for i in size]
    image = [sum(inverse[i][j] * turned[j] for j in size) for i in size]
    stretch = sum(turned[i] * image[i] for i in size)
    factor = (1 + stretch / curvature) / curvature
    return [
        [
            inverse[i][j]
            + factor * moved[i] * moved[j]
            - (image[i] * moved[j] + moved[i] * image[j]) / curvature
            for j in size
        ]
        for i in size
    ]
