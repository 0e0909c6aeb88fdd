# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestLimits(CreditCommon):
    def _limit(self, partner=None):
        partner = partner or self.customer
        row = self.positions._get_position_rows(self.company, partner)[partner.id]
        return None if row["limit"] is None else float(row["limit"])

    def _cover(self, amount, date_from, date_to, **values):
        return self.env["credit.cover"].create(
            {
                "account_id": self._account().id,
                "amount": amount,
                "date_from": date_from,
                "date_to": date_to,
                "reason": "Test",
                **values,
            }
        )

    def test_none_set_is_unlimited(self):  # W13
        self.assertIsNone(self._limit())
        self.assertConfirmed(self._confirmed(1e7))

    def test_default_limit_of_the_company(self):
        self.env["ir.default"].set(
            "res.partner", "credit_limit", 300.0, company_id=self.company.id
        )
        self.assertEqual(self._limit(), 300)
        self._set_limit(500)
        self.assertEqual(self._limit(), 500)

    def test_no_credit_and_unlimited(self):  # W13
        account = self._account()
        self._set_limit(500)
        account.limit_type = "none"
        self.assertEqual(self._limit(), 0)
        self._held(1)
        account.limit_type = "unlimited"
        self.assertIsNone(self._limit())
        self.assertConfirmed(self._confirmed(10_000))

    def test_covers_on_their_bounds(self):
        self._set_limit(1000)
        self._cover(200, "2026-03-10", "2026-03-20")
        self._cover(400, "2026-03-01", False, kind="guarantee", coverage=50)
        expected = {
            "2026-02-28": 1000,
            "2026-03-01": 1200,
            "2026-03-09": 1200,
            "2026-03-10": 1400,
            "2026-03-20": 1400,
            "2026-03-21": 1200,
        }
        for day, limit in expected.items():
            with freeze_time(f"{day} 12:00:00"), self.subTest(day=day):
                self.assertEqual(self._limit(), limit)

    def test_cover_without_a_limit(self):
        """Nothing raises "unlimited"; a guarantee is all that "no credit" has."""
        self._cover(200, "2026-01-01", False, kind="guarantee")
        self.assertIsNone(self._limit())
        self._account().limit_type = "none"
        self.assertEqual(self._limit(), 200)

    def test_archived_cover(self):
        self._set_limit(1000)
        cover = self._cover(200, "2026-01-01", False, kind="insurance")
        self.assertEqual(self._limit(), 1200)
        cover.active = False
        self.assertEqual(self._limit(), 1000)

    def test_expired_limit_and_review_speak(self):
        self._set_limit(1000)
        account = self._account()
        account.write({"limit_until": "2026-03-10", "review_date": "2026-03-12"})
        expected = {
            "2026-03-10": set(),
            "2026-03-11": {"limit_expired"},
            "2026-03-13": {"limit_expired", "review_expired"},
        }
        for day, codes in expected.items():
            with freeze_time(f"{day} 12:00:00"), self.subTest(day=day):
                decision = self.check._judge_customers(self.company, self.customer)
                reasons = decision[self.customer.id].reasons
                self.assertEqual({reason.code for reason in reasons}, codes)

    def test_lowering_the_limit_holds_the_next_order(self):
        self._set_limit(1000)
        self._confirmed(600)
        self._set_limit(600)
        self._held(0.01)

    # -- bad input -------------------------------------------------------

    def test_absurd_limits(self):
        for limit in (-1, 2e12, float("inf")):
            with self.subTest(limit=limit), self.assertRaises(UserError):
                self._set_limit(limit)
        with self.assertRaisesRegex(UserError, "negative"):
            self._account().credit_limit = -5
        self.assertEqual(self.customer.credit_limit, 0)

    def test_bad_covers(self):
        bad = (
            {"amount": 0},
            {"amount": -5},
            {"amount": 1e13},
            {"coverage": 0},
            {"coverage": 101},
            {"date_to": "2025-12-31"},
            {"date_to": False},
        )
        for values in bad:
            values = {
                "amount": 10,
                "date_from": "2026-01-01",
                "date_to": "2026-02-01",
            } | values
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._cover(**values)

    def test_manual_hold_needs_a_reason(self):
        account = self._account()
        for reason in (False, "  "):
            with self.assertRaises(ValidationError):
                account.write({"manual_hold": True, "manual_hold_reason": reason})

    def test_file_belongs_to_the_company_not_its_contact(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        with self.assertRaises(ValidationError):
            self.accounts.create({"partner_id": contact.id})
        self.assertEqual(self._account(contact), self._account())

    # -- the log ---------------------------------------------------------

    def _logged(self):
        self.env.flush_all()
        return [
            (log.user_id.login, log.field_name, log.reason)
            for log in self.env["credit.log"].search([], order="id")
            if log.partner_id == self.customer
        ]

    def test_changes_are_logged(self):
        account = self._account().with_user(self.controller)
        self.env["credit.limit.change"].with_user(self.controller).create(
            {"account_id": account.id, "credit_limit": 700.0, "reason": "Good year"}
        ).action_apply()
        self.assertEqual(self.customer.credit_limit, 700)
        account.write({"manual_hold": True, "manual_hold_reason": "Dispute"})
        self.assertEqual(
            self._logged(),
            [
                ("controller", "credit_limit", "Good year"),
                ("controller", "manual_hold", "Dispute"),
            ],
        )
        log = self.env["credit.log"].search([], order="id", limit=1)
        self.assertIn("0.00", log.old_value)
        self.assertIn("700.00", log.new_value)

    def test_limit_given_with_a_new_file_is_logged_once(self):
        self.accounts.with_user(self.controller).create(
            {"partner_id": self.customer.id, "credit_limit": 400.0}
        )
        self.assertEqual(self._logged(), [("controller", "credit_limit", False)])

    def test_cover_is_logged(self):
        account = self._account().with_user(self.controller)
        account.cover_ids = [
            Command.create({"amount": 50, "date_to": "2099-01-01", "reason": "Season"})
        ]
        account.cover_ids.active = False
        self.assertEqual(
            self._logged(),
            [("controller", "cover_ids", "Season")] * 2,
        )

    def test_log_is_written_by_nobody(self):
        self._set_limit(100)
        log = self.env["credit.log"].search([], limit=1)
        for user in (self.manager, self.env.ref("base.user_admin")):
            mine = log.with_user(user)
            with self.assertRaises(AccessError):
                mine.write({"reason": "x"})
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.create({"account_id": log.account_id.id, "field_name": "merged"})
            with self.assertRaises(AccessError):
                log.account_id.with_user(user).log_ids = [Command.clear()]
        with self.assertRaises(AccessError):
            log.write({"reason": "x"})

    def test_file_and_cover_stay_with_their_customer(self):
        """What was logged for one customer does not become another's."""
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        account = self._account().with_user(self.controller)
        with self.assertRaises(UserError):
            account.partner_id = other
        cover = self._cover(50, "2026-01-01", "2099-01-01").with_user(self.controller)
        with self.assertRaises(UserError):
            cover.account_id = self._account(other)


@tagged("post_install", "-at_install")
class TestQueries(CreditCommon):
    """A fixed number of statements, however many customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.many = cls.env["res.partner"].create(
            [{"name": f"Customer {i}", "is_company": True} for i in range(100)]
        )
        cls.many.credit_limit = 1000
        for partner in cls.many[:12]:
            cls._confirmed(900, partner=partner)

    def _count(self, run):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        run()
        return self.env.cr.sql_log_count - before

    def test_positions(self):
        def run(count):
            return self._count(
                lambda: self.positions._get_position_rows(
                    self.company, self.many[:count]
                )
            )

        run(10)
        self.assertEqual(run(10), run(100))

    def test_decisions(self):
        def run(count):
            return self._count(
                lambda: self.check._judge_customers(self.company, self.many[:count])
            )

        run(10)
        self.assertLessEqual(run(100), run(10))

    def test_contact_fields(self):
        def run(count):
            return self._count(
                lambda: self.many[:count].with_user(self.manager).mapped("credit_state")
            )

        run(10)
        self.assertEqual(run(10), run(100))

    def test_contact_filter(self):  # W18
        partners = self.env["res.partner"].with_user(self.manager)

        def run():
            return self._count(
                lambda: partners.search([("credit_utilisation", ">=", 80)])
            )

        run()
        first = run()
        for partner in self.many[12:40]:
            self._confirmed(900, partner=partner)
        self.assertEqual(run(), first)
        self.assertLessEqual(first, 6)
