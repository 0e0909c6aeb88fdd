# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.crm_finance_bridge.tests import test_performance


@tagged("post_install", "-at_install")
class TestTierPerformance(test_performance.TestPerformance):
    """Decisions, history and labels of many cost as much as of a few; only what is
    told of a rise costs each time."""

    def _run(self, customers):
        self.env["customer.value.tier.run"]._run(self.company, customers)

    def test_nothing_changes(self):
        self.assertSameQueries(self._run)

    def test_everybody_moves(self):
        """All are placed anew: their profiles, labels and history."""

        def run(customers):
            self.env.cr.execute(
                "UPDATE res_partner SET value_tier_id = NULL WHERE id = ANY(%s)",
                [customers.ids],
            )
            customers.invalidate_recordset(["value_tier_id"])
            scheme = self.env["customer.value.tier.scheme"]._get_scheme(self.company)
            scheme.tier_ids.write({"is_key": False})
            self._run(customers)

        self.assertSameQueries(run)
        tiers = self.customers.mapped("value_tier_id")
        self.assertTrue(tiers)
