# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import FinanceCommon


@tagged("post_install", "-at_install")
class TestSales(FinanceCommon):
    def test_window_bounds(self):
        """(2025-06-30, 2026-06-30]: the first day is 2025-07-01."""
        self._invoice(1, "2025-06-30")
        self._invoice(2, "2025-07-01")
        self._invoice(4, "2026-06-30")
        self._invoice(8, "2026-07-01")
        self.assertFigures("2026-06-30", sales=6, opening_receivable=1, receivable=7)

    def test_tax_is_included_in_sales_and_not_in_net_sales(self):
        tax = self.company_data["default_tax_sale"]
        tax.amount = 10
        invoice = self._invoice(100, "2026-06-01", post=False)
        invoice.invoice_line_ids.tax_ids = tax
        invoice.action_post()
        self.assertFigures("2026-06-30", sales=110, net_sales=100)

    def test_sales_receipt(self):
        self._invoice(100, "2026-06-01", move_type="out_receipt")
        self.assertFigures("2026-06-30", sales=100, net_sales=100, receivable=100)

    def test_dso(self):
        """1460 a year are 4 a day; 365 open are 91.25 days."""
        paid = self._invoice(1095, "2025-07-01")
        self._pay(paid, 1095, "2025-08-01")
        self._invoice(365, "2026-05-01")
        self.assertFigures("2026-06-30", sales=1460, receivable=365, dso=91.25)

    def test_dso_of_a_new_customer(self):
        """First invoice 10 days ago, counting both days: 1000 in 10 days, 500 open."""
        paid = self._invoice(500, "2026-06-21")
        self._pay(paid, 500, "2026-06-25")
        self._invoice(500, "2026-06-28")
        self.assertFigures("2026-06-30", daily_sales=100, dso=5)

    def test_dso_on_the_day_of_the_first_invoice(self):
        self._invoice(500, "2026-06-30")
        self.assertFigures("2026-06-30", dso=1)

    def test_turnover(self):
        """Opening 100, closing 300, sales 800: turned over 4 times, 91.25 days."""
        first = self._invoice(100, "2025-06-01")
        self._pay(first, 100, "2025-07-15")
        second = self._invoice(500, "2025-12-01")
        self._pay(second, 500, "2026-01-15")
        self._invoice(300, "2026-06-01")
        self.assertFigures(
            "2026-06-30",
            opening_receivable=100,
            receivable=300,
            sales=800,
            ar_turnover=4,
            ar_turnover_days=91.25,
        )

    def test_cei(self):
        """Opening 100, sales 800, closing 300 of which 50 not due:
        (100 + 800 − 300) / (100 + 800 − 50) = 600 / 850."""
        first = self._invoice(100, "2025-06-01")
        self._pay(first, 100, "2025-07-15")
        second = self._invoice(500, "2025-12-01")
        self._pay(second, 500, "2026-01-15")
        self._invoice(250, "2026-06-01", "2026-06-15")
        self._invoice(50, "2026-06-01", "2026-07-15")
        self.assertFigures("2026-06-30", cei=70.588)

    def test_prepaid_only(self):
        """Sales without any receivable: no turnover, DSO zero."""
        invoice = self._invoice(100, "2026-06-01")
        self._pay(invoice, 100, "2026-06-01")
        self.assertFigures("2026-06-30", dso=0, ar_turnover=None, ar_turnover_days=0)

    def test_confirmed_orders(self):
        orders = self.env["sale.order"].create(
            [
                {"partner_id": self.customer.id, "date_order": day}
                for day in ("2026-05-01 08:00:00", "2026-06-01 08:00:00")
            ]
        )
        orders.action_confirm()
        orders[0].date_order = "2026-05-01 08:00:00"
        orders[1].date_order = "2026-06-01 08:00:00"
        self.assertFigures("2026-05-31", order_count=1)
        self.assertFigures("2026-06-30", order_count=2)
        orders[1]._action_cancel()
        self.assertFigures("2026-06-30", order_count=1)
