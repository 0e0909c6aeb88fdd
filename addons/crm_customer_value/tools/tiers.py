# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tiers by ordered rules, and moves only after several runs in a row."""

from dataclasses import dataclass
from typing import NamedTuple

#: What a rule looks at: the cumulative share of value (at most the bound), an amount or
#: a score (at least the bound), or nothing, which everybody satisfies.
MEASURES = ("share", "amount", "score", "any")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; the first that a customer satisfies gives the tier.

    :param tier: what the customer gets
    :param measure: one of :data:`MEASURES`
    :param bound: share 0 … 1 (``share``) or number to reach (``amount``, ``score``)
    """

    tier: str
    measure: str
    bound: float | None = None

    def met(self, facts):
        """Tell whether facts satisfy the rule. What is not known satisfies none but
        ``any``; who brings nothing has no share; rank 1 has any share.

        :param facts: mapping of measure → number, with ``rank`` of the value

        >>> Rule("A", "share", 0.5).met({"share": 0.6, "amount": 9.0, "rank": 1})
        True
        >>> Rule("B", "amount", 10.0).met({"amount": None})
        False
        """
        if self.measure == "any":
            return True
        value = facts.get(self.measure)
        if value is None:
            return False
        if self.measure != "share":
            return value >= self.bound
        amount = facts.get("amount")
        if amount is not None and amount <= 0:
            return False
        return value <= self.bound or facts.get("rank") == 1


#: Works unconfigured: those who make half of the value, then up to 80 %, 95 %, whoever
#: brings anything, and the rest.
DEFAULT_RULES = (
    Rule("key", "share", 0.5),
    Rule("a", "share", 0.8),
    Rule("b", "share", 0.95),
    Rule("c", "share", 1.0),
    Rule("d", "any"),
)


class State(NamedTuple):
    """Where a customer stands between two runs.

    :param tier: the tier, None for a new customer
    :param candidate: tier the customer would move to, None for none
    :param runs: runs in a row it was so
    """

    tier: str | None = None
    candidate: str | None = None
    runs: int = 0


class Reason(NamedTuple):
    """Why a customer moved.

    :param code: ``met`` (the rule of the better tier is satisfied now), ``missed``
        (that of the old tier no longer) or ``new``
    :param measure: of that rule
    :param bound: of that rule
    :param before: the customer's figure when the old tier was given
    :param now: the customer's figure
    """

    code: str
    measure: str
    bound: float | None
    before: float | None
    now: float | None


def check_rules(rules):
    """Return (position, code) of every rule that cannot work.

    ``bound``: a share outside of 0 … 1, or none where one is needed; ``shadowed``: an
    earlier rule lets everybody in whom it would; ``no_rest`` (at the end): customers
    may satisfy no rule.

    >>> check_rules(DEFAULT_RULES)
    []
    >>> check_rules([Rule("a", "amount", 10), Rule("b", "amount", 20),
    ...              Rule("c", "share", 2)])
    [(1, 'shadowed'), (2, 'bound'), (3, 'no_rest')]
    """
    problems, widest = [], {}
    for place, rule in enumerate(rules):
        if "any" in widest:
            problems.append((place, "shadowed"))
        elif rule.measure == "any":
            widest["any"] = True
        elif rule.bound is None or (
            rule.measure == "share" and not 0 < rule.bound <= 1
        ):
            problems.append((place, "bound"))
        else:
            width = rule.bound if rule.measure == "share" else -rule.bound
            if width <= widest.get(rule.measure, width - 1):
                problems.append((place, "shadowed"))
            else:
                widest[rule.measure] = width
    if "any" not in widest:
        problems.append((len(rules), "no_rest"))
    return problems


def propose(rules, facts):
    """Return the tier of the first rule that the facts satisfy, None for none.

    >>> propose(DEFAULT_RULES, {"share": 0.6, "amount": 50.0, "rank": 3})
    'a'
    >>> propose(DEFAULT_RULES, {"share": 1.0, "amount": -5.0, "rank": 9})
    'd'
    """
    for rule in rules:
        if rule.met(facts):
            return rule.tier
    return None


def decide(order, state, proposed, runs_up=2, runs_down=2):
    """Return the state after one more run.

    A customer moves when so many runs in a row proposed a tier on the same side of the
    present one, and then to the nearest of those proposed. New customers, and those
    whose tier is gone, get theirs at once; nobody moves to a tier that is not there.

    :param order: the tiers, best first
    :param state: :class:`State`
    :param proposed: what :func:`propose` said
    :param runs_up: runs before a rise
    :param runs_down: runs before a fall
    :return: :class:`State`

    >>> order = ["key", "a", "b", "c"]
    >>> state = decide(order, State("a"), "c"); state
    State(tier='a', candidate='c', runs=1)
    >>> decide(order, state, "b"), decide(order, state, "a")
    (State(tier='b', candidate=None, runs=0), State(tier='a', candidate=None, runs=0))
    >>> decide(order, state, "key")
    State(tier='a', candidate='key', runs=1)
    >>> decide(order, State(), "b").tier
    'b'
    """
    if state.tier not in order:
        return State(proposed if proposed in order else None)
    if proposed not in order:
        return State(state.tier)
    place = {tier: number for number, tier in enumerate(order)}
    here, there = place[state.tier], place[proposed]
    if here == there:
        return State(state.tier)
    runs, candidate = 1, proposed
    if state.candidate in place and (place[state.candidate] > here) == (there > here):
        runs = state.runs + 1
        nearest = min if there > here else max
        candidate = nearest(proposed, state.candidate, key=place.get)
    if runs >= (runs_down if there > here else runs_up):
        return State(candidate)
    return State(state.tier, candidate, runs)


def step(order, state, proposed, whole=True, counted=False, runs_up=1, runs_down=2):
    """Return the state after one more valuation, of everybody or of one customer.

    A run is a day. A rise counts whenever it is found, a fall only when everybody is
    valued: of one customer alone nobody knows whether the others fell too.

    :param whole: everybody is valued
    :param counted: ``state.runs`` has a run of today in it already
    :return: :class:`State`

    >>> order = ["a", "b"]
    >>> step(order, State("b"), "a", whole=False).tier
    'a'
    >>> night = step(order, State("a"), "b"); night
    State(tier='a', candidate='b', runs=1)
    >>> step(order, night, "b", counted=True) == night  # the same night once more
    True
    >>> step(order, night, "b", whole=False) == night  # by day
    True
    >>> step(order, night, "a", whole=False), step(order, night, "b")
    (State(tier='a', candidate=None, runs=0), State(tier='b', candidate=None, runs=0))
    """
    if state.tier == proposed and proposed in order:
        return State(proposed)
    if state.tier in order and proposed in order:
        here = order.index(state.tier)
        if order.index(proposed) > here and not whole:
            waits = state.candidate in order and order.index(state.candidate) > here
            return state if waits else State(state.tier)
    if counted and state.runs:
        state = state._replace(runs=state.runs - 1)
    return decide(order, state, proposed, runs_up, runs_down)


def reason(rules, before, after, facts_before, facts_now):
    """Return why a customer is in another tier.

    :param before: tier before, None for a new customer
    :param after: tier now
    :return: :class:`Reason`

    >>> reason(DEFAULT_RULES, "b", "a", {"share": 0.85}, {"share": 0.78})
    Reason(code='met', measure='share', bound=0.8, before=0.85, now=0.78)
    >>> reason(DEFAULT_RULES, "a", "d", {"share": 0.7}, {"share": 1.0})
    Reason(code='missed', measure='share', bound=0.8, before=0.7, now=1.0)
    """
    order = [rule.tier for rule in rules]
    code, tier = "new", after
    if before in order:
        risen = order.index(after) < order.index(before)
        code, tier = ("met", after) if risen else ("missed", before)
    candidates = [rule for rule in rules if rule.tier == tier]
    met = [rule for rule in candidates if rule.met(facts_now)]
    rule = (met or candidates)[0]
    measure = rule.measure
    return Reason(
        code,
        measure,
        rule.bound,
        (facts_before or {}).get(measure),
        facts_now.get(measure),
    )


def effective(decided, override=None, until=None, today=None):
    """Return the tier that counts: the manual one to its last day, then the decided.

    >>> from datetime import date
    >>> day = date(2026, 3, 31)
    >>> effective("b", "key", day, day), effective("b", "key", day, date(2026, 4, 1))
    ('key', 'b')
    >>> effective("b", "key")
    'key'
    """
    if override and (until is None or today is None or today <= until):
        return override
    return decided
