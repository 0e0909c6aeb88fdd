# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.crm_finance_bridge.tests import test_performance


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

    def test_history(self):
        self.assertSameQueries(
            lambda customers: self.env["customer.order.history"]._get_histories(
                self.company, customers
            )
        )

    def test_reports(self):
        """One statement per group or page, whatever the number of customers."""
        for model, measure in (
            ("customer.cohort", "retention:avg"),
            ("customer.margin.retention", "net_retention:avg"),
            ("customer.margin.change", "mix_effect:sum"),
        ):
            with self.subTest(model):
                self.assertSameQueries(
                    lambda customers, model=model, measure=measure: self._as_user(
                        model
                    ).formatted_read_group(
                        [("partner_id", "in", customers.ids)], ["user_id"], [measure]
                    )
                )
                self.assertListScales(
                    model,
                    None,
                )
