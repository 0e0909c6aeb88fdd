# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

from odoo.tests import freeze_time, new_test_user

from .common import TODAY, ValueCommon


class AlertCommon(ValueCommon):
    """Ann's customer, watched as of 30 June 2026 with the default settings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alerts = cls.env["customer.finance.alert"]
        cls.ann = cls._user("alert_ann", "sales_team.group_sale_salesman")
        cls.customer.user_id = cls.ann

    @classmethod
    def _user(cls, login, groups, **values):
        return new_test_user(
            cls.env, login, groups=groups, company_id=cls.company.id, **values
        )

    @classmethod
    def _ago(cls, days):
        """Return the day so many days ago, as text."""
        return str(date.fromisoformat(TODAY) - timedelta(days=days))

    @classmethod
    def _alert(cls, partner=None, kind=None, company=None):
        """Return the ongoing alerts of a customer."""
        domain = [
            ("partner_id", "=", (partner or cls.customer).id),
            ("company_id", "=", (company or cls.company).id),
            ("state", "!=", "closed"),
        ]
        return cls.alerts.search(domain + ([("kind", "=", kind)] if kind else []))

    def _activities(self, alert):
        """Return the activities of an alert, those marked as done as well."""
        return (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search([("res_model", "=", alert._name), ("res_id", "=", alert.id)])
        )

    def _night(self, day, company=None):
        """Refresh everybody on a day."""
        with freeze_time(f"{day} 12:00:00"):
            self._refresh(company=company)

    def _sell(self, quantity, price, day, product=None, **values):
        """Post an invoice of a quantity at a unit price, with the cost frozen now."""
        return self._invoice(
            quantity * price,
            day,
            quantity=float(quantity),
            product=product or self.product,
            **values,
        )

    @classmethod
    def _order_every(cls, days, times, last=0, partner=None):
        """Confirm orders, one every so many days, the last one ``last`` days ago."""
        for index in range(times):
            cls._order(cls._ago(last + days * index), partner=partner)
