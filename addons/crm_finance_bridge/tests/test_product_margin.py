# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Margin by product and category, worked by hand."""

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import FinanceCommon

MARGIN = "crm_finance_bridge.crm_finance_bridge_group_margin"
MEASURES = [
    "quantity:sum",
    "net_sales:sum",
    "cost:sum",
    "margin:sum",
    "margin_rate:avg",
    "net_sales_share:avg",
    "margin_share:avg",
    "cost_coverage:avg",
]


@tagged("post_install", "-at_install")
class TestProductMargin(FinanceCommon):
    """Pumps cost 60, seals 10; what a course costs is not known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machines = cls.env["product.category"].create({"name": "Machines"})
        cls.pump = cls._product("Pump", 60.0, categ_id=cls.machines.id)
        cls.seal = cls._product("Seal", 10.0, categ_id=cls.machines.id)
        cls.course = cls._product("Course", 0.0, type="service")
        cls.lines = cls.env["customer.finance.margin.line"]

    @classmethod
    def _product(cls, name, cost, **values):
        return cls.env["product.product"].create(
            {"name": name, "standard_price": cost, "taxes_id": False, **values}
        )

    def _sell(self):
        """Four pumps at 125, one came back at 100; a dozen and two seals at 100 in
        all; two courses at 250. The costs of today do not matter."""
        self._invoice(500, "2026-03-01", product=self.pump, quantity=4)
        self._refund(100, "2026-05-02", product=self.pump)
        seals = self._invoice(80, "2026-05-01", product=self.seal, post=False)
        seals.invoice_line_ids.product_uom_id = self.env.ref("uom.product_uom_dozen")
        seals.invoice_line_ids.price_unit = 80
        seals.action_post()
        self._invoice(20, "2026-05-01", product=self.seal, quantity=2)
        self._invoice(500, "2026-05-01", product=self.course, quantity=2)
        self.pump.standard_price = 600
        self.seal.standard_price = 1

    def _rows(self, groupby, domain=()):
        domain = [("partner_id", "=", self.customer.id), *domain]
        rows = self.lines._read_group(
            domain, [groupby], MEASURES, order="margin:sum DESC"
        )
        return {key: list(values) for key, *values in rows}

    def assertRow(self, row, expected):
        for measure, value, wanted in zip(MEASURES, row, expected, strict=True):
            with self.subTest(measure=measure):
                if wanted is None:
                    self.assertIs(value, False)
                else:
                    self.assertAlmostEqual(value, wanted, places=6)

    def test_ranking(self):
        """Sales 400 + 100 + 500 = 1,000; margin 220 − 40 + 500 = 680.

        The course earns most, and its cost is not known.
        """
        self._sell()
        rows = self._rows("product_id")
        self.assertEqual(list(rows), [self.course, self.pump, self.seal])
        self.assertRow(rows[self.course], [2, 500, 0, 500, 1, 0.5, 500 / 680, 0])
        self.assertRow(rows[self.pump], [3, 400, 180, 220, 0.55, 0.4, 220 / 680, 1])
        self.assertRow(rows[self.seal], [14, 100, 140, -40, -0.4, 0.1, -40 / 680, 1])

    def test_rate_of_a_category_is_no_mean(self):
        """(220 − 40) / (400 + 100) = 0.36; the mean of 0.55 and −0.40 is 0.075."""
        self._sell()
        row = self._rows("product_categ_id")[self.machines]
        self.assertRow(row, [17, 500, 320, 180, 0.36, 0.5, 180 / 680, 1])

    def test_over_time(self):
        """In May the pump only came back: sales −100, cost −60, no rate."""
        self._sell()
        rows = self._rows("date:month", [("product_id", "=", self.pump.id)])
        [march, may] = rows.values()
        self.assertRow(march, [4, 500, 240, 260, 0.52, 1.25, 260 / 220, 1])
        self.assertRow(may, [-1, -100, -60, -40, None, -0.25, -40 / 220, None])

    def test_shares_of_a_pivot(self):
        """Each level of a pivot is the whole; nothing is counted twice."""
        self._sell()
        total, by_product, by_both = self.lines._read_grouping_sets(
            [("partner_id", "=", self.customer.id)],
            [[], ["product_id"], ["product_id", "date:quarter"]],
            ["net_sales_share:avg"],
        )
        self.assertAlmostEqual(total[0][0], 1)
        self.assertAlmostEqual(dict(by_product)[self.pump], 0.4)
        shares = [share for product, _day, share in by_both if product == self.pump]
        self.assertEqual([round(share, 6) for share in shares], [0.5, -0.1])

    def test_no_share_of_nothing(self):
        self._invoice(100, "2026-05-01", product=self.pump)
        self._refund(100, "2026-05-01", product=self.pump)
        row = self._rows("product_id")[self.pump]
        self.assertRow(row, [0, 0, 0, 0, None, None, None, None])

    @freeze_time("2026-06-30")
    def test_product_button(self):
        """The button shows what the lines it opens sum to: the last 365 days."""
        self._sell()
        self._invoice(900, "2025-06-30", product=self.pump)
        self._invoice(90, "2025-07-01", product=self.seal)
        products = (self.pump | self.seal).with_env(self.env)
        products.invalidate_recordset()
        self.assertEqual(products.mapped("finance_margin"), [220, 49])
        template = self.seal.product_tmpl_id
        self.seal.active = False
        template.invalidate_recordset()
        self.assertEqual(template.finance_margin, 49)
        for record, margin in ((self.pump, 220), (template, 49)):
            action = record.action_open_finance_margin()
            lines = self.env[action["res_model"]].search(action["domain"])
            self.assertAlmostEqual(sum(lines.mapped("margin")), margin)

    @freeze_time("2026-06-30")
    def test_new_product(self):
        product = self.env["product.template"].new({"name": "New"})
        self.assertEqual(product.finance_margin, 0)

    @freeze_time("2026-06-30")
    def test_rights(self):
        """Ann sees the margin of her own customers, an internal user none."""
        ann = new_test_user(self.env, "ann", groups="sales_team.group_sale_salesman")
        clerk = new_test_user(self.env, "clerk", groups="base.group_user")
        bobs = self.env["res.partner"].create(
            {"name": "Bob's", "user_id": self.env.ref("base.user_admin").id}
        )
        self.customer.user_id = ann
        self._invoice(100, "2026-06-01", product=self.pump)
        self._invoice(1000, "2026-06-01", product=self.pump, partner=bobs)
        self.assertEqual(self.pump.finance_margin, 980)
        self.assertEqual(self._as(ann, self.pump).finance_margin, 40)
        self.assertEqual(self._as(ann, self.pump.product_tmpl_id).finance_margin, 40)
        with self.assertRaises(AccessError):
            self._as(clerk, self.pump).read(["finance_margin"])
        with self.assertRaises(AccessError):
            self._as(clerk, self.lines).search([])
        ann.company_id = self.company
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= self.env.ref(
            MARGIN
        )
        ann.group_ids = self.env.ref("sales_team.group_sale_salesman")
        views = self._as(ann, self.pump).get_views([(False, "form")])
        self.assertNotIn("finance_margin", str(views))

    def _as(self, user, record):
        user.company_ids |= self.company
        user.company_id = self.company
        self.env.invalidate_all()
        return record.with_env(self.env(user=user, context={}))
