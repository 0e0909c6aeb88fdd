# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import freeze_time, new_test_user, tagged

from .common import FinanceCommon

FEW, MANY = 10, 100


@tagged("post_install", "-at_install")
class TestPerformance(FinanceCommon):
    """The number of statements does not depend on the number of customers.

    Every customer has an invoice, an order and a month end; they are copied in SQL.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.freezer = freeze_time("2026-06-30 12:00:00")
        cls.freezer.start()
        cls.addClassCleanup(cls.freezer.stop)
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"Customer {index:03}"} for index in range(MANY)]
        )
        cls.invoice = cls._invoice(100, "2026-05-01", "2026-05-31")
        cls._pay(cls.invoice, 40, "2026-06-10")
        cls.env.flush_all()
        cls._copy_for_all("account_move", "id", cls.invoice.ids)
        cls._copy_for_all("account_move_line", "move_id", cls.invoice.ids)
        cls.orders = cls.env["sale.order"].create(
            [{"partner_id": partner.id} for partner in cls.customers]
        )
        cls.orders.write({"state": "sale"})
        cls.env.invalidate_all()
        cls.profiles._rebuild(cls.company)
        cls.env["customer.finance.snapshot"]._rebuild(cls.company, months=1)
        cls.user = new_test_user(
            cls.env,
            "ann",
            groups="sales_team.group_sale_salesman_all_leads,"
            "account.group_account_invoice,base.group_partner_manager",
            company_id=cls.company.id,
        )
        cls.env.cr.flush()
        cls.env["customer.finance.queue"].search([]).unlink()

    @classmethod
    def _copy_for_all(cls, table, column, ids):
        """Copy a document or its items once per customer, with its partner."""
        cls.env.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " AND column_name NOT IN ('id', 'partner_id', 'commercial_partner_id',"
            " 'name', 'move_id', 'sequence_number', 'full_reconcile_id')",
            [table],
        )
        columns = [f'"{name}"' for (name,) in cls.env.cr.fetchall()]
        copied = ", ".join(f"source.{name}" for name in columns)
        extra, values = {
            "account_move": ("commercial_partner_id, name", "p.id, 'COPY/' || p.id"),
            "account_move_line": (
                "move_id, name",
                "(SELECT id FROM account_move WHERE name = 'COPY/' || p.id), NULL",
            ),
        }[table]
        cls.env.cr.execute(
            f"INSERT INTO {table} (partner_id, {extra}, {', '.join(columns)})"
            f" SELECT p.id, {values}, {copied} FROM {table} source, res_partner p"
            f" WHERE source.{column} = ANY(%s) AND p.id = ANY(%s)",
            [ids, cls.customers.ids],
        )

    def assertSameQueries(self, run):
        """``run`` takes the customers; it costs as much for many as for a few."""
        rounds = []
        # The first round of each fills the caches that outlive a request.
        for size in (FEW, FEW, MANY, MANY):
            self.env.flush_all()
            self.env.cr.flush()
            self.env.invalidate_all()
            with patch("random.random", return_value=1), self._statements() as rows:
                run(self.customers[:size])
                self.env.flush_all()
            rounds.append(rows)
        _first, few, _first, many = rounds
        self.assertTrue(few)
        self.assertEqual(len(many), len(few), "\n".join(["", *few, "-", *many]))

    @contextmanager
    def _statements(self):
        """Collect the beginnings of the statements sent, to be shown on failure."""
        statements = []

        def note(_cr, query, _params, _start, _delay):
            statements.append(str(getattr(query, "code", query))[:300])

        thread = threading.current_thread()
        hooks = getattr(thread, "query_hooks", ())
        thread.query_hooks = [*hooks, note]
        try:
            yield statements
        finally:
            thread.query_hooks = hooks

    def _as_user(self, model):
        return self.env(user=self.user, context={})[model]

    def _get_spec(self, model, view_type):
        """Return what the web client reads for a view."""
        views = self._as_user(model).get_views([[False, view_type]])
        names = views["models"][model]["fields"]
        arch = views["views"][view_type]["arch"]
        return {name: {} for name in names if f'name="{name}"' in arch}

    def assertListScales(self, model, domain=None):
        spec = self._get_spec(model, "list")
        for name in self._as_user(model).fields_get():
            if name.startswith("finance_") and name != "finance_trend":
                spec[name] = {}

        def read(customers):
            rows = self._as_user(model).web_search_read(
                domain or [("partner_id", "in", customers.ids)], spec, limit=2 * MANY
            )["records"]
            self.assertEqual(len(rows), len(customers))

        self.assertSameQueries(read)
        return spec

    def test_rebuild(self):
        """A full refresh costs the same whatever the number of customers.

        Of the second round of each: the first places customers who come or go in their
        tiers, where these are installed.
        """
        counts = []
        for size in (FEW, FEW, MANY, MANY):
            self.env.cr.execute(
                "UPDATE account_move_line SET parent_state = CASE"
                " WHEN partner_id = ANY(%s) THEN 'posted' ELSE 'draft' END"
                " WHERE partner_id = ANY(%s)",
                [self.customers[:size].ids, self.customers.ids],
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.profiles._rebuild(self.company)
            counts.append(self.env.cr.sql_log_count - before)
            found = self.profiles.search_count(
                [("partner_id", "in", self.customers.ids), ("receivable", "=", 60)]
            )
            self.assertEqual(found, size)
        self.assertEqual(counts[1], counts[3])

    def test_refresh_of_some(self):
        self.assertSameQueries(
            lambda customers: self.profiles._refresh(self.company, customers)
        )

    def test_live_figures(self):
        def compute(customers):
            figures = self.profiles._get_figures(self.company, customers)
            self.assertEqual(len(figures), len(customers))

        self.assertSameQueries(compute)

    def test_queue(self):
        def work_off(customers):
            self.env["customer.finance.queue"]._push(customers, self.company)
            self._work_off()

        self.assertSameQueries(work_off)

    def test_queueing_posted_invoices(self):
        moves = self.env["account.move"].search(
            [("partner_id", "in", self.customers.ids)]
        )
        self.assertEqual(len(moves), MANY)

        def queue(customers):
            moves.filtered(
                lambda move: move.partner_id in customers
            )._queue_finance_refresh()
            self.assertEqual(self._queued(), customers)

        self.assertSameQueries(queue)

    def test_profile_list(self):
        spec = self.assertListScales("customer.finance.profile")
        self.assertIn("overdue", spec)

    def test_snapshot_list(self):
        spec = self.assertListScales("customer.finance.snapshot")
        self.assertIn("receivable", spec)

    def test_contact_list_with_figures(self):
        spec = self._get_spec("res.partner", "list")
        fields = self._as_user("res.partner").fields_get()
        spec |= {name: {} for name in fields if name.startswith("finance_")}

        def read(customers):
            rows = self._as_user("res.partner").web_search_read(
                [("id", "in", customers.ids)], spec
            )["records"]
            self.assertEqual(
                [row["finance_receivable"] for row in rows], [60] * len(customers)
            )

        self.assertSameQueries(read)

    def test_contact_form(self):
        """Opening a contact costs the same whatever the number of customers."""
        names = [
            name
            for name in self._as_user("res.partner").fields_get()
            if name.startswith("finance_")
        ]

        def read(customers):
            [row] = (
                customers[:1]
                .with_env(self._as_user("res.partner").env)
                .web_read({name: {} for name in names})
            )
            self.assertEqual(row["finance_receivable"], 60)

        self.assertSameQueries(read)
        # Other modules bound what they add.
        fields = self.env["res.partner"]._fields
        names = [
            name for name in names if "crm_finance_bridge" in fields[name]._modules
        ]
        contact = self.customers[:1].with_env(self._as_user("res.partner").env)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        contact.web_read({"display_name": {}})
        bare = self.env.cr.sql_log_count - before
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        contact.web_read({"display_name": {}, **{name: {} for name in names}})
        full = self.env.cr.sql_log_count - before
        # Profile, its fields, month ends, company and currency; with crm_customer_value
        # open alerts, tier, the last line of its history (2), months of the trend (2)
        self.assertLessEqual(full - bare, 16)

    def test_order_list(self):
        self.assertListScales("sale.order")

    def test_order_forms(self):
        def read(customers):
            orders = self.orders.filtered(lambda order: order.partner_id in customers)
            rows = orders.with_env(self._as_user("sale.order").env).web_read(
                {
                    "finance_receivable": {},
                    "finance_overdue": {},
                    "finance_days_late": {},
                }
            )
            self.assertEqual(
                [row["finance_receivable"] for row in rows], [60] * len(customers)
            )

        self.assertSameQueries(read)

    def test_invoice_list(self):
        self.assertListScales("account.move")

    def test_drill_down_lists(self):
        for model in ("customer.finance.item", "customer.finance.margin.line"):
            with self.subTest(model):
                self.assertListScales(model)

    def test_cash_forecast(self):
        """Each has an invoice: expected and high, too late already for the low line."""

        def read(customers):
            domain = [("partner_id", "in", customers.ids)]
            spec = self._get_spec("cash.forecast", "list")
            rows = self._as_user("cash.forecast").web_search_read(
                domain, spec, limit=5 * MANY
            )["records"]
            self.assertEqual(len(rows), 2 * len(customers))
            self._as_user("cash.forecast")._read_group(
                domain, ["week"], ["low:sum", "expected:sum", "high:sum"]
            )

        self.assertSameQueries(read)

    def test_cash_forecast_overview(self):
        overview = self._as_user("cash.forecast.overview").browse(self.company.id)

        def read(customers):
            self.env.cr.execute(
                "UPDATE account_move_line SET parent_state = CASE"
                " WHEN partner_id = ANY(%s) THEN 'posted' ELSE 'draft' END"
                " WHERE partner_id = ANY(%s)",
                [customers.ids, self.customers.ids],
            )
            [row] = overview.web_read({"headline": {}, "band": {}, "expected_26": {}})
            self.assertEqual(row["expected_26"], 60 * len(customers) + 60)

        self.assertSameQueries(read)
