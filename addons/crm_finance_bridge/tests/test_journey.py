# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.tests import HttpCase, new_test_user, tagged

from .common import FinanceCommon


@tagged("post_install", "-at_install")
class TestJourney(FinanceCommon, HttpCase):
    def test_salesperson(self):
        user = new_test_user(
            self.env,
            login="journey",
            groups="sales_team.group_sale_salesman",
            company_id=self.company.id,
        )
        self.customer.write({"name": "Journey Customer", "user_id": user.id})
        today = self.company._get_finance_today()
        for amount, due in ((700, -100), (300, 30)):
            self._invoice(
                amount,
                str(today - timedelta(days=120)),
                str(today + timedelta(days=due)),
            )
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        order.action_confirm()
        self.profiles._rebuild(self.company)
        self.start_tour(
            "/odoo/action-crm_finance_bridge.customer_finance_profile_action",
            "crm_finance_bridge_journey",
            login="journey",
        )
