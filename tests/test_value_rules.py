# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Scores, tiers, quadrants and decompositions of customer value, worked by hand."""

import itertools
from datetime import date
from random import Random

import pytest

from bench.value import load_tools

tools = load_tools()
decomposition, metrics, tiers = tools.decomposition, tools.metrics, tools.tiers
State, Rule = tiers.State, tiers.Rule

# -- Ranks and RFM -------------------------------------------------------------


def test_equal_values_are_never_torn_apart():
    """60 % one-time buyers: one score, the lowest (ntile would give 1, 2 and 3)."""
    orders = [1] * 60 + [2] * 20 + [3] * 20
    assert set(tools.rfm.scores(orders)[:60]) == {1}
    # 60 of 99 are lower: 1 + ⌊5 · .606⌋ = 4; 80 of 99: 1 + ⌊5 · .808⌋ = 5.
    assert tools.rfm.scores(orders)[60:] == [4] * 20 + [5] * 20


def test_scores_rise_with_values():
    random = Random(1)
    values = [random.randrange(40) for _value in range(300)]
    found = sorted(zip(values, tools.rfm.scores(values), strict=True))
    assert [score for _value, score in found] == sorted(score for _v, score in found)
    turned = tools.rfm.scores(values, lowest_best=True)
    found = sorted(zip(values, turned, strict=True))
    assert [s for _v, s in found] == sorted((s for _v, s in found), reverse=True)
    assert {1, 5} <= set(turned) <= {1, 2, 3, 4, 5}


def test_suggested_thresholds_repeat_the_scores():
    """Fixed from today on, they give today's scores."""
    random = Random(2)
    values = [round(random.expovariate(0.01)) for _value in range(500)]
    for lowest_best in (False, True):
        thresholds = tools.rfm.suggest_thresholds(values, lowest_best)
        assert tools.rfm.check_thresholds(thresholds, lowest_best)
        assert tools.rfm.scores(values, thresholds, lowest_best) == tools.rfm.scores(
            values, lowest_best=lowest_best
        )


def test_every_score_has_a_segment():
    found = {
        tools.segments.segment(*three)
        for three in itertools.product(range(1, 6), repeat=3)
    }
    assert found == set(tools.segments.SEGMENTS)
    assert len(tools.segments.SEGMENTS) == 11
    assert len(set(tools.segments.EIGHT_CLASSES.values())) == 8


def test_both_vocabularies_from_the_same_scores():
    """Fixed at 3, a class has the same customers as its scores say."""
    scores = list(itertools.product(range(1, 6), repeat=3))
    recency, frequency, monetary = map(list, zip(*scores, strict=True))
    classes = tools.segments.eight_classes(
        recency, frequency, monetary, "fixed", (3, 3, 3)
    )
    for three, found in zip(scores, classes, strict=True):
        high = tuple(score >= 3 for score in three)
        assert found == tools.segments.EIGHT_CLASSES[high]
        if tools.segments.segment(*three) == "champions":
            assert found in ("key_value", "key_develop", "general_value")


def test_shares_of_losses():
    """Losses take no share and push nobody over 100 %."""
    assert tools.ranking.cumulative_shares([60, 20, 20, -50]) == [0.6, 1.0, 1.0, 1.0]
    assert tools.ranking.abc_classes([60, 20, 20, -50]) == ["A", "C", "C", "C"]
    assert tools.ranking.abc_classes([]) == []


# -- Contribution --------------------------------------------------------------


def test_contribution_by_hand():
    """percent_rank: sales 0, 1/3, 2/3, 1; margin 0, 1/3, 1/3, 1 (two are equal);
    timeliness 1/2, 1, 0 and unknown.

    1: .30·0 + .45·0 + .25·1/2 = .125; 2: .1 + .15 + .25 = .5; 3: .2 + .15 + 0 = .35;
    4: (.30 + .45) / .75 = 1.
    """
    found = tools.contribution.contributions(
        {
            "sales": [100, 200, 300, 400],
            "margin": [-5, 40, 40, 90],
            "timeliness": [-20.0, 3.0, -40.0, None],
        }
    )
    assert [one.score for one in found] == pytest.approx([12.5, 50, 35, 100])
    assert [one.rank for one in found] == [4, 2, 3, 1]
    assert [one.missing for one in found] == [(), (), (), ("timeliness",)]


def test_contribution_of_nothing():
    found = tools.contribution.contributions({"sales": [None, 5.0]}, {"sales": 1})
    assert found[0] == (None, None, ("sales",))
    assert found[1].rank == 1
    for weights in ({"sales": 0}, {"sales": 1, "margin": -1}):
        with pytest.raises(ValueError, match="weights cannot be used"):
            tools.contribution.contributions({"sales": [1], "margin": [1]}, weights)


def test_a_weight_of_zero_needs_no_dimension():
    found = tools.contribution.contributions(
        {"sales": [1, 2]}, {"sales": 3, "margin": 0}
    )
    assert [one.score for one in found] == [0, 100]
    assert found[0].missing == ()


# -- Tiers ---------------------------------------------------------------------

ORDER = ["key", "a", "b", "c", "d"]


def run(state, *proposals, **runs):
    for proposed in proposals:
        state = tiers.decide(ORDER, state, proposed, **runs)
    return state


def test_one_bad_run_moves_nobody():
    assert run(State("a"), "b") == State("a", "b", 1)
    assert run(State("a"), "b", "a") == State("a")
    assert run(State("a"), "b", "a", "b") == State("a", "b", 1)


def test_two_runs_move():
    assert run(State("a"), "b", "b") == State("b")
    assert run(State("b"), "key", "key") == State("key")


def test_the_nearest_of_the_proposals():
    assert run(State("a"), "d", "c") == State("c")
    assert run(State("a"), "c", "d") == State("c")
    assert run(State("d"), "key", "b") == State("b")


def test_other_numbers_of_runs():
    assert run(State("b"), "a", runs_up=1) == State("a")
    assert run(State("b"), "c", "c", runs_down=3) == State("b", "c", 2)


def test_first_tier_and_unknown_tiers():
    assert run(State(), "b") == State("b")
    assert run(State("was deleted"), "b") == State("b")
    assert run(State("b"), None) == State("b")
    assert run(State("b"), "was deleted") == State("b")
    assert run(State(), None) == State()


def test_default_rules_divide_everybody():
    values = [500, 200, 120, 90, 60, 25, 5, 0, -40]
    shares, ranks = tools.ranking.cumulative_shares(values), tools.ranking.ranks(values)
    found = [
        tiers.propose(
            tiers.DEFAULT_RULES, {"amount": value, "share": share, "rank": rank}
        )
        for value, share, rank in zip(values, shares, ranks, strict=True)
    ]
    # Cumulative: .5 .7 .82 .91 .97 .995 1.
    assert found == ["key", "a", "b", "b", "c", "c", "c", "d", "d"]


def test_one_customer_with_everything_is_key():
    facts = {"amount": 900.0, "share": 0.9, "rank": 1}
    assert tiers.propose(tiers.DEFAULT_RULES, facts) == "key"


def test_rules_of_different_measures():
    rules = [Rule("key", "amount", 1000), Rule("a", "score", 80), Rule("c", "any")]
    assert tiers.check_rules(rules) == []
    assert tiers.propose(rules, {"amount": 1000, "score": 1}) == "key"
    assert tiers.propose(rules, {"amount": 999.99, "score": 80}) == "a"
    assert tiers.propose(rules, {"amount": None, "score": None}) == "c"
    assert tiers.propose(rules[:2], {}) is None


def test_rules_that_cannot_work():
    after_all = [Rule("a", "any"), Rule("b", "amount", 5)]
    assert tiers.check_rules(after_all) == [(1, "shadowed")]
    same = [Rule("a", "share", 0.5), Rule("b", "share", 0.5), Rule("c", "any")]
    assert tiers.check_rules(same) == [(1, "shadowed")]
    falling = [Rule("a", "score", 80), Rule("b", "score", 50), Rule("c", "any")]
    assert tiers.check_rules(falling) == []
    assert tiers.check_rules([Rule("a", "amount")]) == [(0, "bound"), (1, "no_rest")]
    assert tiers.check_rules([]) == [(0, "no_rest")]


def test_why():
    why = tiers.reason(tiers.DEFAULT_RULES, None, "b", None, {"share": 0.9})
    assert why == ("new", "share", 0.95, None, 0.9)
    why = tiers.reason(
        tiers.DEFAULT_RULES, "key", "a", {"share": 0.48}, {"share": 0.55}
    )
    assert why == ("missed", "share", 0.5, 0.48, 0.55)


def test_override():
    last = date(2026, 6, 30)
    assert tiers.effective("c", "key", last, last) == "key"
    assert tiers.effective("c", "key", last, date(2026, 7, 1)) == "c"
    assert tiers.effective("c") == "c"


# -- Price, volume, cost, mix --------------------------------------------------


def test_effects_add_up():
    """Whatever the rows: returns, gifts, lost and new products."""
    random = Random(3)

    def rows():
        return [
            (
                random.randrange(8),
                random.randrange(-5, 30),
                random.uniform(-50, 500),
                random.uniform(-20, 300),
            )
            for _row in range(random.randrange(12))
        ]

    for _case in range(300):
        before, after = rows(), rows()
        total, lines = decomposition.decompose(before, after)
        change = sum(s - c for _k, _q, s, c in after)
        change -= sum(s - c for _k, _q, s, c in before)
        assert total.total == pytest.approx(change, abs=1e-6)
        assert sum(line.total for line in lines) == pytest.approx(change, abs=1e-6)
        for line in lines:
            own = sum(s - c for k, _q, s, c in after if k == line.key)
            own -= sum(s - c for k, _q, s, c in before if k == line.key)
            assert line.total == pytest.approx(own, abs=1e-6)
        changes = [abs(line.total) for line in lines]
        assert changes == sorted(changes, reverse=True)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # Only the price: 10 × (6 − 5).
        ([("A", 10, 50, 30)], [("A", 10, 60, 30)], (10, 0, 0, 0)),
        # Only the cost: 10 × (3 − 4).
        ([("A", 10, 50, 30)], [("A", 10, 50, 40)], (0, -10, 0, 0)),
        # Only the volume: 5 more at a margin of 2.
        ([("A", 10, 50, 30)], [("A", 15, 75, 45)], (0, 0, 10, 0)),
        # As much in all, of the product with the smaller margin: mix.
        (
            [("A", 10, 50, 30), ("B", 10, 50, 40)],
            [("A", 5, 25, 15), ("B", 15, 75, 60)],
            (0, 0, 0, -5),
        ),
        # Nothing before: all is volume.
        ([], [("A", 10, 50, 30)], (0, 0, 20, 0)),
        # Nothing any more.
        ([("A", 10, 50, 30)], [], (0, 0, -20, 0)),
        # A price granted later, without a quantity.
        ([("A", 10, 50, 30)], [("A", 10, 50, 30), ("A", 0, -8, 0)], (-8, 0, 0, 0)),
        ([], [], (0, 0, 0, 0)),
    ],
)
def test_effects_by_hand(before, after, expected):
    total, _lines = decomposition.decompose(before, after)
    assert total[1:] == pytest.approx(expected)


# -- Quadrants -----------------------------------------------------------------


def test_eight_customers_of_a_device_maker():
    """Where a manager would put them; profit cut 20,000, risk cut .5."""
    cuts = tools.quadrants.Cuts(profit=20_000)
    cases = {
        # profit, (churn, lateness, exposure), trend, percentile of predictive value
        "clinic chain, grows, pays": (
            90_000,
            (0.1, 0.2, 0.4),
            0.25,
            0.95,
            "core_growth",
        ),
        "old key account, flat": (80_000, (0.1, 0.3, 0.5), 0.0, 0.9, "steady"),
        "big, silent and late": (
            *(120_000, (0.8, 0.9, 0.9), -0.3, 0.7),
            "high_profit_high_risk",
        ),
        "new, small, orders often": (6_000, (0.1, 0.3, 0.1), None, 0.8, "potential"),
        "small, doubled": (9_000, (0.2, 0.2, 0.1), 1.0, 0.4, "potential"),
        "small and steady": (5_000, (0.2, 0.1, 0.1), 0.0, 0.3, "low_value"),
        "small, late, gone": (1_000, (0.9, 0.8, 0.3), -0.5, 0.1, "high_risk"),
        "sold at a loss": (-4_000, (0.2, 0.2, 0.2), -0.2, 0.0, "low_value"),
    }
    for name, (profit, parts, trend, promise, expected) in cases.items():
        names = ("churn", "lateness", "exposure")
        risk = tools.quadrants.risk(dict(zip(names, parts, strict=True)))
        found = tools.quadrants.position(profit, risk, cuts, trend, promise)
        assert found.name == expected, name
        assert found.severe == (risk >= 0.7)


def test_the_band_around_the_cuts():
    cuts = tools.quadrants.Cuts(profit=1000, band=0.05)
    place = tools.quadrants.position
    assert place(1010, 0.48, cuts).quadrant == (True, False)
    assert place(1010, 0.48, cuts, previous=(False, True)).quadrant == (False, True)
    assert place(1060, 0.44, cuts, previous=(False, True)).quadrant == (True, False)


# -- Quality of predictions ----------------------------------------------------


def test_auc_by_pairs():
    random = Random(4)
    scores = [random.randrange(6) for _score in range(60)]
    bought = [random.random() < 0.4 for _score in scores]
    pairs = [
        (s > t) + (s == t) / 2
        for s, b in zip(scores, bought, strict=True)
        for t, c in zip(scores, bought, strict=True)
        if b and not c
    ]
    assert metrics.auc(scores, bought) == pytest.approx(sum(pairs) / len(pairs))


def test_top_capture_with_ties():
    """Two places, one taken by the best; three with the same score for the other."""
    assert metrics.top_capture([9, 5, 5, 5, 1], [40, 30, 0, 0, 30], 0.4) == 0.5


def test_monotone_shares():
    """Rising, and on the whole right: each step is off by less than one customer."""
    random = Random(5)
    scores = [random.randrange(30) for _score in range(400)]
    bought = [random.random() < score / 40 for score in scores]
    steps = tools.monotone.monotone_shares(scores, bought)
    shares = [share for _lowest, share in steps]
    assert shares == sorted(set(shares))
    found = [tools.monotone.share_at(steps, score) for score in scores]
    assert abs(sum(found) - sum(bought)) < len(steps)
    assert sum(found) == pytest.approx(sum(bought), rel=0.01)


def test_shares_of_few_are_no_certainty():
    """Two of score 1 bought nothing, all six of score 2 and the one of score 3 did.

    In all 7 of 9: m = 7.5 / 10 = .75. Score 1: (0 + .75) / 3 = .25. Score 2: (6 + .75)
    / 7 = .964. Score 3 as well, since 1 of 1 is the same share: (7 + .75) / 8 = .969.
    """
    steps = tools.monotone.monotone_shares(
        [1, 1, 2, 2, 2, 2, 2, 2, 3], [False, False] + [True] * 7
    )
    assert steps == [(1, 0.25), (2, 0.96875)]


def test_a_step_of_one_does_not_pass_those_below():
    """29 of 30 bought with score 1, the only one with score 2 did: m = 30.5 / 32.

    Told apart, (29 + .953) / 31 = .966 and (1 + .953) / 2 = .977 rise. Had 30 of 31
    and 0 of 10 below bought, m would be 31.5 / 43 = .733: (30 + .733) / 32 = .960 for
    score 1 and (1 + .733) / 2 = .866 for score 2 would fall, so they are one step:
    (31 + .733) / 33 = .962, and (0 + .733) / 11 = .067 below it.
    """
    shares = tools.monotone.monotone_shares
    apart = shares([1] * 30 + [2], [False] + [True] * 30)
    assert [(low, round(share, 3)) for low, share in apart] == [(1, 0.966), (2, 0.977)]
    one = shares([0] * 10 + [1] * 31 + [2], [False] * 11 + [True] * 31)
    assert [(low, round(share, 3)) for low, share in one] == [(0, 0.067), (1, 0.962)]


@pytest.mark.parametrize(("bought", "said"), [(False, 1 / 32), (True, 31 / 32)])
def test_shares_where_all_are_alike(bought, said):
    """Three customers: m is .5 / 4 = 1/8 if none bought, 7/8 if all did; the step is
    (0 + 1/8) / 4 = 1/32 or (3 + 7/8) / 4 = 31/32."""
    found = tools.monotone.monotone_shares([1, 2, 3], [bought] * 3)
    assert found == [(1, said)]


def test_back_test_of_too_little():
    """Ten customers: no model, only the simple estimate beside the baselines."""
    orders = [
        (key, date(2026, 1, 1 + key + 5 * number), 10.0)
        for key in range(10)
        for number in range(1 + key % 3)
    ]
    found = tools.backtest.backtest(orders, date(2026, 1, 12), date(2026, 2, 28))
    assert {refusal.code for refusal in found.refusals.values()} == {"few_customers"}
    assert set(found.refusals) == {"mbg_nbd", "bg_nbd"}
    assert set(found.outcomes) == {"interval", "recency", "ticket", "rfm"}
    assert tools.backtest.choose(found.outcomes, "auc") in found.outcomes


def test_back_test_of_no_time():
    day = date(2026, 1, 1)
    with pytest.raises(ValueError, match="nothing to predict"):
        tools.backtest.backtest([], day, day)


def test_back_test_without_orders():
    found = tools.backtest.backtest([], date(2026, 1, 1), date(2026, 2, 1))
    assert (found.customers, found.buyers, found.value) == (0, 0, 0)
    assert tools.backtest.choose(found.outcomes, "auc") is None
