# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .test_cost_spread import SpreadCommon

FEW, MANY = 10, 200


@tagged("post_install", "-at_install")
class TestCostPerformance(SpreadCommon):
    """The number of statements does not depend on the number of customers or costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.few, cls.many = (
            cls.env["res.partner"].create(
                [{"name": f"{city} {index}", "city": city} for index in range(size)]
            )
            for city, size in (("Few", FEW), ("Many", MANY))
        )

    def _count(self, step):
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        step()
        self.env.flush_all()
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def test_preview_post_and_undo(self):
        counts = []
        # The first round fills the caches that outlive a request.
        for city, customers in (
            ("Few", self.few),
            ("Few", self.few),
            ("Many", self.many),
        ):
            for _line in range(len(customers)):
                self._line(-10, self.fair)
            spread = self._spread(
                customers="domain", partner_domain=f"[('city', '=', '{city}')]"
            )
            counts.append(
                [
                    self._count(step)
                    for step in (
                        spread.action_preview,
                        spread.action_post,
                        spread.action_undo,
                    )
                ]
            )
            self.assertEqual(spread.share_count, len(customers))
            self.env["account.analytic.line"].search(
                [(self.campaigns_plan._column_name(), "=", self.fair.id)]
            ).unlink()
        self.assertEqual(counts[1], counts[2])

    def test_refresh(self):
        counts = []
        for customers in (self.few, self.few, self.many):
            for customer in customers:
                self._line(-10, self._account("Account", self.customers_plan, customer))
            counts.append(
                self._count(
                    lambda customers=customers: self.profiles._refresh(
                        self.company, customers
                    )
                )
            )
        self.assertEqual(counts[1], counts[2])

    def test_queueing_lines(self):
        """Changing many lines at once asks for their accounts once."""
        lines = self.env["account.analytic.line"]
        for customer in self.many:
            lines |= self._line(
                -10, self._account("Account", self.customers_plan, customer)
            )
        counts = [
            self._count(lines[:size]._queue_cost_refresh) for size in (FEW, FEW, MANY)
        ]
        self.assertEqual(counts[1], counts[2])

    def test_list(self):
        for customer in self.many:
            self._line(-10, self._account("Account", self.customers_plan, customer))
        model = self.env["customer.finance.cost"]
        names = model.get_views([[False, "list"]])["models"][model._name]["fields"]

        def read(size):
            rows = model.web_search_read(
                [("partner_id", "in", self.many[:size].ids)],
                {name: {} for name in names},
            )
            self.assertEqual(rows["length"], size)

        counts = [
            self._count(lambda size=size: read(size)) for size in (FEW, FEW, MANY)
        ]
        self.assertEqual(counts[1], counts[2])
