# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import freeze_time

from .common import ValueCommon

MODULE = "crm_customer_value"


class TierCommon(ValueCommon):
    """Five customers with margins of 50, 30, 15, 5 and −10, placed on 30 June.

    Of the 100 that is positive, they make 50, 80, 95 and 100 %: Key, A, B and C by the
    shares the tiers come with; who costs money is D. Every invoice has a cost of 60.
    """

    MARGINS = {"key": 50, "a": 30, "b": 15, "c": 5, "d": -10}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runs = cls.env["customer.value.tier.run"]
        cls.moves = cls.env["customer.value.tier.move"]
        cls.overrides = cls.env["customer.value.tier.override"]
        cls.scheme = cls.env.ref(
            "crm_customer_value.customer_value_tier_scheme_default"
        )
        cls.scheme.measure = "margin"
        cls.tier = {
            code: cls.env.ref(f"{MODULE}.customer_value_tier_{code}")
            for code in cls.MARGINS
        }
        # Costs nothing: what is credited of it is margin.
        cls.service = cls.product.copy({"name": "Service", "standard_price": 0.0})
        cls.of = {code: cls._customer(code.upper()) for code in cls.MARGINS}
        for code, margin in cls.MARGINS.items():
            cls._earn(code, margin)
        cls.env.cr.flush()
        cls.env["customer.finance.queue"].search([]).unlink()
        cls.profiles._refresh(cls.company)

    def setUp(self):
        super().setUp()
        # A test may put another customer in one's place.
        self.addCleanup(setattr, type(self), "of", dict(self.of))

    @classmethod
    def _earn(cls, code, margin, day="2026-06-01"):
        """Invoice what leaves a margin to a customer."""
        return cls._invoice(60 + margin, day, partner=cls.of[code])

    @classmethod
    def _give_back(cls, code, margin, day="2026-06-30"):
        return cls._refund(margin, day, partner=cls.of[code], product=cls.service)

    def _invoice_there(self, company, partner, amount):
        """Invoice a customer in another company, at a cost of 60."""
        self.env.user.company_ids |= company
        there = self.env["res.partner"].with_company(company).env
        product = self.product.with_env(there)
        product.standard_price = 60
        line = {
            "product_id": product.id,
            "quantity": 1,
            "price_unit": amount,
            "tax_ids": False,
        }
        there["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2026-06-01",
                "invoice_line_ids": [Command.create(line)],
            }
        ).action_post()

    def _night(self, day, company=None):
        """Value everybody on a day."""
        self.env.flush_all()
        with freeze_time(f"{day} 01:00:00"):
            self._refresh(company=company)

    def _day(self, code, day="2026-06-30"):
        """Value one customer, as after an order of its own."""
        with freeze_time(f"{day} 12:00:00"):
            self._refresh(self.of[code])

    def _history(self, code):
        """Return the tiers a customer moved between, oldest first."""
        moves = self.moves.search([("partner_id", "=", self.of[code].id)])
        return [
            (move.from_tier_id.name or "", move.tier_id.name or "", move.cause)
            for move in reversed(moves)
        ]

    def assertTiers(self, **expected):
        for code, tier in expected.items():
            with self.subTest(code):
                wanted = self.tier.get(tier, self.env["customer.value.tier"])
                self.assertEqual(self._profile(self.of[code]).value_tier_id, wanted)
                self.assertEqual(self.of[code].value_tier_id, wanted)
