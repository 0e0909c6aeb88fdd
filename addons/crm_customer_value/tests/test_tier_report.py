# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_finance_bridge.tests.cost_common import CostCommon
from odoo.addons.crm_finance_bridge.tests.test_access import MODULE, AccessCommon

MODEL = "customer.value.tier.report"
MEASURES = ("list_sales", "discount", "net_sales", "margin", "cost", "net_profit")


@tagged("post_install", "-at_install")
class TestTierReport(CostCommon):
    """One customer, set to a tier by hand; the figures by hand as well."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-06-30 12:00:00")
        freezer.start()
        self.addCleanup(freezer.stop)

    def _sums(self, domain=()):
        [row] = self.env[MODEL]._read_group(
            [("partner_id", "=", self.customer.id), *domain],
            aggregates=[f"{name}:sum" for name in (*MEASURES, "financing")],
        )
        return dict(zip((*MEASURES, "financing"), row, strict=True))

    def test_what_a_tier_brings_and_costs(self):
        """125 less 20 % is 100: 25 given. A line given away (40), a line that takes 10
        from the rest, a credit note over a quarter of the first line (6.25 given back).
        Sales 100 + 0 − 10 − 25 = 65; costs of 60 for two pieces, less a quarter."""
        lines = [
            {"price_unit": 125, "discount": 20},
            {"price_unit": 40, "discount": 100},
            {"price_unit": -10, "product_id": False},
        ]
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-03-01",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Line",
                            "product_id": self.product.id,
                            "quantity": 1,
                            "tax_ids": False,
                            **line,
                        }
                    )
                    for line in lines
                ],
            }
        )
        invoice.action_post()
        credit = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": "2026-04-01",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": 0.25,
                            "tax_ids": False,
                            **lines[0],
                        }
                    )
                ],
            }
        )
        credit.action_post()
        # Before the window: counts nowhere.
        self._invoice(500, "2025-06-01")
        self.env.flush_all()
        self.profiles._refresh(self.company)
        found = self._sums()
        self.assertAlmostEqual(found["net_sales"], 65)
        self.assertAlmostEqual(found["discount"], 25 + 40 + 10 - 6.25)
        self.assertAlmostEqual(found["list_sales"], 65 + 68.75)
        self.assertAlmostEqual(found["margin"], 65 - 60 * 1.75)
        profile = self._profile()
        for name in ("net_sales", "margin", "cost", "net_profit"):
            self.assertAlmostEqual(found[name], profile[name], 2, name)
        self.assertAlmostEqual(found["financing"], profile.financing_cost)
        self.assertGreater(found["financing"], 0)

    def test_rows_open_their_documents(self):
        invoice = self._invoice(100, "2026-03-01")
        self.env.flush_all()
        self.profiles._refresh(self.company)
        rows = self.env[MODEL].search([("partner_id", "=", self.customer.id)])
        opened = {
            row.kind: (action["res_model"], action["res_id"])
            for row in rows
            for action in [row.action_open_document()]
        }
        self.assertEqual(opened["sale"], ("account.move", invoice.id))
        self.assertEqual(
            opened["financing"], ("customer.finance.profile", self._profile().id)
        )


@tagged("post_install", "-at_install")
class TestTierReportAccess(AccessCommon):
    def test_own_customers_with_margins(self):
        amount = self._user("report_amount", MODULE + "amount")
        manager = self._user("report_manager", "sales_team.group_sale_manager")
        self.assertDenied(amount, MODEL, "search", [])
        for user, customers in (
            (self.ann, self.customer | self.free),
            (manager, self.all),
        ):
            rows = self._rpc(user, MODEL, "search_read", [], ["partner_id", "margin"])
            self.assertEqual({row["partner_id"][0] for row in rows}, set(customers.ids))
