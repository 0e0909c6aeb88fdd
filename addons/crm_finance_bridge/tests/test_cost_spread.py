# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .cost_common import CostCommon


class SpreadCommon(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second, cls.third = cls.env["res.partner"].create(
            [{"name": "Second"}, {"name": "Third"}]
        )
        cls.three = cls.customer | cls.second | cls.third

    @classmethod
    def _spread(cls, **values):
        return cls.env["customer.cost.spread"].create(
            {
                "name": "Fair",
                "company_id": cls.company.id,
                "account_id": cls.fair.id,
                "date_from": "2026-06-01",
                "date_to": "2026-06-30",
                "basis": "equal",
                **values,
            }
        )

    @classmethod
    def _listed(cls, **values):
        values = {"partner_ids": [Command.set(cls.three.ids)], **values}
        return cls._spread(customers="list", **values)

    def assertShares(self, spread, shares):
        self.env.invalidate_all()
        self.assertEqual(
            {share.partner_id: share.amount for share in spread.share_ids}, shares
        )


@tagged("post_install", "-at_install")
class TestCostSpread(SpreadCommon):
    """Shares sum to the cost; nothing is counted twice; undo gives all back."""

    def test_largest_remainder(self):
        """100.00 over three: 33.33 each, the cent left over goes to the first."""
        self._line(-100, self.fair)
        spread = self._listed()
        spread.action_preview()
        self.assertEqual(spread.state, "previewed")
        self.assertEqual((spread.amount, spread.line_count), (100, 1))
        self.assertShares(
            spread, {self.customer: 33.34, self.second: 33.33, self.third: 33.33}
        )

    def test_remainders_of_unequal_weights(self):
        """10.00 by sales of 1, 2 and 4 sevenths: 1.42857, 2.85714, 5.71428.
        Cents due 142, 285, 571 = 998; remainders .857, .714, .428: the first two
        get one more."""
        self._line(-10, self.fair)
        for partner, sales in zip(self.three, (100, 200, 400), strict=True):
            self._invoice(sales, "2026-06-10", partner=partner)
        self._invoice(999, "2026-05-31", partner=self.third)
        spread = self._spread(basis="sales")
        spread.action_preview()
        self.assertShares(
            spread, {self.customer: 1.43, self.second: 2.86, self.third: 5.71}
        )
        self.assertEqual(spread.share_ids.mapped("weight"), [400, 200, 100])

    def test_credit_notes_reduce_the_basis(self):
        """Net sales 100 − 100 = 0 have no share."""
        self._line(-10, self.fair)
        self._invoice(100, "2026-06-10")
        self._refund(100, "2026-06-11")
        self._invoice(50, "2026-06-10", partner=self.second)
        spread = self._spread(basis="sales")
        spread.action_preview()
        self.assertShares(spread, {self.second: 10})

    def test_post_and_undo(self):
        line = self._line(-90, self.fair)
        spread = self._listed(kind="marketing")
        spread.action_preview()
        self.assertFigures("2026-06-30", cost=0)
        self._queued()
        spread.action_post()
        self.assertEqual(self._queued(), self.three)
        self.assertEqual(spread.campaign_id, self.campaign)
        self.assertFigures("2026-06-30", cost=30, cost_marketing=30)
        self.assertFigures("2026-06-29", cost=0)
        row = self._costs()
        self.assertEqual(row.campaign_id, self.campaign)
        self.assertEqual(row.source, "share")
        self.assertEqual(row.action_open_document()["res_id"], spread.id)
        self.assertEqual(line.finance_spread_id, spread)
        # The campaign cost 90 before and after.
        self.assertEqual(self.campaign.finance_cost, 90)
        spread.action_undo()
        self.assertEqual(self._queued(), self.three)
        self.assertFigures("2026-06-30", cost=0)
        self.assertFalse(line.finance_spread_id)
        spread.action_draft()
        self.assertFalse(spread.share_ids)
        spread.action_preview()
        spread.action_post()
        self.assertFigures("2026-06-30", cost=30)

    def test_a_cost_is_spread_once(self):
        self._line(-90, self.fair)
        first, again = self._listed(), self._listed()
        (first | again).action_preview()
        first.action_post()
        with self.assertRaisesRegex(UserError, "have changed since the preview"):
            again.action_post()
        with self.assertRaisesRegex(UserError, "nothing to spread"):
            again.action_preview()
        self._line(-30, self.fair)
        again.action_preview()
        again.action_post()
        self.assertFigures("2026-06-30", cost=40)

    def test_taken_costs_are_kept(self):
        line = self._line(-90, self.fair)
        bill = self._vendor_bill(60, {str(self.fair.id): 100})
        spread = self._listed()
        spread.action_preview()
        self.assertEqual(spread.amount, 150)
        spread.action_post()
        for change in (
            {"amount": -80},
            {"date": "2026-05-01"},
            {"finance_cost_kind": "visit"},
            {self.customers_plan._column_name(): self.account.id},
        ):
            with (
                self.subTest(change=change),
                self.assertRaisesRegex(UserError, "Undo that spreading first"),
            ):
                line.write(change)
        with self.assertRaisesRegex(UserError, "Undo that spreading first"):
            line.unlink()
        with self.assertRaisesRegex(UserError, "Undo that spreading first"):
            bill.button_draft()
        line.name = "Stand"
        spread.action_undo()
        bill.button_draft()
        line.unlink()

    def test_lines_are_not_marked_by_hand(self):
        line = self._line(-90, self.fair)
        spread = self._listed()
        with self.assertRaisesRegex(UserError, "cannot be written"):
            line.finance_spread_id = spread
        with self.assertRaisesRegex(UserError, "cannot be written"):
            self._line(-1, self.fair, finance_spread_id=spread.id)

    def test_costs_of_customers_are_not_spread_again(self):
        """Of a bill of 100 the customer bears 40; 60 are to be shared."""
        self._vendor_bill(
            100, {f"{self.account.id},{self.fair.id}": 40, str(self.fair.id): 60}
        )
        spread = self._listed()
        spread.action_preview()
        self.assertEqual(spread.amount, 60)
        self.assertFalse(spread.over_count)
        spread.action_post()
        self.assertFigures("2026-06-30", cost=60)
        self.assertFigures("2026-06-30", partner=self.second, cost=20)

    def test_same_money_charged_twice_is_flagged(self):
        """The whole bill is the customer's, and the whole bill is the fair's."""
        self._vendor_bill(100, {str(self.account.id): 100, str(self.fair.id): 100})
        self._line(-50, self.fair)
        spread = self._listed()
        spread.action_preview()
        self.assertEqual(spread.amount, 150)
        self.assertEqual(spread.over_count, 1)

    def test_account_given_to_a_customer_later(self):
        """A spread line is the shares' even if its account becomes a customer's."""
        self._line(-90, self.fair)
        spread = self._listed()
        spread.action_preview()
        spread.action_post()
        self.campaign.finance_analytic_account_id = False
        self.fair.partner_id = self.second
        self.assertFigures("2026-06-30", partner=self.second, cost=30)
        spread.action_undo()
        self.assertFigures("2026-06-30", partner=self.second, cost=90)

    def test_refunds_prevail(self):
        self._line(-10, self.fair)
        self._line(110, self.fair)
        spread = self._listed()
        spread.action_preview()
        self.assertShares(
            spread, {self.customer: -33.34, self.second: -33.33, self.third: -33.33}
        )

    # ------------------------------------------------------------------
    # Basis and customers
    # ------------------------------------------------------------------

    def _order(self, partner, day="2026-06-10", **values):
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "date_order": f"{day} 10:00:00",
                "order_line": [Command.create({"product_id": self.product.id})],
                **values,
            }
        )
        order.action_confirm()
        order.date_order = f"{day} 10:00:00"
        return order

    def test_by_orders(self):
        """Two orders against one: 60 and 30. A quotation is no order."""
        self._line(-90, self.fair)
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        self._order(self.customer)
        self._order(contact)
        self._order(self.second)
        self._order(self.third, day="2026-07-01")
        self.env["sale.order"].create({"partner_id": self.third.id})
        spread = self._spread(basis="orders")
        spread.action_preview()
        self.assertShares(spread, {self.customer: 60, self.second: 30})

    def _leads(self, vals_list):
        """Create leads in June; Odoo dates them by the database's clock."""
        leads = self.env["crm.lead"].create(vals_list)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = '2026-06-20' WHERE id IN %s",
            [tuple(leads.ids)],
        )

    def test_by_leads(self):
        """Leads count, lost ones too, and those without a customer do not."""
        self._line(-90, self.fair)
        self._leads(
            [
                {"name": "A", "partner_id": self.customer.id, "type": "lead"},
                {"name": "B", "partner_id": self.customer.id, "active": False},
                {"name": "C", "partner_id": self.second.id},
                {"name": "D"},
            ]
        )
        spread = self._spread(basis="leads")
        spread.action_preview()
        self.assertShares(spread, {self.customer: 60, self.second: 30})

    def test_customers_of_a_campaign(self):
        self._line(-90, self.fair)
        self._order(self.customer, campaign_id=self.campaign.id, day="2026-05-01")
        self._order(self.third)
        self.env["crm.lead"].create(
            {
                "name": "C",
                "partner_id": self.second.id,
                "campaign_id": self.campaign.id,
            }
        )
        spread = self._spread(customers="campaign")
        spread.action_preview()
        self.assertShares(spread, {self.customer: 45, self.second: 45})

    def test_everybody_with_business(self):
        """An invoice, an order, a lead: one equal share each."""
        self._line(-90, self.fair)
        self._invoice(5, "2026-06-02")
        self._order(self.second)
        self._leads([{"name": "C", "partner_id": self.third.id}])
        spread = self._spread()
        spread.action_preview()
        self.assertShares(spread, {self.customer: 30, self.second: 30, self.third: 30})

    def test_customers_by_condition(self):
        self._line(-90, self.fair)
        self.second.city = "Here"
        spread = self._spread(
            customers="domain", partner_domain="[('city', '=', 'Here')]"
        )
        spread.action_preview()
        self.assertShares(spread, {self.second: 90})
        spread.partner_domain = "[('no_field', '=', 1)]"
        self.assertEqual(spread.state, "draft")
        with self.assertRaisesRegex(UserError, "cannot be read"):
            spread.action_preview()

    def test_another_term_takes_the_preview_back(self):
        self._line(-90, self.fair)
        spread = self._listed()
        spread.action_preview()
        spread.kind = "service"
        self.assertEqual(spread.state, "draft")
        self.assertFalse(spread.share_ids)
        self.assertFalse(spread.amount)

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    def test_no_basis(self):
        self._line(-90, self.fair)
        with self.assertRaisesRegex(UserError, "no basis to spread by"):
            self._spread(basis="sales").action_preview()

    def test_nothing_to_spread(self):
        self._line(-90, self.fair, day="2026-05-31")
        with self.assertRaisesRegex(UserError, "nothing to spread"):
            self._listed().action_preview()

    def test_end_before_start(self):
        with self.assertRaisesRegex(ValidationError, "ends before it starts"):
            self._spread(date_from="2026-06-30", date_to="2026-06-01")

    def test_account_of_a_customer(self):
        with self.assertRaisesRegex(ValidationError, "account of a customer"):
            self._spread(account_id=self.account.id)

    def test_closed_period(self):
        self._line(-90, self.fair)
        spread = self._listed()
        spread.action_preview()
        self.company.fiscalyear_lock_date = "2026-06-01"
        with self.assertRaisesRegex(UserError, "closed period"):
            spread.action_post()
        self.company.fiscalyear_lock_date = "2026-05-31"
        spread.action_post()
        self.company.fiscalyear_lock_date = "2026-06-30"
        with self.assertRaisesRegex(UserError, "closed period"):
            spread.action_undo()

    def test_costs_changed_since_the_preview(self):
        line = self._line(-90, self.fair)
        spread = self._listed()
        spread.action_preview()
        line.amount = -80
        with self.assertRaisesRegex(UserError, "have changed since the preview"):
            spread.action_post()

    def test_posted_is_not_changed_or_deleted(self):
        self._line(-90, self.fair)
        spread = self._listed()
        spread.action_preview()
        spread.action_post()
        with self.assertRaisesRegex(UserError, "Undo it before changing"):
            spread.basis = "sales"
        with self.assertRaisesRegex(UserError, "Undo it before deleting"):
            spread.unlink()
        with self.assertRaisesRegex(UserError, "not possible"):
            spread.action_post()
        spread.action_undo()
        spread.unlink()

    def test_amounts_without_decimals(self):
        """10 yen over three: 4, 3 and 3."""
        other = self.setup_other_company(
            currency_id=self.setup_other_currency("JPY", rates=[]).id
        )["company"]
        stand = self._account("Stand", self.campaigns_plan, company=other)
        self.env["account.analytic.line"].with_company(other).create(
            {
                "name": "Stand",
                "amount": -10,
                "date": "2026-06-02",
                "company_id": other.id,
                self.campaigns_plan._column_name(): stand.id,
            }
        )
        spread = self._listed(company_id=other.id, account_id=stand.id)
        spread.action_preview()
        self.assertShares(spread, {self.customer: 4, self.second: 3, self.third: 3})
