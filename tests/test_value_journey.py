"""A salesperson's day with the value of customers, in a browser: an order is confirmed,
its customer rises into the key list, the salesperson hears of it, and whoever has
fallen silent is on the list of calls."""

import browser
import http_client
import odoo_process
import pytest

#: What is sold for 100 costs 60. Six customers buy every month, for 1,000 to 5,000 and
#: one for 100; another bought every three weeks until 100 days ago.
SETUP = """
from datetime import timedelta
from odoo import Command, fields
company = env.company
env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
seller = env["res.users"].with_context(no_reset_password=True).create(
    {"name": "Seller", "login": "seller", "password": "seller",
     "email": "seller@example.com",
     "group_ids": [Command.link(env.ref("base.group_user").id),
                   Command.link(env.ref("sales_team.group_sale_salesman").id)]})
product = env["product.product"].create(
    {"name": "Product", "type": "service", "invoice_policy": "order",
     "list_price": 100, "standard_price": 60, "taxes_id": False})
today = fields.Date.today()

def sell(partner, quantity, ages):
    for age in ages:
        day = today - timedelta(days=age)
        order = env["sale.order"].create(
            {"partner_id": partner.id, "order_line": [Command.create(
                {"product_id": product.id, "product_uom_qty": quantity})]})
        order.action_confirm()
        order.date_order = fields.Datetime.to_datetime(day) + timedelta(hours=10)
        invoice = order._create_invoices()
        invoice.invoice_date = day
        invoice.action_post()

def customer(name, user=None):
    return env["res.partner"].create(
        {"name": name, "is_company": True, "user_id": user and user.id})

for number in range(1, 6):
    sell(customer(f"Regular {number}"), 10 * number, (120, 90, 60, 30))
rising = customer("Rising Customer", seller)
sell(rising, 1, (110, 80, 50, 20))
sell(customer("Silent Customer", seller), 20, range(100, 260, 20))
order = env["sale.order"].with_user(seller).create(
    {"partner_id": rising.id, "order_line": [Command.create(
        {"product_id": product.id, "product_uom_qty": 400})]})
env.flush_all()
env["customer.finance.queue"].search([]).unlink()
env["customer.finance.profile"]._rebuild(company)
result = {"order": order.id, "partner": rising.id}
"""
CONFIRMED = ".o_statusbar_status .o_arrow_button_current:has-text('Sales Order')"
LINE = ".o_form_view [name=value_line]"
TIER = "[name=finance_value_tier_id]"
CALL = ".o_data_row:has(button[name=action_plan_call])"
CALLS = "/odoo/action-crm_customer_value.customer_call_action"


@pytest.fixture(scope="module")
def office(value_template, tmp_path_factory):
    """Yield ``(server, ids)`` with a quotation of 40,000 for the smallest customer."""
    name = odoo_process.create(value_template)
    server = None
    try:
        ids = odoo_process.shell(name, SETUP)
        server = http_client.Server(name, tmp_path_factory.mktemp("log") / "odoo.log")
        yield server, ids
    finally:
        if server:
            server.stop()
        odoo_process.drop(name)


def test_from_order_to_key_list(office):
    server, ids = office
    order, contact = f"/odoo/orders/{ids['order']}", f"/odoo/contacts/{ids['partner']}"
    with browser.browser_page(server.url) as page:
        browser.log_in(page, "seller")
        # The smallest of the customers; how sure is that?
        _open_value(page, contact)
        assert page.inner_text("[name=value_tier] [name=value_tier_id]") in ("C", "D")
        page.wait_for_selector("[name=finance_value_trend] canvas")
        page.click("[name=value_range] button:has-text('How sure?')")
        page.wait_for_selector("[name=value_range]:has-text('rough idea')")
        browser.screenshot(page, "value_contact")
        # A large order.
        page.goto(order)
        page.wait_for_selector(f"{LINE} [name=finance_value_p_order]:has-text('%')")
        page.click("button[name=action_confirm]:visible")
        page.wait_for_selector(CONFIRMED)
        _look(page, order, LINE, f"{LINE} {TIER}:has-text('Key')")
        browser.screenshot(page, "value_order")
        # The salesperson hears of it, once, and what was sure is not any more.
        _open_value(page, contact)
        page.wait_for_selector("[name=value_tier] [name=value_tier_id]:has-text('Key')")
        page.wait_for_selector("[name=value_range] button:has-text('How sure?')")
        page.wait_for_selector(".o-mail-Activity:has-text('has risen to Key')")
        assert len(page.query_selector_all(".o-mail-Activity")) == 1
        browser.screenshot(page, "value_rise")
        # It is among what is to be done today, wherever the salesperson is.
        page.goto(CALLS)
        page.click(".o_menu_systray i[aria-label='Activities']")
        page.wait_for_selector(".o-mail-ActivityGroup:has-text('Contact')")
        # The same on a phone.
        page.set_viewport_size({"width": 390, "height": 844})
        _open_value(page, contact)
        page.wait_for_selector("[name=finance_value_trend] canvas")
        browser.screenshot(page, "value_phone")


def test_whom_to_call(office):
    server, _ids = office
    with browser.browser_page(server.url) as page:
        browser.log_in(page, "seller")
        # Where salespeople look for it, below their orders.
        page.goto("/odoo/orders")
        page.click(".o_menu_sections [data-menu-xmlid='sale.sale_order_menu']")
        page.click("[data-menu-xmlid='crm_customer_value.customer_call_menu_sale']")
        # A row with what is done about it: the orders, shown until the list is there,
        # are of the same customer.
        row = f"{CALL}:has-text('Silent Customer')"
        page.wait_for_selector(row)
        # Customers of nobody, who order like clockwork, are not the salesperson's.
        assert len(page.query_selector_all(CALL)) == 1
        browser.screenshot(page, "value_calls")
        # One click plans a call, another one keeps it.
        page.click(f"{row} button[name=action_plan_call]")
        page.wait_for_selector(".modal .o_form_view")
        browser.screenshot(page, "value_call")
        page.click(".modal button[name=action_schedule_activities]")
        page.wait_for_selector(".modal", state="detached")
        page.goto(CALLS)
        page.wait_for_selector(f"{row} [name=call_activity_date]:text-matches('[0-9]')")
        # Another one starts a quotation for the customer.
        page.click(f"{row} button[name=action_start_quotation]")
        page.wait_for_selector(".o_form_view [name=partner_id]")
        assert "Silent Customer" in page.input_value(
            ".o_form_view [name=partner_id] input"
        )


def _open_value(page, contact):
    page.goto(contact)
    page.click(".o_notebook a[name=value]")
    page.wait_for_selector("[name=value_badges]")


def _look(page, address, shown, selector):
    """Look at a document until something is there, as its salesperson would."""
    for _look in range(60):
        page.goto(address)
        page.wait_for_selector(shown)
        if page.query_selector(selector):
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"Not there: {selector}")
