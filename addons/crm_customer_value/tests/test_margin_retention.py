# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import ValueCommon

RATES = ("gross_retention:avg", "net_retention:avg")
AMOUNTS = ["margin_before:sum", "margin:sum", "margin_change:sum"]


@tagged("post_install", "-at_install")
class TestMarginRetention(ValueCommon):
    """Twelve months to 31 May 2026, the last that have ended, and the twelve before:
    June 2024 to May 2025. A product costs 60: an invoice of 160 earns 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.env["customer.margin.retention"]
        names = ("Grown", "Shrunk", "Lost", "New", "Loss", "Fallen")
        cls.who = {name: cls._customer(name) for name in names}

    def _earn(self, name, day, margin):
        self._invoice(margin + 60, day, partner=self.who[name])

    def _fill(self):
        """Margin before → now: 100 → 300, 200 → 50, 400 → 0, 0 → 70, −40 → 30,
        300 → −60."""
        self._earn("Grown", "2024-06-01", 100)
        self._earn("Grown", "2025-06-01", 300)
        self._earn("Shrunk", "2025-05-31", 200)
        self._earn("Shrunk", "2026-05-31", 50)
        self._earn("Lost", "2025-01-01", 400)
        self._earn("New", "2026-01-01", 70)
        self._earn("Loss", "2025-01-01", -40)
        self._earn("Loss", "2026-01-01", 30)
        self._earn("Fallen", "2025-01-01", 300)
        self._earn("Fallen", "2026-01-01", -60)

    def _find(self, domain=(), groupby=(), measures=RATES):
        own = [partner.id for partner in self.who.values()]
        domain = [("partner_id", "in", [*own, self.customer.id]), *domain]
        return self.rows._read_group(domain, groupby, measures)

    def test_nothing(self):
        self.assertFalse(self.rows.search([("company_id", "=", self.company.id)]))

    def test_customers(self):
        self._fill()
        latest = self.rows.search(
            [("is_latest", "=", True), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(set(latest.mapped("as_of_date")), {date(2026, 5, 31)})
        found = {
            row.partner_id.name: (
                row.margin_before,
                row.margin,
                row.movement,
                row.gross_retention,
                row.net_retention,
            )
            for row in latest
        }
        self.assertEqual(
            found,
            {
                "Grown": (100, 300, "grown", 1.0, 3.0),
                "Shrunk": (200, 50, "shrunk", 0.25, 0.25),
                "Lost": (400, 0, "lost", 0.0, 0.0),
                "New": (0, 70, "new", False, False),
                "Loss": (-40, 30, "loss", False, False),
                "Fallen": (300, -60, "shrunk", -0.2, -0.2),
            },
        )

    def test_rates(self):
        """Before, of the four who earned something: 100 + 200 + 400 + 300 = 1,000. Kept
        of it 100 + 50 + 0 − 60 = 90, and with what grew 300 + 50 − 60 = 290. Who was
        served at a loss and who is new are in neither, but in the amounts: 960 before
        and 390 now."""
        self._fill()
        [[gross, net]] = self._find([("is_latest", "=", True)])
        self.assertAlmostEqual(gross, 0.09)
        self.assertAlmostEqual(net, 0.29)
        [amounts] = self._find([("is_latest", "=", True)], measures=AMOUNTS)
        self.assertEqual(amounts, (960, 390, -570))

    def test_groups(self):
        """By salesperson: quotients of sums, 350 / 300 with 150 kept, and of one whose
        only customer is new nothing."""
        ann = self.env["res.users"].create({"name": "Ann", "login": "ann"})
        bob = self.env["res.users"].create({"name": "Bob", "login": "bob"})
        (self.who["Grown"] | self.who["Shrunk"]).user_id = ann
        self.who["New"].user_id = bob
        self._fill()
        rows = {
            user: rates
            for user, *rates in self._find([("is_latest", "=", True)], ["user_id"])
        }
        self.assertAlmostEqual(rows[ann][0], 150 / 300)
        self.assertAlmostEqual(rows[ann][1], 350 / 300)
        self.assertEqual(rows[bob], [False, False])

    def test_returns_larger_than_sales(self):
        """Sold for 160, one returned for 500: 100 − (500 − 60) = −340. What was earned
        before is lost, and more."""
        self._earn("Grown", "2025-01-01", 100)
        self._earn("Grown", "2026-01-01", 100)
        self._refund(500, "2026-02-01", partner=self.who["Grown"])
        [row] = self.rows.search([("is_latest", "=", True)])
        self.assertEqual((row.margin_before, row.margin), (100, 100 - 440))
        self.assertEqual((row.kept, row.gross_retention), (-340, -3.4))

    def test_returns_only(self):
        self._refund(160, "2025-01-01", partner=self.who["Grown"])
        [row] = self.rows.search([("is_latest", "=", True)])
        self.assertEqual((row.movement, row.margin_before), ("loss", -100))
        self.assertEqual((row.base, row.gross_retention), (0, False))

    def test_trend(self):
        """One invoice in June 2024 counts up to May 2025 as now, then as before; from
        June 2026 on it is in neither. The books begin in June 2024, so the year before
        is known of May 2026, and but for a month of April."""
        self._earn("Grown", "2024-06-15", 100)
        rows = self.rows.search(
            [("partner_id", "=", self.who["Grown"].id)], order="as_of_date"
        )
        self.assertEqual(len(rows), 24)
        self.assertEqual(rows[0].as_of_date, date(2024, 6, 30))
        self.assertEqual(rows.mapped("margin"), [100] * 12 + [0] * 12)
        self.assertEqual(rows.mapped("margin_before"), [0] * 12 + [100] * 12)
        self.assertEqual(rows.mapped("is_known"), [False] * 22 + [True] * 2)
        with freeze_time("2026-07-15 12:00:00"):
            self.env.invalidate_all()
            rows = self.rows.search([("partner_id", "=", self.who["Grown"].id)])
            self.assertEqual(max(rows.mapped("as_of_date")), date(2026, 5, 31))

    def test_month_ends_are_not_added_up(self):
        """April: 0 before, 100 now. May: 100 before, 80 now. Their mean is 50 and 90;
        the rates are those of May, for nobody earned anything before April."""
        self._earn("Grown", "2025-05-10", 100)
        self._earn("Grown", "2026-05-10", 80)
        domain = [("as_of_date", ">=", "2026-04-30")]
        [[before, now, change]] = self._find(domain, measures=AMOUNTS)
        self.assertEqual((before, now, change), (50, 90, 40))
        [[customers]] = self._find(domain, measures=["customer:count_distinct"])
        self.assertEqual(customers, 1)
        self.assertEqual(self._find(domain), [(0.8, 0.8)])

    def test_leap_year(self):
        """29 February 2024 ends the twelve months before February 2025."""
        with freeze_time("2025-03-15 12:00:00"):
            self._earn("Grown", "2024-02-29", 100)
            self._earn("Grown", "2024-03-01", 30)
            [row] = self.rows.search([("is_latest", "=", True)])
            self.assertEqual(row.as_of_date, date(2025, 2, 28))
            self.assertEqual((row.margin_before, row.margin), (100, 30))
            self._assert_opens(row)

    def _assert_opens(self, row):
        for action, margin in (
            (row.action_open_before(), row.margin_before),
            (row.action_open_now(), row.margin),
            (row.action_open_both(), row.margin_before + row.margin),
        ):
            lines = self.env[action["res_model"]].search(action["domain"])
            self.assertAlmostEqual(sum(lines.mapped("margin")), margin)

    def test_rows_open_what_they_sum_to(self):
        self._fill()
        for row in self.rows.search([("is_latest", "=", True)]):
            with self.subTest(row.partner_id.name):
                self._assert_opens(row)

    def test_companies(self):
        other = self.setup_other_company(name="Other")["company"]
        self.env.user.company_ids |= other
        self._earn("Grown", "2025-01-01", 100)
        self._invoice_in(other, 70, "2026-01-15", partner=self.who["Grown"])
        both = self.rows.with_context(allowed_company_ids=[self.company.id, other.id])
        found = both.search([("is_latest", "=", True)])
        self.assertEqual(
            {row.company_id: row.movement for row in found},
            {self.company: "lost", other: "new"},
        )

    def test_many_units(self):
        """A third of a cent of cost leaves no crumbs that would be a change."""
        product = self.env["product.product"].create(
            {"name": "Screw", "standard_price": 0.1, "taxes_id": False}
        )
        for day in ("2025-01-10", "2026-01-10"):
            for quantity in (3, 7) if day < "2026" else (7, 3):
                move = self._invoice(1, day, partner=self.who["Grown"], post=False)
                move.invoice_line_ids = [
                    Command.clear(),
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": quantity,
                            "price_unit": 0.3,
                            "tax_ids": False,
                        }
                    ),
                ]
                move.action_post()
        [row] = self.rows.search([("is_latest", "=", True)])
        self.assertEqual((row.movement, row.margin), ("same", 2))
