# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.tests import freeze_time, tagged

from .common import ValueCommon

COUNTS = ("customer:count_distinct", "active_customer:count_distinct", "retention:avg")


@tagged("post_install", "-at_install")
class TestCohort(ValueCommon):
    """Cohorts worked by hand as of 30 June 2026; the second quarter still runs.

    A product costs 60: an invoice of 100 leaves 40, one of 200 leaves 140.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.customer
        cls.early = cls._customer("Early")
        cls.next = cls._customer("Next")

    @property
    def cohorts(self):
        """The cohorts, of days as the queue keeps them."""
        self.env.flush_all()
        for company in self.env["res.company"]._get_finance_companies():
            self.env["customer.value.day"]._refresh(company)
        return self.env["customer.cohort"]

    def _fill(self):
        """Two customers came in the last quarter of 2025, on its last and on its first
        day; one on the first day of 2026. Only one came back, in both quarters."""
        self._order("2025-12-31", 100, invoice=True)
        self._order("2026-01-01", 100, invoice=True)
        self._order("2026-05-10", 200, invoice=True)
        self._order("2026-05-10", 200, invoice=True)
        self._order("2025-10-01", 100, partner=self.early, invoice=True)
        self._order("2026-01-01", 100, partner=self.next, invoice=True)

    def _table(self, groupby, measures=COUNTS, domain=()):
        domain = [("company_id", "in", self.env.companies.ids), *domain]
        rows = self.cohorts._read_group(domain, groupby, measures)
        size = len(groupby)
        return {row[:size]: list(row[size:]) for row in rows}

    def test_nothing(self):
        self.assertEqual(self._table(["age"]), {})

    def test_cells(self):
        """There is no cell for what has not come yet, and one with 0 for who stayed
        away."""
        self._fill()
        old, new = date(2025, 10, 1), date(2026, 1, 1)
        self.assertEqual(
            self._table(["first_order_date:quarter", "age"]),
            {
                (old, 0): [2, 2, 1.0],
                (old, 1): [2, 1, 0.5],
                (old, 2): [2, 1, 0.5],
                (new, 0): [1, 1, 1.0],
                (new, 1): [1, 0, 0.0],
            },
        )

    def test_no_customer_twice(self):
        """Over the cohorts 1 of 3 came back at age 1. Over the ages three customers
        remain three, of whom one ordered after its first quarter; a rate would count
        them once per quarter, so there is none."""
        self._fill()
        rows = self._table(["age"])
        self.assertEqual(rows[0,], [3, 3, 1.0])
        self.assertEqual(rows[1,][:2], [3, 1])
        self.assertAlmostEqual(rows[1,][2], 1 / 3)
        self.assertEqual(rows[2,], [2, 1, 0.5])
        self.assertEqual(self._table([]), {(): [3, 3, False]})
        self.assertEqual(
            self._table(["first_order_date:quarter"], domain=[("age", ">", 0)]),
            {
                (date(2025, 10, 1),): [2, 1, False],
                (date(2026, 1, 1),): [1, 0, 0.0],
            },
        )

    def test_pivot(self):
        """What a pivot asks for at once gives the same."""
        self._fill()
        total, by_age = self.cohorts._read_grouping_sets(
            [("company_id", "=", self.company.id)], [[], ["age"]], COUNTS
        )
        self.assertEqual(total, [(3, 3, False)])
        self.assertEqual(by_age[0], (0, 3, 3, 1.0))

    def test_months_and_years(self):
        """By year of the first order: 1 of 2 of 2025, then those of 2026."""
        self._fill()
        rows = self._table(["first_order_date:year", "age"])
        self.assertEqual(rows[date(2025, 1, 1), 1], [2, 1, 0.5])
        rows = self._table(["first_order_date:month", "age"])
        self.assertEqual(rows[date(2025, 12, 1), 1], [1, 1, 1.0])
        self.assertEqual(rows[date(2025, 10, 1), 1], [1, 0, 0.0])

    def test_running_quarter(self):
        self._fill()
        rows = self.cohorts.search([("partner_id", "=", self.late.id)], order="age")
        self.assertEqual(rows.mapped("is_running"), [False, False, True])
        self.assertEqual(rows.mapped("order_days"), [1, 1, 1])
        self.assertEqual(
            rows.mapped("period_start"),
            [date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1)],
        )
        with freeze_time("2026-07-01 12:00:00"):
            self.env.invalidate_all()
            rows = self.cohorts.search([("partner_id", "=", self.late.id)], order="age")
            self.assertEqual(
                rows.mapped("is_running"), [False, False, False, True], "a new quarter"
            )

    def test_quarter_is_that_of_the_company(self):
        """20:00 UTC on 31 December is New Year's Day in Shanghai."""
        self.company.partner_id.tz = "Asia/Shanghai"
        order = self._order("2025-12-31")
        order.date_order = "2025-12-31 20:00:00"
        rows = self.cohorts.search([("partner_id", "=", self.late.id)], order="age")
        self.assertEqual(rows.mapped("age"), [0, 1])
        self.assertEqual(rows[0].first_order_date, date(2026, 1, 1))
        action = rows[0].action_open_orders()
        found = self.env["sale.order"].search(action["domain"])
        self.assertEqual(found, order)

    def test_sales_and_margin(self):
        """Half of the first invoice came back in February: −50, and −20 of margin.

        Late: sales 100 | 100 − 50 | 400, margin 40 | 40 − 20 | 280. Early: 100 and 40.
        A margin of 380 in all is 190 for each of the two customers.
        """
        self._fill()
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.late.id)], order="date_order", limit=1
        )
        self._credit(order, "2026-02-10", 0.5)
        measures = ["net_sales:sum", "margin:sum", "margin_per_customer:avg"]
        domain = [("first_order_date", "<", "2026-01-01")]
        rows = self._table(["age"], measures, domain)
        self.assertEqual(rows[0,], [200, 80, 40])
        self.assertEqual(rows[1,], [50, 20, 10])
        self.assertEqual(rows[2,], [400, 280, 140])
        self.assertEqual(self._table([], measures, domain), {(): [650, 380, 190]})

    def test_rows_open_what_they_sum_to(self):
        self._fill()
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.late.id)], order="date_order", limit=1
        )
        self._credit(order, "2026-02-10", 0.5)
        rows = self.cohorts.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(rows), 3 + 3 + 2)
        for row in rows:
            with self.subTest(customer=row.partner_id.name, age=row.age):
                action = row.action_open_documents()
                lines = self.env[action["res_model"]].search(action["domain"])
                self.assertAlmostEqual(sum(lines.mapped("net_sales")), row.net_sales)
                self.assertAlmostEqual(sum(lines.mapped("margin")), row.margin)
                action = row.action_open_orders()
                orders = self.env["sale.order"].search(action["domain"])
                days = {moment.date() for moment in orders.mapped("date_order")}
                self.assertEqual(len(days), row.order_days)

    def test_cancelled_and_returned_orders(self):
        """A cancelled order makes no customer; nor does one returned entirely, whose
        invoice and credit note then count at age 0 of the order that was kept."""
        self._order("2025-08-01")._action_cancel()
        order = self._order("2025-11-01", 100, invoice=True)
        self._credit(order, "2026-04-15")
        self.assertEqual(self._table(["age"]), {})
        self._order("2026-02-01", 300, invoice=True)
        [first, second] = self.cohorts.search(
            [("partner_id", "=", self.late.id)], order="age"
        )
        self.assertEqual(first.first_order_date, date(2026, 2, 1))
        # 300 + 100 at age 0, the credit note of April at age 1.
        self.assertEqual((first.net_sales, second.net_sales), (400, -100))
        self.assertEqual((first.ordered, second.ordered), (1, 0))
        for row in (first, second):
            action = row.action_open_documents()
            lines = self.env[action["res_model"]].search(action["domain"])
            self.assertAlmostEqual(sum(lines.mapped("net_sales")), row.net_sales)

    def test_returns_only(self):
        self._refund(100, "2026-02-01")
        self.assertEqual(self._table(["age"]), {})

    def test_invoice_without_order(self):
        self._invoice(100, "2026-02-01")
        self.assertEqual(self._table(["age"])[0,], [1, 1, 1.0])

    def test_archived_customer_and_contact(self):
        """Who left is still one of the cohort; a contact orders for its company."""
        child = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.early.id}
        )
        self._order("2025-10-01", partner=child)
        self._order("2026-02-01", partner=self.early)
        self.early.active = False
        rows = self._table(["partner_id", "age"])
        self.assertEqual(rows[self.early, 0], [1, 1, 1.0])
        self.assertEqual(rows[self.early, 1], [1, 1, 1.0])

    def test_history_setting_moves_no_cohort(self):
        """What the models learn from may be cut; a first order remains the first."""
        self.company.value_history_months = 1
        self._order("2025-10-01")
        [row] = self.cohorts.search(
            [("partner_id", "=", self.late.id), ("age", "=", 0)]
        )
        self.assertEqual(row.first_order_date, date(2025, 10, 1))

    def test_companies(self):
        """The same customer is another one in another company."""
        other = self.setup_other_company(name="Other")["company"]
        self.env.user.company_ids |= other
        self._invoice(100, "2025-12-01")
        self._invoice_in(other, 70, "2026-01-15")
        both = self.cohorts.with_context(
            allowed_company_ids=[self.company.id, other.id]
        )
        rows = both._read_group(
            [("partner_id", "=", self.late.id)],
            ["company_id", "first_order_date:quarter"],
            ["customer:count_distinct", "net_sales:sum"],
        )
        self.assertEqual(
            rows,
            [
                (self.company, date(2025, 10, 1), 1, 100),
                (other, date(2026, 1, 1), 1, 70),
            ],
        )
        [[total]] = both._read_group(
            [("partner_id", "=", self.late.id)], [], COUNTS[:1]
        )
        self.assertEqual(total, 2)
        self.assertEqual(
            self.cohorts.search([("partner_id", "=", self.late.id)]).company_id,
            self.company,
        )

    def test_segment_and_tier_are_those_of_today(self):
        self._fill()
        self._refresh()
        tier = self.env["customer.value.tier"].search([], limit=1)
        self.assertTrue(tier)
        self.env.cr.execute(
            "UPDATE customer_finance_profile"
            " SET value_segment = 'loyal', value_tier_id = %s WHERE partner_id = %s",
            [tier.id, self.late.id],
        )
        self.env.invalidate_all()
        for model in (
            "customer.cohort",
            "customer.margin.retention",
            "customer.margin.change",
        ):
            rows = self.env[model].search(
                [("tier_id", "=", tier.id), ("segment", "=", "loyal")]
            )
            self.assertEqual(rows.partner_id, self.late, model)
            groups = dict(self.env[model]._read_group([], ["tier_id"], ["__count"]))
            self.assertEqual(groups[tier], len(rows))
