# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Domain
from odoo.tests import Form, freeze_time, tagged

from ..tools.ratios import RATIOS
from .common import FinanceCommon


@tagged("post_install", "-at_install")
class TestProfile(FinanceCommon):
    def setUp(self):
        super().setUp()
        self.env["customer.finance.queue"].search([]).unlink()

    def test_stored_figures_are_the_live_ones(self):
        invoice = self._invoice(100, "2026-01-15", "2026-02-15")
        self._pay(invoice, 40, "2026-03-15")
        self._refund(10, "2026-03-20")
        self._work_off()
        profile = self._profile()
        live = self._figures(profile.as_of_date)
        for name in self.profiles._get_figure_columns():
            if isinstance(live[name], (int, float)) or hasattr(live[name], "real"):
                self.assertAlmostEqual(profile[name], float(live[name]), 4, name)
            else:
                self.assertEqual(profile[name] or None, live[name], name)

    def test_ratios_in_sql_are_those_in_python(self):
        invoice = self._invoice(100, "2026-01-15", "2026-02-15")
        self._pay(invoice, 40, "2026-03-15")
        self._invoice(70, "2026-04-15", "2026-06-15")
        figures = self._figures("2026-05-15")
        for code, ratio in RATIOS.items():
            with self.subTest(code):
                self.assertAlmostEqual(ratio.value(figures), figures[code], 6)

    def test_group_ratio_is_the_quotient_of_sums(self):
        """100 of 200 on time and 0 of 100: a third, not the mean of 50 % and 0 %."""
        other = self.customer.copy()
        with freeze_time("2026-06-30 12:00:00"):
            for partner, amount, paid in (
                (self.customer, 200, 100),
                (other, 100, 0),
            ):
                invoice = self._invoice(
                    amount, "2026-05-01", "2026-05-31", partner=partner
                )
                if paid:
                    self._pay(invoice, paid, "2026-05-20")
            self._work_off()
        [(rate,)] = self.profiles._read_group(
            [("partner_id", "in", (self.customer | other).ids)],
            aggregates=["on_time_rate:avg"],
        )
        self.assertAlmostEqual(rate, 1 / 3)

    def test_every_event_is_queued(self):
        invoice = self._invoice(100, "2026-01-15", post=False)
        self.assertFalse(self._queued())
        invoice.action_post()
        self.assertEqual(self._queued(), self.customer)
        payment = self._pay(invoice, 100, "2026-01-20")
        self.assertEqual(self._queued(), self.customer)
        self._get_receivable_lines(payment.move_id).remove_move_reconcile()
        self.assertEqual(self._queued(), self.customer)
        invoice.button_draft()
        self.assertEqual(self._queued(), self.customer)
        invoice.button_cancel()
        queued = self._queued()
        if "credit.account" not in self.env:
            # Credit control counts drafts as well, and queues them.
            self.assertFalse(queued)
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        self.assertFalse(self._queued())
        order.action_confirm()
        self.assertEqual(self._queued(), self.customer)
        order._action_cancel()
        self.assertEqual(self._queued(), self.customer)

    def test_due_date_changed_on_a_posted_item(self):
        invoice = self._invoice(100, "2026-01-15", "2026-02-15")
        self._queued()
        self._get_receivable_lines(invoice).date_maturity = "2026-12-31"
        self.assertEqual(self._queued(), self.customer)

    def test_new_parent_takes_the_documents_along(self):
        self._invoice(100, "2026-01-15")
        group = self.env["res.partner"].create({"name": "Group", "is_company": True})
        self._work_off()
        self.assertEqual(self._profile().receivable, 100)
        self.customer.write({"is_company": False, "parent_id": group.id})
        self._work_off()
        self.assertFalse(self._profile())
        self.assertEqual(self._profile(group).receivable, 100)

    def test_merge(self):
        double = self.customer.copy({"name": "Double"})
        self._invoice(100, "2026-01-15")
        self._invoice(50, "2026-01-15", partner=double)
        self._work_off()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | double).ids, self.customer, extra_checks=False
        )
        self._work_off()
        self.assertEqual(self._profile().receivable, 150)
        self.assertFalse(double.exists())

    def test_archived_customer_keeps_its_profile(self):
        self._invoice(100, "2026-01-15")
        self.customer.active = False
        self._work_off()
        self.assertEqual(self._profile().receivable, 100)

    def test_profile_without_facts_goes(self):
        invoice = self._invoice(100, "2026-01-15")
        self._work_off()
        self.assertTrue(self._profile())
        invoice.button_draft()
        self._work_off()
        self.assertFalse(self._profile())

    def test_every_figure_opens_the_records_that_sum_to_it(self):
        with freeze_time("2026-06-30 12:00:00"):
            invoice = self._invoice(100, "2026-01-15", "2026-02-15")
            self._pay(invoice, 40, "2026-02-10")
            self._invoice(70, "2026-04-15", "2026-06-15")
            self._invoice(30, "2026-06-15", "2026-07-15")
            self._invoice(9, "2026-02-01", "2026-02-02")
            self._refund(10, "2026-03-20")
            self._work_off()
            profile = self._profile()
            measures = {
                "receivable": "open_amount",
                "unallocated_credit": "open_amount",
                "overdue": "open_amount",
                "not_due": "open_amount",
                "ageing_1": "open_amount",
                "ageing_2": "open_amount",
                "ageing_3": "open_amount",
                "ageing_4": "open_amount",
                "sales": "balance",
                "paid_amount": "money",
                "due_amount": "balance",
                "due_on_time": "money",
                "due_collected": "money",
                "margin": "margin",
                "net_sales": "net_sales",
            }
            for code, measure in measures.items():
                action = profile.with_context(finance_figure=code).action_open_figure()
                [(total,)] = (
                    self.env[action["res_model"]]
                    .with_context(**action["context"])
                    ._read_group(
                        Domain(action["domain"]), aggregates=[f"{measure}:sum"]
                    )
                )
                expected = profile[code]
                if code == "unallocated_credit":
                    expected = -expected
                self.assertAlmostEqual(total or 0.0, expected, 2, code)
        # The figures are the ones worked out by hand
        self.assertEqual(profile.receivable, 60 + 70 + 30 + 9 - 10)
        self.assertEqual(profile.overdue, 60 + 70 + 9)
        self.assertEqual(profile.ageing_1, 70)
        self.assertEqual(profile.ageing_4, 69)
        self.assertEqual(profile.due_on_time, 40)

    def _get_glossary(self):
        """Return what is told of customers; see test_return for campaigns."""
        return self.env["customer.finance.indicator"].search(
            [("category", "!=", "campaign")]
        )

    def test_every_figure_has_a_source(self):
        self._invoice(100, "2026-01-15", "2026-02-15")
        self._work_off()
        profile = self._profile()
        glossary = self._get_glossary()
        for code in glossary.mapped("code"):
            with self.subTest(code):
                profile.with_context(finance_figure=code).action_open_figure()

    def test_glossary_names_the_fields(self):
        descriptions = self.profiles.fields_get()
        for indicator in self._get_glossary():
            with self.subTest(indicator.code):
                description = descriptions[indicator.code]
                self.assertEqual(indicator.name, description["string"])
                self.assertIn(indicator.formula, description["help"])

    def test_help_follows_the_glossary(self):
        def get_help():
            return self.profiles.fields_get(["dso"], ["help"])["dso"].get("help", "")

        dso = self._get_glossary().filtered(lambda row: row.code == "dso")
        self.assertIn(dso.formula, get_help())
        dso.formula = "How long customers take"
        self.assertIn("How long customers take", get_help())
        dso.unlink()
        self.assertNotIn("How long customers take", get_help())

    def test_every_ratio_is_in_the_glossary(self):
        codes = self.env["customer.finance.indicator"].search([]).mapped("code")
        self.assertFalse(set(RATIOS) - set(codes))

    def test_contact_shows_the_commercial_entity(self):
        child = self.env["res.partner"].create(
            {"name": "Child", "parent_id": self.customer.id}
        )
        self._invoice(100, "2026-01-15", "2026-02-15")
        self._work_off()
        self.assertEqual(child.finance_receivable, 100)
        self.assertTrue(child.finance_is_child)
        self.assertFalse(self.customer.finance_is_child)
        found = self.env["res.partner"].search(
            [
                ("finance_profile_id.overdue", ">", 0),
                ("id", "child_of", self.customer.id),
            ]
        )
        self.assertEqual(found, self.customer | child)

    def test_order_and_invoice_show_the_customer(self):
        self._invoice(100, "2026-01-15", "2026-02-15")
        self._work_off()
        with Form(self.env["sale.order"]) as form:
            form.partner_id = self.customer
            self.assertEqual(form.finance_receivable, 100)

    def test_refresh_now(self):
        self._invoice(100, "2026-01-15")
        self._work_off()
        self._invoice(20, "2026-01-16")
        self.customer.action_refresh_finance()
        self.assertEqual(self._profile().receivable, 120)

    def test_self_check_agrees(self):
        self._invoice(100, "2026-01-15")
        self.profiles._rebuild(self.company)
        check = self.env["customer.finance.check"]._run(self.company)
        self.assertEqual(check.state, "ok")
        self.assertEqual(check.ledger_receivable, 100)

    def test_self_check_finds_drift_and_repairs_it(self):
        self._invoice(100, "2026-01-15")
        self._work_off()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_finance_profile SET receivable = 90 WHERE partner_id = %s",
            [self.customer.id],
        )
        self.profiles.invalidate_model()
        check = self.env["customer.finance.check"]._run(self.company)
        self.assertEqual(check.state, "drift")
        self.assertEqual(check.difference, -10)
        self.assertIn("Receivable (receivable)", check.line_ids.mapped("figure"))
        self._work_off()
        self.assertEqual(self._profile().receivable, 100)
