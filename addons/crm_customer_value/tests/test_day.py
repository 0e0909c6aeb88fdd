# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.tests import freeze_time, tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestDay(ValueCommon):
    """What is stored day by day, and when it is written anew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.days = cls.env["customer.value.day"]

    def _stored(self, partner=None, company=None):
        """Return ``{date: (ordered, margin of it, billed, margin of it)}``."""
        self.days.flush_model()
        self.env.cr.execute(
            """
            SELECT date, order_net::float8, order_margin::float8, billed_net::float8,
                   billed_margin::float8
              FROM customer_value_day WHERE partner_id = %s AND company_id = %s
            """,
            [(partner or self.customer).id, (company or self.company).id],
        )
        return {day: tuple(figures) for day, *figures in self.env.cr.fetchall()}

    def assertAsLive(self):
        """The history from what is stored is what the documents say."""
        facts = self.env["customer.finance.facts"]
        scope = facts._get_scope(self.company)
        stored = self.env.execute_query_dict(
            self.history._sql_history(scope, days=self.days._sql_ordered(scope))
        )
        live = self.history._get_histories(self.company)
        self.assertTrue(live)
        self.assertEqual({row["partner_id"]: row for row in stored}, live)

    def test_ordered_and_billed(self):
        """100 ordered and billed on 1 March, the half credited on the 20th; 50 ordered
        on the 20th, too. A unit costs 60."""
        order = self._order("2026-03-01", 100, invoice=True)
        self._credit(order, "2026-03-20", 0.5)
        self._order("2026-03-20", 50)
        self.days._refresh(self.company)
        self.assertEqual(
            self._stored(),
            {
                date(2026, 3, 1): (50.0, 20.0, 100.0, 40.0),
                date(2026, 3, 20): (50.0, -10.0, -50.0, -20.0),
            },
        )
        self.assertAsLive()

    def test_invoice_without_an_order_is_both(self):
        self._invoice(100, "2026-03-01")
        self.days._refresh(self.company)
        self.assertEqual(
            self._stored()[date(2026, 3, 1)][::2],
            (100.0, 100.0),
        )
        self.assertAsLive()

    def test_contact_of_the_customer(self):
        contact = self._customer("Branch", parent_id=self.customer.id, is_company=False)
        self._order("2026-03-01", 100, partner=contact)
        self.days._refresh(self.company, self.customer)
        self.assertEqual(list(self._stored()), [date(2026, 3, 1)])
        self.assertFalse(self._stored(contact))

    def test_others_are_left_alone(self):
        other = self._customer("Other")
        self._order("2026-03-01", 100)
        self._order("2026-03-01", 100, partner=other)
        self.days._refresh(self.company, other)
        self.assertFalse(self._stored())
        self.assertTrue(self._stored(other))
        self.assertFalse(self._stored(other, self._create_company(name="Second")))

    def test_order_of_a_day_to_come(self):
        """Nothing tells when the day has come: it is stored before."""
        self._order("2026-07-10", 100)
        self._refresh()
        self.assertFalse(self._profile().value_order_days)
        with freeze_time("2026-07-11 12:00:00"):
            self._refresh()
            self.assertEqual(self._profile().value_order_days, 1)

    def test_undone(self):
        order = self._order("2026-03-01", 100)
        self._refresh(self.customer)
        self.assertTrue(self._stored())
        order._action_cancel()
        self._refresh(self.customer)
        self.assertFalse(self._stored())

    # ------------------------------------------------------------------
    # The night
    # ------------------------------------------------------------------

    def _stale(self, since):
        return self.days._get_stale(self.company, since.split()[0])

    def test_what_was_written_since_is_stale(self):
        """In a test all is one transaction, so everything is; of one to come, nothing
        is: its number is higher than all there are."""
        moment = self.days._refresh_stale(self.company, None)
        self._order("2026-03-01", 100)
        self.assertIn(self.customer, self._stale(moment))
        self.env.cr.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
        [after] = self.env.cr.fetchone()
        self.assertFalse(self._stale(str(int(after) + 1000)))

    def test_change_by_sql_is_found_at_night(self):
        order = self._order("2026-03-01", 100)
        self._refresh()
        self.env.cr.execute(
            "UPDATE sale_order SET amount_untaxed = 80 WHERE id = %s", [order.id]
        )
        self.env.invalidate_all()
        self._refresh()
        self.assertEqual(self._stored()[date(2026, 3, 1)][0], 80)

    def test_night_after_the_first_writes_what_is_stale_only(self):
        self._order("2026-03-01", 100)
        self._refresh()
        _date, moment = self.env["customer.value.standing"]._get_night(self.company)
        self.patch(
            type(self.days), "_get_stale", lambda *args: args[0].env["res.partner"]
        )
        self.env.cr.execute("UPDATE customer_value_day SET order_net = 7")
        self.days._refresh_stale(self.company, moment)
        self.assertEqual(self._stored()[date(2026, 3, 1)][0], 7)
        for since in (
            None,
            # A copy in a server that has had fewer transactions.
            f"{int(moment.split()[0]) + 10**9} UTC",
            # So long ago that rows written since have numbers from before.
            f"{int(moment.split()[0]) - 2**31} UTC",
            f"{moment.split()[0]} Asia/Shanghai",
        ):
            with self.subTest(since):
                self.env.cr.execute("UPDATE customer_value_day SET order_net = 7")
                self.days._refresh_stale(self.company, since)
                self.assertEqual(self._stored()[date(2026, 3, 1)][0], 100)

    def test_days_of_the_company_begin_elsewhere(self):
        """20:00 UTC is the next day in Shanghai."""
        self._order("2026-06-01").date_order = "2026-06-01 20:00:00"
        self._refresh()
        self.company.partner_id.tz = "Asia/Shanghai"
        self._refresh()
        self.assertEqual(list(self._stored()), [date(2026, 6, 2)])

    def test_no_customer_any_more(self):
        """The days of a contact that was merged or moved go."""
        other = self._customer("Other")
        self._order("2026-03-01", 100, partner=other)
        self._refresh()
        self.assertTrue(self._stored(other))
        other.parent_id = self.customer
        other.is_company = False
        self.assertEqual(other.commercial_partner_id, self.customer)
        self._refresh()
        self.assertFalse(self._stored(other))
        self.assertEqual(self._profile().value_order_days, 1)
