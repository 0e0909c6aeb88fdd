# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.tests import tagged

from .common import TODAY, ValueCommon


class ScoreCommon(ValueCommon):
    @classmethod
    def _learn(cls, company=None):
        """Store a fit with round parameters: orders are usually 30 days apart, one in
        four is the last, an order is worth 100."""
        return cls.fits.create(
            {
                "company_id": (company or cls.company).id,
                "as_of_date": TODAY,
                "first_date": "2026-01-01",
                "state": "fitted",
                "model": "interval",
                "parameters": {"gap": 30.0, "loss": 0.25},
                "spend_model": "mean",
                "spend_parameters": {"mean": 100.0},
                "customers": 1,
                "predictor": "interval",
            }
        )


@tagged("post_install", "-at_install")
class TestScore(ScoreCommon):
    """The value of one customer, worked by hand."""

    def test_value_to_date(self):
        """Invoices of 1000 two years ago, paid at once, and of 500 on 1 January, open:
        margin 1440, 180 days of 500 at 6 % are 14.79; costs of 30."""
        account = self.env["account.analytic.account"].create(
            {
                "name": "Customer",
                "plan_id": self.env.ref(
                    "crm_finance_bridge.analytic_plan_customers"
                ).id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
            }
        )
        self.env["account.analytic.line"].create(
            {
                "name": "Visit",
                "amount": -30,
                "date": "2024-06-05",
                "company_id": self.company.id,
                account.plan_id._column_name(): account.id,
            }
        )
        old = self._invoice(1000, "2024-06-01")
        self._pay(old, 1000, "2024-06-01")
        self._invoice(500, "2026-01-01")
        self._refresh()
        profile = self._profile()
        self.assertEqual(profile.value_margin, 940 + 440)
        self.assertEqual(profile.value_cost, 30)
        self.assertAlmostEqual(profile.value_financing, 500 * 180 / 365 * 0.06, 2)
        self.assertAlmostEqual(profile.value_historic, 1380 - 30 - 14.79, 2)
        # The window knows the last year only.
        self.assertEqual(profile.margin, 440)
        self.assertEqual(profile.cost, 0)

    def test_financing_to_date(self):
        """7.3 % a year. 1000 paid after 50 days long before the window: 10. 500 open
        since 20 days: 2, which is all that the window has of it. An order later than
        the first invoice changes nothing, nor does valuing everybody."""
        self.company.finance_yearly_rate = 0.073
        old = self._invoice(1000, "2024-03-01")
        self._pay(old, 1000, "2024-04-20")
        self._invoice(500, "2026-06-10")
        self._order("2026-06-01")
        for customers in (self.customer, None):
            self.env["customer.finance.profile"]._refresh(self.company, customers)
            profile = self._profile()
            self.assertEqual((profile.value_financing, profile.financing_cost), (12, 2))
        live = profile._get_figures(self.company, self.customer, date(2024, 3, 26))
        # 1000 open since 25 days then.
        self.assertEqual(live[self.customer.id]["value_financing"], 5)

    def test_figures_open_what_sums_to_them(self):
        self.test_value_to_date()
        profile = self._profile()
        for code, measure, sign in (
            ("value_margin", "margin", 1),
            ("value_cost", "amount", 1),
        ):
            action = profile.with_context(finance_figure=code).action_open_figure()
            [(total,)] = self.env[action["res_model"]]._read_group(
                action["domain"], aggregates=[f"{measure}:sum"]
            )
            self.assertAlmostEqual(sign * total, profile[code], 2, code)

    def test_expected_value(self):
        """One order today: active with 3/4, an order within 90 days with 3/4 · 90/120,
        within a year with 3/4 · 365/395; 12 months bring 3 (1 − 120/485.25) orders of
        100, of which 40 % stay. In 60 days an order is as likely as not."""
        self._learn()
        self.company.value_yearly_rate = 0.0
        self._order(TODAY, 100, invoice=True)
        self._refresh()
        profile = self._profile()
        self.assertEqual(profile.value_state, "fitted")
        self.assertAlmostEqual(profile.value_p_alive, 0.75)
        self.assertAlmostEqual(profile.value_p_order, 0.5625)
        self.assertAlmostEqual(profile.value_churn, 1 - 0.75 * 365 / 395)
        self.assertEqual(profile.value_next_order_date, date(2026, 8, 29))
        self.assertAlmostEqual(profile.value_margin_rate, 0.4)
        self.assertAlmostEqual(profile.value_predicted_12, 90.32, 2)
        self.assertAlmostEqual(profile.value_predicted_24, 103.07, 2)
        self.assertAlmostEqual(profile.value_historic, 40)
        self.assertAlmostEqual(profile.value_total, 143.07, 2)

    def test_due_by_rhythm(self):
        """Ordered on 1 and 31 May: 30 days as everybody, so due on 30 June; who ordered
        every 10 days is due after (30 + 20) / 3 of them."""
        self._learn()
        quick = self._customer("Quick")
        for day in ("2026-05-01", "2026-05-31"):
            self._order(day)
        for day in ("2026-05-01", "2026-05-11", "2026-05-21"):
            self._order(day, partner=quick)
        self._refresh()
        self.assertEqual(self._profile().value_due_date, date(2026, 6, 30))
        self.assertEqual(self._profile(quick).value_due_date, date(2026, 6, 7))
        found = self.profiles.search([("value_due_date", "<", "today")])
        self.assertEqual(found, self._profile(quick))

    def test_horizon_is_a_setting(self):
        self._learn()
        self.company.write({"value_yearly_rate": 0.0, "value_horizon": "12"})
        self._order(TODAY, 100, invoice=True)
        self._refresh()
        self.assertAlmostEqual(self._profile().value_total, 130.32, 2)

    def test_slow_payers_are_worth_less(self):
        """The same orders; one pays after 365 days, and everything it brings is worth
        1.1 times less: 7 and 5 payments are enough to be judged by."""
        self._learn()
        self.company.write({"value_yearly_rate": 0.1, "finance_lag_count": 1})
        prompt, slow = self._customer("Prompt"), self._customer("Slow")
        for partner, day in ((prompt, "2025-06-20"), (slow, "2026-06-20")):
            invoice = self._invoice(100, "2025-06-20", partner=partner)
            self._pay(invoice, 100, day)
        self._pay(self._invoice(100, "2026-06-25", partner=prompt), 100, "2026-06-25")
        self._pay(self._invoice(100, "2026-06-25", partner=slow), 100, "2026-06-25")
        self._refresh()
        prompt, slow = self._profile(prompt), self._profile(slow)
        self.assertEqual(prompt.days_to_pay, 0)
        self.assertAlmostEqual(slow.days_to_pay, 365 / 2)
        self.assertAlmostEqual(
            slow.value_predicted_12, prompt.value_predicted_12 * 1.1**-0.5, 2
        )

    def test_margin_rate_is_shrunk(self):
        """Two customers: 300 with a margin of 240, 100 with 40, so 70 % of all. An
        order is usually 200, κ = 600: (40 + 600 · .7) / 700."""
        self._learn()
        other = self._customer("Other")
        self._invoice(300, TODAY, partner=other)
        self._invoice(100, TODAY)
        self._refresh()
        self.assertAlmostEqual(self._profile().value_margin_rate, 460 / 700)

    def test_sold_at_a_loss(self):
        """60 of cost in an invoice of 20: everything to come is a loss as well."""
        self._learn()
        self._invoice(20, TODAY)
        self._refresh()
        profile = self._profile()
        self.assertEqual(profile.value_historic, -40)
        self.assertLess(profile.value_predicted_12, 0)

    # -- Not enough data ---------------------------------------------------------

    def assertUnknown(self, profile, *names):
        for name in names:
            with self.subTest(name):
                self.assertIs(profile[name], False)

    def test_nobody_came_back(self):
        self._order("2026-06-01", 100, invoice=True)
        self._refresh()
        profile = self._profile()
        self.assertEqual(profile.value_state, "none")
        self.assertUnknown(
            profile, "value_p_order", "value_predicted_12", "value_total", "value_rank"
        )
        self.assertIn("Nobody has come back", profile.value_reason)
        self.assertEqual(profile.value_order_days, 1)
        self.assertEqual(profile.value_margin, 40)

    def test_returns_only(self):
        self._learn()
        self._refund(100, "2026-06-01")
        self._refresh()
        profile = self._profile()
        self.assertEqual(profile.value_state, "none")
        self.assertUnknown(
            profile, "value_p_order", "value_predicted_12", "value_order_days"
        )
        self.assertIn("no order that was kept", profile.value_reason)
        self.assertEqual(profile.value_margin, -40)

    def test_no_sales_no_money(self):
        """Ordered but never invoiced: when it orders can be told, what is left of it
        cannot."""
        self._learn()
        self._order("2026-06-01", 100)
        self._refresh()
        profile = self._profile()
        self.assertTrue(profile.value_p_order)
        self.assertUnknown(profile, "value_predicted_12", "value_total")

    def test_company_without_data(self):
        company = self.env["res.company"].create({"name": "Empty"})
        self.scores._score(company)
        found = self.fits._get_current(company)
        self.assertEqual(found.state, "none")
        self.assertIn("nothing to learn from", found.verdict)

    def test_everything_on_one_day(self):
        for _number in range(3):
            self._order("2026-06-01", 100, invoice=True)
        self._refresh()
        profile = self._profile()
        self.assertEqual(profile.value_order_days, 1)
        self.assertEqual(profile.value_state, "none")

    def test_thin_data_is_marked(self):
        """Two came back after 30 days: too few for a model, so a simple estimate."""
        for partner in (self.customer, self._customer("Other")):
            self._order("2026-05-01", 100, partner, invoice=True)
            self._order("2026-05-31", 100, partner, invoice=True)
        self._refresh()
        profile = self._profile()
        self.assertEqual(profile.value_state, "estimate")
        self.assertIn("2 customers have ordered, 200 are needed", profile.value_reason)
        self.assertTrue(profile.value_predicted_12)

    # -- One customer ------------------------------------------------------------

    def test_merged_contact(self):
        self._learn()
        double = self._customer("Double")
        self._order("2026-05-01", 100, double, invoice=True)
        self._order("2026-06-01", 100, invoice=True)
        self._work_off()
        self.assertEqual(self._profile().value_order_days, 1)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | double).ids, self.customer
        )
        self.env.invalidate_all()
        self.env["customer.finance.queue"]._push(self.customer)
        self._work_off()
        self.assertEqual(self._profile().value_order_days, 2)

    def test_archived_customers_keep_their_value(self):
        self._learn()
        self._order("2026-06-01", 100, invoice=True)
        self.customer.active = False
        self._refresh()
        self.assertTrue(self._profile().value_p_order)

    def test_order_and_invoice_are_valued_by_the_queue(self):
        self._learn()
        self._order("2026-05-01", 100, invoice=True)
        self._refresh()
        fit = self.fits._get_current(self.company)
        before = self._profile().value_total
        self._order("2026-06-29", 100, invoice=True)
        self.assertEqual(self._profile().value_order_days, 1)
        self._work_off()
        profile = self._profile()
        self.assertEqual(profile.value_order_days, 2)
        self.assertGreater(profile.value_total, before)
        self.assertEqual(self.fits._get_current(self.company), fit)

    def test_alone_as_with_everybody(self):
        """Who is valued by day has what the night would say, the others unchanged."""
        self._learn()
        for number in range(6):
            partner = self._customer(str(number))
            self._invoice(100 * (number + 1), f"2026-0{number + 1}-01", partner=partner)
        self._refresh()
        profile = self._profile(partner)
        names = [
            name
            for name in profile._fields
            if name.startswith("value_") and profile._fields[name].store
        ]
        before = profile.read(names)
        self._refresh(partner)
        self.assertEqual(profile.read(names), before)

    def test_two_companies(self):
        data = self.setup_other_company(name="Other")
        self._learn()
        self._order("2026-06-01", 100, invoice=True)
        self._refresh()
        self._refresh(company=data["company"])
        self.assertTrue(self._profile().value_p_order)
        self.assertFalse(self._profile(company=data["company"]))

    def test_currency_of_the_company(self):
        """An order of 200 pounds at 4 to the euro is one of 50 in a euro company."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        other = self.setup_other_company(name="Other", currency_id=euro.id)["company"]
        self.env.user.company_ids |= other
        self._learn(other)
        self._learn()
        order = self._order("2026-06-01", 200, company_id=other.id)
        order.currency_rate = 4.0
        self._refresh()
        self._refresh(company=other)
        profile = self._profile(company=other)
        self.assertEqual(profile.currency_id, euro)
        self.assertEqual(profile.value_order_amount, 50)
        self.assertFalse(self._profile())

    def test_contact_order_and_invoice_show_it(self):
        self._learn()
        order = self._order("2026-06-01", 100, invoice=True)
        self._refresh()
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "partner_id": self.customer.id}
        )
        value = self._profile().value_total
        self.assertTrue(value)
        for record in (order, order.invoice_ids, lead, self.customer):
            self.assertEqual(record.finance_value_total, value, record)
        self.assertEqual(
            self.env["res.partner"].search([("finance_value_total", ">", 1)]),
            self.customer,
        )


@tagged("post_install", "-at_install")
class TestStanding(ScoreCommon):
    """Six customers invoiced once, none of whom paid, worked by hand.

    Sales 1000 … 50, margins 940, 440, 340, 240, 140 and −10.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.six = [cls._customer(f"Customer {number}") for number in range(6)]
        for partner, amount, day in zip(
            cls.six,
            (1000, 500, 400, 300, 200, 50),
            ("06-25", "06-01", "05-01", "04-01", "03-01", "02-01"),
            strict=True,
        ):
            cls._invoice(amount, f"2026-{day}", partner=partner)
        cls.env.flush_all()
        cls.profiles._refresh(cls.company)

    def _get(self, name):
        return [self._profile(partner)[name] for partner in self.six]

    def test_contribution(self):
        """Percentiles 1, .8 … 0 in sales and margin alike; nobody paid yet."""
        self.assertEqual(self._get("value_score"), [100, 80, 60, 40, 20, 0])
        self.assertEqual(self._get("value_rank"), [1, 2, 3, 4, 5, 6])
        self.assertEqual(set(self._get("value_score_missing")), {"timeliness"})
        self.assertIn("timeliness of payment", self._get("value_score_note")[0])

    def test_cumulative_share(self):
        """Of 2100: 940, 1380, 1720, 1960, 2100; a loss counts as the end."""
        shares = [round(share, 4) for share in self._get("value_share")]
        self.assertEqual(shares, [0.4476, 0.6571, 0.819, 0.9333, 1, 1])
        self.assertEqual(self._get("value_abc"), ["A", "A", "B", "B", "C", "C"])

    def test_rfm(self):
        self.assertEqual(self._get("value_r"), ["5", "5", "4", "3", "2", "1"])
        self.assertEqual(self._get("value_f"), ["1"] * 6)
        self.assertEqual(self._get("value_m"), ["5", "5", "4", "3", "2", "1"])
        self.assertEqual(self._get("value_segment")[0], "potential_loyal")
        self.assertEqual(self._get("value_segment")[-1], "lost")

    def test_classes(self):
        """Means: 75.7 days, 1 order, 408.33. Nobody is more frequent than the mean."""
        self.assertEqual(
            self._get("value_class"),
            [
                "key_develop",
                "key_develop",
                "general_develop",
                "general_win_back",
                "general_win_back",
                "general_win_back",
            ],
        )

    def test_fixed_thresholds(self):
        self.company.write(
            {
                "value_rfm_method": "fixed",
                "value_rfm_recency": "365, 180, 90, 30",
                "value_rfm_frequency": "1, 2, 3, 4",
                "value_rfm_monetary": "100, 400, 1000, 2000",
                "value_class_method": "fixed",
                "value_class_days": 60,
                "value_class_orders": 1,
                "value_class_amount": 500,
            }
        )
        self._refresh()
        # 5, 29, 60, 90, 121 and 149 days
        self.assertEqual(self._get("value_r"), ["5", "5", "4", "4", "3", "3"])
        self.assertEqual(self._get("value_f"), ["2"] * 6)
        self.assertEqual(self._get("value_m"), ["4", "3", "3", "2", "2", "1"])
        self.assertEqual(
            self._get("value_class")[1:4],
            ["key_value", "general_value", "general_keep"],
        )

    def test_equal_customers_share_a_rank(self):
        twin = self._customer("Twin")
        self._invoice(1000, "2026-06-25", partner=twin)
        self._refresh()
        self.assertEqual(self._profile(twin).value_rank, 1)
        self.assertEqual(self._get("value_rank")[:2], [1, 3])

    def test_no_risk_without_orders_and_payments(self):
        self.assertEqual(set(self._get("value_risk")), {False})
        self.assertEqual(set(self._get("value_quadrant")), {False})

    def test_risk(self):
        """The first, silent for 5 days: active with .75 · 30/35 / (… + .25) = .72, an
        order within a year with .72 · 365/400, so none with .343. All it owes is
        overdue, more than anybody's: (.5 · .343 + .2 · 1) / .7. The last, for 149:
        .7755 and nobody owes less: .5 · .7755 / .7."""
        self._learn()
        self._refresh()
        self.assertAlmostEqual(self._get("value_churn")[0], 0.343, 4)
        self.assertEqual(
            [round(risk, 3) for risk in self._get("value_risk")],
            [0.531, 0.571, 0.599, 0.598, 0.583, 0.554],
        )
        self.assertEqual(set(self._get("value_severe")), {False})

    def test_quadrants(self):
        """Profit is high for the first three, risk from 56 % for all but the first and
        the last."""
        self.company.value_risk_cut = 0.56
        self._learn()
        self._refresh()
        expected = [
            "steady",
            "high_profit_high_risk",
            "high_profit_high_risk",
            "high_risk",
            "high_risk",
            "low_value",
        ]
        self.assertEqual(self._get("value_quadrant"), expected)
        # Within five points of the cut nobody moves.
        self.company.value_risk_cut = 0.52
        self._refresh()
        self.assertEqual(self._get("value_quadrant"), expected)
        self.company.value_risk_cut = 0.45
        self._refresh()
        self.assertEqual(self._get("value_quadrant")[0], "high_profit_high_risk")
        self.assertEqual(self._get("value_quadrant")[-1], "high_risk")

    def test_profit_is_a_setting(self):
        """From 900 on only the first, who brings 940 less the financing, is high."""
        self.company.write({"value_profit_method": "fixed", "value_profit_cut": 900.0})
        self.company.value_risk_cut = 0.45
        self._learn()
        self._refresh()
        self.assertEqual(
            self._get("value_quadrant"), ["high_profit_high_risk"] + ["high_risk"] * 5
        )

    def test_rank_of_last_month(self):
        self.assertEqual(set(self._get("value_rank_previous")), {False})
        self.env["customer.value.standing"].search(
            [("company_id", "=", self.company.id)]
        ).as_of_date = "2026-05-31"
        self._invoice(5000, "2026-06-26", partner=self.six[5])
        self._refresh()
        self.assertEqual(self._get("value_rank_previous"), [1, 2, 3, 4, 5, 6])
        self.assertEqual(self._get("value_rank"), [2, 3, 4, 5, 6, 1])
        # The next night of the same month does not forget it.
        self._refresh()
        self.assertEqual(self._get("value_rank_previous"), [1, 2, 3, 4, 5, 6])

    def test_weights(self):
        """All weight on timeliness: nobody paid, so nobody has a score."""
        self.company.write({"value_weight_sales": 0, "value_weight_margin": 0})
        self._refresh()
        self.assertEqual(set(self._get("value_score")), {False})
        self.assertEqual(set(self._get("value_rank")), {False})

    def test_few_customers_have_no_place(self):
        for partner in self.six[2:]:
            moves = self.env["account.move"].search([("partner_id", "=", partner.id)])
            moves.button_draft()
            moves.button_cancel()
        self._refresh()
        profile = self._profile(self.six[0])
        for name in ("value_score", "value_rank", "value_segment", "value_abc"):
            self.assertFalse(profile[name], name)


@tagged("post_install", "-at_install")
class TestStandingOfPayers(ScoreCommon):
    def test_timeliness(self):
        """Five of equal sales; late by 0, 10, 20, 30 days, one has not paid. Weights
        on timeliness only: 100, 66.7, 33.3, 0 and none."""
        five = [self._customer(str(number)) for number in range(5)]
        for partner, day in zip(five, (1, 11, 21, 31), strict=False):
            invoice = self._invoice(100, "2026-05-01", partner=partner)
            self._pay(invoice, 100, f"2026-05-{day:02}")
        self._invoice(100, "2026-05-01", partner=five[4])
        self.company.write({"value_weight_sales": 0, "value_weight_margin": 0})
        self._refresh()
        found = [self._profile(partner).value_score for partner in five]
        self.assertEqual(
            [score and round(score, 1) for score in found],
            [100, 66.7, 33.3, 0, False],
        )
        # Of who paid everything is known; of the last one the payment is not.
        notes = [self._profile(partner).value_score_note for partner in five]
        self.assertEqual(notes[:4], [False] * 4)
        self.assertIn("timeliness of payment", notes[4])
