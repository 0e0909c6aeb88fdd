# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_finance_bridge.tests.test_access import MODULE, AccessCommon

ALERT = "customer.finance.alert"
CHANGE = "customer.finance.alert.product"
PAUSE = "customer.call.pause"


@tagged("post_install", "-at_install")
class TestAlertAccess(AccessCommon):
    """Ann's, Bob's and nobody's customer have an alert of their margin each."""

    @classmethod
    def _fill(cls, partner, amount):
        """Margin of 40 a unit: 100 units a year ago, 60 now."""
        for quantity, day in (
            (1, "2024-06-01"),
            (100, "2025-05-10"),
            (60, "2026-05-10"),
        ):
            cls._invoice(quantity * 100, day, partner=partner, quantity=float(quantity))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.indicator = cls._user(
            "alert_indicator", MODULE + "indicator,base.group_partner_manager"
        )
        cls.manager = cls._user("alert_manager", "sales_team.group_sale_manager")
        cls.stranger = cls._user("alert_stranger", "base.group_user")
        cls.portal = cls._user("alert_portal", "base.group_portal")

    def _alerts(self, partners):
        return self.env[ALERT].search([("partner_id", "in", partners.ids)])

    def test_whose(self):
        self.assertEqual(len(self._alerts(self.all)), 3)
        for user, expected in (
            (self.ann, self.customer | self.free),
            (self.bob, self.his | self.free),
            (self.indicator, self.free),
            (self.manager, self.all),
        ):
            for model in (ALERT, CHANGE)[: 1 if user == self.indicator else 2]:
                with self.subTest(user=user.login, model=model):
                    found = self._rpc(user, model, "search_read", [], ["partner_id"])
                    ids = {row["partner_id"][0] for row in found}
                    self.assertEqual(ids & set(self.all.ids), set(expected.ids))
        for user in (self.stranger, self.portal):
            for model in (ALERT, CHANGE, PAUSE):
                self.assertDenied(user, model, "search_read", [], ["id"])

    def test_margins(self):
        """Neither in a field nor in the words."""
        alert = self._alerts(self.free)
        for name in ("amount_before", "amount_now", "amount_change"):
            self.assertFieldDenied(self.indicator, ALERT, name)
        self.assertDenied(self.indicator, CHANGE, "search_read", [], ["id"])
        names = ["reason", "headline", "display_name"]
        [row] = self._rpc(self.indicator, ALERT, "read", alert.ids, names)
        self.assertIn("lower than in the same days a year ago", row["reason"])
        for text in map(str, row.values()):
            self.assertFalse({"4,000", "2,400", "1,600", "40"} & set(text.split()))
        [row] = self._rpc(self.ann, ALERT, "read", alert.ids, names)
        self.assertIn("4,000", row["reason"])
        self.assertIn("1,600", row["headline"])
        profile = self._profile(self.free)
        [row] = self._rpc(
            self.indicator, profile._name, "read", profile.ids, ["call_reason"]
        )
        self.assertNotIn("4,000", row["call_reason"])
        self.assertIn("lower than", row["call_reason"])
        activity = self.env["mail.activity"].search(
            [
                ("res_model", "=", ALERT),
                ("res_id", "=", self._alerts(self.customer).id),
            ]
        )
        self.assertEqual(activity.user_id, self.ann)
        self.assertNotIn("4,000", activity.note)
        for name in (
            *("value_stake", "value_due_margin", "value_call"),
            *("value_margin_recent", "value_margin_compared", "value_sales_recent"),
        ):
            self.assertFieldDenied(self.indicator, profile._name, name)

    def test_nobody_writes(self):
        alert = self._alerts(self.customer)
        for user in (self.ann, self.manager):
            self.assertDenied(user, ALERT, "write", alert.ids, {"state": "closed"})
            self.assertDenied(user, ALERT, "create", {"kind": "margin"})
            self.assertDenied(user, ALERT, "unlink", alert.ids)

    def test_own_alerts_are_silenced(self):
        for partner, denied in ((self.customer, False), (self.his, True)):
            alert = self._alerts(partner)
            self.env.invalidate_all()

            def silence(alert=alert):
                values = {
                    "alert_ids": [[6, 0, alert.ids]],
                    "state": "dismissed",
                    "reason": "Agreed",
                }
                wizard = self._as(self.ann, "customer.finance.alert.silence").create(
                    values
                )
                return wizard.action_apply()

            if denied:
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    silence()
                self.assertDenied(self.ann, ALERT, "action_reopen", alert.ids)
                self.env.invalidate_all()
                self.assertEqual(alert.state, "open")
            else:
                silence()
                self.assertEqual(alert.state, "dismissed")
                self._rpc(self.ann, ALERT, "action_reopen", alert.ids)
                self.assertEqual(alert.state, "open")

    def test_pauses(self):
        values = {
            "company_id": self.company.id,
            "date_until": "2026-07-10",
            "reason": "Later",
        }
        self._rpc(self.ann, PAUSE, "create", {**values, "partner_id": self.customer.id})
        self.assertDenied(
            self.ann, PAUSE, "create", {**values, "partner_id": self.his.id}
        )
        profile = self._profile(self.his)
        self.assertDenied(self.ann, profile._name, "action_pause_calls", profile.ids)
        self.assertDenied(self.ann, profile._name, "action_plan_call", profile.ids)

    def test_list_as_each_role(self):
        """Everybody who sees customers can open the list, its order included."""
        view = self.env.ref("crm_customer_value.customer_call_view_list")
        for user in (self.indicator, self.ann, self.manager):
            with self.subTest(user.login), freeze_time("2026-06-30 12:00:00"):
                model = self._as(user, "customer.finance.profile")
                arch = model.get_views([[view.id, "list"]])["views"]["list"]["arch"]
                names = [
                    name for name in model.fields_get() if f'name="{name}"' in arch
                ]
                rows = model.web_search_read(
                    [],
                    {name: {} for name in names},
                    order="value_call_rank, value_due_date, id",
                )["records"]
                self.assertTrue(rows)
                self.assertEqual("value_call" in names, user != self.indicator)

    def test_other_company(self):
        other = self.setup_other_company(name="Other")["company"]
        user = self._user("alert_other", "sales_team.group_sale_manager")
        user.write(
            {
                "company_ids": [(6, 0, other.ids)],
                "company_id": other.id,
            }
        )
        found = self._rpc(user, ALERT, "search_read", [], ["partner_id"])
        self.assertFalse(found)
