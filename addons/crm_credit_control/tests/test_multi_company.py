# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from .common import CreditCommon
from .test_exposure import FAR, ExposureCase


@tagged("post_install", "-at_install")
class TestForeignCurrency(ExposureCase):
    """1 EUR = 2 USD; the company counts in USD."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        cls.euros = cls.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": cls.euro.id}
        )

    def test_posted_invoice(self):  # W1
        self._invoice(1000, "2026-01-05", due=FAR, currency_id=self.euro.id)
        self.assertExposure(receivable=2000)

    def test_draft_invoice(self):  # W2
        self._invoice(1000, "2026-01-05", currency_id=self.euro.id, post=False)
        self.assertExposure(draft=2000)

    def test_order(self):  # W3, W21
        order = self._order(500, pricelist_id=self.euros.id)
        self.assertEqual(order.currency_id, self.euro)
        order.action_confirm()
        self.assertExposure(ordered=1000)

    def test_order_against_the_limit(self):  # W3
        self._set_limit(1000)
        self._held(500.01, pricelist_id=self.euros.id)
        self.assertConfirmed(self._confirmed(500, pricelist_id=self.euros.id))

    def test_order_at_the_rate_of_today(self):
        self._confirmed(500, pricelist_id=self.euros.id)
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.euro.id,
                "company_id": self.company.id,
                "name": self.company._get_finance_today(),
                "rate": 0.4,
            }
        )
        self.assertExposure(ordered=1250)

    def test_part_of_an_invoice_paid(self):
        invoice = self._invoice(1000, "2026-01-05", due=FAR, currency_id=self.euro.id)
        self._pay(invoice, 400, "2026-01-20", currency_id=self.euro.id)
        self.assertExposure(receivable=1200)

    def test_deleted_rate(self):
        """Nobody knows what it is worth: held, and told what to do."""
        self._set_limit(10_000)
        order = self._order(10, pricelist_id=self.euros.id)
        self.euro.rate_ids.unlink()
        order.action_confirm()
        self.assertHeld(order, "missing_rate")

    def test_yen_has_no_cents(self):
        yen = self.setup_other_currency("JPY", rates=[("2020-01-01", 100.0)])
        prices = self.env["product.pricelist"].create(
            {"name": "Yen", "currency_id": yen.id}
        )
        self._confirmed(12_345, pricelist_id=prices.id)
        self.assertEqual(self._exposure()[-1], 123.45)


@tagged("post_install", "-at_install")
class TestTwoCompanies(ExposureCase):
    """Limit 1000 here, 10 there; orders of 100 here and 200 there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company(name="Other")["company"]
        cls.both = cls.company | cls.other
        users = cls.salesperson | cls.controller | cls.manager | cls.env.user
        users.company_ids = [Command.link(cls.other.id)]
        cls._set_limit(1000)
        cls._set_limit(10, company=cls.other)

    def _there(self, amount, **values):
        return self._order(amount, company_id=self.other.id, **values)

    def test_each_company_counts_its_own(self):  # W4
        self._set_limit(1000, company=self.other)
        self._confirmed(100)
        self._there(200).action_confirm()
        self.assertExposure(ordered=100)
        self.assertExposure(ordered=200, company=self.other)

    def test_company_switcher_changes_nothing(self):  # W5
        self._confirmed(100)
        self._invoice(50, "2026-01-05", due=FAR)
        for companies in (
            self.company,
            self.other,
            self.both,
            self.other + self.company,
        ):
            positions = self.positions.with_context(allowed_company_ids=companies.ids)
            row = positions._get_position_rows(self.company, self.customer)
            with self.subTest(companies=companies.ids):
                self.assertEqual(float(row[self.customer.id]["exposure"]), 150)
                self.assertEqual(float(row[self.customer.id]["limit"]), 1000)

    def test_order_seen_from_the_other_company(self):  # C3
        for companies in (self.company, self.both):
            order = self._there(11).sudo()
            seen = order.with_context(allowed_company_ids=companies.ids)
            order.invalidate_recordset()
            with self.subTest(companies=companies.ids):
                self.assertTrue(seen.partner_credit_warning)
                self.assertEqual(seen.credit_outcome, "hold")
                seen.action_confirm()
                self.assertHeld(order, "over_limit")

    def test_batch_over_two_companies(self):
        orders = self._order(1000) | self._there(11) | self._there(10)
        orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "draft", "sale"])

    def test_limit_of_one_company_is_no_limit_of_another(self):
        third = self.setup_other_company(name="Third")["company"]
        row = self.positions._get_position_rows(third, self.customer)
        self.assertIsNone(row[self.customer.id]["limit"])


@tagged("post_install", "-at_install")
class TestGroupLimit(CreditCommon):
    """A holding with two subsidiaries shares a limit of 1000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_limit(1000)
        cls.account = cls._account()
        cls.account.group_limit = True
        cls.north, cls.south = cls.env["res.partner"].create(
            [
                {"name": name, "is_company": True, "parent_id": cls.customer.id}
                for name in ("North", "South")
            ]
        )

    def test_all_share(self):
        self._confirmed(400)
        self._confirmed(500, partner=self.north)
        order = self._held(100.01, partner=self.south)
        [reason] = order.sudo().credit_hold_id.reason_ids
        self.assertTrue(reason.shared)
        self.assertEqual((reason.value, reason.threshold), (1000.01, 1000))
        self.assertConfirmed(self._confirmed(100, partner=self.south))

    def test_own_limit_of_a_subsidiary_holds_as_well(self):
        self._set_limit(200, self.north)
        order = self._held(200.01, partner=self.north)
        [reason] = order.sudo().credit_hold_id.reason_ids
        self.assertFalse(reason.shared)

    def test_batch_of_subsidiaries(self):
        orders = self._order(600, partner=self.north) | self._order(
            600, partner=self.south
        )
        orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "draft"])

    def test_contact_of_a_subsidiary(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.north.id}
        )
        self._confirmed(900, partner=contact)
        self._held(101, partner=self.south)

    def test_payment_of_one_frees_another(self):
        invoice = self._invoice(700, "2026-01-05", due=FAR, partner=self.north)
        order = self._held(400, partner=self.south)
        self._pay(invoice, 100, "2026-02-01")
        self._work_off()
        self.assertConfirmed(order)

    def test_no_longer_shared(self):
        self._confirmed(900, partner=self.north)
        order = self._held(500, partner=self.south)
        self.account.group_limit = False
        self._work_off()
        self.assertConfirmed(order)

    def test_leaving_the_group_frees_the_others(self):
        self._confirmed(900, partner=self.north)
        order = self._held(500, partner=self.south)
        self.env.flush_all()
        self.north.parent_id = False
        self._work_off()
        self.assertConfirmed(order)

    def test_roots_of_another_company_do_not_mix_in(self):
        """There the nearest company that shares is another one."""
        other = self.setup_other_company(name="Other")["company"]
        small = self.env["res.partner"].create(
            {"name": "Small", "is_company": True, "parent_id": self.north.id}
        )
        self._account(self.north, other).group_limit = True
        self.env.flush_all()
        orders = self._order(600, partner=self.south) | self._order(600, partner=small)
        keys = orders._get_credit_keys()
        self.assertEqual(
            set(keys.values()), {(self.company.id, self.customer.id)}, "one queue"
        )
        orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "draft"])
