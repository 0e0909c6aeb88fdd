# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Loading the extract; figures are summed by hand from its rows."""

from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from retail import forecast, load, profiles, report, rows, rules
from retail.company import COST_NOTE, SOURCE, TERMS_NOTE, not_loaded, xml_id
from retail.errors import Failure

EXTRACT = Path(__file__).parents[1] / "data" / "online_retail_extract.csv"
#: Sum of the extract's usable rows, without and with a C in the invoice number.
SALES = 13578.78
RETURNS = 2574.46


def analyze(env):
    """Tell the planner of rows that are not committed: Odoo's queries on payments
    take minutes without."""
    env.flush_all()
    env.cr.execute(
        "ANALYZE account_move, account_move_line, account_payment,"
        " account_partial_reconcile"
    )


class Savepoints:
    """Stand in for commit and rollback: a test must not commit."""

    def __init__(self, env):
        self.env = env
        self.savepoint = env.cr.savepoint()

    def commit(self):
        analyze(self.env)
        self.savepoint.close(rollback=False)
        self.savepoint = self.env.cr.savepoint()

    def rollback(self):
        self.savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)


class RetailCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = rows.read(EXTRACT)
        cls.codes = rules.in_load_order(cls.sheet.customers)
        cls.reports = []
        cls.loader = cls._loader(lambda: analyze(cls.env))
        cls.company = cls.loader.company
        cls.env = cls.loader.env

    @classmethod
    def _loader(cls, commit):
        return load.Loader(cls.env, cls.sheet, commit, cls.reports.append)

    @classmethod
    def _load(cls, count=None):
        return cls.loader.run(cls.codes[:count])

    def _counts(self):
        env, company = self.env, self.company
        own = ("company_id", "=", company.id)
        posted = [own, ("state", "=", "posted")]
        return {
            "customers": env["res.partner"].search_count([own]),
            "orders": env["sale.order"].search_count([own, ("state", "=", "sale")]),
            "invoices": env["account.move"].search_count(
                [*posted, ("move_type", "=", "out_invoice")]
            ),
            "notes": env["account.move"].search_count(
                [*posted, ("move_type", "=", "out_refund")]
            ),
            "drafts": env["account.move"].search_count([own, ("state", "=", "draft")]),
            "payments": env["account.payment"].search_count([own]),
            "partials": env["account.partial.reconcile"].search_count([own]),
        }

    def _customer(self, code):
        return self.env.ref(xml_id("customer", code))

    def _move(self, number):
        return self.env["account.move"].search(
            [("ref", "=", number), ("company_id", "=", self.company.id)]
        )

    def _order(self, number):
        return self.env["sale.order"].search(
            [("client_order_ref", "=", number), ("company_id", "=", self.company.id)]
        )

    def _sum(self, move_type):
        moves = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("move_type", "=", move_type)]
        )
        return round(sum(moves.mapped("amount_total")), 2)


@tagged("post_install", "-at_install")
class TestRetailLoad(RetailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._load()

    # -- What is loaded --------------------------------------------------------

    def test_every_document_is_loaded(self):
        counts = self._counts()
        expected = {"customers": 15, "orders": 35, "invoices": 35, "notes": 15}
        self.assertEqual(counts, counts | expected | {"drafts": 0})
        self.assertEqual(self.reports[-1].rows, 165)
        self.assertEqual(self.reports[-1].documents, 50)
        self.assertEqual(self.reports[-1].left, 0)

    def test_totals_to_the_penny(self):
        self.assertEqual(self._sum("out_invoice"), SALES)
        self.assertEqual(self._sum("out_refund"), RETURNS)
        amounts = {
            number: round(self._move(number).amount_total, 2)
            for number in ("536403", "537899", "572893", "C548731", "C558327")
        }
        self.assertEqual(
            amounts,
            {
                "536403": 192.60,
                "537899": 3794.40,
                "572893": 95.78,
                "C548731": 1591.20,
                "C558327": 64.80,
            },
        )
        self.assertEqual(self._order("572893").amount_total, 95.78)

    def test_dates_are_kept(self):
        order, invoice = self._order("536403"), self._move("536403")
        self.assertEqual(order.date_order, datetime(2010, 12, 1, 11, 27))
        self.assertEqual(invoice.invoice_date, date(2010, 12, 1))
        self.assertEqual(invoice.date, date(2010, 12, 1))
        # Customer 12791 has 15 days.
        self.assertEqual(invoice.invoice_date_due, date(2010, 12, 16))
        note = self._move("C548731")
        self.assertEqual((note.invoice_date, note.date), (date(2011, 4, 4),) * 2)
        self.assertEqual(order.invoice_ids, invoice)
        payments = self.env["account.payment"].search(
            [("company_id", "=", self.company.id)]
        )
        for payment in payments:
            invoice = payment.reconciled_invoice_ids
            self.assertLessEqual(invoice.invoice_date, payment.date)
            self.assertLessEqual(payment.date, self.sheet.last_day)
            self.assertEqual(payment.move_id.date, payment.date)

    def test_customers_and_their_countries(self):
        countries = {
            code: self._customer(code).country_id.code
            for code in ("12791", "12755", "14566", "12394", "17900", "12363")
        }
        self.assertEqual(
            countries,
            {
                "12791": "NL",
                "12755": "JP",
                "14566": "JE",
                "12394": "BE",
                "17900": "GB",
                "12363": False,
            },
        )

    def test_company_is_in_pounds_and_has_no_tax(self):
        self.assertEqual(self.company.currency_id.name, "GBP")
        moves = self.env["account.move"].search([("company_id", "=", self.company.id)])
        self.assertFalse(moves.line_ids.tax_ids)
        self.assertEqual(moves.currency_id, self.company.currency_id)

    # -- Returns ---------------------------------------------------------------

    def test_returns_take_back_the_order_line(self):
        """18059 returned 4 of 12 brushes and 1 of 4 bottles."""
        delivered = {
            line.product_id.default_code: (line.qty_delivered, line.qty_invoiced)
            for line in self._order("576878").order_line
        }
        self.assertEqual(delivered["22979"], (8, 8))
        self.assertEqual(delivered["23013"], (3, 3))
        self.assertEqual(delivered["21617"], (12, 12))
        note = self._move("C579876")
        self.assertEqual(note.reversed_entry_id, self._move("576878"))
        self.assertEqual(
            note.invoice_line_ids.sale_line_ids.order_id, self._order("576878")
        )

    def test_nothing_is_left_to_invoice(self):
        orders = self.env["sale.order"].search([("company_id", "=", self.company.id)])
        self.assertFalse(sum(orders.order_line.mapped("qty_to_invoice")))
        self.assertFalse(
            orders.filtered(lambda one: one.invoice_status == "to invoice")
        )

    def test_credit_without_a_sale_stays_unallocated(self):
        note = self._move("C536818")
        self.assertEqual(note.amount_residual, 1.25)
        self.assertFalse(note.invoice_line_ids.sale_line_ids)

    def test_returned_goods_are_not_paid_for(self):
        """12888 returned 3 stands after 3 days, before paying."""
        partials = self._move("C548647").line_ids.matched_debit_ids
        self.assertEqual(partials.debit_move_id.move_id, self._move("548177"))
        self.assertEqual(partials.amount, 29.85)

    # -- What is generated -----------------------------------------------------

    def test_payments_are_those_of_the_rule(self):
        invoice = self._move("537899")
        expected = rules.payment_day(
            "12755", "537899", invoice.invoice_date, invoice.invoice_date_due
        )
        payment = self.env["account.payment"].search(
            [("memo", "=", "Generated payment (sample rule): 537899")]
        )
        self.assertEqual(payment.date, expected)
        self.assertEqual(payment.amount, 3794.40)
        self.assertEqual(payment.state, "paid")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(payment.reconciled_invoice_ids, invoice)

    def test_generated_data_is_labelled(self):
        payments = self.env["account.payment"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertTrue(payments)
        for payment in payments:
            self.assertTrue(payment.memo.startswith(load.PAYMENT_LABEL))
            self.assertEqual(payment.move_id.ref, payment.memo)
        products = self.env["product.product"].search(
            [("company_id", "=", self.company.id)]
        )
        for product in products:
            self.assertIn(COST_NOTE, product.description)
        for partner in (self._customer("12755"), self.company.partner_id):
            self.assertIn(SOURCE, partner.comment)
            self.assertIn(TERMS_NOTE, partner.comment)

    def test_cost_is_frozen_on_the_order_line(self):
        line = self._order("537899").order_line
        cost = float(rules.unit_cost("22328", "goods", rows.Decimal("2.55")))
        self.assertEqual(line.product_id.standard_price, cost)
        self.assertEqual(line.purchase_price, cost)
        self.assertAlmostEqual(line.margin, 1488 * (2.55 - cost))
        self.assertEqual(line.product_id.type, "consu")
        charge = self.env.ref(xml_id("product", "BANK CHARGES"))
        self.assertEqual((charge.type, charge.standard_price), ("service", 0))

    # -- What is told ----------------------------------------------------------

    def test_totals_are_told(self):
        told = [line.split(None, 1) for line in report.totals(self.company)]
        self.assertIn(["15", "customers"], told)
        self.assertIn(["35", "posted invoices"], told)
        self.assertIn(["15", "credit notes"], told)

    def test_profiles_are_refreshed_and_told(self):
        if "customer.finance.profile" not in self.env:
            self.skipTest("crm_finance_bridge is not installed")
        figures = profiles.refresh(
            self.company, self.sheet.first_day, self.sheet.last_day
        )
        stored = self.env["customer.finance.profile"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(stored), 15)
        # -1.25: the one credit note of 16995.
        self.assertEqual(figures[self._customer("16995").id]["receivable"], -1.25)
        lines = report.profiles(self.env, figures, limit=3)
        self.assertEqual(len(lines), 4)
        self.assertRegex(lines[0], "^customer +country +receivable +overdue +DSO")

    def test_plan_and_forecast_are_told(self):
        if "cash.forecast" not in self.env:
            self.skipTest("crm_finance_bridge is not installed")
        self.env.cr.flush()
        figures = profiles.refresh(
            self.company, self.sheet.first_day, self.sheet.last_day
        )
        told = forecast.sections(self.company, self.sheet.last_day)
        plan, weeks, bases, tests = told.values()
        self.assertRegex(plan[0], "^month +planned +collected")
        # Every order is planned: without what was returned of it later.
        planned = sum(float(line.split()[1].replace(",", "")) for line in plan[1:])
        self.assertAlmostEqual(planned, SALES, places=2)
        # In the end the high line has what is open; credit is no inflow.
        owed = sum(max(row["receivable"] or 0, 0) for row in figures.values())
        high = float(weeks[-1].split()[-1].replace(",", ""))
        self.assertAlmostEqual(high, float(owed), places=2)
        self.assertRegex(weeks[-1], "^Later ")
        self.assertEqual(len(weeks), forecast.WEEKS + 2)
        self.assertRegex(bases[0], "expected +items")
        self.assertEqual([line.split()[0] for line in tests], ["4", "8", "12"])


@tagged("post_install", "-at_install")
class TestRetailRun(RetailCase):
    def test_second_run_adds_nothing(self):
        self._load()
        before = self._counts()
        self.assertEqual(self._load().customers, 0)
        again = self._loader(lambda: analyze(self.env))
        self.assertEqual(again.company, self.company)
        self.assertEqual(again.run(self.codes).customers, 0)
        self.assertEqual(self._counts(), before)

    def test_more_customers_are_added_to_those_there(self):
        self._load(5)
        self.assertEqual(self._counts()["customers"], 5)
        self.assertEqual(self._load(9).customers, 4)
        self.assertEqual(self._load().customers, 6)
        in_three = self._counts()
        self.assertEqual((in_three["orders"], in_three["notes"]), (35, 15))

    def test_interrupted_run_leaves_whole_customers_and_goes_on(self):
        self._load(2)
        savepoints = Savepoints(self.env)
        settle = load.Loader._settle
        settled = []

        def interrupt(loader, batch):
            if len(settled) == 3:
                raise KeyboardInterrupt
            settled.append(batch)
            settle(loader, batch)

        loader = self._loader(savepoints.commit)
        with (
            patch.object(load, "BATCH_ROWS", 1),
            patch.object(load.Loader, "_settle", interrupt),
        ):
            # Not assertRaises: Odoo's has a savepoint of its own.
            try:
                loader.run(self.codes)
            except KeyboardInterrupt:
                savepoints.rollback()
            else:
                self.fail("the run was not interrupted")
        self.assertEqual(self._counts()["customers"], 5)
        chosen = list(self.sheet.customers.values())
        self.assertEqual(len(not_loaded(self.env, chosen)), 10)
        self.assertEqual(self._counts()["drafts"], 0)
        self._load()
        counts = self._counts()
        self.assertEqual((counts["customers"], counts["orders"]), (15, 35))
        self.assertEqual(self._sum("out_invoice"), SALES)

    def test_other_companies_are_not_touched(self):
        elsewhere = [("company_id", "not in", self.company.ids)]

        def count():
            return [
                self.env[model].search_count(elsewhere)
                for model in ("res.partner", "product.template", "account.move")
            ]

        before = count()
        self._load()
        self.assertEqual(count(), before)

    def test_orders_that_are_held_stop_the_run(self):
        confirm = type(self.env["sale.order"]).action_confirm
        with (
            patch.object(
                type(self.env["sale.order"]),
                "action_confirm",
                lambda orders: confirm(orders[1:]),
            ),
            self.assertRaisesRegex(Failure, r"1 order\(s\) were not confirmed"),
        ):
            self._load()

    def test_inventory_is_refused(self):
        with (
            patch.object(
                type(self.env["ir.module.module"]),
                "_installed",
                lambda _self: {"sale_management": 1, "sale_margin": 2, "sale_stock": 3},
            ),
            self.assertRaisesRegex(Failure, "sale_stock is installed"),
        ):
            load.check_modules(self.env)
