# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.tests import freeze_time, tagged

from .common import FinanceCommon


@tagged("post_install", "-at_install")
class TestSnapshot(FinanceCommon):
    def _take(self, day, **options):
        self.env["customer.finance.snapshot"]._take(self.company, day, **options)
        return self.env["customer.finance.snapshot"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("company_id", "=", self.company.id),
                ("as_of_date", "=", day),
            ]
        )

    def test_as_of_identity(self):
        """The figures of a date computed later are those computed on that date."""
        day = date(2026, 4, 30)
        with freeze_time("2026-04-30 12:00:00"):
            first = self._invoice(100, "2026-03-01", "2026-03-31")
            self._pay(first, 60, "2026-04-10")
            self._invoice(200, "2026-04-15", "2026-05-15")
            self._refund(30, "2026-04-20")
            then = dict(self._figures(day))
            snapshot = self._take(day)
        self.assertEqual(then["receivable"], 210)
        with freeze_time("2026-08-15 12:00:00"):
            self._pay(first, 40, "2026-05-20")
            self._invoice(500, "2026-06-01")
            later = self._figures(day)
        self.assertEqual(later, then)
        self.assertEqual(snapshot.receivable, 210)
        self.assertEqual(snapshot.overdue, 40)
        # 60 of the 100 that fell due were paid, all of it late
        self.assertAlmostEqual(snapshot.collection_rate, 0.6)
        self.assertAlmostEqual(snapshot.on_time_rate, 0.0)

    def test_snapshot_keeps_what_was_known(self):
        day = date(2026, 4, 30)
        self._invoice(100, "2026-04-01")
        snapshot = self._take(day)
        self._invoice(50, "2026-04-02")
        self._take(day)
        self.assertEqual(snapshot.receivable, 100)
        comparison = self.env["customer.finance.comparison"].browse(
            snapshot.action_compare()["res_id"]
        )
        line = comparison.line_ids.filtered(lambda line: line.name == "Receivable")
        self.assertEqual((line.stored_value, line.ledger_value), (100, 150))
        self.assertEqual(line.difference, 50)
        self.assertGreater(comparison.difference_count, 0)
        self.assertEqual(self._take(day, replace=True).receivable, 150)

    def test_rebuild_is_resumable(self):
        self._invoice(100, "2026-01-15", "2026-02-15")
        queue = self.env["customer.finance.queue"]
        queue.search([]).unlink()
        with freeze_time("2026-06-30 12:00:00"):
            queue._push_all(self.company, queue._get_snapshot_dates(self.company))
            self.assertEqual(queue.search_count([]), 24)
            self.assertEqual(queue._process_snapshot(), 1)
            self.assertEqual(queue.search_count([]), 23)
            while queue._process_snapshot():
                pass
        snapshots = self.env["customer.finance.snapshot"].search(
            [("partner_id", "=", self.customer.id)], order="as_of_date"
        )
        self.assertEqual(
            snapshots.mapped("as_of_date"),
            [
                date(2026, month, end)
                for month, end in zip(range(1, 6), (31, 28, 31, 30, 31), strict=True)
            ],
        )
        self.assertEqual(snapshots.mapped("overdue"), [0, 100, 100, 100, 100])
