# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import ValidationError
from odoo.fields import Date
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .alert_common import AlertCommon


@tagged("post_install", "-at_install")
class TestCall(AlertCommon):
    """Whom to call, as of 30 June 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order_every(20, 6, last=20)
        # All that was ever billed left 40 %, which is the rate of everybody.
        cls._pay(
            cls._invoice(100, "2026-06-01", partner=cls._customer("Billed")),
            100,
            "2026-06-01",
        )
        cls._refresh()
        cls.profile = cls._profile(cls)

    def _found(self, *filters):
        """Return the customers the filters of the list leave."""
        view = self.profiles.get_views([(False, "search")])["views"]["search"]["arch"]
        domain = []
        for name in filters:
            part = view.partition(f'name="{name}"')[2].partition('domain="')[2]
            text = part.partition('"')[0]
            for old, new in (("&lt;", "<"), ("&gt;", ">"), ("uid", str(self.env.uid))):
                text = text.replace(old, new)
            domain += safe_eval(text)
        return self.profiles.search(
            [("company_id", "=", self.company.id), *domain]
        ).partner_id

    def test_worth(self):
        """At stake: expected value × chance of no order; due: chance of being a
        customer still × usual order of 100 × margin rate of 40 %."""
        profile = self.profile
        self.assertAlmostEqual(
            profile.value_stake,
            profile.value_predicted_12 * profile.value_churn,
            delta=0.011,
        )
        self.assertEqual(str(profile.value_due_date), "2026-06-30")
        self.assertAlmostEqual(profile.value_margin_rate, 0.4)
        self.assertAlmostEqual(
            profile.value_due_margin, profile.value_p_alive * 40, delta=0.011
        )
        self.assertAlmostEqual(
            profile.value_call,
            profile.value_stake + profile.value_due_margin,
            delta=0.011,
        )

    def test_not_due_yet(self):
        """An order today: the next one is due in 20 days, beyond the lead of 7."""
        self._order("2026-06-30")
        self._refresh()
        self.assertEqual(self.profile.value_due_margin, 0)
        self.assertNotIn(self.customer, self._found("to_call"))
        self.company.value_call_lead = 30
        self._refresh()
        self.assertTrue(self.profile.value_due_margin)

    def test_without_a_prediction(self):
        """An invoice alone in a company where nobody came back tells nothing."""
        data = self.setup_other_company(name="New Company")
        self._refresh(company=data["company"])
        lonely = self._customer("Lonely")
        self.profiles.search([]).unlink()
        self.fits.search([]).unlink()
        self.env["sale.order"].search([]).filtered("id").write({"state": "cancel"})
        self._sell(1, 100, "2026-06-01", partner=lonely)
        self._refresh()
        profile = self._profile(lonely)
        self.assertIs(profile.value_call, False)
        self.assertIs(profile.value_call_rank, False)

    def test_ranked(self):
        """The one whose order is due is worth more than the one who just ordered."""
        other = self._customer("Other")
        self._order_every(20, 6, last=0, partner=other)
        self._refresh()
        profiles = self.profiles.search([("company_id", "=", self.company.id)])
        ranked = profiles.sorted("value_call", reverse=True)
        self.assertEqual(ranked.mapped("value_call_rank"), [1, 2, 3])
        self.assertLess(
            self.profile.value_call_rank, self._profile(other).value_call_rank
        )
        # By day it is compared with the others as of the last night, two of whom were
        # worth more: the one billed, and the customer itself before its order.
        self._order("2026-06-30")
        self._refresh(self.customer)
        self.assertGreaterEqual(self.profile.value_call_rank, 3)

    def test_why(self):
        self.assertEqual(
            self.profile.call_reason, "Order due since 06/30/2026 by its rhythm."
        )
        self._invoice(100, "2026-05-01", "2026-06-20")
        self._refresh()
        self.assertIn("Overdue for 10 days", self.profile.call_reason)
        self._night("2026-07-11")
        self.assertIn("No order for", self.profile.call_reason)
        self.assertNotIn("by its rhythm", self.profile.call_reason)

    def test_last_contact(self):
        """Nobody, then a note on the order, then a meeting with a contact."""
        self.assertFalse(self.profile.call_contact_date)
        self.assertIn(self.customer, self._found("not_contacted"))
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.customer.id)], limit=1
        )
        note = order.message_post(body="Called", message_type="comment")
        note.date = "2026-06-24 10:00:00"
        self.env.invalidate_all()
        self.assertEqual(str(self.profile.call_contact_date), "2026-06-24")
        self.assertNotIn(self.customer, self._found("not_contacted"))
        # On the seventh day before today it is a week ago.
        note.date = "2026-06-23 10:00:00"
        self.assertIn(self.customer, self._found("not_contacted"))
        child = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        for day in ("2026-06-29", "2026-07-02"):
            self.env["calendar.event"].create(
                {
                    "name": "Visit",
                    "start": f"{day} 08:00:00",
                    "stop": f"{day} 09:00:00",
                    "partner_ids": [Command.set(child.ids)],
                }
            )
        self.env.invalidate_all()
        self.assertEqual(str(self.profile.call_contact_date), "2026-06-29")

    def test_done_activity_is_a_contact(self):
        """What Odoo writes by itself, as on confirmation, is none."""
        self.customer.message_post(body="Automatic", message_type="notification")
        self.env.invalidate_all()
        self.assertFalse(self.profile.call_contact_date)
        activity = self.customer.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.ann.id
        )
        activity.with_user(self.ann).action_feedback("Reached")
        self.env.invalidate_all()
        self.assertEqual(str(self.profile.call_contact_date), "2026-06-30")

    def test_next_activity(self):
        """The earliest on the customer, its opportunities and orders; alerts are
        nobody's plan."""
        self._night("2026-07-15")
        self.assertTrue(self._activities(self._alert()))
        self.assertFalse(self.profile.call_activity_date)
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "partner_id": self.customer.id}
        )
        for record, day in ((self.customer, "2026-07-20"), (lead, "2026-07-18")):
            record.activity_schedule(
                "mail.mail_activity_data_call",
                summary="Ask for the plan",
                date_deadline=Date.to_date(day),
                user_id=self.ann.id,
            )
        self.env.invalidate_all()
        self.assertEqual(str(self.profile.call_activity_date), "2026-07-18")
        self.assertEqual(
            self.profile.call_activity, f"Ask for the plan – {self.ann.name}"
        )

    def test_plan_a_call(self):
        """Odoo's own dialog, with a call filled in."""
        action = self.profile.with_user(self.ann).action_plan_call()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.ann)
            .with_context(**action["context"])
        ).save()
        wizard.action_schedule_activities()
        activity = self.customer.activity_ids
        self.assertEqual(activity.user_id, self.ann)
        self.assertEqual(
            activity.activity_type_id, self.env.ref("mail.mail_activity_data_call")
        )

    def test_quotation(self):
        action = self.profile.with_user(self.ann).action_start_quotation()
        form = Form(
            self.env["sale.order"].with_user(self.ann).with_context(**action["context"])
        )
        self.assertEqual(form.partner_id, self.customer)

    def _pause(self, until, **values):
        action = self.profile.with_user(self.ann).action_pause_calls()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.ann)
            .with_context(**action["context"])
            .browse(action["res_id"] or [])
        )
        form.date_until = until
        form.reason = "On holiday"
        return form.save()

    def test_paused(self):
        self.assertIn(self.customer, self._found("to_call"))
        pause = self._pause("2026-07-10")
        self.env.invalidate_all()
        self.assertNotIn(self.customer, self._found("to_call"))
        self.assertIn(self.customer, self._found("paused"))
        self.assertIn("On holiday", self.profile.call_reason)
        # The same pause is changed, not a second one made.
        self.assertEqual(self._pause("2026-07-05"), pause)
        self._night("2026-07-05")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._pause("2026-06-30")
        pause.with_user(self.ann).action_end()
        self.assertIn(self.customer, self._found("to_call"))

    def test_pause_survives_the_profile(self):
        self._pause("2026-07-10")
        self.profile.unlink()
        self._refresh()
        self.assertEqual(str(self._profile().call_pause_until), "2026-07-10")

    def test_to_call(self):
        """Due within a week, overdue money or an alert; nothing else."""
        quiet = self._customer("Quiet")
        self._order_every(20, 6, last=0, partner=quiet)
        owing = self._customer("Owing")
        self._order_every(20, 6, last=0, partner=owing)
        self._invoice(10, "2026-06-01", "2026-06-20", partner=owing)
        self._refresh()
        found = self._found("to_call")
        self.assertIn(self.customer, found)
        self.assertIn(owing, found)
        self.assertNotIn(quiet, found)

    def test_ends_of_the_menu(self):
        """A salesperson finds the list in Sales, CRM and Customer Finance."""
        visible = self.env["ir.ui.menu"].with_user(self.ann)._visible_menu_ids()
        for name in ("menu", "menu_sale", "menu_crm"):
            menu = self.env.ref(f"crm_customer_value.customer_call_{name}")
            self.assertIn(menu.id, visible)
