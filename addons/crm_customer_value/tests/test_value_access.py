# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_finance_bridge.tests.test_access import MODULE, AccessCommon

MARGINS = (
    "value_historic",
    "value_margin",
    "value_cost",
    "value_financing",
    "value_predicted_12",
    "value_predicted_24",
    "value_predicted_36",
    "value_total",
    "value_margin_rate",
    "value_share",
)
INDICATORS = [
    "value_state",
    "value_reason",
    "value_p_order",
    "value_churn",
    "value_next_order_date",
    "value_segment",
    "value_class",
    "value_score",
    "value_rank",
    "value_abc",
    "value_risk",
    "value_quadrant",
]


@tagged("post_install", "-at_install")
class TestValueAccess(AccessCommon):
    """Ann's, Bob's and nobody's customer; each level of rights as that user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        everybody = ",sales_team.group_sale_salesman_all_leads"
        cls.indicator = cls._user("value_indicator", MODULE + "indicator")
        cls.manager = cls._user("value_manager", "sales_team.group_sale_manager")
        cls.everybody = everybody

    def test_indicators_without_margins(self):
        model = "customer.finance.profile"
        ids = self._profile(self.free).ids
        self._rpc(self.indicator, model, "read", ids, INDICATORS)
        for name in MARGINS:
            self.assertFieldDenied(self.indicator, model, name)
        self.assertFieldDenied(self.indicator, model, "value_order_amount")

    def test_own_customers_only(self):
        model = "customer.finance.profile"
        found = self._rpc(
            self.ann, model, "search_read", [("value_order_days", ">", 0)], MARGINS
        )
        names = {row["id"] for row in found}
        self.assertEqual(names, set((self._profile() | self._profile(self.free)).ids))

    def test_nobody_writes(self):
        profile = self._profile()
        for user in (self.ann, self.manager):
            self.assertDenied(
                user, profile._name, "write", profile.ids, {"value_segment": "lost"}
            )

    def test_contact_shows_what_the_profile_does(self):
        names = ["finance_value_segment", "finance_value_rank"]
        self._rpc(self.ann, "res.partner", "read", self.customer.ids, names)
        [row] = self._rpc(self.ann, "res.partner", "read", self.his.ids, names)
        self.assertFalse(row["finance_value_rank"])
        self.assertFieldDenied(self.indicator, "res.partner", "finance_value_total")

    def test_fits(self):
        model = "customer.value.fit"
        self._rpc(self.manager, model, "search_read", [], ["verdict", "reason"])
        self.assertDenied(self.ann, model, "search_read", [], ["verdict"])
        fit = self.env[model]._get_current(self.company)
        self.assertDenied(self.manager, model, "action_fit", fit.ids)
        admin = self._user("value_admin", "base.group_system")
        self._rpc(admin, model, "action_fit", fit.ids)
        self.assertNotEqual(self.env[model]._get_current(self.company), fit)
        self.assertDenied(self.manager, "customer.value.standing", "search", [])

    def test_refresh_of_ones_own(self):
        """Values are of everybody; the user sees the own customers."""
        with freeze_time("2026-06-30 12:00:00"):
            self._rpc(
                self.ann,
                "customer.finance.profile",
                "action_refresh",
                self._profile().ids,
            )
        self.assertEqual(self._profile().value_order_days, 1)

    def test_other_company(self):
        data = self.setup_other_company(name="Other")
        self.env["customer.value.score"]._score(data["company"])
        found = self._rpc(
            self.manager, "customer.value.fit", "search_read", [], ["company_id"]
        )
        self.assertEqual({row["company_id"][0] for row in found}, {self.company.id})
