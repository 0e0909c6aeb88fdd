# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from random import Random

from odoo.tests import tagged

from ..tools.ranking import abc_classes, cumulative_shares, ranks
from .test_margin_change import BEFORE, NOW, ChangeCommon


@tagged("post_install", "-at_install")
class TestMarginProduct(ChangeCommon):
    """The ranking of products, worked by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls.env["customer.margin.product"]

    def _find(self):
        rows = self.products.search([("company_id", "=", self.company.id)])
        return {row.product_id.name: row for row in rows}

    def _fill(self):
        """Name: quantity before and now, price, cost before and now."""
        for name, before, now, price, cost_0, cost_1 in (
            ("Star", 10, 20, 10, 4, 4),
            ("Steady", 10, 10, 10, 6, 6),
            ("Squeezed", 10, 10, 10, 5, 7),
            ("Thin", 10, 20, 10, 9, 9),
            ("Dog", 10, 5, 10, 9.5, 9.5),
            ("Gone", 10, 0, 10, 5, 5),
            ("Course", 0, 10, 10, 0, 0),
            ("New", 0, 5, 10, 3, 3),
        ):
            product = self._product(name)
            if before:
                self._sell(product, BEFORE, before, price, cost_0)
            if now:
                self._sell(product, NOW, now, price, cost_1)

    def test_nothing(self):
        self.assertEqual(self._find(), {})

    def test_suggestions(self):
        """All products now, without the course of unknown cost: sales 700, margin
        247.5, rate 35.4 %; thin is below 17.7 %.

        Star 60 %, twice the quantity. Steady 40 %, as many. Squeezed 30 %: its cost
        took 20 of 50. Thin 10 %, more sold. Dog 5 %, class C, fewer sold. New 70 %.
        """
        self._fill()
        rows = self._find()
        self.assertEqual(
            {name: row.suggestion for name, row in rows.items()},
            {
                "Star": "grow",
                "Steady": "hold",
                "Squeezed": "reprice",
                "Thin": "reprice",
                "Dog": "drop",
                "Gone": "gone",
                "Course": "unknown",
                "New": "grow",
            },
        )
        self.assertAlmostEqual(rows["Dog"].margin_rate_all, 247.5 / 700)
        self.assertEqual(
            rows["Dog"].why, "Margin rate 5%, all products 35%. Sold 50% less."
        )
        self.assertIn("Prices and costs took", rows["Squeezed"].why)
        self.assertIn("Not sold before.", rows["New"].why)
        self.assertIn("known of 0% of the net sales", rows["Course"].why)
        self.assertIn("Brought", rows["Gone"].why)

    def test_ranks(self):
        """Margins 120, 100, 40, 35, 30, 20, 2.5 and 0 of 347.5: with 260 of it 75 %,
        with 295 85 %, with 325 94 %, with 345 99 %."""
        self._fill()
        found = sorted(self._find().values(), key=lambda row: row.rank)
        self.assertEqual(
            [(row.product_id.name, row.rank, row.abc) for row in found],
            [
                ("Star", 1, "A"),
                ("Course", 2, "A"),
                ("Steady", 3, "A"),
                ("New", 4, "B"),
                ("Squeezed", 5, "B"),
                ("Thin", 6, "C"),
                ("Dog", 7, "C"),
                ("Gone", 8, "C"),
            ],
        )
        self.assertAlmostEqual(found[3].cumulative_share, 295 / 347.5)
        self.assertAlmostEqual(found[0].margin_share, 120 / 347.5)
        self.assertAlmostEqual(found[0].growth, 1.0)
        self.assertIs(found[3].growth, False)
        self.assertAlmostEqual(found[5].volume_growth, 1.0)

    def test_bounds_of_the_settings(self):
        self.company.write({"value_abc_a": 0.5, "value_abc_b": 0.7})
        self._fill()
        rows = self._find()
        self.assertEqual(rows["Course"].abc, "B")
        self.assertEqual(rows["Steady"].abc, "C")

    def test_same_as_python(self):
        """Ranks, shares and classes are those of the tool that places customers, ties
        and losses included."""
        random = Random(3)
        margins = {}
        for number in range(12):
            name, margin = f"P{number}", random.choice((-5, 0, 1, 3, 3, 8, 20))
            margins[name] = margin
            self._sell(self._product(name), NOW, 1, 30 + margin, 30)
        rows = self._find()
        values = list(margins.values())
        for name, rank, share, abc in zip(
            margins,
            ranks(values),
            cumulative_shares(values),
            abc_classes(values),
            strict=True,
        ):
            row = rows[name]
            self.assertEqual((row.rank, row.abc), (rank, abc))
            self.assertAlmostEqual(row.cumulative_share, share)

    def test_everything_at_a_loss(self):
        """No share and no rate to compare with: sold below cost is thin, and what is
        sold as much as before must be repriced."""
        self._sell(self.a, BEFORE, 1, 10, 12)
        self._sell(self.a, NOW, 1, 10, 12)
        self._sell(self.b, BEFORE, 2, 10, 12)
        self._sell(self.b, NOW, 1, 10, 12)
        rows = self._find()
        self.assertEqual(rows["A"].suggestion, "reprice")
        self.assertEqual(rows["B"].suggestion, "drop")
        self.assertIs(rows["A"].cumulative_share, False)
        self.assertIs(rows["A"].margin_share, False)
        self.assertEqual(rows["A"].abc, "C")

    def test_returns_only(self):
        self._sell(self.a, BEFORE, 5, 10, 6)
        self._return(self.a, NOW, 1, 10, 6)
        row = self._find()["A"]
        self.assertEqual((row.suggestion, row.margin), ("gone", -4))
        self.assertIs(row.margin_rate, False)

    def test_rows_open_what_they_sum_to(self):
        self._fill()
        self._sell(self.a, NOW, 1, 10, 6, partner=self.ann)
        self._sell(self.a, NOW, 1, 10, 6, partner=self.bob)
        for row in self._find().values():
            with self.subTest(row.product_id.name):
                action = row.action_open_lines()
                lines = self.env[action["res_model"]].search(action["domain"])
                self.assertAlmostEqual(
                    sum(lines.mapped("margin")), row.margin_before + row.margin
                )
                action = row.action_open_change()
                changes = self.env[action["res_model"]].with_context(
                    **action["context"]
                )
                found = changes.search(action["domain"])
                self.assertAlmostEqual(
                    sum(found.mapped("margin_change")), row.margin_change
                )
                self.assertAlmostEqual(
                    sum(found.mapped("price_effect")), row.price_effect
                )

    def test_menu(self):
        action = self.env.ref(
            "crm_customer_value.customer_margin_product_action_open"
        ).run()
        self.assertEqual(action["res_model"], "customer.margin.product")
        self.assertIn("YoY", action["name"])

    def test_button_has_the_periods(self):
        """The choice opens with the periods compared now."""
        periods = ["2026-01-01", "2026-01-31", "2026-02-01", "2026-02-28"]
        context = {
            "margin_periods": periods,
            "margin_per_customer": True,
            "margin_choice": ["month", "before"],
        }
        action = self.products.with_context(**context).action_choose_periods()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        found = wizard.create({}).action_open_ranking()["context"]
        self.assertEqual({name: found[name] for name in context}, context)
