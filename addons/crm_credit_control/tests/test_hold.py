# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Asking, releasing, refusing, curing."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import CreditCommon
from .test_exposure import FAR


class HoldCase(CreditCommon):
    """A limit of 1000; orders of more are held."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_limit(1000.0)

    def _hold(self, order, user=None):
        return order.sudo().credit_hold_id.with_user(user or self.controller)

    def _released(self, order, user=None, **values):
        hold = self._hold(order, user)
        hold._release(self.release_reason, "fine", **values)
        return hold

    def _told(self, order, text):
        messages = order.sudo().message_ids.filtered(lambda m: text in (m.body or ""))
        return messages.notified_partner_ids


@tagged("post_install", "-at_install")
class TestRequest(HoldCase):
    def test_one_click(self):
        self.company.credit_controller_id = self.controller
        order = self._held(1500)
        order.action_request_credit_release()
        hold = self._hold(order)
        self.assertRecordValues(
            hold.sudo(),
            [
                {
                    "state": "requested",
                    "requested_by_id": self.salesperson.id,
                    "user_id": self.controller.id,
                    "amount": 1500,
                    "to_pay": 500,
                    "main_code": "over_limit",
                }
            ],
        )
        self.assertEqual(hold.activity_ids.user_id, self.controller)
        # Asked twice, still one activity.
        order.action_request_credit_release()
        self.assertEqual(len(hold.activity_ids), 1)

    def test_owner_of_the_customer_comes_first(self):
        self.company.credit_controller_id = self.controller
        self._account().user_id = self.manager
        order = self._held(1500)
        order.action_request_credit_release()
        self.assertEqual(self._hold(order).activity_ids.user_id, self.manager)

    def test_not_on_hold(self):
        with self.assertRaisesRegex(UserError, "not on hold"):
            self._order(10).action_request_credit_release()

    def test_stranger_asks_nothing(self):
        order = self._held(1500)
        stranger = self._new_user("stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            order.with_user(stranger).action_request_credit_release()
        with self.assertRaises(AccessError):
            self._hold(order, stranger).action_request()

    def test_activity_goes_with_the_decision(self):
        self.company.credit_controller_id = self.controller
        reasons = {"_release": self.release_reason, "_refuse": self.refuse_reason}
        for decide, reason in reasons.items():
            order = self._held(1500)
            order.action_request_credit_release()
            hold = self._hold(order)
            getattr(hold, decide)(reason, "x")
            self.assertFalse(hold.activity_ids)
            order.sudo()._action_cancel()


@tagged("post_install", "-at_install")
class TestRelease(HoldCase):
    def test_confirms_and_tells(self):
        order = self._held(1500)
        order.action_request_credit_release()
        hold = self._released(order)
        self.assertConfirmed(order)
        self.assertRecordValues(
            hold.sudo(),
            [
                {
                    "state": "used",
                    "decided_by_id": self.controller.id,
                    "decision_reason_id": self.release_reason.id,
                    "decision_note": "fine",
                    "release_total": 1500,
                }
            ],
        )
        self.assertIn(
            self.salesperson.partner_id, self._told(order, "Released by controller")
        )

    def test_without_automatic_confirmation(self):
        self.company.credit_auto_confirm = False
        order = self._held(1500)
        hold = self._released(order)
        self.assertEqual((order.state, hold.state), ("draft", "released"))
        order.action_confirm()
        self.assertConfirmed(order)
        self.assertEqual(hold.state, "used")

    def test_ceiling_of_the_controller(self):
        self.company.credit_controller_ceiling = 1500
        order = self._held(1500.01)
        with self.assertRaisesRegex(UserError, "1,500.00"):
            self._released(order)
        with self.assertRaisesRegex(UserError, "up to"):
            self._released(order, total=99_999)
        self.assertHeld(order)
        # Refusing needs no ceiling; a manager has none.
        self._hold(order)._refuse(self.refuse_reason)
        self._released(order, self.manager)
        self.assertConfirmed(order)
        exact = self._held(1500)
        self._released(exact)
        self.assertConfirmed(exact)

    def test_ceiling_counts_in_company_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        prices = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id}
        )
        self.company.credit_controller_ceiling = 1500
        order = self._held(800, pricelist_id=prices.id)
        with self.assertRaisesRegex(UserError, "1,500.00"):
            self._released(order)

    def test_releasing_less_than_the_order_frees_nothing(self):
        self.company.credit_controller_ceiling = 1500
        order = self._held(9000)
        self._released(order, total=1500)
        self.assertEqual(order.state, "draft")
        self.assertHeld(order, "over_limit")

    def test_never_ones_own(self):
        self.controller.group_ids += self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        both = self.controller
        as_salesperson = self._held(1500)
        as_salesperson.sudo().user_id = both
        as_creator = self._held(1500, user=both)
        as_creator.sudo().user_id = self.salesperson
        as_requester = self._held(1500)
        self._hold(as_requester, both).action_request()
        for order in (as_salesperson, as_creator, as_requester):
            for decide in ("_release", "_refuse"):
                with (
                    self.subTest(order=order.id, decide=decide),
                    self.assertRaisesRegex(AccessError, "own order"),
                ):
                    getattr(self._hold(order, both), decide)(self.release_reason)
            self.assertHeld(order.sudo())

    def test_salesperson_decides_nothing(self):
        order = self._held(1500)
        for decide in ("_release", "_refuse"):
            with self.assertRaises(AccessError):
                getattr(self._hold(order, self.salesperson), decide)(
                    self.release_reason
                )

    def test_amount_is_bound(self):
        order = self._held(1500)
        hold = self._released(order, confirm=False)
        order.order_line.price_unit = 1500.01
        order.action_confirm()
        self.assertHeld(order, "over_limit")
        self.assertEqual(hold.state, "lapsed")
        self.assertEqual(len(order.sudo().credit_hold_ids), 2)

    def test_tolerance(self):
        self.company.credit_release_tolerance = 10
        order = self._held(1500)
        hold = self._released(order, confirm=False)
        order.order_line.price_unit = 1650.01
        order.action_confirm()
        self.assertHeld(order)
        self._released(order, total=1500, confirm=False)
        order.order_line.price_unit = 1650
        order.action_confirm()
        self.assertConfirmed(order)
        self.assertEqual(hold.state, "lapsed")

    def test_lowered_order_is_covered(self):
        order = self._held(1500)
        self._released(order, confirm=False)
        order.order_line.price_unit = 1200
        order.action_confirm()
        self.assertConfirmed(order)

    def test_currency_terms_and_customer_are_bound(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        prices = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id}
        )
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self._set_limit(10, other)
        changes = (
            {"pricelist_id": prices.id},
            {"payment_term_id": self.env.ref("account.account_payment_term_30days").id},
            {"partner_invoice_id": other.id},
        )
        for values in changes:
            with self.subTest(**values):
                order = self._held(5000)
                self._released(order, confirm=False)
                order.write(values)
                order.order_line.price_unit = 5000
                order.action_confirm()
                self.assertHeld(order)

    def test_end_date(self):
        with freeze_time("2026-03-01 12:00:00"):
            orders = [self._held(1500) for _i in range(2)]
            for order in orders:
                self._released(order, until=date(2026, 3, 10), confirm=False)
                self.assertEqual(order.credit_hold_state, "released")
        with freeze_time("2026-03-10 12:00:00"):
            orders[0].action_confirm()
            self.assertConfirmed(orders[0])
            orders[0]._action_cancel()
        with freeze_time("2026-03-11 12:00:00"):
            orders[1].action_confirm()
            self.assertHeld(orders[1])

    def test_nightly_run_ends_releases(self):
        with freeze_time("2026-03-01 12:00:00"):
            order = self._held(1500)
            hold = self._released(order, until=date(2026, 3, 10), confirm=False)
        with freeze_time("2026-03-11 12:00:00"):
            self.env["customer.finance.queue"]._push_all(self.company)
            self._work_off()
            self.assertEqual(hold.state, "lapsed")
            self.assertHeld(order, "over_limit")

    def test_spent_once(self):
        order = self._held(1500)
        self._released(order)
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertHeld(order, "over_limit")

    def test_bad_values(self):
        order = self._held(1500)
        for values in ({"until": "2020-01-01"}, {"total": -1.0}, {"total": 0.0}):
            dialog = self.env["credit.release"].with_user(self.controller)
            dialog = dialog.create(
                {
                    "hold_ids": [Command.set(self._hold(order).ids)],
                    "reason_id": self.release_reason.id,
                    **values,
                }
            )
            with self.subTest(**values), self.assertRaises(UserError):
                dialog.action_apply()
        self.assertHeld(order)

    def test_dialog_over_several(self):
        orders = self._held(1500) | self._held(1600)
        holds = orders.sudo().credit_hold_id
        self.env["credit.release"].with_user(self.controller).create(
            {
                "hold_ids": [Command.set(holds.ids)],
                "reason_id": self.release_reason.id,
                "until": FAR,
            }
        ).action_apply()
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])
        self.assertEqual(holds.mapped("release_total"), [1500, 1600])

    def test_released_or_confirmed_is_not_decided_again(self):
        order = self._held(1500)
        hold = self._released(order)
        with self.assertRaisesRegex(UserError, "not on hold any more"):
            hold._release(self.release_reason)
        with self.assertRaisesRegex(UserError, "not on hold any more"):
            hold._refuse(self.refuse_reason)

    def test_refusal(self):
        order = self._held(1500)
        order.action_request_credit_release()
        self._hold(order)._refuse(self.refuse_reason, "pay first")
        self.assertEqual(order.credit_hold_state, "refused")
        self.assertIn(self.salesperson.partner_id, self._told(order, "pay first"))
        order.action_confirm()
        self.assertEqual(order.credit_hold_state, "refused", "asking is no way round")
        order.action_request_credit_release()
        self.assertEqual(order.credit_hold_state, "requested")

    def test_refused_and_then_paid(self):
        invoice = self._invoice(800, "2026-01-05", due=FAR)
        order = self._held(500)
        self._hold(order)._refuse(self.refuse_reason)
        self._pay(invoice, 300, "2026-02-01")
        self._work_off()
        self.assertConfirmed(order)

    def test_reason_of_the_other_kind(self):
        order = self._held(1500)
        hold = order.sudo().credit_hold_id.with_user(self.controller)
        with self.assertRaisesRegex(UserError, "is no reason for this decision"):
            hold._release(self.refuse_reason)
        with self.assertRaisesRegex(UserError, "is no reason for this decision"):
            hold._refuse(self.release_reason)
        self.assertEqual(hold.state, "open")


@tagged("post_install", "-at_install")
class TestCure(HoldCase):
    """800 owed on an invoice; an order of 500 is 300 too much."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._invoice(800, "2026-01-05", due=FAR)

    def setUp(self):
        super().setUp()
        self.order = self._held(500)
        self.hold = self.order.sudo().credit_hold_id
        self._work_off()
        self.assertHeld(self.order, "over_limit")

    def assertCured(self):
        self._work_off()
        self.assertConfirmed(self.order)
        self.assertEqual(self.hold.state, "cured")

    def test_payment(self):
        self._pay(self.invoice, 299.99, "2026-02-01")
        self._work_off()
        self.assertHeld(self.order, "over_limit")
        self.assertEqual(self.hold.to_pay, 0.01, "fresh figures")
        self._pay(self.invoice, 0.01, "2026-02-02")
        self.assertCured()
        self.assertIn(self.salesperson.partner_id, self._told(self.order, "is lifted"))

    def test_credit_note(self):
        self._refund(300, "2026-02-01")
        self.assertCured()

    def test_limit_raised(self):
        self._account().with_user(self.controller).credit_limit = 1300
        self.assertCured()

    def test_cover_added(self):
        self._account().cover_ids = [
            Command.create({"amount": 300, "date_to": FAR, "reason": "Season"})
        ]
        self.assertCured()

    def test_unlimited(self):
        self._account().limit_type = "unlimited"
        self.assertCured()

    def test_draft_invoice_cancelled(self):
        draft = self._invoice(100, "2026-01-05", due=FAR, post=False)
        self._set_limit(1300)
        self._work_off()
        self.assertHeld(self.order)
        draft.button_cancel()
        self.assertCured()

    def _held_by_draft(self):
        """Return a draft invoice without which the order would pass."""
        draft = self._invoice(2000, "2026-01-05", due=FAR, post=False)
        self._set_limit(1300)
        self._work_off()
        self.assertHeld(self.order)
        return draft

    def test_draft_invoice_deleted(self):
        self._held_by_draft().unlink()
        self.assertCured()

    def test_draft_invoice_lowered(self):
        draft = self._held_by_draft()
        draft.invoice_line_ids = [
            Command.update(draft.invoice_line_ids.id, {"price_unit": 0})
        ]
        self.assertCured()

    def test_draft_invoice_of_somebody_else(self):
        other = self.env["res.partner"].create({"name": "Other"})
        self._held_by_draft().partner_id = other
        self.assertCured()

    def test_another_order_cancelled(self):
        other = self._confirmed(100)
        self._set_limit(1300)
        self._work_off()
        self.assertHeld(self.order, "over_limit")
        other._action_cancel()
        self.assertCured()

    def test_setting_changed(self):
        self._refund(100, "2026-02-01")
        self.company.credit_net_unallocated = False
        self._set_limit(1200)
        self._work_off()
        self.assertHeld(self.order)
        self.company.credit_net_unallocated = True
        self.assertCured()

    def test_policy_changed(self):
        rule = self.policy.rule_ids.filtered(lambda rule: rule.code == "over_limit")
        rule.threshold = 30
        self.assertCured()

    def test_policy_added(self):
        self.env["credit.policy"].create(
            {
                "name": "Soft",
                "sequence": 1,
                "rule_ids": [
                    Command.clear(),
                    Command.create({"code": "over_limit", "action": "warn"}),
                ],
            }
        )
        self.assertCured()

    def test_fresh_reasons(self):
        account = self._account()
        account.write({"manual_hold": True, "manual_hold_reason": "Dispute"})
        self._work_off()
        self.assertHeld(self.order, "over_limit", "manual_hold")
        self._pay(self.invoice, 800, "2026-02-01")
        self._work_off()
        self.assertHeld(self.order, "manual_hold")
        account.manual_hold = False
        self.assertCured()

    def test_blocked_grade_lifted(self):
        self._pay(self.invoice, 800, "2026-02-01")
        account = self._account()
        account.grade_id = self.env.ref("crm_credit_control.credit_grade_d")
        self._work_off()
        self.assertHeld(self.order, "blocked_grade")
        account.grade_id = self.env.ref("crm_credit_control.credit_grade_b")
        self.assertCured()

    def test_oldest_order_first(self):
        later = self._held(500)
        self.hold.date = "2026-01-01"
        self._pay(self.invoice, 300, "2026-02-01")
        self._work_off()
        self.assertConfirmed(self.order)
        self.assertHeld(later, "over_limit")
        self.assertEqual(later.sudo().credit_hold_id.to_pay, 500)

    def test_without_automatic_confirmation(self):
        self.company.credit_auto_confirm = False
        self._pay(self.invoice, 300, "2026-02-01")
        self._work_off()
        self.assertEqual((self.order.state, self.hold.state), ("draft", "cured"))
        self.assertIn(self.salesperson.partner_id, self._told(self.order, "is lifted"))
        self.order.action_confirm()
        self.assertConfirmed(self.order)

    def test_paid_and_spent_meanwhile(self):
        """What another order took first is not given twice."""
        self._pay(self.invoice, 300, "2026-02-01")
        self._confirmed(400)
        self._work_off()
        self.assertHeld(self.order, "over_limit")


@tagged("post_install", "-at_install")
class TestRecords(HoldCase):
    def test_nobody_writes_holds(self):  # W9
        order = self._held(1500)
        hold = order.sudo().credit_hold_id
        users = (self.salesperson, self.manager, self.env.ref("base.user_admin"))
        for user in users:
            mine = hold.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    mine.write({"state": "released", "release_total": 1e9})
                with self.assertRaises(AccessError):
                    mine.write({"message_main_attachment_id": False, "stage": "change"})
                with self.assertRaises(AccessError):
                    mine.unlink()
                with self.assertRaises(AccessError):
                    mine.create({"order_id": order.id, "state": "released"})
                with self.assertRaises(AccessError):
                    mine.copy()
                with self.assertRaises(AccessError):
                    mine.reason_ids.write({"action": "warn"})
                with self.assertRaises(AccessError):
                    mine.write({"reason_ids": [Command.clear()]})
                with self.assertRaises(AccessError):
                    order.with_user(user).write({"credit_hold_ids": [Command.clear()]})
                with self.assertRaises(AccessError):
                    order.with_user(user).write(
                        {
                            "credit_hold_ids": [
                                Command.update(hold.id, {"state": "released"})
                            ]
                        }
                    )
        self.assertHeld(order, "over_limit")
        with self.assertRaises(UserError):
            hold.unlink()

    def test_owner_and_review_date_may_be_set(self):
        hold = self._hold(self._held(1500))
        hold.write({"user_id": self.manager.id, "review_date": "2026-05-01"})
        with self.assertRaises(AccessError):
            hold.with_user(self.salesperson).write({"review_date": "2026-06-01"})

    def test_chatter_tells_the_story(self):
        order = self._held(1500)
        order.action_request_credit_release()
        hold = self._released(order)
        bodies = " ".join(hold.sudo().message_ids.mapped("body"))
        self.assertIn("asks for release", bodies)
        self.assertIn("Released by controller", bodies)


@tagged("post_install", "-at_install")
class TestReminder(HoldCase):
    def _reminders(self, partner=None):
        activities = self._account(partner).activity_ids
        return sorted(activities.mapped("user_id.login"))

    def _night(self):
        self.env["customer.finance.queue"]._push_all(self.company)
        self._work_off()

    def test_once_each_and_gone_when_below(self):
        self.company.credit_controller_id = self.controller
        self._confirmed(799.99)
        self._work_off()
        self.assertEqual(self._reminders(), [])
        last = self._confirmed(0.01)
        self._work_off()
        self.assertEqual(self._reminders(), ["controller", "seller"])
        for _night in range(3):
            self._night()
        self.assertEqual(self._reminders(), ["controller", "seller"])
        last._action_cancel()
        self._work_off()
        self.assertEqual(self._reminders(), [])

    def test_done_is_done(self):
        """Not one per day: whoever dealt with it is left alone until it is over."""
        order = self._confirmed(900)
        self._work_off()
        self._account().activity_ids.action_feedback("Called them")
        self._night()
        self.assertEqual(self._reminders(), [])
        order._action_cancel()
        self._work_off()
        self._confirmed(900)
        self._work_off()
        self.assertEqual(self._reminders(), ["seller"])

    def test_threshold_of_the_policy(self):
        rule = self.policy.rule_ids.filtered(lambda rule: rule.code == "near_limit")
        rule.threshold = 95
        self._confirmed(900)
        self._work_off()
        self.assertEqual(self._reminders(), [])

    def test_group(self):
        self._account().group_limit = True
        child = self.env["res.partner"].create(
            {"name": "North", "is_company": True, "parent_id": self.customer.id}
        )
        child.user_id = self.salesperson
        self._confirmed(900, partner=child)
        self._work_off()
        self.assertEqual(self._reminders(child), ["seller"])

    def test_statements(self):
        """As many for twelve customers near their limit as for two, once they are
        reminded of; customers without a limit are not looked at."""
        partners = self.env["res.partner"].create(
            [{"name": f"Near {n}", "user_id": self.salesperson.id} for n in range(12)]
        )
        counts = []
        for new in (partners[:2], partners[2:]):
            for partner in new:
                self._set_limit(1000, partner)
                self._confirmed(900, partner=partner)
            self.accounts._remind_near_limit(self.company)
            for _warm in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.accounts._remind_near_limit(self.company)
                self.env.flush_all()
                count = self.env.cr.sql_log_count - before
            counts.append(count)
            self.assertEqual(self._reminders(new[-1]), ["seller"])
        self.assertEqual(counts[0], counts[1])
