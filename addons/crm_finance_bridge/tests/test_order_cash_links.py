# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Positions of customers, opportunities, salespeople and teams; edges of positions."""

from odoo import Command, orm
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .test_order_cash import OrderCommon
from .test_order_cash_access import AMOUNT, OrderAccessCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestOrderCashEdges(OrderCommon):
    def _row(self, order):
        return self.env["sale.order.position"].search([("order_id", "=", order.id)])

    def test_early_payment_discount(self):
        """2 % within ten days: 980 come for 1,000 and nothing is left to collect."""
        terms = self.env["account.payment.term"].create(
            {
                "name": "2/10 net 30",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "early_pay_discount_computation": "included",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        order = self._order(10, payment_term_id=terms.id)
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-06-01"
        invoice.action_post()
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": "2026-06-08"})
        )
        self.assertEqual(wizard.amount, 980)
        wizard._create_payments()
        self.assertPosition(
            order, invoiced=1000, collected=980, open_amount=0, overdue=0
        )

    def test_invoice_in_instalments(self):
        """300 due on May 1, 700 on June 30: 300 late, 60 days; the rest is next."""
        order = self._order(10, payment_term_id=self.terms.id)
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-05-01"
        invoice.action_post()
        self.assertPosition(order, invoiced=1000, open_amount=1000, overdue=300)
        self.assertEqual(order.cash_days_late, 60)
        self.assertEqual(str(order.cash_next_due_date), "2026-06-30")
        self._pay(invoice, 400, "2026-05-10")
        self.assertPosition(order, collected=400, open_amount=600, overdue=0)

    def test_invoice_in_another_currency_than_the_order(self):
        """1,000 USD billed as 500 EUR at 2 to 1, of which 250 EUR are paid."""
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        order = self._order(10)
        invoice = order._create_invoices()
        invoice.write(
            {
                "currency_id": currency.id,
                "invoice_date": "2026-06-01",
                "invoice_payment_term_id": False,
                "invoice_date_due": "2026-06-01",
            }
        )
        invoice.invoice_line_ids.price_unit = 50
        invoice.action_post()
        self._pay(invoice, 250, "2026-06-05", currency_id=currency.id)
        self.assertPosition(order, invoiced=1000, collected=500, open_amount=500)

    def test_archived_customer(self):
        order = self._order(10)
        self._bill(order, "2026-05-01")
        self.customer.active = False
        self.assertPosition(order, invoiced=1000, open_amount=1000)
        self.assertEqual(self._row(order).partner_id, self.customer)

    def test_child_contact_counts_for_its_company(self):
        child = self.env["res.partner"].create(
            {"name": "Purchasing", "parent_id": self.customer.id}
        )
        first, second = self._order(10, partner=child), self._order(5)
        invoice = self._bill(first, "2026-05-01", "2026-05-31")
        self._pay(invoice, 400, "2026-05-05")
        self.env.cr.flush()
        self.assertEqual(self._row(first).partner_id, self.customer)
        for contact in (child, self.customer):
            self.assertRecordValues(
                contact,
                [
                    {
                        "cash_ordered": 1500,
                        "cash_invoiced": 1000,
                        "cash_collected": 400,
                        "cash_overdue": 600,
                        # Since May 31; the second order's plan is due today.
                        "cash_days_late": 30,
                    }
                ],
            )
            self.assertEqual(str(contact.cash_next_due_date), "2026-06-30")
            self.assertAlmostEqual(contact.cash_collected_rate, 100 * 400 / 1500)
        action = self.customer.action_open_cash_positions()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.order_id, first | second)
        self.assertEqual(sum(rows.mapped("ordered")), 1500)

    def test_two_companies_are_kept_apart(self):
        other = self.setup_other_company()["company"]
        self._order(10)
        env = self.env(context={"allowed_company_ids": [other.id]})
        self.product.taxes_id = False
        theirs = env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 2,
                            "price_unit": 100.0,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        theirs.action_confirm()
        self.env.cr.flush()
        self.env.invalidate_all()
        self.assertEqual(self.customer.cash_ordered, 1000)
        self.assertEqual(self.customer.with_env(env).cash_ordered, 200)
        self.assertEqual(theirs.collection_line_ids.company_id, other)

    def test_opportunity(self):
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "partner_id": self.customer.id}
        )
        first = self._order(10, opportunity_id=lead.id)
        self._order(10, opportunity_id=lead.id, confirm=False)
        self._pay(self._bill(first, "2026-05-01"), 250, "2026-05-05")
        self.assertRecordValues(
            lead,
            [
                {
                    "cash_ordered": 1000,
                    "cash_invoiced": 1000,
                    "cash_collected": 250,
                    "cash_overdue": 750,
                    "cash_collected_rate": 25,
                    "cash_days_late": 60,
                }
            ],
        )

    def test_by_salesperson_and_team(self):
        """1,000 and 500 of one, half of the first collected; 100 of another."""
        team = self.env["crm.team"].create({"name": "Cash Team"})
        admin, root = self.env.ref("base.user_admin"), self.env.user
        first = self._order(10, user_id=admin.id, team_id=team.id)
        self._order(5, user_id=admin.id, team_id=team.id)
        self._order(1, user_id=root.id)
        self._pay(self._bill(first, "2026-05-01"), 500, "2026-05-05")
        measures = ["ordered:sum", "collected:sum", "overdue:sum", "days_late:max"]
        own = [("partner_id", "=", self.customer.id)]
        by_user = self.env["sale.order.position"]._read_group(
            own, ["user_id"], [*measures, "collected_rate:avg"]
        )
        self.assertEqual(
            {row[0]: [round(float(n), 2) for n in row[1:]] for row in by_user},
            {admin: [1500, 500, 500, 60, 33.33], root: [100, 0, 0, 0, 0]},
        )
        [[found, ordered]] = self.env["sale.order.position"]._read_group(
            [*own, ("team_id", "=", team.id)], ["team_id"], ["ordered:sum"]
        )
        self.assertEqual((found, ordered), (team, 1500))

    def _count(self, contacts):
        """Return the statements that reading contacts takes, with warm caches."""
        self.env.cr.flush()
        for _warm in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contacts.read(["cash_ordered", "cash_overdue", "cash_next_due_date"])
            count = self.env.cr.sql_log_count - before
        return count

    def test_contacts_ask_the_same_for_one_and_for_twenty(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(20)]
        )
        for partner in partners:
            self._order(1, partner=partner)
        one, twenty = self._count(partners[:1]), self._count(partners)
        self.assertEqual(one, twenty)
        self.assertEqual(sum(partners.mapped("cash_ordered")), 2000)

    def test_contact_asks_the_same_for_one_and_for_fifty_orders(self):
        """However many records Odoo reads at a time: orders and plans are summed by the
        database, not read."""
        for module in (orm.fields, orm.models):
            self.patch(module, "PREFETCH_MAX", 10)
        first = self._order(1)
        one = self._count(self.customer)
        paid = first
        for _number in range(49):
            paid |= self._order(1)
        for order in paid[:5]:
            self._pay(self._bill(order, "2026-05-01"), 100, "2026-05-05")
        self.assertEqual(self._count(self.customer), one)
        self.assertEqual(self.customer.cash_ordered, 5000)
        self.assertEqual(self.customer.cash_collected, 500)
        self.assertEqual(str(self.customer.cash_next_due_date), "2026-06-30")

    def test_next_instalment_that_is_not_filled(self):
        """300 due today and 700 on August 29; 300 paid in advance fill the first, 299
        do not, and nothing is due next of what is collected."""
        order = self._order(10, payment_term_id=self.terms.id)
        self.env.cr.flush()
        first, second = order.collection_line_ids.sorted("date_due")
        for collected, due in ((0, first), (299, first), (300, second), (999, second)):
            with self.subTest(collected=collected):
                self.assertEqual(order._get_next_planned_date(collected), due.date_due)
        self.assertFalse(order._get_next_planned_date(1000))
        self.assertEqual(order.cash_next_due_date, first.date_due)
        # A down payment is collected; the rest is not invoiced yet.
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 300})
        )
        wizard.create_invoices()
        invoice = order.invoice_ids
        invoice.invoice_date = "2026-06-01"
        invoice.action_post()
        self._pay(invoice, 300, "2026-06-02")
        self.env.cr.flush()
        self.env.invalidate_all()
        self.assertEqual(order.cash_collected, 300)
        self.assertEqual(order.cash_next_due_date, second.date_due)
        self.assertEqual(self.customer.cash_next_due_date, second.date_due)


@tagged("post_install", "-at_install")
class TestOrderCashLinkAccess(OrderAccessCommon):
    def test_salesperson_sums_own_orders_only(self):
        self.assertEqual(self._as(self.ann, self.customer).cash_ordered, 1000)
        self.assertEqual(self._as(self.manager, self.customer).cash_ordered, 2000)

    def test_amounts_need_the_amount_group(self):
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= self.env.ref(
            AMOUNT
        ) | self.env.ref(AMOUNT.replace("amount", "margin"))
        self.ann.group_ids = self.env.ref("sales_team.group_sale_salesman")
        customer = self._as(self.ann, self.customer)
        self.assertEqual(customer.cash_collected_rate, 0)
        self.assertEqual(str(customer.cash_next_due_date), "2026-06-30")
        for name in (
            "cash_ordered",
            "cash_invoiced",
            "cash_collected",
            "cash_overdue",
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                customer.read([name])
