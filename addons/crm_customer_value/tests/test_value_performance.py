# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.crm_finance_bridge.tests import test_performance

MANY = test_performance.MANY


@tagged("post_install", "-at_install")
class TestValuePerformance(test_performance.TestPerformance):
    """The number of statements does not depend on the number of customers: neither of
    the refresh with the values in it, nor of these alone."""

    def _score(self, customers):
        self.env["customer.value.score"]._score(self.company, customers)

    def test_scores(self):
        self.assertSameQueries(self._score)

    def test_night(self):
        """Everybody: reading, writing and the standing of the portfolio."""
        self.profiles._refresh(self.company)
        with self._statements() as night:
            self.env["customer.value.score"]._score(self.company)
        with self._statements() as one:
            self._score(self.customers[:1])
        self.assertLess(len(night), len(one) + 5, "\n".join(night))

    def _assert_cards_scale(self, model, records):
        """Cards show tier and segment: as many statements for many as for a few."""
        spec = {
            **self._get_spec(model, "kanban"),
            "finance_value_tier_id": {"fields": {"display_name": {}}},
        }
        self.assertIn("finance_value_segment", spec)
        self.assertIn("finance_value_tier_color", spec)

        def read(customers):
            ids = records.filtered(lambda record: record.partner_id in customers).ids
            rows = self._as_user(model).web_search_read(
                [("id", "in", ids)], spec, limit=2 * MANY
            )["records"]
            self.assertEqual(len(rows), len(customers))

        self.assertSameQueries(read)

    def test_order_cards(self):
        self._assert_cards_scale("sale.order", self.orders)

    def test_pipeline_cards(self):
        leads = self.env["crm.lead"].create(
            [
                {"name": partner.name, "partner_id": partner.id, "type": "opportunity"}
                for partner in self.customers
            ]
        )
        self._assert_cards_scale("crm.lead", leads)

    def test_opportunity_list(self):
        self.env["crm.lead"].create(
            [
                {"name": partner.name, "partner_id": partner.id, "type": "opportunity"}
                for partner in self.customers
            ]
        )
        self.assertListScales("crm.lead")

    def test_history(self):
        self.assertSameQueries(
            lambda customers: self.env["customer.order.history"]._get_histories(
                self.company, customers
            )
        )
