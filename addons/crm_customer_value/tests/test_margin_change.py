# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date
from random import Random

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..tools.decomposition import decompose
from .common import ValueCommon

BEFORE, NOW = "2025-06-30", "2025-07-01"
EFFECTS = [f"{name}_effect:sum" for name in ("price", "cost", "volume", "mix")]
AMOUNTS = ["margin_before:sum", "margin:sum", "margin_change:sum"]


class ChangeCommon(ValueCommon):
    """The twelve months to 30 June 2026 against the twelve before, which end on 30 June
    2025."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.changes = cls.env["customer.margin.change"]
        cls.machines = cls.env["product.category"].create({"name": "Machines"})
        cls.a, cls.b, cls.c = (cls._product(name) for name in "ABC")
        cls.ann, cls.bob = cls._customer("Ann Ltd"), cls._customer("Bob Ltd")

    @classmethod
    def _product(cls, name, **values):
        return cls.env["product.product"].create(
            {"name": name, "taxes_id": False, **values}
        )

    @classmethod
    def _sell(cls, product, day, quantity, price, cost, **values):
        """Post an invoice at a unit price and unit cost."""
        product.standard_price = cost
        amount = quantity * price
        return cls._invoice(amount, day, product=product, quantity=quantity, **values)

    @classmethod
    def _return(cls, product, day, quantity, price, cost, **values):
        return cls._sell(
            product, day, quantity, price, cost, move_type="out_refund", **values
        )

    def _rows(self, groupby=(), measures=(*AMOUNTS, *EFFECTS), domain=(), **context):
        rows = self.changes.with_context(**context)._read_group(
            [("company_id", "=", self.company.id), *domain],
            groupby,
            [name for name in measures],
        )
        size = len(groupby)
        return {row[:size]: list(row[size:]) for row in rows}

    def assertRow(self, row, expected):
        self.assertEqual(len(row), len(expected))
        for value, wanted in zip(row, expected, strict=True):
            self.assertAlmostEqual(value, wanted, 6)


@tagged("post_install", "-at_install")
class TestMarginChange(ChangeCommon):
    def test_nothing(self):
        self.assertFalse(self.changes.search([("company_id", "=", self.company.id)]))

    def _sell_two(self):
        """A: 10 at 5, cost 3; then 12 at 6, cost 4. B: 5 at 10, cost 4; then none."""
        self._sell(self.a, BEFORE, 10, 5, 3, partner=self.ann)
        self._sell(self.a, NOW, 12, 6, 4, partner=self.ann)
        self._sell(self.b, BEFORE, 5, 10, 4, partner=self.bob)

    def test_products(self):
        """At the old prices 100 became 60: −40 %. A's unit margin was 2, B's 6.

        A: price 12 · 1, cost −12 · 1, volume 20 · −0.4 = −8, mix 2 · 2 + 8 = 12.
        B: volume 30 · −0.4 = −12, mix −30 + 12 = −18.
        """
        self._sell_two()
        rows = self._rows(["product_id"])
        self.assertRow(rows[self.a,], [20, 24, 4, 12, -12, -8, 12])
        self.assertRow(rows[self.b,], [30, 0, -30, 0, 0, -12, -18])
        self.assertRow(self._rows()[()], [50, 24, -26, 12, -12, -20, -6])

    def test_groups_add_up(self):
        self._sell_two()
        self.a.categ_id = self.b.categ_id = self.machines
        self.ann.country_id = self.bob.country_id = self.env.ref("base.be")
        user = self.env.ref("base.user_admin")
        self.ann.user_id = self.bob.user_id = user
        expected = [50, 24, -26, 12, -12, -20, -6]
        for group, key in (
            ("product_categ_id", self.machines),
            ("country_id", self.env.ref("base.be")),
            ("user_id", user),
        ):
            with self.subTest(group):
                self.assertRow(self._rows([group])[key,], expected)
        by_customer = self._rows(["partner_id"])
        self.assertRow(by_customer[self.ann,], [20, 24, 4, 12, -12, -8, 12])

    def test_periods_end_where_they_should(self):
        """The day before the first one, and today's, are the bounds."""
        self._sell(self.a, "2024-06-30", 1, 1000, 0)
        self._sell(self.a, "2024-07-01", 1, 10, 4)
        self._sell(self.a, "2026-06-30", 1, 10, 4)
        self._sell(self.a, "2026-07-01", 1, 1000, 0)
        self.assertRow(self._rows()[()][:3], [6, 6, 0])

    def test_new_product(self):
        """C is new: 4 at 10, cost 6. Price and cost are its own, so 16 are mix; A went
        from 10 to 10 (unit margin 2), and the whole grew by 40 / 50: of A 16 are volume
        and −16 mix."""
        self._sell(self.a, BEFORE, 10, 5, 3)
        self._sell(self.a, NOW, 10, 5, 3)
        self._sell(self.c, NOW, 4, 10, 6)
        rows = self._rows(["product_id"])
        self.assertRow(rows[self.c,], [0, 16, 16, 0, 0, 0, 16])
        self.assertRow(rows[self.a,], [20, 20, 0, 0, 0, 16, -16])

    def test_all_new(self):
        """Nothing was sold before, so nothing grew: all is volume."""
        self._sell(self.c, NOW, 4, 10, 6)
        self.assertRow(self._rows()[()], [0, 16, 16, 0, 0, 16, 0])

    def test_returned_for_less(self):
        """2 at 10 came back at 8 with their cost of 6: no quantity, 4 of sales, which
        is price; of the 3 at 10 nothing was sold: −12, all volume (−100 %)."""
        self._sell(self.a, BEFORE, 3, 10, 6)
        self._sell(self.a, NOW, 2, 10, 6)
        self._return(self.a, NOW, 2, 8, 6)
        self.assertRow(self._rows()[()], [12, 4, -8, 4, 0, -12, 0])

    def test_credit_without_quantity(self):
        """3 at 10 as before; then 5 back on the price alone."""
        self._sell(self.a, BEFORE, 3, 10, 6)
        self._sell(self.a, NOW, 3, 10, 6)
        line = self._return(self.a, NOW, 1, 5, 6).invoice_line_ids
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET quantity = 0 WHERE id = %s", line.ids
        )
        self.env.invalidate_all()
        self.assertRow(self._rows()[()], [12, 7, -5, -5, 0, 0, 0])

    def test_only_returns_before(self):
        """−1 at 10 (cost 6), then 2 at 12 (cost 6): unit price and cost of the later
        period, 12 and 6. Price (24 − 24) − (−10 + 12) = −2; cost 0; no base to grow
        from: 3 · 6 = 18 volume. −4 → 12."""
        self._return(self.a, BEFORE, 1, 10, 6)
        self._sell(self.a, NOW, 2, 12, 6)
        self.assertRow(self._rows()[()], [-4, 12, 16, -2, 0, 18, 0])

    def test_without_product(self):
        """5 without a product, then 8, cost unknown: one of 5, one of 8."""
        none = self.env["product.product"]
        self._invoice(5, BEFORE, product=none)
        self._invoice(8, NOW, product=none)
        [row] = self.changes.search([("company_id", "=", self.company.id)])
        self.assertRow(
            [row.margin_change, row.price_effect, row.volume_effect], [3, 3, 0]
        )
        self._assert_opens(row)

    def test_prices_of_customers(self):
        """Ann pays 10, Bob 8, in both periods; cost 5. Ann 10 → 10, Bob 10 → 30.

        Against the product's mean of 9: price (Ann 0, Bob (240 − 270) − (80 − 90))
        = −20. Against what each paid itself: none; V = 100 + 80 → 100 + 240, growth
        160 / 180 = 8/9; volume 50 · 8/9 + 30 · 8/9 = 71.11, mix 60 − 71.11.
        """
        for day, bobs in ((BEFORE, 10), (NOW, 30)):
            self._sell(self.a, day, 10, 10, 5, partner=self.ann)
            self._sell(self.a, day, bobs, 8, 5, partner=self.bob)
        rows = self._rows(["partner_id"], EFFECTS[:2])
        self.assertRow(rows[self.ann,], [0, 0])
        self.assertRow(rows[self.bob,], [-20, 0])
        [row] = self._rows(margin_per_customer=True).values()
        self.assertRow(row[3:], [0, 0, 80 * 8 / 9, 60 - 80 * 8 / 9])

    def test_other_units(self):
        """A dozen is twelve: 1 dozen at 60, then 12 pieces at 5, change nothing."""
        move = self._invoice(60, BEFORE, product=self.a, post=False)
        move.invoice_line_ids.product_uom_id = self.env.ref("uom.product_uom_dozen")
        move.invoice_line_ids.price_unit = 60
        move.action_post()
        self._sell(self.a, NOW, 12, 5, 0)
        self.assertRow(self._rows()[()][3:], [0, 0, 0, 0])
        [row] = self.changes.search([("product_id", "=", self.a.id)])
        self.assertEqual((row.quantity_before, row.quantity), (12, 12))

    def test_ratios_of_groups(self):
        """Rates (20 + 30) / 100 and 24 / 72; growth −26 / 50; shares of 24."""
        self._sell_two()
        measures = ["margin_rate_before:avg", "margin_rate:avg", "growth:avg"]
        self.assertRow(self._rows((), measures)[()], [0.5, 24 / 72, -0.52])
        rows = self._rows(["product_id"], [*measures, "margin_share:avg"])
        self.assertRow(rows[self.a,], [0.4, 24 / 72, 0.2, 1.0])
        self.assertEqual(rows[self.b,], [0.6, False, -1.0, 0.0])

    def _assert_opens(self, row):
        for action, margin in (
            (row.action_open_before(), row.margin_before),
            (row.action_open_now(), row.margin),
            (row.action_open_lines(), row.margin_before + row.margin),
        ):
            lines = self.env[action["res_model"]].search(action["domain"])
            self.assertAlmostEqual(sum(lines.mapped("margin")), margin)

    def test_rows_open_what_they_sum_to(self):
        self._sell_two()
        self._sell(self.a, NOW, 1, 7, 4, partner=self.bob)
        rows = self.changes.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(rows), 3)
        for row in rows:
            self._assert_opens(row)

    def test_companies_apart(self):
        """What grew in one company tells nothing of the other."""
        other = self.setup_other_company(name="Other")["company"]
        self.env.user.company_ids |= other
        self._sell_two()
        self._invoice_in(other, 500, NOW, product=self.a, quantity=100)
        both = {"allowed_company_ids": [self.company.id, other.id]}
        self.assertRow(self._rows(**both)[()], [50, 24, -26, 12, -12, -20, -6])
        [[margin]] = self.changes.with_context(**both)._read_group(
            [("company_id", "=", other.id)], [], ["volume_effect:sum"]
        )
        [row] = self.changes.with_context(**both).search(
            [("company_id", "=", other.id)]
        )
        self.assertEqual((margin, row.margin_before), (row.margin, 0))

    def test_same_as_python(self):
        """Random sales and returns: what SQL and the Python tool make of them."""
        random = Random(5)
        products = [self._product(f"P{number}") for number in range(5)]
        keys = {}
        for number in range(12):
            day = random.choice(("2025-01-10", "2026-01-10"))
            partner = random.choice((self.ann, self.bob))
            lines = []
            for product in random.sample(products, 3):
                product.standard_price = random.randrange(1, 20)
                lines.append(
                    {
                        "product_id": product.id,
                        "quantity": random.randrange(1, 9),
                        "price_unit": random.randrange(5, 30),
                        "tax_ids": False,
                    }
                )
            self.env["account.move"].create(
                {
                    "move_type": "out_refund" if number % 5 == 4 else "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": day,
                    "invoice_line_ids": [Command.create(line) for line in lines],
                }
            ).action_post()
        found = self.env["customer.finance.margin.line"].search(
            [("company_id", "=", self.company.id)]
        )
        for line in found:
            row = (line.quantity, line.net_sales, line.cost)
            keys.setdefault(line.date.year, []).append((line, row))
        for name, context in (
            ("product_id", {}),
            ("pair", {"margin_per_customer": True}),
        ):

            def key(line, name=name):
                return (line.partner_id, line.product_id)[name == "product_id" :]

            before, now = (
                [(key(line), *row) for line, row in keys[year]] for year in (2025, 2026)
            )
            total, lines = decompose(before, now)
            group = ["product_id"] if context == {} else ["partner_id", "product_id"]
            rows = self._rows(group, EFFECTS, **context)
            self.assertEqual(len(rows), len(lines))
            for line in lines:
                self.assertRow(rows[line.key], line[1:])
            self.assertRow(self._rows((), EFFECTS, **context)[()], total[1:])


@tagged("post_install", "-at_install")
class TestMarginComparison(ChangeCommon):
    """The choice of the periods."""

    def _choose(self, **values):
        return self.env["customer.margin.comparison"].create(values)

    def _periods(self, **values):
        context = self._choose(**values).action_open_change()["context"]
        return context["margin_periods"]

    def test_presets(self):
        year = ["2024-07-01", "2025-06-30", "2025-07-01", "2026-06-30"]
        self.assertEqual(self._periods(), year)
        self.assertEqual(
            self._periods(period="quarter"),
            ["2025-10-01", "2025-12-31", "2026-01-01", "2026-03-31"],
        )
        self.assertEqual(
            self._periods(period="month", against="year"),
            ["2025-05-01", "2025-05-31", "2026-05-01", "2026-05-31"],
        )

    def test_form(self):
        """Days chosen by hand stay until another period is chosen."""
        with Form(self.env["customer.margin.comparison"]) as form:
            form.period = "year_to_date"
            self.assertEqual(form.before_from, date(2025, 1, 1))
            form.before_from = "2025-02-01"
        self.assertEqual(form.record.before_from, date(2025, 2, 1))
        self.assertEqual(form.record.now_to, date(2026, 6, 30))

    def test_bad_periods(self):
        good = ["2024-07-01", "2025-06-30", "2025-07-01", "2026-06-30"]
        names = ("before_from", "before_to", "now_from", "now_to")
        for values, message in (
            ({"now_from": False}, "Enter the first and the last day"),
            ({"now_from": "2026-07-02"}, "cannot end before it begins"),
            ({"before_from": "2025-07-02"}, "cannot end before it begins"),
            ({"before_to": "2025-07-01"}, "must end before the later one begins"),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, message):
                self._choose(**{**dict(zip(names, good, strict=True)), **values})

    def test_report_has_the_periods(self):
        """From a quarter to another: A 10 → 12 sold, at 5 and 6, cost 3."""
        self._sell(self.a, "2025-12-31", 10, 5, 3)
        self._sell(self.a, "2026-01-01", 12, 6, 3)
        self._sell(self.a, "2026-04-01", 99, 6, 3)
        wizard = self._choose(period="quarter", prices="customer")
        for action in (wizard.action_open_change(), wizard.action_open_ranking()):
            self.assertTrue(action["context"]["margin_per_customer"])
            rows = self.env[action["res_model"]].with_context(**action["context"])
            [row] = rows.search([("product_id", "=", self.a.id)])
            self.assertRow(
                [row.margin_before, row.margin, row.price_effect], [20, 36, 12]
            )
            self.assertIn("Last Quarter", action["name"])

    def test_title(self):
        """Named after the comparison where it has a name, after all days otherwise."""
        for values, said in (
            ({}, "Last 12 Months YoY"),
            ({"period": "quarter"}, "Last Quarter vs. before"),
            ({"period": "month", "against": "year"}, "Last Month YoY"),
            (
                {
                    "before_from": "2024-08-01",
                    "before_to": "2025-06-30",
                    "now_from": "2025-07-01",
                    "now_to": "2026-06-30",
                },
                "07/01/2025 – 06/30/2026 against 08/01/2024 – 06/30/2025",
            ),
        ):
            with self.subTest(values):
                name = self._choose(**values).action_open_change()["name"]
                self.assertEqual(name, f"Margin Change: {said}")

    def test_invalid_context(self):
        for periods in ("x", ["2025-01-01"], ["x"] * 4, [1, 2, 3, 4], [False] * 4):
            with self.subTest(periods), self.assertRaises(UserError):
                self.changes.with_context(margin_periods=periods).search([])
