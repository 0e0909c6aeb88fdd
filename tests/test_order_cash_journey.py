"""From order to cash in a browser: a salesperson sells, the order invoices itself, an
accountant finds Odoo's own invoice screens as they were and books the money."""

import browser
import http_client
import pytest

#: 30 % now and 70 % in 60 days, as many of Odoo's customers have it.
SETUP = """
from odoo import Command
company = env.company
env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
company.write({"finance_booking": "confirm", "finance_booking_post": True})
for login, names in {
    "seller": "sales_team.group_sale_salesman",
    "accountant": "account.group_account_invoice",
}.items():
    env["res.users"].with_context(no_reset_password=True).create(
        {"name": login.title(), "login": login, "password": login,
         "email": login + "@example.com",
         "group_ids": [Command.link(env.ref("base.group_user").id),
                       Command.link(env.ref(names).id)]})
seller = env["res.users"].search([("login", "=", "seller")])
terms = env["account.payment.term"].create(
    {"name": "30 % now, 70 % in 60 days", "line_ids": [
        Command.create({"value": "percent", "value_amount": 30, "nb_days": 0}),
        Command.create({"value": "percent", "value_amount": 70, "nb_days": 60})]})
partner = env["res.partner"].create(
    {"name": "Cash Customer", "is_company": True, "user_id": seller.id,
     "property_payment_term_id": terms.id})
product = env["product.product"].create(
    {"name": "Cash Product", "type": "service", "invoice_policy": "order",
     "list_price": 100, "taxes_id": False})
order = env["sale.order"].with_user(seller).create(
    {"partner_id": partner.id, "order_line": [Command.create(
        {"product_id": product.id, "product_uom_qty": 10})]})
result = {"order": order.id, "partner": partner.id}
"""
CONFIRMED = ".o_statusbar_status .o_arrow_button_current:has-text('Sales Order')"
LINE = ".o_form_view [name=cash_line]"
#: What Odoo itself shows on an invoice.
NATIVE = (
    "partner_id",
    "invoice_date",
    "invoice_line_ids",
    "tax_totals",
)


@pytest.fixture(scope="module")
def office(bridge_template, tmp_path_factory):
    """Yield ``(server, ids)`` with a quotation of 1,000."""
    folder = tmp_path_factory.mktemp("log")
    with http_client.served_copy(bridge_template, SETUP, folder) as served:
        yield served


def test_from_order_to_cash(office):
    server, ids = office
    order = f"/odoo/orders/{ids['order']}"
    with browser.browser_page(server.url) as page:
        browser.log_in(page, "seller")
        page.goto(order)
        page.click("button[name=action_confirm]:visible")
        page.wait_for_selector(CONFIRMED)
        # The plan is there at once, by the payment terms.
        page.click(".o_notebook a[name=collection_plan]")
        for amount in ("300.00", "700.00"):
            page.wait_for_selector(
                f"[name=collection_line_ids] .o_data_row:has-text('{amount}')"
            )
        # The order invoices itself a moment later.
        _look(page, order, f"{LINE} [name=cash_invoiced]:has-text('1,000.00')")
        browser.screenshot(page, "order_cash_booked")
        # Who may not change a plan is not offered to.
        page.click(".o_notebook a[name=collection_plan]")
        page.wait_for_selector("[name=collection_line_ids] .o_data_row")
        assert not page.query_selector(
            "[name=collection_line_ids] .o_field_x2many_list_row_add"
        )
    with browser.browser_page(server.url) as page:
        browser.log_in(page, "accountant")
        page.goto("/odoo/customer-invoices")
        page.click(".o_data_row:has-text('Cash Customer') td[name=name]")
        page.wait_for_selector(".o_form_view [name=finance_line]")
        for name in NATIVE:
            page.wait_for_selector(f".o_form_view [name={name}]", state="attached")
        browser.screenshot(page, "order_cash_invoice")
        # Odoo's own button and dialog.
        page.click("button[name=action_register_payment]:visible")
        page.wait_for_selector(".modal [name=amount] input")
        page.fill(".modal [name=amount] input", "300")
        page.click(".modal button[name=action_create_payments]")
        page.wait_for_selector(".modal", state="detached")
        page.goto("/odoo/action-crm_finance_bridge.sale_order_position_action")
        page.wait_for_selector(".o_data_row:has-text('300.00'):has-text('700.00')")
        browser.screenshot(page, "order_cash_positions")
    with browser.browser_page(server.url) as page:
        browser.log_in(page, "seller")
        page.goto(order)
        page.wait_for_selector(f"{LINE} [name=cash_collected]:has-text('300.00')")
        page.click(".o_notebook a[name=collection_plan]")
        page.wait_for_selector(
            "[name=collection_line_ids] .o_data_row:has-text('Collected')"
        )
        browser.screenshot(page, "order_cash_plan")
        page.set_viewport_size({"width": 390, "height": 844})
        page.reload()
        page.wait_for_selector(f"{LINE} [name=cash_collected]")
        browser.screenshot(page, "order_cash_phone")


def _look(page, order, selector):
    """Look at the order until something is there, as its salesperson would."""
    for _look in range(30):
        page.goto(order)
        page.wait_for_selector(LINE)
        if page.query_selector(selector):
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"Not there: {selector}")
