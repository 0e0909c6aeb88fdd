# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import doctest

from odoo.tests import BaseCase

from ..tools import decision
from ..tools.decision import (
    DEFAULT_RULES,
    Account,
    OpenItem,
    Position,
    Rule,
    decide,
)


def codes(answer, action="hold"):
    return {reason.code for reason in answer.reasons if reason.action == action}


class TestDecision(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(decision)
        self.assertGreater(result.attempted, 0)
        self.assertEqual(result.failed, 0)

    # -- limit -----------------------------------------------------------

    def test_bound_exactly_met(self):
        answer = decide(Position(Account(1000, 250)), 750, DEFAULT_RULES)
        self.assertEqual(answer.outcome, "warn")
        self.assertEqual(codes(answer, "warn"), {"near_limit"})
        self.assertEqual(answer.to_pay, 0)

    def test_one_cent_over(self):
        answer = decide(Position(Account(1000, 250)), 750.01, DEFAULT_RULES)
        self.assertEqual(codes(answer), {"over_limit"})
        self.assertEqual(codes(answer, "warn"), set(), "said once")
        self.assertEqual((answer.to_pay, answer.largest), (0.01, 750.0))
        self.assertTrue(answer.curable)

    def test_float_noise_is_no_cent(self):
        position = Position(Account(0.3, 0.1 + 0.1))  # 0.2
        self.assertEqual(decide(position, 0.1, DEFAULT_RULES).outcome, "warn")

    def test_zero_limit_is_not_unlimited(self):  # W13
        none = decide(Position(Account(0.0, 0.0)), 1, DEFAULT_RULES)
        self.assertEqual(codes(none), {"over_limit"})
        self.assertEqual((none.to_pay, none.largest), (1.0, 0.0))
        unlimited = decide(Position(Account(None, 1e9)), 1e9, DEFAULT_RULES)
        self.assertEqual((unlimited.outcome, unlimited.largest), ("allow", None))

    def test_nothing_owed_and_no_credit(self):
        self.assertEqual(
            decide(Position(Account(0, 0)), 0, DEFAULT_RULES).outcome, "allow"
        )

    def test_credit_balance_counts(self):
        """A customer who paid 300 in advance and has no credit may buy for 300."""
        position = Position(Account(0.0, -300.0))
        self.assertFalse(decide(position, 300, DEFAULT_RULES).held)
        self.assertTrue(decide(position, 300.01, DEFAULT_RULES).held)

    def test_tolerance(self):
        rules = (Rule("over_limit", "hold", 10.0),)
        position = Position(Account(1000, 0))
        self.assertFalse(decide(position, 1100, rules).held)
        answer = decide(position, 1150, rules)
        self.assertEqual(codes(answer), {"over_limit"})
        self.assertEqual((answer.to_pay, answer.largest), (50.0, 1100.0))

    def test_near_limit_is_reached_at_80_per_cent(self):
        position = Position(Account(1000, 0))
        self.assertEqual(decide(position, 799.99, DEFAULT_RULES).outcome, "allow")
        self.assertEqual(decide(position, 800, DEFAULT_RULES).outcome, "warn")

    def test_group_binds_where_own_does_not(self):
        position = Position(Account(1000, 100), Account(1500, 1400))
        answer = decide(position, 101, DEFAULT_RULES)
        self.assertEqual(
            [(r.code, r.shared) for r in answer.reasons if r.action == "hold"],
            [("over_limit", True)],
        )
        self.assertEqual((answer.to_pay, answer.largest), (1.0, 100.0))

    def test_own_binds_where_group_does_not(self):
        position = Position(Account(200, 150), Account(10_000, 150))
        answer = decide(position, 100, DEFAULT_RULES)
        holds = [r for r in answer.reasons if r.action == "hold"]
        self.assertEqual(
            [(r.value, r.threshold, r.shared) for r in holds], [(250, 200, False)]
        )

    def test_both_bind_and_the_larger_excess_is_to_pay(self):
        position = Position(Account(200, 150), Account(500, 500))
        answer = decide(position, 100, DEFAULT_RULES)
        self.assertEqual(len([r for r in answer.reasons if r.action == "hold"]), 2)
        self.assertEqual((answer.to_pay, answer.largest), (100.0, 0.0))

    # -- overdue ---------------------------------------------------------

    def test_oldest_item_of_90_and_91_days(self):  # W22
        def judge(days):
            item = OpenItem(7, 40.0, days)
            return decide(
                Position(overdue=40, oldest_overdue_days=days, items=(item,)),
                1,
                DEFAULT_RULES,
            )

        self.assertEqual(judge(90).outcome, "allow")
        answer = judge(91)
        self.assertEqual(codes(answer), {"overdue_days"})
        self.assertEqual((answer.to_pay, answer.pay_items), (40.0, (7,)))
        self.assertEqual(answer.largest, 0.0)

    def test_overdue_amount(self):
        rules = (Rule("overdue_amount", "hold", 100.0),)
        self.assertFalse(decide(Position(overdue=100), 1, rules).held)
        answer = decide(Position(overdue=100.01), 1, rules)
        self.assertEqual(codes(answer), {"overdue_amount"})
        self.assertEqual(answer.to_pay, 0.01)

    def test_overdue_amount_and_share_of_the_limit(self):
        rules = (Rule("overdue_amount", "hold", 100.0, share=50.0),)

        def held(limit, exposure, amount):
            return decide(
                Position(Account(limit, exposure), overdue=200), amount, rules
            ).held

        self.assertFalse(held(1000, 400, 100), "exactly half is used")
        self.assertTrue(held(1000, 400, 100.01))
        self.assertFalse(held(None, 400, 1e6), "of no limit nothing is used")

    # -- payment plan ----------------------------------------------------

    def test_plan_pays_the_oldest_whole_and_then_the_excess(self):
        """Items 100 (120 days), 200 (10 days), 300 (not due); owes 600, limit 500, asks
        150: 250 too much. The old 100 must go; with it 200 and no more items."""
        items = (OpenItem(1, 100, 120), OpenItem(2, 200, 10), OpenItem(3, 300, 0))
        answer = decide(
            Position(
                Account(500, 600), overdue=300, oldest_overdue_days=120, items=items
            ),
            150,
            DEFAULT_RULES,
        )
        self.assertEqual(codes(answer), {"over_limit", "overdue_days"})
        self.assertEqual((answer.to_pay, answer.pay_items), (250, (1, 2)))

    def test_plan_when_the_old_items_are_more_than_the_excess(self):
        items = (OpenItem(1, 400, 100), OpenItem(2, 200, 95), OpenItem(3, 300, 0))
        answer = decide(
            Position(
                Account(900, 900), overdue=600, oldest_overdue_days=100, items=items
            ),
            50,
            DEFAULT_RULES,
        )
        self.assertEqual((answer.to_pay, answer.pay_items), (600, (1, 2)))

    def test_plan_beyond_what_is_owed(self):
        """An advance is asked for when paying every invoice is not enough."""
        answer = decide(
            Position(Account(100, 50), items=(OpenItem(1, 50, 0),)), 500, DEFAULT_RULES
        )
        self.assertEqual((answer.to_pay, answer.pay_items), (450, (1,)))

    def test_not_curable_by_money(self):
        answer = decide(
            Position(Account(100, 100), manual_hold=True), 50, DEFAULT_RULES
        )
        self.assertEqual(codes(answer), {"manual_hold", "over_limit"})
        self.assertFalse(answer.curable)
        self.assertEqual(answer.largest, 0.0)

    # -- order, exemption, hold ------------------------------------------

    def test_large_order(self):
        rules = (Rule("order_amount", "hold", 500.0), Rule("over_limit"))
        position = Position(Account(800, 0))
        self.assertFalse(decide(position, 500, rules).held)
        answer = decide(position, 500.01, rules)
        self.assertEqual((codes(answer), answer.largest), ({"order_amount"}, 500.0))
        self.assertFalse(answer.curable)
        # What is paid in advance lowers the credit, not the size of the order.
        self.assertTrue(decide(position, 100, rules, total=600).held)

    def test_exempt(self):
        position = Position(
            Account(0, 900), oldest_overdue_days=400, overdue=900, blocked_grade=True
        )
        self.assertEqual(
            decide(position, 50, DEFAULT_RULES, exempt=True).outcome, "allow"
        )

    def test_manual_hold_is_unconditional(self):
        answer = decide(Position(manual_hold=True), 0, DEFAULT_RULES, exempt=True)
        self.assertEqual(codes(answer), {"manual_hold"})

    def test_missing_rate_holds_where_a_limit_is_set(self):
        unlimited = Position(missing_rate="EUR")
        self.assertEqual(decide(unlimited, 1, DEFAULT_RULES).outcome, "allow")
        limited = Position(Account(100.0), missing_rate="EUR")
        answer = decide(limited, 1, (), exempt=True)
        self.assertEqual((codes(answer), answer.curable), ({"missing_rate"}, False))

    def test_expiry_with_grace(self):
        rules = (Rule("limit_expired", "hold", 5.0), Rule("review_expired", "warn"))
        self.assertFalse(decide(Position(limit_expired_days=5), 1, rules).held)
        self.assertTrue(decide(Position(limit_expired_days=6), 1, rules).held)
        self.assertEqual(
            decide(Position(review_expired_days=0), 1, rules).outcome, "allow"
        )
        self.assertEqual(
            decide(Position(review_expired_days=1), 1, rules).outcome, "warn"
        )

    def test_ignored_rule_is_silent(self):
        rules = (Rule("over_limit", "ignore"),)
        answer = decide(Position(Account(0, 0)), 1e6, rules)
        self.assertEqual(
            (answer.outcome, answer.reasons, answer.largest), ("allow", (), None)
        )

    def test_gravest_reason_comes_first(self):
        answer = decide(
            Position(Account(100, 95), review_expired_days=3, blocked_grade=True),
            1,
            DEFAULT_RULES,
        )
        self.assertEqual(answer.reasons[0].code, "blocked_grade")
        self.assertEqual(codes(answer, "warn"), {"review_expired", "near_limit"})

    # -- currencies ------------------------------------------------------

    def test_currency_without_decimals(self):
        position = Position(Account(1000, 600))
        self.assertFalse(decide(position, 400.4, DEFAULT_RULES, precision=1).held)
        answer = decide(position, 401, DEFAULT_RULES, precision=1)
        self.assertEqual((answer.to_pay, answer.largest), (1, 400))

    def test_currency_without_decimals_rounds_the_largest_down(self):
        rules = (Rule("over_limit", "hold", 0.05),)  # bound 1000.5
        answer = decide(Position(Account(1000, 0)), 2000, rules, precision=1)
        self.assertEqual(answer.largest, 1000)

    def test_currency_of_three_decimals(self):
        position = Position(Account(1, 0.9))
        self.assertFalse(decide(position, 0.1, DEFAULT_RULES, precision=0.001).held)
        answer = decide(position, 0.101, DEFAULT_RULES, precision=0.001)
        self.assertEqual(
            (codes(answer), answer.to_pay, answer.largest), ({"over_limit"}, 0.001, 0.1)
        )
