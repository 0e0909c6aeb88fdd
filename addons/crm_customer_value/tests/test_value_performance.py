# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.crm_finance_bridge.tests import test_performance
from odoo.addons.crm_finance_bridge.tests.test_performance import FEW, MANY


@tagged("post_install", "-at_install")
class TestValuePerformance(test_performance.TestPerformance):
    """The number of statements does not depend on the number of customers: neither of
    the refresh with the values in it, nor of these alone."""

    def _score(self, customers):
        self.env["customer.value.score"]._score(self.company, customers)

    def test_scores(self):
        self.assertSameQueries(self._score)

    def test_night(self):
        """Everybody: which days are to be written anew, reading, writing, standing of
        the portfolio, the fit; of tiers, what they are compared with, what has expired
        and contacts gone astray."""
        self.profiles._refresh(self.company)
        with self._statements() as night:
            self.env["customer.value.score"]._score(self.company)
        with self._statements() as one:
            self._score(self.customers[:1])
        self.assertLess(len(night), len(one) + 9, "\n".join(night))

    def test_contact(self):
        """What the value, its tier and the alerts add to opening a contact."""
        names = [
            name
            for name in self._as_user("res.partner").fields_get()
            if name.startswith("finance_value")
        ]
        contact = self.customers[:1].with_env(self._as_user("res.partner").env)
        counts = []
        for spec in ([], ["finance_receivable"], ["finance_receivable", *names]):
            self.env.invalidate_all()
            with self._statements() as rows:
                contact.web_read({name: {} for name in ["display_name", *spec]})
            counts.append(rows)
        _bare, profile, full = counts
        # Fit, tier, its last change and its scheme, months, currency.
        self.assertLessEqual(len(full) - len(profile), 8, "\n".join(full))

    def _assert_cards_scale(self, model, records):
        """Cards show tier and segment: as many statements for many as for a few."""
        spec = {
            **self._get_spec(model, "kanban"),
            "finance_value_tier_id": {"fields": {"display_name": {}}},
        }
        self.assertIn("finance_value_segment", spec)
        self.assertIn("finance_value_tier_color", spec)

        def read(customers):
            ids = records.filtered(lambda record: record.partner_id in customers).ids
            rows = self._as_user(model).web_search_read(
                [("id", "in", ids)], spec, limit=2 * MANY
            )["records"]
            self.assertEqual(len(rows), len(customers))

        self.assertSameQueries(read)

    def test_order_cards(self):
        self._assert_cards_scale("sale.order", self.orders)

    def test_pipeline_cards(self):
        leads = self.env["crm.lead"].create(
            [
                {"name": partner.name, "partner_id": partner.id, "type": "opportunity"}
                for partner in self.customers
            ]
        )
        self._assert_cards_scale("crm.lead", leads)

    def test_opportunity_list(self):
        self.env["crm.lead"].create(
            [
                {"name": partner.name, "partner_id": partner.id, "type": "opportunity"}
                for partner in self.customers
            ]
        )
        self.assertListScales("crm.lead")

    def test_history(self):
        self.assertSameQueries(
            lambda customers: self.env["customer.order.history"]._get_histories(
                self.company, customers
            )
        )

    def _watched(self, customers):
        """Have these customers, and nobody else, silent for 40 days."""
        self.env.cr.execute(
            """
            UPDATE customer_finance_profile
               SET value_order_days = 6, value_order_amount = 100,
                   value_interval = 20, value_interval_long = 20,
                   value_last_order_date = CASE
                        WHEN partner_id = ANY(%s) THEN DATE '2026-05-21'
                        ELSE DATE '2026-06-20' END
            """,
            [customers.ids],
        )
        self.profiles.invalidate_model()

    def test_alerts_open_and_close(self):
        """Opening, refreshing and closing cost the same for many as for a few, the
        activities included."""
        alerts = self.env["customer.finance.alert"]
        counts = []
        for size in (FEW, FEW, MANY):
            steps = []
            for concerned in (size, size, 0):
                self._watched(self.customers[:concerned])
                self.env.flush_all()
                self.env.invalidate_all()
                with self._statements() as rows:
                    alerts._watch(self.company, self.customers)
                    self.env.flush_all()
                steps.append(rows)
                found = alerts.search_count([("state", "=", "open")])
                self.assertEqual(found, concerned)
            counts.append(steps)
        for few, many in zip(counts[1], counts[2], strict=True):
            self.assertEqual(len(many), len(few), "\n".join(["", *few, "-", *many]))

    def test_margin_changes(self):
        """The products behind the margins of many customers are read at once."""
        alerts = self.env["customer.finance.alert"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "kind": "margin",
                    "opened_date": "2026-06-30",
                    "before_start_date": "2025-04-01",
                    "before_end_date": "2025-06-30",
                    "start_date": "2026-04-01",
                    "end_date": "2026-06-30",
                }
                for partner in self.customers
            ]
        )

        def explain(customers):
            of_them = alerts.filtered(lambda alert: alert.partner_id in customers)
            self.env["customer.finance.alert.product"]._explain(of_them)
            self.assertEqual(len(of_them.change_ids), len(customers))

        self.assertSameQueries(explain)

    def test_list_of_calls(self):
        """The list reads contacts, activities, alerts and pauses for all rows."""
        self._watched(self.customers)
        self.env["customer.finance.alert"]._watch(self.company, self.customers)
        view = self.env.ref("crm_customer_value.customer_call_view_list")
        model = self._as_user("customer.finance.profile")
        arch = model.get_views([[view.id, "list"]])["views"]["list"]["arch"]
        names = [name for name in model.fields_get() if f'name="{name}"' in arch]

        def read(customers):
            rows = self._as_user("customer.finance.profile").web_search_read(
                [
                    ("partner_id", "in", customers.ids),
                    ("alert_ids", "!=", False),
                    ("call_pause_until", "=", False),
                    ("call_contact_date", "<", "2026-06-24"),
                ],
                {name: {} for name in names},
                limit=2 * MANY,
            )["records"]
            self.assertEqual(len(rows), len(customers))
            self.assertIn("40 days", rows[0]["call_reason"])

        self.assertSameQueries(read)

    def test_reports(self):
        """One statement per group or page, whatever the number of customers."""
        for model, measure in (
            ("customer.cohort", "retention:avg"),
            ("customer.margin.retention", "net_retention:avg"),
            ("customer.margin.change", "mix_effect:sum"),
        ):
            with self.subTest(model):
                self.assertSameQueries(
                    lambda customers, model=model, measure=measure: self._as_user(
                        model
                    ).formatted_read_group(
                        [("partner_id", "in", customers.ids)], ["user_id"], [measure]
                    )
                )
                self.assertListScales(
                    model,
                    None,
                )
