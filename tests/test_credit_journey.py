"""The credit journeys in a browser, on a running server with its scheduled actions."""

import browser
import http_client
import pytest

#: 800 of a limit of 1,000 is used; the quotations are of 500 and of 700.
SETUP = """
from odoo import Command
from odoo.fields import Date
company = env.company
env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
groups = {
    "seller": "sales_team.group_sale_salesman",
    "controller": "crm_credit_control.crm_credit_control_group_controller",
    "accountant": "account.group_account_invoice",
}
users = {
    login: env["res.users"].with_context(no_reset_password=True).create(
        {"name": login.title(), "login": login, "password": login,
         "email": login + "@example.com",
         "group_ids": [Command.link(env.ref("base.group_user").id),
                       Command.link(env.ref(group).id)]})
    for login, group in groups.items()
}
company.credit_controller_id = users["controller"]
partner = env["res.partner"].create(
    {"name": "Journey Customer", "is_company": True, "user_id": users["seller"].id})
partner.credit_limit = 1000
product = env["product.product"].create(
    {"name": "Journey Product", "type": "service", "invoice_policy": "order",
     "list_price": 100, "taxes_id": False})
invoice = env["account.move"].create(
    {"move_type": "out_invoice", "partner_id": partner.id,
     "invoice_date": Date.today(), "invoice_payment_term_id": env.ref(
         "account.account_payment_term_30days").id,
     "invoice_line_ids": [Command.create(
         {"product_id": product.id, "quantity": 8, "price_unit": 100,
          "tax_ids": False})]})
invoice.action_post()
orders = [
    env["sale.order"].with_user(users["seller"]).create(
        {"partner_id": partner.id, "order_line": [Command.create(
            {"product_id": product.id, "product_uom_qty": quantity})]})
    for quantity in (5, 7)
]
env["customer.finance.profile"]._rebuild(company)
result = {"orders": [order.id for order in orders], "invoice": invoice.id}
"""
HELD = ".o_form_view .alert-danger:has-text('held for credit reasons')"
CONFIRMED = ".o_statusbar_status .o_arrow_button_current:has-text('Sales Order')"


@pytest.fixture(scope="module")
def office(credit_template, tmp_path_factory):
    """Yield ``(server, ids)`` of a database with a customer near the limit."""
    folder = tmp_path_factory.mktemp("log")
    with http_client.served_copy(credit_template, SETUP, folder) as served:
        yield served


def test_held_asked_released_confirmed(office):
    server, ids = office
    order = f"/odoo/orders/{ids['orders'][0]}"
    with browser.browser_page(server.url) as page:
        browser.log_in(page, "seller")
        page.goto(order)
        # Seen while the quotation is being written: 200 left, 300 short after it.
        page.wait_for_selector("[name=credit_available]:has-text('200.00')")
        page.wait_for_selector("[name=credit_available_after]:has-text('-300.00')")
        page.click("button[name=action_confirm]:visible")
        page.wait_for_selector(f"{HELD}:has-text('1,300.00')")
        browser.screenshot(page, "credit_held")
        page.click("button[name=action_request_credit_release]")
        page.wait_for_selector(".o_form_view .alert:has-text('asked')")
    with browser.browser_page(server.url) as page:
        browser.log_in(page, "controller")
        page.goto("/odoo/action-crm_credit_control.credit_hold_action")
        page.click(".o_data_row:has-text('Journey Customer') td[name=partner_id]")
        page.click("button[name=action_release]")
        page.click(".modal [name=reason_id] input")
        page.click(".dropdown-item:has-text('Good payment record')")
        browser.screenshot(page, "credit_release")
        page.click(".modal button[name=action_apply]")
        page.wait_for_selector(".modal", state="detached")
    with browser.browser_page(server.url) as page:
        browser.log_in(page, "seller")
        page.goto(order)
        page.wait_for_selector(CONFIRMED)
        # The salesperson is told of it.
        page.wait_for_selector(".o-mail-Message:has-text('Good payment record')")


def test_held_paid_confirmed_by_itself(office):
    server, ids = office
    order = f"/odoo/orders/{ids['orders'][1]}"
    with browser.browser_page(server.url) as page:
        browser.log_in(page, "seller")
        page.goto(order)
        page.click("button[name=action_confirm]:visible")
        # 800 invoiced, 500 ordered, 700 asked, of 1,000
        page.wait_for_selector(f"{HELD}:has-text('2,000.00')")
        # Nothing less than everything invoiced and some in advance would do.
        accountant = server.client("accountant")
        _pay(accountant, ids["invoice"], 800)
        _pay_in_advance(accountant, ids["invoice"], 200)
        _wait_confirmed(page, order)
        browser.screenshot(page, "credit_cured")
        page.wait_for_selector(".o-mail-Message:has-text('is lifted')")


def _pay(client, invoice, amount):
    """Register a payment by Odoo's own dialog."""
    context = {"active_model": "account.move", "active_ids": [invoice]}
    wizard = client.call(
        "account.payment.register", "create", {"amount": amount}, context=context
    )
    client.call(
        "account.payment.register", "action_create_payments", [wizard], context=context
    )


def _pay_in_advance(client, invoice, amount):
    """Book money of the customer that belongs to no invoice yet."""
    [values] = client.call(
        "account.move", "read", [invoice], ["partner_id", "company_id"]
    )
    [journal] = client.call(
        "account.journal",
        "search",
        [("type", "=", "bank"), ("company_id", "=", values["company_id"][0])],
        limit=1,
    )
    payment = client.call(
        "account.payment",
        "create",
        {
            "partner_id": values["partner_id"][0],
            "amount": amount,
            "payment_type": "inbound",
            "journal_id": journal,
        },
    )
    client.call("account.payment", "action_post", [payment])


def _wait_confirmed(page, order):
    """Look at the order until it is confirmed, as its salesperson would."""
    for _look in range(30):
        page.goto(order)
        page.wait_for_selector(".o_statusbar_status")
        if page.query_selector(CONFIRMED):
            return
        page.wait_for_timeout(2000)
    raise AssertionError("The paid order was not confirmed by itself")
