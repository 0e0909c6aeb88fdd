# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From order to cash, worked by hand."""

from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import FinanceCommon


class OrderCommon(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.invoice_policy = "order"
        cls.product.list_price = 100.0
        cls.terms = cls.env["account.payment.term"].create(
            {
                "name": "30 % now, rest in 60 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 30, "nb_days": 0}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 70, "nb_days": 60}
                    ),
                ],
            }
        )

    @classmethod
    def _order(cls, quantity, partner=None, confirm=True, **values):
        """Create an order of pieces at 100."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "payment_term_id": False,
                "user_id": cls.env.ref("base.user_admin").id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": quantity,
                            "price_unit": 100.0,
                            "tax_ids": False,
                        }
                    )
                ],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def _bill(cls, orders, day, due=None, quantity=None):
        """Invoice orders on one invoice."""
        invoice = orders._create_invoices()
        invoice.write(
            {
                "invoice_date": day,
                "invoice_payment_term_id": False,
                "invoice_date_due": due or day,
            }
        )
        if quantity is not None:
            invoice.invoice_line_ids.filtered("product_id")[0].quantity = quantity
        invoice.action_post()
        return invoice

    def assertPosition(self, order, **expected):
        rows = self.env["order.cash.rows"]._get_order_positions(order)
        for name, value in expected.items():
            with self.subTest(name=name):
                self.assertAlmostEqual(float(rows[order.id][name]), value, places=2)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestOrderCash(OrderCommon):
    def test_ordered_only(self):
        order = self._order(10)
        self.assertPosition(order, ordered=1000, invoiced=0, collected=0, open_amount=0)
        self.assertEqual(order.cash_progress, 0)

    def test_partly_invoiced_and_paid(self):
        order = self._order(10)
        invoice = self._bill(order, "2026-05-01", "2026-05-31", quantity=6)
        self._pay(invoice, 200, "2026-05-20")
        self.assertPosition(
            order, invoiced=600, collected=200, open_amount=400, overdue=400
        )
        # Due on May 31, today is June 30.
        self.assertEqual(order.cash_days_late, 30)
        self.assertAlmostEqual(order.cash_progress, 20)

    def test_two_orders_on_one_invoice(self):
        """300 and 100 on one invoice: 200 paid are shared 3 to 1."""
        first, second = self._order(3), self._order(1)
        invoice = self._bill(first | second, "2026-06-01", "2026-07-31")
        self.assertEqual(len(invoice), 1)
        self._pay(invoice, 200, "2026-06-10")
        self.assertPosition(first, invoiced=300, collected=150, open_amount=150)
        self.assertPosition(second, invoiced=100, collected=50, open_amount=50)
        self.assertEqual(str(first.cash_next_due_date), "2026-07-31")

    def test_two_invoices_of_one_order(self):
        order = self._order(10)
        first = self._bill(order, "2026-05-01", quantity=4)
        second = self._bill(order, "2026-06-01", "2026-07-15")
        self._pay(first, 400, "2026-05-05")
        self.assertPosition(
            order, invoiced=1000, collected=400, open_amount=600, overdue=0
        )
        self.assertEqual(second.amount_total, 600)

    def test_credit_note(self):
        """1,000 invoiced, 300 credited, 700 paid."""
        order = self._order(10)
        invoice = self._bill(order, "2026-05-01")
        refund = invoice._reverse_moves([{"invoice_date": "2026-05-10"}])
        refund.invoice_line_ids.quantity = 3
        refund.action_post()
        self._reconcile(invoice, refund)
        self._pay(invoice, 700, "2026-05-20")
        self.assertPosition(order, invoiced=700, collected=700, open_amount=0)

    def test_credit_note_paid_back(self):
        order = self._order(10)
        invoice = self._bill(order, "2026-05-01")
        self._pay(invoice, 1000, "2026-05-05")
        refund = invoice._reverse_moves([{"invoice_date": "2026-05-10"}])
        refund.invoice_line_ids.quantity = 2
        refund.action_post()
        self._pay(refund, 200, "2026-05-12")
        self.assertPosition(order, invoiced=800, collected=800, open_amount=0)

    def test_write_off(self):
        """980 received for 1,000, the rest written off in the payment."""
        order = self._order(10)
        invoice = self._bill(order, "2026-05-01")
        self._pay(
            invoice,
            980,
            "2026-05-20",
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertPosition(order, invoiced=1000, collected=980, open_amount=0)

    def test_down_payment(self):
        """300 in advance, then the rest: nothing counts twice."""
        order = self._order(10)
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 300})
        )
        advance = wizard._create_invoices(order)
        advance.write({"invoice_date": "2026-05-01", "invoice_line_ids": []})
        advance.action_post()
        self._pay(advance, advance.amount_total, "2026-05-02")
        self.assertPosition(order, invoiced=300, collected=300)
        final = order._create_invoices(final=True)
        final.invoice_date = "2026-06-01"
        final.action_post()
        self.assertPosition(order, invoiced=1000, collected=300, open_amount=700)

    def test_foreign_currency(self):
        """In the order's currency; in a pivot at the order's own rate."""
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": currency.id}
        )
        order = self._order(10, pricelist_id=pricelist.id)
        invoice = self._bill(order, "2026-05-01")
        self._pay(invoice, 250, "2026-05-05", currency_id=currency.id)
        self.assertPosition(order, ordered=1000, invoiced=1000, collected=250)
        row = self.env["sale.order.position"].search([("order_id", "=", order.id)])
        # 1 dollar is half a euro: 1,000 EUR are 2,000 USD.
        self.assertRecordValues(
            row, [{"ordered": 2000, "collected": 500, "open_amount": 1500}]
        )

    def test_cancelled_order_has_no_position(self):
        order = self._order(10)
        order._action_cancel()
        rows = self.env["order.cash.rows"]._get_order_positions(order)
        self.assertFalse(rows)

    def test_flat_number_of_queries(self):
        orders = self.env["sale.order"].concat(*(self._order(1) for _n in range(12)))
        self.env.flush_all()
        rows = self.env["order.cash.rows"]
        counts = []
        for some in (orders[:2], orders):
            for _warm in range(2):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                rows._get_order_positions(some)
                count = self.env.cr.sql_log_count - before
            counts.append(count)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestCollectionPlan(OrderCommon):
    def _plan(self, order):
        self.env.cr.flush()
        lines = order.collection_line_ids.sorted("date_due")
        return [(str(line.date_due), line.amount) for line in lines]

    def test_from_terms(self):
        order = self._order(10, payment_term_id=self.terms.id)
        self.assertEqual(self._plan(order), [("2026-06-30", 300), ("2026-08-29", 700)])
        self.assertEqual(str(order.cash_next_due_date), "2026-06-30")

    def test_without_terms_it_says_so(self):
        order = self._order(10)
        self.assertEqual(self._plan(order), [("2026-06-30", 1000)])
        self.assertEqual(order.collection_line_ids.origin, "none")

    def test_amounts_that_floats_cannot_say(self):
        """34 %, 33 % and the rest of 3,703.50: made once, not for ever."""
        terms = self.env["account.payment.term"].create(
            {
                "name": "Three instalments",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": share, "nb_days": days}
                    )
                    for share, days in ((34, 30), (33, 60), (33, 90))
                ],
            }
        )
        order = self._order(10, confirm=False, payment_term_id=terms.id)
        order.order_line.price_unit = 370.35
        order.action_confirm()
        self.assertEqual(
            self._plan(order),
            [
                ("2026-07-30", 1259.19),
                ("2026-08-29", 1222.16),
                ("2026-09-28", 1222.15),
            ],
        )
        lines = order.collection_line_ids
        order.payment_term_id = terms
        self.env.cr.flush()
        self.assertEqual(order.collection_line_ids, lines)

    def test_follows_the_order(self):
        order = self._order(10, payment_term_id=self.terms.id)
        self.env.cr.flush()
        order.order_line.write({"product_uom_qty": 20, "price_unit": 100})
        self.assertEqual(self._plan(order), [("2026-06-30", 600), ("2026-08-29", 1400)])
        order.payment_term_id = False
        self.assertEqual(self._plan(order), [("2026-06-30", 2000)])

    def test_changed_by_hand_keeps_its_dates(self):
        order = self._order(10, payment_term_id=self.terms.id)
        self.env.cr.flush()
        last = order.collection_line_ids.sorted("date_due")[-1]
        last.write({"date_due": "2026-09-30", "origin": "manual", "reason": "Agreed"})
        order.order_line.write({"product_uom_qty": 12, "price_unit": 100})
        self.assertEqual(self._plan(order), [("2026-06-30", 300), ("2026-09-30", 900)])

    def test_filled_by_due_date(self):
        order = self._order(10, payment_term_id=self.terms.id)
        self.env.cr.flush()
        invoice = self._bill(order, "2026-06-30")
        self._pay(invoice, 500, "2026-06-30")
        lines = order.collection_line_ids.sorted("date_due")
        self.assertEqual(lines.mapped("collected"), [300, 200])
        self.assertEqual(lines.mapped("state"), ["done", "part"])
        rows = self.env["sale.collection.report"].search(
            [("order_id", "=", order.id)], order="kind, date"
        )
        self.assertEqual(
            [(r.kind, r.planned, r.collected, r.missing) for r in rows],
            [
                ("actual", 0, 500, 0),
                ("planned", 300, 0, 0),
                ("planned", 700, 0, 500),
            ],
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestReminder(OrderCommon):
    def _remind(self):
        self.env.cr.flush()
        self.env["sale.order"]._remind_collection(self.company)

    def test_reminded_once_until_paid(self):
        order = self._order(10, payment_term_id=self.terms.id)
        self._remind()
        self.assertEqual(str(order.activity_ids.date_deadline), "2026-06-30")
        self._remind()
        self.assertEqual(len(order.activity_ids), 1)
        invoice = self._bill(order, "2026-06-30", "2026-08-29")
        self._pay(invoice, 300, "2026-06-30")
        self._work_off()
        self.assertFalse(order.activity_ids)

    def test_not_before_its_time(self):
        """Due in 60 days: the reminder comes three days before."""
        terms = self.env.ref("account.account_payment_term_30days")
        order = self._order(10, payment_term_id=terms.id)
        self._remind()
        self.assertFalse(order.activity_ids)
        self.assertEqual(str(order.cash_next_due_date), "2026-07-30")
        self.assertEqual(str(order.cash_reminder_date), "2026-07-27")
        with freeze_time("2026-07-27"):
            self._remind()
            self.assertEqual(str(order.activity_ids.date_deadline), "2026-07-30")

    def test_collector_of_the_company(self):
        self.company.finance_collector_id = self.env.ref("base.user_admin")
        order = self._order(10)
        self._remind()
        self.assertEqual(order.activity_ids.user_id, self.env.ref("base.user_admin"))

    def test_without_a_salesperson(self):
        """The team's leader; nobody in particular when there is none either."""
        leader = self.env.ref("base.user_admin")
        team = self.env["crm.team"].create({"name": "Led", "user_id": leader.id})
        led = self._order(10, user_id=False, team_id=team.id)
        alone = self._order(10, user_id=False, team_id=False)
        self._remind()
        self.assertEqual(led.activity_ids.user_id, leader)
        self.assertEqual(len(alone.activity_ids), 1)
        self.assertFalse(alone.activity_ids.user_id)

    def test_gone_when_the_order_is_cancelled(self):
        order = self._order(10)
        self._remind()
        self.assertTrue(order.activity_ids)
        order._action_cancel()
        self._remind()
        self.assertFalse(order.activity_ids)
