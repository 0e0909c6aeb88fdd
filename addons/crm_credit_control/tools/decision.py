# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""May we sell on credit? The decision, from plain figures.

Amounts are in company currency, days are whole days. Nothing here reads or writes.
"""

from dataclasses import dataclass, replace

ALLOW, WARN, HOLD = "allow", "warn", "hold"

#: How grave an action is; a decision is as grave as its gravest reason.
GRAVITY = {"ignore": 0, WARN: 1, HOLD: 2}

#: Rules that hold whatever the order's own circumstances are: an order paid in advance
#: is no credit, but somebody decided to stop this customer altogether.
UNCONDITIONAL = frozenset({"manual_hold"})

#: Rules that money of the customer can cure.
PAYABLE = frozenset({"over_limit", "near_limit", "overdue_days", "overdue_amount"})


@dataclass(frozen=True)
class Rule:
    """One rule of a policy.

    :param action: ``ignore``, ``warn`` or ``hold``
    :param threshold: what the rule compares with; its unit depends on the code: per
        cent, days or amount
    :param share: per cent of the limit that must be used as well, of ``overdue_amount``
    """

    code: str
    action: str = HOLD
    threshold: float = 0.0
    share: float = 0.0


#: What keeps goods of a confirmed order in the house. Its amount was judged when it was
#: confirmed and when it grew; what may have changed since is the customer.
DELIVERY = frozenset(
    {
        "manual_hold",
        "blocked_grade",
        "overdue_days",
        "overdue_amount",
        "limit_expired",
        "review_expired",
    }
)

#: What holds where no policy is found, and what a new policy begins with.
DEFAULT_RULES = (
    Rule("manual_hold", HOLD),
    Rule("over_limit", HOLD, 0.0),
    Rule("overdue_days", HOLD, 90.0),
    Rule("overdue_amount", "ignore", 0.0),
    Rule("order_amount", "ignore", 0.0),
    Rule("limit_expired", WARN, 0.0),
    Rule("review_expired", WARN, 0.0),
    Rule("blocked_grade", HOLD),
    Rule("near_limit", WARN, 80.0),
)


@dataclass(frozen=True)
class OpenItem:
    """A receivable item still open: its amount and days overdue (0: not due)."""

    id: int
    amount: float
    days: int = 0


@dataclass(frozen=True)
class Account:
    """A limit and what counts against it: a customer, or a group of them.

    :param limit: None for unlimited
    """

    limit: float | None = None
    exposure: float = 0.0


@dataclass(frozen=True)
class Position:
    """What is known of a customer when somebody wants to sell.

    :param group: the limit shared with other customers, if any
    :param items: open items, oldest due first
    :param missing_rate: a currency without any rate, by which amounts are unknown
    """

    own: Account = Account()
    group: Account | None = None
    overdue: float = 0.0
    oldest_overdue_days: int = 0
    items: tuple = ()
    manual_hold: bool = False
    blocked_grade: bool = False
    limit_expired_days: int | None = None
    review_expired_days: int | None = None
    missing_rate: str | None = None

    def extended(self, amount):
        """Return the position after ``amount`` more was sold on credit.

        >>> Position(Account(100, 40)).extended(25).own.exposure
        65
        """
        group = self.group
        return replace(
            self,
            own=replace(self.own, exposure=self.own.exposure + amount),
            group=group and replace(group, exposure=group.exposure + amount),
        )


@dataclass(frozen=True)
class Reason:
    """Why a rule speaks.

    :param value: the figure, in the unit of the rule
    :param threshold: what it was compared with
    :param shared: it is the group's limit
    """

    code: str
    action: str
    value: float = 0.0
    threshold: float = 0.0
    shared: bool = False
    detail: str = ""


@dataclass(frozen=True)
class Decision:
    """The answer, and what would change it.

    :param to_pay: money that would lift every reason money can lift
    :param pay_items: ids of the open items that make it up, oldest due first
    :param largest: the largest order that still passes, None when there is no bound
    :param curable: whether money alone would lift the hold
    """

    outcome: str = ALLOW
    reasons: tuple = ()
    to_pay: float = 0.0
    pay_items: tuple = ()
    largest: float | None = None
    curable: bool = False

    @property
    def held(self):
        return self.outcome == HOLD


def decide(position, amount, rules, total=None, exempt=False, precision=0.01):
    """Judge a sale of ``amount`` on credit. Writes nothing.

    :param amount: what the sale adds to the exposure, less what is paid in advance;
        0 judges the customer as it stands
    :param rules: iterable of :class:`Rule`
    :param total: total of the document, for the rule on large orders; default amount
    :param exempt: prepaid, cash on delivery or small: only unconditional rules speak
    :param precision: rounding unit of the currency
    :rtype: Decision

    >>> decide(Position(Account(1000, 600)), 400, DEFAULT_RULES).outcome
    'warn'
    >>> answer = decide(Position(Account(1000, 600)), 400.01, DEFAULT_RULES)
    >>> answer.outcome, answer.to_pay, answer.largest
    ('hold', 0.01, 400.0)
    >>> decide(Position(Account(None, 600)), 9999, DEFAULT_RULES).outcome
    'allow'
    """
    total = amount if total is None else total
    reasons = []
    if position.missing_rate and _depends_on_amounts(position, rules):
        # Not a matter of policy: nobody knows how much it is.
        reasons.append(Reason("missing_rate", HOLD, detail=position.missing_rate))
    for rule in rules:
        if rule.action == "ignore" or exempt and rule.code not in UNCONDITIONAL:
            continue
        reasons.extend(_CHECKS[rule.code](rule, position, amount, total, precision))
    if any(reason.code == "over_limit" for reason in reasons):
        reasons = [reason for reason in reasons if reason.code != "near_limit"]
    outcome = max((r.action for r in reasons), key=GRAVITY.get, default=ALLOW)
    holds = [reason for reason in reasons if reason.action == HOLD]
    to_pay, pay_items = _plan_payment(position, amount, rules, holds, precision)
    return Decision(
        outcome=outcome,
        reasons=tuple(sorted(reasons, key=lambda r: -GRAVITY[r.action])),
        to_pay=to_pay,
        pay_items=pay_items,
        largest=_find_largest(position, rules, holds, precision),
        curable=bool(holds) and all(reason.code in PAYABLE for reason in holds),
    )


def _depends_on_amounts(position, rules):
    """Tell whether it matters how much is sold: no limit, no bound, no matter."""
    limited = any(account.limit is not None for account, _shared in _accounts(position))
    return limited or any(
        rule.code == "order_amount" and rule.threshold and rule.action != "ignore"
        for rule in rules
    )


def _exceeds(value, bound, precision):
    """Compare two amounts as the currency rounds them."""
    return round((value - bound) / precision) > 0


def _accounts(position):
    yield position.own, False
    if position.group:
        yield position.group, True


def _bound(account, rule):
    """Return the limit with its tolerance."""
    return account.limit * (1 + rule.threshold / 100)


def _check_over_limit(rule, position, amount, total, precision):
    for account, shared in _accounts(position):
        if account.limit is None:
            continue
        used = account.exposure + amount
        if _exceeds(used, _bound(account, rule), precision) and used > 0:
            yield Reason(rule.code, rule.action, used, account.limit, shared)


def _check_near_limit(rule, position, amount, total, precision):
    for account, shared in _accounts(position):
        if not account.limit:
            continue
        used = account.exposure + amount
        reached = not _exceeds(account.limit * rule.threshold / 100, used, precision)
        if reached:
            yield Reason(rule.code, rule.action, used, account.limit, shared)


def _check_overdue_days(rule, position, amount, total, precision):
    if position.oldest_overdue_days > rule.threshold:
        yield Reason(
            rule.code, rule.action, position.oldest_overdue_days, rule.threshold
        )


def _check_overdue_amount(rule, position, amount, total, precision):
    if not _exceeds(position.overdue, rule.threshold, precision):
        return
    limit = position.own.limit
    if rule.share:
        # "More than … overdue and more than … % of the limit used."
        used = position.own.exposure + amount
        if limit is None or not _exceeds(used, limit * rule.share / 100, precision):
            return
    yield Reason(rule.code, rule.action, position.overdue, rule.threshold)


def _check_order_amount(rule, position, amount, total, precision):
    if rule.threshold and _exceeds(total, rule.threshold, precision):
        yield Reason(rule.code, rule.action, total, rule.threshold)


def _check_manual_hold(rule, position, amount, total, precision):
    if position.manual_hold:
        yield Reason(rule.code, rule.action)


def _check_blocked_grade(rule, position, amount, total, precision):
    if position.blocked_grade:
        yield Reason(rule.code, rule.action)


def _check_expired(name):
    def check(rule, position, amount, total, precision):
        days = getattr(position, name)
        if days is not None and days > rule.threshold:
            yield Reason(rule.code, rule.action, days, rule.threshold)

    return check


_CHECKS = {
    "over_limit": _check_over_limit,
    "near_limit": _check_near_limit,
    "overdue_days": _check_overdue_days,
    "overdue_amount": _check_overdue_amount,
    "order_amount": _check_order_amount,
    "manual_hold": _check_manual_hold,
    "blocked_grade": _check_blocked_grade,
    "limit_expired": _check_expired("limit_expired_days"),
    "review_expired": _check_expired("review_expired_days"),
}

#: Every code a rule may have.
CODES = tuple(_CHECKS)


def _plan_payment(position, amount, rules, holds, precision):
    """Return the sum to pay and the open items to pay it for, oldest due first.

    Whatever is older than the bound must be paid whole; the overdue amount and the
    excess over the limit count together with it, since one payment serves all.
    """
    by_code = {rule.code: rule for rule in rules}
    codes = {reason.code for reason in holds}
    needed, items = 0.0, []
    if "overdue_days" in codes:
        bound = by_code["overdue_days"].threshold
        items = [item for item in position.items if item.days > bound]
        needed = sum(item.amount for item in items)
    if "overdue_amount" in codes:
        rule = by_code["overdue_amount"]
        needed = max(needed, position.overdue - rule.threshold)
    if "over_limit" in codes:
        rule = by_code["over_limit"]
        for account, _shared in _accounts(position):
            if account.limit is not None:
                excess = account.exposure + amount - _bound(account, rule)
                needed = max(needed, excess)
    needed = max(0.0, round(round(needed / precision) * precision, 10))
    chosen = list(items)
    covered = sum(item.amount for item in chosen)
    for item in position.items:
        if not _exceeds(needed, covered, precision):
            break
        if item not in chosen:
            chosen.append(item)
            covered += item.amount
    return needed, tuple(item.id for item in chosen) if needed else ()


def _find_largest(position, rules, holds, precision):
    """Return the largest amount the amount rules let pass; 0 when another rule holds,
    None when nothing bounds it."""
    bounds = []
    for rule in rules:
        if rule.action != HOLD:
            continue
        if rule.code == "over_limit":
            bounds.extend(
                _bound(account, rule) - account.exposure
                for account, _shared in _accounts(position)
                if account.limit is not None
            )
        elif rule.code == "order_amount" and rule.threshold:
            bounds.append(rule.threshold)
    if any(reason.code not in ("over_limit", "order_amount") for reason in holds):
        return 0.0
    if not bounds:
        return None
    # Down to the unit of the currency; a hair of float noise is not a cent less.
    units = (min(bounds) / precision) + 1e-6
    return max(0.0, round(int(units) * precision, 10)) if units > 0 else 0.0
