# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What winning customers cost and what they brought, worked by hand."""

from odoo.tests import tagged

from .test_acquisition import AcquisitionCommon

FIGURES = (
    "customers:sum",
    "acquisition_cost:sum",
    "cost:sum",
    "margin:sum",
    "financing_cost:sum",
    "net_profit:sum",
    "cac:avg",
    "roi:avg",
)


class ReturnCommon(AcquisitionCommon):
    """Money costs 36.5 % a year: 1,000 kept for a day cost 1."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.finance_yearly_rate = 0.365
        (cls.fair | cls.mailing).action_make_finance_account()
        cls.fair.finance_budget = 500
        cls.returns = cls.env["utm.campaign.return"]

    @classmethod
    def _cost(cls, amount, day, account, kind="acquisition"):
        """Charge a cost to an analytic account, as a manual analytic entry."""
        return cls.env["account.analytic.line"].create(
            {
                "name": "Cost",
                "amount": -amount,
                "date": day,
                "company_id": account.company_id.id or cls.company.id,
                account.plan_id._column_name(): account.id,
                "finance_cost_kind": kind,
            }
        )

    @classmethod
    def _campaign_cost(cls, amount, day, campaign=None, kind="acquisition"):
        campaign = campaign or cls.fair
        return cls._cost(amount, day, campaign.finance_analytic_account_id, kind)

    @classmethod
    def _customer_cost(cls, amount, day, kind="visit", partner=None):
        partner = partner or cls.customer
        plan = cls.env.ref("crm_finance_bridge.analytic_plan_customers")
        account = cls.env["account.analytic.account"].search(
            [("partner_id", "=", partner.id)]
        ) or cls.env["account.analytic.account"].create(
            {
                "name": partner.name,
                "plan_id": plan.id,
                "partner_id": partner.id,
                "company_id": cls.company.id,
            }
        )
        return cls._cost(amount, day, account, kind)

    def _sell(self, day, campaign=None, quantity=10, paid=None, **values):
        """Win a customer and bill it, paid the same day unless ``paid`` is False."""
        order = self._win(day, campaign, quantity, **values)
        invoice = self._bill(order, day)
        if paid is not False:
            self._pay(invoice, invoice.amount_total, paid or day)
        return invoice

    def _figures_of(self, *domain, model="last"):
        """Return the figures of a pivot's row under an attribution model."""
        domain = [
            ("company_id", "=", self.company.id),
            ("attribution", "=", model),
            *domain,
        ]
        return self._sums(domain, *FIGURES)

    def _return(self, campaign=None, model="last", company=None):
        """Return the row of a campaign's report."""
        self._refresh(company)
        self.env.invalidate_all()
        return self.returns.search(
            [
                ("campaign_id", "=", (campaign or self.fair).id),
                ("company_id", "=", (company or self.company).id),
                ("attribution", "=", model),
            ]
        )


@tagged("post_install", "-at_install")
class TestReturn(ReturnCommon):
    def test_campaign(self):
        """The fair cost 300 and won two customers: CAC 150.

        One bought 10 pieces: margin 400, paid at once. The other bought 5: margin 200,
        and 500 are open since ten days: 500 × 10 × 0.001 = 5. A visit cost 20.
        Net profit 600 − 320 − 5 = 275; ROI 275 / 320.
        """
        self._campaign_cost(300, "2026-02-01")
        self._sell("2026-03-01", self.fair)
        second = self._customer("Second")
        self._sell("2026-06-20", self.fair, 5, paid=False, partner=second)
        self._customer_cost(20, "2026-06-25", partner=second)
        fair = [2, 300, 320, 600, 5, 275, 150, round(275 / 320, 6)]
        self.assertEqual(self._figures_of(("campaign_id", "=", self.fair.id)), fair)
        row = self._return()
        self.assertRecordValues(
            row,
            [
                {
                    "budget": 500,
                    "campaign_cost": 300,
                    "budget_left": 200,
                    "budget_used": 0.6,
                    "customers": 2,
                    "acquisition_cost": 300,
                    "cost": 320,
                    "net_sales": 1500,
                    "margin": 600,
                    "financing_cost": 5,
                    "net_profit": 275,
                    "cac": 150,
                }
            ],
        )
        self.assertAlmostEqual(row.roi, 275 / 320)

    def test_figures_open_their_rows(self):
        self._campaign_cost(300, "2026-02-01")
        self._sell("2026-03-01", self.fair)
        self._customer_cost(20, "2026-06-25")
        row = self._return()
        for action, name in (
            (row.action_open_customers(), "customers"),
            (row.action_open_customers(), "margin"),
            (row.action_open_costs(), "cost"),
            (row.action_open_rows(), "net_profit"),
        ):
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertAlmostEqual(sum(rows.mapped(name)), row[name])
        [won] = self.report.search(row.action_open_customers()["domain"])
        action = won.action_open_margin_lines()
        lines = self.env[action["res_model"]].search(action["domain"])
        self.assertAlmostEqual(sum(lines.mapped("margin")), won.margin)
        self.assertEqual(won.action_open_source()["res_id"], won.order_id.id)
        costs = self.report.search(row.action_open_costs()["domain"])
        for cost in costs:
            self.assertEqual(cost.action_open_source()["res_id"], cost.line_id.id)

    def test_cost_without_customers(self):
        """Nobody came: no CAC, and all of it is lost."""
        self._campaign_cost(300, "2026-02-01")
        figures = self._figures_of(("campaign_id", "=", self.fair.id))
        self.assertEqual(figures, [0, 300, 300, 0, 0, -300, False, -1])
        row = self._return()
        self.assertIs(row.cac, False)
        self.assertEqual(row.roi, -1)
        self.assertFalse(row.payback_month)
        self.assertIs(row.payback_months, False)

    def test_customers_without_cost(self):
        """A customer for nothing: CAC 0; no ROI and no payback without cost."""
        self._sell("2026-03-01", self.fair)
        figures = self._figures_of(("campaign_id", "=", self.fair.id))
        self.assertEqual(figures, [1, 0, 0, 400, 0, 400, 0, False])
        row = self._return()
        self.assertEqual(row.cac, 0)
        self.assertIs(row.roi, False)
        self.assertFalse(row.payback_month)

    def test_campaign_without_anything(self):
        row = self._return(self.mailing)
        self.assertEqual((row.customers, row.cost, row.budget), (0, 0, 0))
        self.assertEqual([row.cac, row.roi, row.budget_used], [False] * 3)

    def test_cac_by_period(self):
        """February: 300 and nobody. March: 100 and two customers, CAC 50. Marketing of
        a campaign counts, service does not."""
        self._campaign_cost(300, "2026-02-10")
        self._campaign_cost(60, "2026-03-10")
        self._campaign_cost(40, "2026-03-11", kind="marketing")
        self._campaign_cost(7, "2026-03-12", kind="service")
        self._win("2026-03-15", self.fair)
        self._win("2026-03-31", self.fair, partner=self._customer("Second"))
        self._refresh()
        rows = self.report._read_group(
            [("campaign_id", "=", self.fair.id), ("attribution", "=", "last")],
            ["date:month"],
            ["customers:sum", "acquisition_cost:sum", "cac:avg"],
        )
        self.assertEqual(
            [(str(month), *figures) for month, *figures in rows],
            [("2026-02-01", 0, 300, False), ("2026-03-01", 2, 100, 50)],
        )

    def test_return_of_a_period(self):
        """What a customer cost goes with its margin to the month it was won; what
        winning customers cost stays in its own month.

        January: acquisition of the later customer 80. March: the customer, margin 400,
        a service in May of 50. A visit of a customer won before stays out of March.
        """
        old = self._customer("Old")
        self._win("2025-12-01", partner=old)
        self._customer_cost(999, "2026-03-20", partner=old)
        self._customer_cost(80, "2026-01-20", "acquisition")
        self._sell("2026-03-01")
        self._customer_cost(50, "2026-05-01", "service")
        self._refresh()
        rows = self.report._read_group(
            [("company_id", "=", self.company.id), ("attribution", "=", "last")],
            ["date:month"],
            ["margin:sum", "cost:sum", "cac:avg", "roi:avg"],
        )
        self.assertEqual(
            [(str(month), *figures) for month, *figures in rows],
            [
                ("2025-12-01", 0, 999, 0, -1),
                ("2026-01-01", 0, 80, False, -1),
                ("2026-03-01", 400, 50, 0, 7),
            ],
        )

    def test_credit_note_larger_than_the_sale(self):
        """Sold 5 at 100, and 10 taken back at 100: margin 200 − 400."""
        self._campaign_cost(100, "2026-02-01")
        self._sell("2026-03-01", self.fair, 5)
        self._refund(1000, "2026-03-05", quantity=10)
        figures = self._figures_of(("campaign_id", "=", self.fair.id))
        self.assertEqual(figures, [1, 100, 100, -200, 0, -300, 100, -3])
        self.assertFalse(self._return().payback_month)

    def test_sales_before_the_first_order_do_not_count(self):
        self._pay(self._invoice(1000, "2026-01-01", quantity=10), 1000, "2026-01-01")
        self._sell("2026-03-01", self.fair)
        self._invoice(100, "2026-04-01")
        figures = self._figures_of(("campaign_id", "=", self.fair.id))
        self.assertEqual(figures[3], 440)

    def test_shared_customer(self):
        """Fair and mailing share a customer of margin 400 who costs 30 a visit."""
        self._lead("2026-01-10", self.fair)
        self._lead("2026-02-10", self.mailing)
        self._sell("2026-03-01")
        self._customer_cost(30, "2026-04-01")
        self._campaign_cost(100, "2026-01-05")
        fair = ("campaign_id", "=", self.fair.id)
        mailing = ("campaign_id", "=", self.mailing.id)
        # Linear: half of margin and visit each, the fair's own cost with the fair.
        roi = round((200 - 115) / 115, 6)
        self.assertEqual(
            self._figures_of(fair, model="linear"),
            [0.5, 100, 115, 200, 0, 85, 200, roi],
        )
        self.assertEqual(
            self._figures_of(mailing, model="linear"),
            [0.5, 0, 15, 200, 0, 185, 0, round(185 / 15, 6)],
        )
        self.assertEqual(
            self._figures_of(fair, model="last"), [0, 100, 100, 0, 0, -100, False, -1]
        )
        # Whatever the model, all of it together is the same.
        for model in ("first", "last", "linear"):
            total = self._figures_of(model=model)
            self.assertEqual(
                total, [1, 100, 130, 400, 0, 270, 100, round(270 / 130, 6)]
            )
            self.assertAlmostEqual(
                sum(self._return(c, model).customers for c in self.fair + self.mailing),
                1,
            )

    def test_prospect(self):
        """What was spent on somebody who did not buy is a cost of winning customers."""
        prospect = self._customer(
            "Prospect", user_id=self.env.ref("base.user_admin").id
        )
        self._customer_cost(50, "2026-03-01", "acquisition", prospect)
        self._sell("2026-03-01")
        self.assertEqual(
            self._figures_of()[:3] + self._figures_of()[6:7], [1, 50, 50, 50]
        )
        rows = self.report.search([("partner_id", "=", prospect.id)])
        self.assertEqual(rows.user_id, self.env.ref("base.user_admin"))
        self.assertEqual(set(rows.mapped("attributed")), {"none"})

    def test_salesperson_and_customer(self):
        """ROI of a customer: (400 − 100) / 100 = 3; her salesperson has the same."""
        user = self.env.ref("base.user_admin")
        self._sell("2026-03-01", user_id=user.id)
        self._customer_cost(100, "2026-04-01", "service")
        for domain in (
            ("partner_id", "=", self.customer.id),
            ("user_id", "=", user.id),
        ):
            self.assertEqual(
                self._figures_of(domain), [1, 0, 100, 400, 0, 300, 0, 3], domain
            )

    def test_payback(self):
        """The fair cost 500 in January. Margin: March 200, April −40, May 380 (a second
        customer): 200, 160, 540. Paid back in May, after four months."""
        self._campaign_cost(400, "2026-01-10")
        self._campaign_cost(100, "2026-04-10")
        self._sell("2026-03-01", self.fair, 5)
        self._refund(100, "2026-04-01")
        self.assertFalse(self._return().payback_month)
        second = self._customer("Second")
        self._sell("2026-05-15", self.fair, 9, partner=second)
        self._invoice(50, "2026-05-20", quantity=0.5, partner=second)
        row = self._return()
        self.assertEqual(str(row.payback_month), "2026-05-01")
        self.assertEqual(row.payback_months, 4)

    def test_payback_to_the_cent(self):
        self._campaign_cost(400, "2026-03-01")
        self._sell("2026-03-01", self.fair, 10)
        self.assertEqual(str(self._return().payback_month), "2026-03-01")
        self.assertEqual(self._return().payback_months, 0)
        self._campaign_cost(0.01, "2026-03-01")
        self.assertFalse(self._return().payback_month)

    def test_two_currencies(self):
        """Ten pieces at 100 EUR at 2 USD are 2,000 USD and cost 600 USD."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": euro.id}
        )
        self._campaign_cost(350, "2026-02-01")
        order = self._win("2026-03-01", self.fair, pricelist_id=pricelist.id)
        self._bill(order, "2026-03-01")
        row = self._return()
        self.assertEqual((row.net_sales, row.margin, row.cac), (2000, 1400, 350))

    def test_two_companies(self):
        """What the other company spends and wins is its own, in its currency."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        other = self.setup_other_company(name="Other", currency_id=euro.id)["company"]
        self.env.user.company_ids |= other
        self.web.action_make_finance_account()
        account = self.web.finance_analytic_account_id
        account.company_id = False
        self._cost(300, "2026-02-01", account)
        there = self._cost(70, "2026-02-01", account)
        there.company_id = other
        self._sell("2026-03-01", self.web)
        here = self._return(self.web)
        self.assertEqual((here.campaign_cost, here.customers, here.cac), (300, 1, 300))
        there = self._return(self.web, company=other)
        self.assertEqual((there.campaign_cost, there.customers), (70, 0))
        self.assertEqual(there.currency_id, euro)
        self.assertIs(there.cac, False)

    def test_spread_costs_count_once(self):
        """300 of the fair, spread over two customers: still 300 of the fair."""
        cost = self._campaign_cost(300, "2026-02-01")
        self._sell("2026-03-01", self.fair)
        self._sell("2026-03-01", self.fair, partner=self._customer("Second"))
        spread = self.env["customer.cost.spread"].create(
            {
                "name": "Fair",
                "account_id": self.fair.finance_analytic_account_id.id,
                "date_from": "2026-01-01",
                "date_to": "2026-03-31",
                "kind": "acquisition",
                "basis": "equal",
                "customers": "campaign",
            }
        )
        spread.action_preview()
        spread.action_post()
        self.assertEqual(cost.finance_spread_id, spread)
        figures = self._figures_of(("campaign_id", "=", self.fair.id))
        self.assertEqual(figures, [2, 300, 300, 800, 0, 500, 150, round(5 / 3, 6)])
        one = self._figures_of(("partner_id", "=", self.customer.id))
        self.assertEqual(one, [1, 150, 150, 400, 0, 250, 150, round(5 / 3, 6)])
        row = self._return()
        self.assertEqual((row.campaign_cost, row.cost), (300, 300))

    def test_totals_over_models(self):
        """A pivot's total over the three models counts a cost once."""
        self._campaign_cost(300, "2026-02-01")
        self._sell("2026-03-01", self.fair)
        figures = self._sums([("company_id", "=", self.company.id)], *FIGURES)
        self.assertEqual(figures, [1, 300, 300, 400, 0, 100, 300, round(1 / 3, 6)])

    def test_glossary(self):
        """Help of the fields and glossary say the same."""
        glossary = self.env["customer.finance.indicator"].search(
            [("category", "=", "campaign")]
        )
        self.assertEqual(set(glossary.mapped("code")), {"cac", "payback_month"})
        descriptions = self.returns.fields_get()
        for indicator in glossary:
            description = descriptions[indicator.code]
            self.assertEqual(indicator.name, description["string"])
            self.assertIn(indicator.formula, description["help"])
        touches = self.env["customer.acquisition.report"].fields_get()
        self.assertEqual(touches["cac"]["help"], descriptions["cac"]["help"])
        # The same quotient, but the report's own words.
        self.assertIn("of the costs you may see", touches["roi"]["help"])
        self.assertNotIn("help", self.returns.fields_get(["cac"], ["string"])["cac"])

    def test_statements(self):
        """Opening the lists takes as many statements for many campaigns as for few."""
        counts = []
        for size in (2, 2, 12):
            campaigns = self.env["utm.campaign"].create(
                [
                    {
                        "title": f"Campaign {size} {number}",
                        "company_id": self.company.id,
                    }
                    for number in range(size)
                ]
            )
            for campaign in campaigns:
                partner = self._customer(campaign.title)
                self._win("2026-03-01", campaign, partner=partner)
            self._refresh()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.returns.search([("campaign_id", "in", campaigns.ids)])
            rows.read(["customers", "cac", "roi", "payback_month"])
            touches = self.report.search([("campaign_id", "in", campaigns.ids)])
            touches.read(["customers", "cac", "roi"])
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(rows), 3 * size)
            self.assertEqual(len(touches), 3 * size)
        self.assertEqual(counts[1], counts[2])
