# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who won a customer, worked by hand."""

from decimal import Decimal

from odoo import Command
from odoo.tests import freeze_time, tagged

from .test_order_cash import OrderCommon


class AcquisitionCommon(OrderCommon):
    """Pieces are sold at 100 and cost 60. Today is 30 June 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time("2026-06-30 12:00:00")
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.report = cls.env["customer.acquisition.report"]
        cls.fair, cls.mailing, cls.web = (
            cls.env["utm.campaign"].create({"title": title, "company_id": company})
            for title, company in (
                ("Fair", cls.company.id),
                ("Mailing", cls.company.id),
                ("Web", False),
            )
        )
        cls.phone = cls.env["utm.source"].create({"name": "Phone"})

    @classmethod
    def _lead(cls, day, campaign=None, partner=None, **values):
        """Create an opportunity of a customer on a day given as text."""
        lead = cls.env["crm.lead"].create(
            {
                "name": "Lead",
                "type": "opportunity",
                "partner_id": (partner or cls.customer).id,
                "campaign_id": campaign.id if campaign else False,
                **values,
            }
        )
        lead.flush_recordset()
        cls.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            [f"{day} 08:00:00", lead.id],
        )
        lead.invalidate_recordset()
        return lead

    @classmethod
    def _win(cls, day, campaign=None, quantity=10, partner=None, **values):
        """Confirm an order on a day given as text, at noon."""
        order = cls._order(
            quantity,
            partner=partner,
            campaign_id=campaign.id if campaign else False,
            **values,
        )
        order.date_order = f"{day} 12:00:00"
        return order

    @classmethod
    def _customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    def _refresh(self, company=None):
        self.env["customer.acquisition"]._refresh(company or self.company)

    def _weights(self, partner=None, company=None):
        """Return {model: {campaign's or source's name: weight}} of a customer, without
        the touches that got nothing."""
        self._refresh(company)
        rows = self.report.search(
            [
                ("kind", "=", "won"),
                ("partner_id", "=", (partner or self.customer).id),
                ("company_id", "=", (company or self.company).id),
            ]
        )
        weights = {}
        for row in rows.sorted("id"):
            name = row.campaign_id.title or row.source_id.name or row.attributed
            if row.customers:
                found = weights.setdefault(row.attribution, {})
                found[name] = found.get(name, 0) + row.customers
        return weights

    def _sums(self, domain, *measures):
        """Return the figures of the rows found, as a pivot shows them."""
        self._refresh()
        [values] = self.report._read_group(domain, [], measures)
        return [value if value is False else round(value, 6) for value in values]


@tagged("post_install", "-at_install")
class TestAcquisition(AcquisitionCommon):
    def test_no_campaign_at_all(self):
        self._lead("2026-01-10")
        self._win("2026-03-01")
        nobody = {"none": 1}
        self.assertEqual(
            self._weights(), {"first": nobody, "last": nobody, "linear": nobody}
        )

    def test_no_order_no_customer(self):
        self._lead("2026-01-10", self.fair)
        self._win("2026-03-01", self.fair).action_cancel()
        self._order(1, confirm=False)
        self.assertEqual(self._weights(), {})

    def test_two_touches(self):
        self._lead("2026-02-10", self.mailing)
        self._lead("2026-01-10", self.fair)
        self._win("2026-03-01")
        self.assertEqual(
            self._weights(),
            {
                "first": {"Fair": 1},
                "last": {"Mailing": 1},
                "linear": {"Fair": 0.5, "Mailing": 0.5},
            },
        )

    def test_the_order_is_the_third_touch(self):
        """A third each; they sum to exactly 1, not to 0.999999."""
        self._lead("2026-01-10", self.fair)
        self._lead("2026-02-10", self.mailing)
        self._win("2026-03-01", self.web)
        weights = self._weights()
        self.assertEqual(weights["first"], {"Fair": 1})
        self.assertEqual(weights["last"], {"Web": 1})
        self.assertEqual(
            weights["linear"], {"Fair": 0.333333, "Mailing": 0.333333, "Web": 0.333334}
        )
        self.env.cr.execute(self.env["acquisition.rows"]._sql_credits())
        names = [column.name for column in self.env.cr.description]
        rows = [dict(zip(names, row, strict=True)) for row in self.env.cr.fetchall()]
        for model in ("first", "last", "linear"):
            total = sum(
                row["weight"]
                for row in rows
                if row["attribution"] == model and row["partner_id"] == self.customer.id
            )
            self.assertEqual(Decimal(total), Decimal(1))

    def test_an_order_repeats_its_opportunity(self):
        """The order takes the campaign over from its opportunity: one touch."""
        self._lead("2026-01-10", self.fair)
        lead = self._lead("2026-02-10", self.mailing)
        self._win("2026-03-01", self.mailing, opportunity_id=lead.id)
        self.assertEqual(self._weights()["linear"], {"Fair": 0.5, "Mailing": 0.5})

    def test_an_order_differs_from_its_opportunity(self):
        lead = self._lead("2026-02-10", self.mailing)
        self._win("2026-03-01", self.web, opportunity_id=lead.id)
        self.assertEqual(self._weights()["linear"], {"Mailing": 0.5, "Web": 0.5})

    def test_touch_after_the_order(self):
        self._lead("2026-03-02", self.fair)
        late = self._lead("2026-03-05", self.mailing)
        self._win("2026-03-01", opportunity_id=late.id)
        self.assertEqual(self._weights()["first"], {"none": 1})

    def test_later_orders_win_nobody(self):
        self._win("2026-03-01", self.fair)
        self._win("2026-04-01", self.mailing)
        self.assertEqual(self._weights()["last"], {"Fair": 1})

    def test_first_order_cancelled(self):
        """Without it the customer was won by the next one."""
        order = self._win("2026-03-01", self.fair)
        self._win("2026-04-01", self.mailing)
        order._action_cancel()
        self.assertEqual(self._weights()["last"], {"Mailing": 1})

    def test_lost_and_archived_leads_count(self):
        self._lead("2026-01-10", self.fair).action_set_lost()
        self._lead("2026-02-10", self.mailing).active = False
        self._win("2026-03-01")
        self.assertEqual(self._weights()["linear"], {"Fair": 0.5, "Mailing": 0.5})

    def test_merged_leads_are_one_touch(self):
        """What remains of them is one lead with one campaign."""
        old = self._lead("2026-01-10", self.fair, probability=10)
        new = self._lead("2026-02-10", probability=10)
        merged = (old | new).merge_opportunity()
        self.assertEqual(merged.campaign_id, self.fair)
        self._win("2026-03-01")
        self.assertEqual(self._weights()["linear"], {"Fair": 1})

    def test_source_counts_medium_alone_does_not(self):
        medium = self.env["utm.medium"].create({"name": "Stand"})
        self._lead("2026-01-10", medium_id=medium.id)
        self._lead("2026-02-10", source_id=self.phone.id, medium_id=medium.id)
        self._win("2026-03-01")
        self.assertEqual(self._weights()["first"], {"Phone": 1})
        row = self.report.search([("partner_id", "=", self.customer.id)], limit=1)
        self.assertEqual(row.medium_id, medium)

    def test_child_contacts(self):
        """A contact's lead and another contact's order are the customer's."""
        contact, buyer = (
            self.env["res.partner"].create(
                {"name": name, "parent_id": self.customer.id, "type": "contact"}
            )
            for name in ("Contact", "Buyer")
        )
        self._lead("2026-01-10", self.fair, partner=contact)
        self._win("2026-03-01", partner=buyer)
        self.assertEqual(self._weights()["first"], {"Fair": 1})
        self.assertEqual(self._weights(buyer), {})

    def test_opportunity_without_customer(self):
        """The order's opportunity counts whoever it was for."""
        lead = self._lead("2026-01-10", self.fair)
        lead.partner_id = False
        self._win("2026-03-01", opportunity_id=lead.id)
        self.assertEqual(self._weights()["first"], {"Fair": 1})

    def test_two_companies(self):
        """Won twice: by the fair here, by the mailing there; a lead that belongs to no
        company is a touch in both."""
        data = self.setup_other_company(name="Other")
        other = data["company"]
        self.env.user.company_ids |= other
        self._lead("2026-01-05", self.web, company_id=False)
        self._lead("2026-01-10", self.fair, company_id=self.company.id)
        self._lead("2026-01-10", self.mailing, company_id=other.id, team_id=False)
        self._win("2026-03-01")
        there = (
            self.env["sale.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": other.id,
                    "order_line": [
                        Command.create({"name": "Text", "display_type": "line_note"})
                    ],
                }
            )
        )
        there.action_confirm()
        here, there = self._weights(), self._weights(company=other)
        self.assertEqual(here["linear"], {"Web": 0.5, "Fair": 0.5})
        self.assertEqual(there["linear"], {"Web": 0.5, "Mailing": 0.5})

    def test_archived_customer(self):
        self._win("2026-03-01", self.fair)
        self.customer.active = False
        self.assertEqual(self._weights()["first"], {"Fair": 1})

    def test_merged_customers(self):
        """One customer remains, won by the earlier order."""
        twin = self._customer("Twin")
        self._win("2026-03-01", self.fair, partner=twin)
        self._win("2026-04-01", self.mailing)
        self._work_off()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([twin.id, self.customer.id], self.customer)
        self._work_off()
        rows = self.env["customer.acquisition"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(rows.partner_id, self.customer)
        self.assertEqual(self._weights()["first"], {"Fair": 1})

    def test_refreshed_with_the_profile(self):
        order = self._win("2026-03-01", self.fair)
        self._work_off()
        row = self.env["customer.acquisition"].search([("order_id", "=", order.id)])
        self.assertEqual(str(row.date), "2026-03-01")
        self.assertEqual(row.margin, 0)
        self._bill(order, "2026-03-10")
        self._work_off()
        self.assertEqual(row.margin, 400)
        order._action_cancel()
        self._work_off()
        self.assertFalse(row.exists())

    def test_day_where_the_company_is(self):
        """In the evening of 28 February in UTC it is March in Shanghai."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self._win("2026-03-01").date_order = "2026-02-28 20:00:00"
        self._refresh()
        row = self.report.search([("partner_id", "=", self.customer.id)], limit=1)
        self.assertEqual(str(row.date), "2026-03-01")

    def test_models_side_by_side(self):
        """Two customers: one by fair and mailing, one by nobody."""
        self._lead("2026-01-10", self.fair)
        self._lead("2026-02-10", self.mailing)
        self._win("2026-03-01")
        self._win("2026-03-02", partner=self._customer("Second"))
        self._refresh()
        rows = self.report._read_group(
            [("company_id", "=", self.company.id)],
            ["attribution", "campaign_id"],
            ["customers:sum", "customers_share:avg"],
        )
        none = self.env["utm.campaign"]
        self.assertEqual(
            {(model, campaign): tuple(figures) for model, campaign, *figures in rows},
            {
                # Each model shares out two customers.
                ("first", self.fair): (1, 1 / 2),
                ("first", self.mailing): (0, 0),
                ("first", none): (1, 1 / 2),
                ("last", self.fair): (0, 0),
                ("last", self.mailing): (1, 1 / 2),
                ("last", none): (1, 1 / 2),
                ("linear", self.fair): (0.5, 0.5 / 2),
                ("linear", self.mailing): (0.5, 0.5 / 2),
                ("linear", none): (1, 1 / 2),
            },
        )

    def test_the_total_of_several_models_is_their_mean(self):
        """All of them: the customer once, not three times."""
        self._lead("2026-01-10", self.fair)
        self._lead("2026-02-10", self.mailing)
        self._win("2026-03-01")
        own = [("partner_id", "=", self.customer.id)]
        self.assertEqual(self._sums(own, "customers:sum"), [1])
        fair = [*own, ("campaign_id", "=", self.fair.id)]
        # First touch 1, last touch 0, linear 0.5
        self.assertEqual(self._sums(fair, "customers:sum"), [0.5])
        fair.append(("attribution", "=", "first"))
        self.assertEqual(self._sums(fair, "customers:sum"), [1])

    def test_unattributed_share(self):
        self._win("2026-03-01", self.fair)
        for number in range(3):
            self._win("2026-03-02", partner=self._customer(f"Other {number}"))
        self._refresh()
        rows = self.report._read_group(
            [("company_id", "=", self.company.id), ("attribution", "=", "last")],
            ["attributed"],
            ["customers:sum", "customers_share:avg"],
        )
        self.assertEqual(sorted(rows), [("none", 3, 0.75), ("touched", 1, 0.25)])
