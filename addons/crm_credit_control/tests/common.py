# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.crm_finance_bridge.tests.common import FinanceCommon
from odoo.addons.mail.tests.common import mail_new_test_user


class CreditCommon(FinanceCommon):
    """A customer with a limit; orders and invoices of round figures, without tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_use_credit_limit = True
        cls.policy = cls.env.ref("crm_credit_control.credit_policy_default")
        cls.accounts = cls.env["credit.account"]
        cls.check = cls.env["credit.check"]
        cls.holds = cls.env["credit.hold"]
        cls.positions = cls.env["credit.position"]
        cls.product.invoice_policy = "order"
        cls.salesperson = cls._new_user("seller", "sales_team.group_sale_salesman")
        cls.controller = cls._new_user(
            "controller", "crm_credit_control.crm_credit_control_group_controller"
        )
        cls.manager = cls._new_user(
            "creditmanager", "crm_credit_control.crm_credit_control_group_manager"
        )
        cls.release_reason = cls.env.ref("crm_credit_control.credit_reason_good_record")
        cls.refuse_reason = cls.env.ref("crm_credit_control.credit_reason_risk")
        cls.customer.user_id = cls.salesperson

    @classmethod
    def _new_user(cls, login, groups):
        return mail_new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _set_limit(cls, amount, partner=None, company=None):
        partner = (partner or cls.customer).with_company(company or cls.company)
        partner.credit_limit = amount

    @classmethod
    def _account(cls, partner=None, company=None):
        return cls.accounts._get_or_create(
            partner or cls.customer, company or cls.company
        )

    @classmethod
    def _order(cls, amount, partner=None, user=None, quantity=1.0, **values):
        """Create a quotation of one line without tax.

        :param user: who creates and sells; default the test's salesperson
        """
        user = user or cls.salesperson
        line = {
            "product_id": values.pop("product", cls.product).id,
            "product_uom_qty": quantity,
            "price_unit": amount / quantity,
            "tax_ids": False,
        }
        return (
            cls.env["sale.order"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
            .create(
                {
                    "partner_id": (partner or cls.customer).id,
                    "user_id": user.id,
                    "company_id": cls.company.id,
                    "order_line": [Command.create(line)],
                    **values,
                }
            )
        )

    @classmethod
    def _confirmed(cls, amount, **values):
        """Return an order that was confirmed; fails if it is held."""
        order = cls._order(amount, **values)
        order.action_confirm()
        assert order.state == "sale", order.credit_reasons_plain
        return order

    def _held(self, amount, **values):
        """Return an order whose confirmation was tried and that is held."""
        order = self._order(amount, **values)
        order.action_confirm()
        self.assertHeld(order)
        return order

    def _exposure(self, partner=None, company=None):
        """Return ``(receivable, draft, shipped, ordered, exposure)``."""
        partner = partner or self.customer
        row = self.positions._get_position_rows(company or self.company, partner)[
            partner.id
        ]
        names = ("receivable", "draft_invoice", "shipped", "ordered", "exposure")
        return tuple(float(row[name]) for name in names)

    def assertHeld(self, order, *codes):
        """Check that an order is held, and for which reasons if any are given."""
        self.assertIn(order.state, ("draft", "sent"))
        self.assertIn(order.credit_hold_state, ("open", "requested", "refused"))
        if codes:
            reasons = order.sudo().credit_hold_id.reason_ids
            stopping = reasons.filtered(lambda reason: reason.action == "hold")
            self.assertEqual(set(stopping.mapped("code")), set(codes))

    @contextmanager
    def assertCreditRefused(self):
        with self.assertRaises(UserError) as caught:
            yield
        self.assertIn("held for credit reasons", str(caught.exception))

    def assertConfirmed(self, order):
        self.assertEqual(order.state, "sale", order.sudo().credit_reasons_plain)
        self.assertFalse(order.sudo().credit_hold_id.is_stopped)
