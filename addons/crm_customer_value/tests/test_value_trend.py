# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestValueTrend(ValueCommon):
    """Sales and margin month by month; a product costs 60."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order("2026-06-10", 300, invoice=True)
        order = cls._order("2026-05-31", 200, invoice=True)
        cls._credit(order, "2026-06-30", 0.5)
        cls._invoice(500, "2024-06-30")
        cls._invoice(100, "2024-07-01")
        cls.env.flush_all()
        cls.profiles._refresh(cls.company)

    def _get(self, groups):
        user = new_test_user(
            self.env,
            "reader",
            groups=f"{groups},sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
        )
        return self._profile().with_user(user)

    def test_months(self):
        """July 2024 to June 2026: 100 in the first month, 200 in May, 300 less half of
        the 200 in June. Margin: 40; 140; 240 less half of 140."""
        trend = self._profile().value_trend
        self.assertEqual(len(trend["labels"]), 24)
        self.assertEqual(trend["labels"][0], "2024-07-01")
        self.assertEqual(trend["labels"][-1], "2026-06-01")
        sales, margin = (one["values"] for one in trend["series"])
        self.assertEqual((sales[0], sales[1], sales[-2], sales[-1]), (100, 0, 200, 200))
        self.assertEqual((margin[0], margin[-2], margin[-1]), (40, 140, 170))
        self.assertEqual(sum(sales), 500)

    def test_a_month_opens_its_lines(self):
        profile = self._profile().with_context(
            finance_figure="value_trend", finance_month="2026-06-01"
        )
        action = profile.action_open_figure()
        [(sales, margin)] = self.env[action["res_model"]]._read_group(
            action["domain"], aggregates=["net_sales:sum", "margin:sum"]
        )
        self.assertEqual((sales, margin), (200, 170))
        action = profile.with_context(finance_month=False).action_open_figure()
        [(sales,)] = self.env[action["res_model"]]._read_group(
            action["domain"], aggregates=["net_sales:sum"]
        )
        self.assertEqual(sales, 500)

    def test_who_sees_what(self):
        amount = "crm_finance_bridge.crm_finance_bridge_group_amount"
        margin = "crm_finance_bridge.crm_finance_bridge_group_margin"
        seller = self._get("base.group_user")
        names = [one["name"] for one in seller.value_trend["series"]]
        # Whoever sells sees margins unless that was taken away.
        expected = ["net_sales"]
        if seller.env.user.has_group(margin):
            expected.append("margin")
        self.assertEqual(names, expected)
        days = new_test_user(
            self.env,
            "days",
            groups="crm_finance_bridge.crm_finance_bridge_group_indicator",
            company_id=self.company.id,
        )
        self.assertFalse(days.has_group(amount))
        with self.assertRaises(AccessError):
            self._profile().with_user(days).read(["value_trend"])

    def test_nothing_invoiced(self):
        """An order, not invoiced yet: no graph rather than a flat one."""
        partner = self._customer("Ordered")
        self._order("2026-06-10", 300, partner)
        self._refresh()
        self.assertFalse(self._profile(partner).value_trend)
