# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .alert_common import AlertCommon


@tagged("post_install", "-at_install")
class TestAlert(AlertCommon):
    """The life of an alert; the one at hand is of a silent customer: orders every 20
    days, the last one 40 days ago, so that its usual 1.5 intervals are over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order_every(20, 6, last=40)
        cls._refresh()
        cls.alert = cls._alert()

    def test_opens_once_and_tells_the_salesperson_once(self):
        self.assertEqual(self.alert.mapped("kind"), ["silent"])
        self.assertEqual(str(self.alert.opened_date), "2026-06-30")
        activity = self._activities(self.alert)
        self.assertEqual(activity.user_id, self.ann)
        self.assertEqual(activity.summary, "Order Silent")
        self._night("2026-07-01")
        self._night("2026-07-02")
        self._refresh(self.customer)
        self.assertEqual(self._alert(), self.alert)
        self.assertEqual(self._activities(self.alert), activity)

    def test_figures_follow(self):
        self.assertEqual(self.alert.days_now, 40)
        self._night("2026-07-02")
        self.assertEqual(self.alert.days_now, 42)
        self.assertEqual(str(self.alert.checked_date), "2026-07-02")
        self.assertEqual(str(self.alert.opened_date), "2026-06-30")

    def test_cured_by_an_order(self):
        self._order("2026-06-30")
        self._refresh(self.customer)
        self.assertEqual(self.alert.state, "closed")
        self.assertEqual(str(self.alert.closed_date), "2026-06-30")
        self.assertFalse(self._activities(self.alert))
        # The next silence is another alert.
        self._night("2026-09-30")
        again = self._alert()
        self.assertNotEqual(again, self.alert)
        self.assertEqual(str(again.opened_date), "2026-09-30")

    def test_done_is_not_told_again(self):
        activity = self._activities(self.alert)
        activity.with_user(self.ann).action_feedback("Called")
        self._night("2026-07-01")
        self.assertEqual(self._activities(self.alert), activity)
        self.assertFalse(activity.active)
        self.assertEqual(self.alert.state, "open")

    def test_another_salesperson_gets_it(self):
        bob = self._user("alert_bob", "sales_team.group_sale_salesman")
        self.customer.user_id = bob
        self._night("2026-07-01")
        self.assertEqual(self._activities(self.alert).user_id, bob)
        self.assertEqual(self.alert.told_user_id, bob)

    def test_salesperson_gone(self):
        """The leader of the team stands in; who left is told of nothing."""
        leader = self._user("alert_leader", "sales_team.group_sale_salesman")
        team = self.env["crm.team"].create(
            {
                "name": "Team",
                "company_id": self.company.id,
                "user_id": leader.id,
                "member_ids": self.ann.ids,
            }
        )
        self.assertEqual(self.ann.sale_team_id, team)
        self.ann.active = False
        self._night("2026-07-01")
        self.assertEqual(self._activities(self.alert).user_id, leader)

    def test_without_salesperson(self):
        """Whom the company names; else the leader of the first team; else a sales
        manager."""
        named = self._user("alert_named", "sales_team.group_sale_salesman")
        leader = self._user("alert_leader", "sales_team.group_sale_salesman")
        manager = self._user("alert_manager", "sales_team.group_sale_manager")
        self.env["crm.team"].search([]).write({"user_id": False})
        self.customer.user_id = False
        managers = self.env.ref("sales_team.group_sale_manager").all_user_ids
        (managers - manager).group_ids -= self.env.ref("sales_team.group_sale_manager")
        self._night("2026-07-01")
        told = self._activities(self.alert).user_id
        self.assertIn(self.env.ref("sales_team.group_sale_manager"), told.all_group_ids)
        self.env["crm.team"].create(
            {"name": "First", "user_id": leader.id, "sequence": -1}
        )
        self._night("2026-07-02")
        self.assertEqual(self._activities(self.alert).user_id, leader)
        self.company.finance_alert_user_id = named
        self._night("2026-07-03")
        self.assertEqual(self._activities(self.alert).user_id, named)

    def _silence(self, state, alert=None, **values):
        alert = alert or self.alert
        return (
            self.env["customer.finance.alert.silence"]
            .with_user(self.ann)
            .create(
                {
                    "alert_ids": alert.ids,
                    "state": state,
                    "reason": "Closed for repairs",
                    **values,
                }
            )
            .action_apply()
        )

    def test_snoozed_until_its_day(self):
        self._silence("snoozed", date_until="2026-07-05")
        self.assertEqual(self.alert.state, "snoozed")
        self.assertFalse(self._activities(self.alert))
        self.assertIn("Closed for repairs", self.alert.message_ids[:1].body)
        self._night("2026-07-04")
        self.assertEqual(self.alert.state, "snoozed")
        self._night("2026-07-05")
        self.assertEqual(self.alert.state, "open")
        self.assertEqual(len(self._activities(self.alert)), 1)

    def test_snoozed_and_cured(self):
        self._silence("snoozed", date_until="2026-07-05")
        self._order("2026-06-30")
        self._refresh(self.customer)
        self.assertEqual(self.alert.state, "closed")

    def test_snoozed_until_today_is_refused(self):
        for day in ("2026-06-30", False):
            with self.subTest(day), self.assertRaisesRegex(UserError, "after today"):
                self._silence("snoozed", date_until=day)

    def test_dismissed_until_it_is_over(self):
        self._silence("dismissed")
        self._night("2026-07-31")
        self.assertEqual(self.alert.state, "dismissed")
        self.assertEqual(self._alert(), self.alert)
        self.assertFalse(self._activities(self.alert))
        self._order("2026-07-31")
        self._night("2026-07-31")
        self.assertEqual(self.alert.state, "closed")

    def test_reopened(self):
        self._silence("dismissed")
        self.alert.with_user(self.ann).action_reopen()
        self.assertEqual(self.alert.state, "open")
        self.assertEqual(len(self._activities(self.alert)), 1)

    def test_archived_customer(self):
        self.customer.active = False
        self._refresh()
        self.assertEqual(self.alert.state, "closed")

    def test_customer_becomes_a_contact(self):
        parent = self._customer("Parent")
        self.customer.write({"is_company": False, "parent_id": parent.id})
        self._work_off()
        self.assertEqual(self.alert.state, "closed")
        self.assertTrue(self._alert(parent))

    def test_merged_customers(self):
        other = self._customer("Other", user_id=self.ann.id)
        self._order_every(20, 6, last=40, partner=other)
        self._refresh()
        self.assertTrue(self._alert(other))
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.customer.id, other.id], dst_partner=other)
        self._work_off()
        self.assertEqual(len(self._alert(other)), 1)

    def test_contact_and_profile_show_it(self):
        self.assertEqual(self.customer.finance_alert_count, 1)
        profile = self._profile().with_user(self.ann)
        self.assertEqual(profile.alert_kinds, "Order Silent")
        search = self.profiles.search
        self.assertIn(self._profile(), search([("alert_ids", "!=", False)]))
        self.assertNotIn(self._profile(), search([("alert_ids", "=", False)]))
        self.assertEqual(
            self.customer.action_open_finance_alerts()["res_id"], self.alert.id
        )

    def test_settings(self):
        for message, values in {
            "7 to 365": {"value_margin_days": 3},
            "0 or more": {"value_margin_drop": -0.1},
            "cannot be negative": {"value_margin_amount": -1},
            "1 to 3660": {"value_lag_days": 0},
            "one payment": {"value_lag_count": 0},
            "two order days": {"value_silent_orders": 1},
            "lost after": {"value_silent_days": 0},
            "before the order": {"value_call_lead": -1},
        }.items():
            with (
                self.subTest(message),
                self.assertRaisesRegex(ValidationError, message),
                self.env.cr.savepoint(),
            ):
                self.company.write(values)

    def test_settings_apply(self):
        self.company.value_silent_factor = 3.0
        self._work_off()
        self.assertEqual(self.alert.state, "closed")
