# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Limits, covers and holds of the demonstration firm, made as users would make them."""

from datetime import timedelta

from odoo import api, models

#: Credit limits in company currency, by the short name of the customer.
LIMITS = {
    "suzhou": 300_000,
    "shenzhen": 60_000,
    "pudong": 90_000,
    "great_lakes": 140_000,
    "bohai": 120_000,
    "lone_star": 200_000,
    "gulf": 150_000,
    "deccan": 80_000,
    "ligure": 100_000,
    "thames": 90_000,
    "rhein": 60_000,
    "ningbo": 40_000,
    "hangzhou": 20_000,
    "gujarat": 25_000,
    "bayern": 60_000,
    "rotterdam": 30_000,
    "karoo": 10_000,
    "osaka": 15_000,
    "amazonia": 45_000,
}

#: Grades set by hand.
GRADES = {"suzhou": "a", "bayern": "a", "lone_star": "b", "thames": "c", "ligure": "d"}

#: Covers: customer, kind, amount, coverage, days from today to its end, reference, why.
COVERS = (
    (
        "karoo",
        "extension",
        5_000,
        100,
        20,
        "",
        "Season start, agreed with the director",
    ),
    ("gulf", "guarantee", 60_000, 100, 200, "GB-2291", "Bank guarantee, first demand"),
    ("deccan", "insurance", 40_000, 90, 300, "TCI 77-104", "Export credit insurance"),
)


class CrmCreditControlDemo(models.AbstractModel):
    _name = "crm.credit.control.demo"
    _description = "Demonstration Data: Credit"

    @api.model
    def _load(self):
        """Set limits, then let salespeople and the credit team do a day's work."""
        company = self.env.ref("base.main_company")
        self = self.with_company(company).with_context(
            allowed_company_ids=company.ids, mail_notify_force_send=False
        )
        accounts = self.env["credit.account"]
        if accounts.search_count([], limit=1):
            return
        company.account_use_credit_limit = True
        company.credit_controller_id = self._user("credit_controller")
        company.credit_controller_ceiling = 25_000
        self._set_limits(company)
        self._set_covers(company)
        self._set_special_files(company)
        self._work_a_day()

    def _customer(self, key):
        return self.env.ref(f"crm_finance_bridge.res_partner_{key}_demo")

    def _file(self, key):
        return self.env["credit.account"]._get_or_create(
            self._customer(key), self.env.company
        )

    def _user(self, login):
        module = "crm_credit_control" if "credit" in login else "crm_finance_bridge"
        return self.env.ref(f"{module}.res_users_{login}_demo")

    def _set_limits(self, company):
        today = company._get_finance_today()
        for number, (key, limit) in enumerate(LIMITS.items()):
            self._customer(key)._write_credit_limit(limit, "Yearly review")
            self._file(key)._write_with_reason(
                {"review_date": today + timedelta(days=40 + 11 * number)},
                "Yearly review",
            )
        for key, grade in GRADES.items():
            self._file(key)._write_with_reason(
                {
                    "grade_id": self.env.ref(
                        f"crm_credit_control.credit_grade_{grade}"
                    ).id
                },
                "Yearly review",
            )

    def _set_covers(self, company):
        today = company._get_finance_today()
        for key, kind, amount, coverage, days, reference, reason in COVERS:
            self.env["credit.cover"].create(
                {
                    "account_id": self._file(key).id,
                    "kind": kind,
                    "amount": amount,
                    "coverage": coverage,
                    "date_from": today - timedelta(days=15),
                    "date_to": today + timedelta(days=days),
                    "reference": reference,
                    "reason": reason,
                }
            )

    def _set_special_files(self, company):
        today = company._get_finance_today()
        self._file("pilbara")._write_with_reason(
            {"limit_type": "unlimited"}, "Group-wide parent guarantee"
        )
        self._file("baltic")._write_with_reason(
            {"limit_type": "none"}, "New customer: pays first"
        )
        self._file("rhein")._write_with_reason(
            {"group_limit": True}, "One limit for the three Rhein companies"
        )
        self._file("thames")._write_with_reason(
            {"manual_hold": True, "manual_hold_reason": "Large invoice in dispute"},
            "Large invoice in dispute",
        )
        self._file("amazonia").review_date = today - timedelta(days=12)

    def _work_a_day(self):
        """Salespeople try to confirm; some ask for release; the credit team decides."""
        for key in ("ligure", "deccan", "hangzhou", "rotterdam", "karoo", "cascade"):
            self._confirm(key)
        self._ask("deccan", "They pay the older invoices this week.")
        self._ask("hangzhou", "New plant, order is worth it.")
        self._refuse("rotterdam", "pay_first", "Half in advance, please.")

    def _quotation(self, key):
        return self.env["sale.order"].search(
            [
                ("partner_id", "=", self._customer(key).id),
                ("state", "in", ("draft", "sent")),
            ],
            limit=1,
        )

    def _confirm(self, key):
        order = self._quotation(key)
        user = self._user("sales_manager")
        # The gate stands before every confirmation once the registry is complete, which
        # it is not while modules are being installed.
        order.with_user(user)._pass_credit_gate(lambda passed: passed.action_confirm())

    def _ask(self, key, note):
        order = self._quotation(key)
        if hold := order.credit_hold_id:
            hold.with_user(order.user_id or self._user("sales"))._request(note)

    def _refuse(self, key, reason, note):
        hold = self._quotation(key).credit_hold_id
        if hold:
            hold.with_user(self._user("credit_manager"))._refuse(
                self.env.ref(f"crm_credit_control.credit_reason_{reason}"), note
            )
