"""Many HTTP clients of a running server want the credit of the same customers at once.

What is right is known by hand; what happened is read from Odoo's own tables.
"""

import base64
import io
import re
import stat
import time

import http_client
import odoo_process
import PIL.Image
import pypdf
import pytest

CLIENTS = 20
SELLERS = 4
#: What PostgreSQL says when it has a transaction run again: no error for anybody.
KNOWN = re.compile(r"could not serialize access|deadlock detected")
#: Stands in for wkhtmltopdf, which the signature of an order calls. Every customer who
#: signs waits for the pages of all before: it must not take long. No two pages are
#: alike, as in life: Odoo refuses an attachment while its equal is being written.
PRINTER = """#!/bin/sh
if [ "$1" = --version ]; then
    echo "wkhtmltopdf 0.12.6 (with patched qt)"
else
    for last; do :; done
    cp "$(dirname "$0")/blank.pdf" "$last"
    echo "% $$ $last" >> "$last"
fi
"""

SETUP = f"""
from odoo import Command
first = env.company
second = env["res.company"].create(
    {{"name": "Second Company", "currency_id": first.currency_id.id,
      "country_id": first.country_id.id}})
companies = first | second
for company in companies:
    if not company.chart_template:
        env["account.chart.template"].try_loading(
            "generic_coa", company, install_demo=False)
companies.credit_auto_confirm = True
env["product.product"].create({{
    "name": "Storm Product", "type": "service", "invoice_policy": "order",
    "taxes_id": False}})
groups = {{
    "seller": "sales_team.group_sale_salesman_all_leads",
    "accountant": "account.group_account_invoice",
    "boss": "account.group_account_manager,sales_team.group_sale_manager,"
        "base.group_partner_manager",
}}
logins = [f"seller{{n}}" for n in range({SELLERS})] + ["accountant", "boss"]
keys = {{}}
for login in logins:
    names = groups[login.rstrip("0123456789")].split(",")
    user = env["res.users"].with_context(no_reset_password=True).create({{
        "name": login, "login": login, "password": login,
        "company_id": first.id, "company_ids": [Command.set(companies.ids)],
        "group_ids": [Command.set(
            [env.ref("base.group_user").id] + [env.ref(n).id for n in names])]}})
    keys[login] = env["res.users.apikeys"].with_user(user).sudo()._generate(
        None, "test", None)
# Nothing but the suite's own scheduled actions.
own = env["ir.model.data"].search([
    ("model", "=", "ir.cron"), ("module", "=like", "crm_%")]).mapped("res_id")
env["ir.cron"].search([("id", "not in", own)]).active = False
result = {{"companies": companies.ids, "keys": keys}}
"""


@pytest.fixture(scope="module")
def database(credit_template):
    """Yield a throw-away database: two companies, sellers, an accountant, a boss."""
    with odoo_process.copied(credit_template) as name:
        yield {"name": name, **odoo_process.shell(name, SETUP)}


@pytest.fixture(scope="module", params=[0, 3], ids=["threads", "processes"])
def office(request, database, tmp_path_factory):
    """Yield the people at work on a running server, threaded, then with processes."""
    folder = tmp_path_factory.mktemp("server")
    printer = folder / "wkhtmltopdf"
    printer.write_text(PRINTER)
    page = pypdf.PdfWriter()
    page.add_blank_page(9, 9)
    page.write(folder / "blank.pdf")
    printer.chmod(printer.stat().st_mode | stat.S_IXUSR)
    server = http_client.Server(
        database["name"], folder / "odoo.log", workers=request.param, path=folder
    )
    try:
        yield Office(server, database)
    finally:
        server.stop()


@pytest.fixture(autouse=True)
def log(office, request):
    """The server's log says of no error but those that made Odoo try again."""
    start = len(office.server.read_log())
    yield
    text = office.server.read_log(start)
    heads = [
        match.group()
        for match in odoo_process.COMPLAINT.finditer(text)
        if not KNOWN.search(text[match.start() : match.end() + 3000])
    ]
    retried = len(re.findall(r"tries left, try again", text))
    print(f"\n{request.node.name}: {retried} requests tried again")
    assert not heads, heads


class Office:
    """Sellers, an accountant and a boss, each with a browser; and the database."""

    def __init__(self, server, database):
        self.server = server
        self.companies = database["companies"]
        self.keys = database["keys"]
        self.sellers = [
            server.client(f"seller{number % SELLERS}") for number in range(CLIENTS)
        ]
        self.accountant = server.client("accountant")
        self.boss = server.client("boss")
        [[product]] = self.sql(
            "SELECT id FROM product_product WHERE product_tmpl_id IN (SELECT id FROM"
            " product_template WHERE name->>'en_US' = 'Storm Product')"
        )
        self.product = int(product)

    def sql(self, query):
        return odoo_process.sql(self.server.name, query)

    def sql_ids(self, query):
        return [int(id_) for (id_,) in self.sql(query)]

    def customer(self, name, limit=None, company=None, **values):
        """Create a customer; return its id."""
        [id_] = self.boss.call(
            *("res.partner", "create"),
            [{"name": name, "is_company": True, **values}],
        )
        if limit is not None:
            self.set_limit(id_, limit, company)
        return id_

    def set_limit(self, partner_id, limit, company=None):
        self.boss.call(
            *("res.partner", "write", [partner_id], {"credit_limit": limit}),
            context={"allowed_company_ids": [company or self.companies[0]]},
        )

    def orders(self, customer_ids, amount=100.0, company=None, **values):
        """Create a quotation of each of these customers; return the ids."""
        return self.sellers[0].call(
            *("sale.order", "create"),
            [
                {
                    "partner_id": id_,
                    "order_line": [
                        (
                            *(0, 0),
                            {"product_id": self.product, "price_unit": amount},
                        )
                    ],
                    **values,
                }
                for id_ in customer_ids
            ],
            context={"allowed_company_ids": [company or self.companies[0]]},
        )

    def confirm(self, seller, order_ids):
        """Return a function that presses Confirm."""
        return lambda: seller.press(
            "sale.order",
            "action_confirm",
            order_ids,
            allowed_company_ids=self.companies,
        )

    def confirm_each(self, order_ids):
        """Have every order confirmed at the same instant; return the answers."""
        answers, seconds = http_client.at_once(
            [
                self.confirm(seller, [order_id])
                for seller, order_id in zip(self.sellers, order_ids, strict=True)
            ]
        )
        print(f"\n{len(order_ids)} clients answered within {seconds:.2f} s")
        return answers

    def confirmed(self, customer_id, company=None):
        """Return number and sum of the confirmed orders, from the table."""
        company = f"AND company_id = {company}" if company else ""
        [[count, total]] = self.sql(
            "SELECT count(*), coalesce(sum(amount_total), 0) FROM sale_order WHERE"
            f" state = 'sale' AND partner_id = {customer_id} {company}"
        )
        return int(count), float(total)

    def wait_until_confirmed(self, customer_id, count):
        """Give the scheduled action half a minute to confirm what is free."""
        start = time.monotonic()
        while self.confirmed(customer_id)[0] < count:
            assert time.monotonic() < start + 30, self.confirmed(customer_id)
            time.sleep(0.3)
        print(f"\n{count} are confirmed after {time.monotonic() - start:.1f} s")

    def held(self, order_ids):
        """Return the ids of orders that are held, all for the limit alone."""
        rows = self.sql(
            "SELECT hold.order_id, string_agg(reason.code, ',') FROM credit_hold hold"
            " JOIN credit_hold_reason reason ON reason.hold_id = hold.id"
            " WHERE hold.state = 'open' AND reason.action = 'hold'"
            f" AND hold.order_id IN ({','.join(map(str, order_ids))})"
            " GROUP BY hold.id"
        )
        assert {codes for _order, codes in rows} <= {"over_limit"}
        return [int(order_id) for order_id, _codes in rows]


def assert_answers(answers, confirmed, held):
    """Every client was told, and as many of each as there should be."""
    kinds = [
        "held"
        if isinstance(answer, dict) and answer["tag"] == "display_notification"
        else answer
        for answer in answers
    ]
    done = [kind for kind in kinds if kind is False or kind is True]
    assert len(done) == confirmed, kinds
    assert kinds.count("held") == held, kinds
    assert confirmed + held == len(kinds)


def assert_office(office, customers, order_ids):
    """Exactly so much is confirmed for each customer; the other orders are held.

    :param customers: ``{customer id: sum confirmed}``
    """
    assert {id_: office.confirmed(id_)[1] for id_ in customers} == customers
    sold = set(
        office.sql_ids(
            "SELECT id FROM sale_order WHERE state = 'sale' AND id IN"
            f" ({','.join(map(str, order_ids))})"
        )
    )
    assert sorted(office.held(order_ids)) == sorted(set(order_ids) - sold)


def test_twenty_clients(office):
    """Seven of twenty fit: seven are confirmed, thirteen held, nobody gets an error."""
    customer = office.customer("Storm", limit=700)
    order_ids = office.orders([customer] * CLIENTS)
    answers = office.confirm_each(order_ids)
    assert_answers(answers, 7, 13)
    assert_office(office, {customer: 700.0}, order_ids)


def test_twenty_integrations(office):
    """The same over XML-RPC and over JSON-2 with an API key."""
    customer = office.customer("Integrated", limit=700)
    order_ids = office.orders([customer] * CLIENTS)

    def work(position, seller, order_id):
        if position % 2:
            return lambda: seller.call_xmlrpc(
                "sale.order", "action_confirm", [order_id]
            )
        key = office.keys[seller.login]
        return lambda: seller.call_json2(
            key, "sale.order", "action_confirm", ids=[order_id]
        )

    answers, _seconds = http_client.at_once(
        [
            work(position, *pair)
            for position, pair in enumerate(zip(office.sellers, order_ids, strict=True))
        ]
    )
    assert_answers(answers, 7, 13)
    assert_office(office, {customer: 700.0}, order_ids)


def test_subsidiaries(office):
    """Four subsidiaries share 500."""
    parent = office.customer("Group", limit=500)
    office.boss.call(
        *("credit.account", "web_save"),
        office.sql_ids(f"SELECT id FROM credit_account WHERE partner_id = {parent}"),
        {"group_limit": True},
        specification={},
    )
    children = [
        office.customer(f"Subsidiary {number}", parent_id=parent) for number in range(4)
    ]
    order_ids = office.orders(children * 5)
    answers = office.confirm_each(order_ids)
    assert_answers(answers, 5, 15)
    assert sum(office.confirmed(id_)[1] for id_ in children) == 500
    assert len(office.held(order_ids)) == 15


def test_two_companies(office):
    """Each company has its own limit for each of two customers."""
    first, second = office.companies
    limits = {(0, first): 300, (0, second): 500, (1, first): 200, (1, second): 400}
    customers = [office.customer(f"Customer {number}") for number in (1, 2)]
    order_ids = []
    for (number, company), limit in limits.items():
        office.set_limit(customers[number], limit, company)
        order_ids += office.orders([customers[number]] * 5, company=company)
    answers = office.confirm_each(order_ids)
    assert_answers(answers, 14, 6)
    for (number, company), limit in limits.items():
        assert office.confirmed(customers[number], company)[1] == limit
    assert len(office.held(order_ids)) == 6


def test_payment_in_between(office):
    """Of 1000, an invoice takes 600; half of it is paid while twenty orders are
    confirmed, the other half afterwards. At the end ten are confirmed, whoever came
    first; those that were held by themselves."""
    customer = office.customer("Payer", limit=1000)
    context = {"allowed_company_ids": office.companies[:1]}
    [invoice] = office.accountant.call(
        *("account.move", "create"),
        [
            {
                "move_type": "out_invoice",
                "partner_id": customer,
                "invoice_date": time.strftime("%Y-%m-%d"),
                "invoice_line_ids": [
                    (
                        *(0, 0),
                        {
                            "product_id": office.product,
                            "price_unit": 600.0,
                            "tax_ids": False,
                        },
                    )
                ],
            }
        ],
        context=context,
    )
    office.accountant.press("account.move", "action_post", [invoice], **context)
    order_ids = office.orders([customer] * CLIENTS)

    def pay():
        active = {"active_model": "account.move", "active_ids": [invoice], **context}
        [wizard] = office.accountant.call(
            *("account.payment.register", "create", [{"amount": 300.0}]), context=active
        )
        return office.accountant.press(
            "account.payment.register", "action_create_payments", [wizard], **active
        )

    sellers = [
        office.confirm(seller, [order_id])
        for seller, order_id in zip(office.sellers, order_ids, strict=True)
    ]
    answers, _seconds = http_client.at_once([*sellers, pay])
    *answers, paid = answers
    assert not isinstance(paid, Exception), paid
    done = sum(answer in (True, False) for answer in answers)
    assert 4 <= done <= 7
    assert_answers(answers, done, CLIENTS - done)
    office.wait_until_confirmed(customer, 7)
    pay()
    office.wait_until_confirmed(customer, 10)
    [[residual]] = office.sql(
        f"SELECT amount_residual FROM account_move WHERE id = {invoice}"
    )
    assert float(residual) == 0
    time.sleep(2)
    assert_office(office, {customer: 1000.0}, order_ids)


def test_double_click(office):
    """Each order is confirmed by four clients at once: once."""
    customer = office.customer("Impatient", limit=550)
    order_ids = office.orders([customer] * 5)
    answers, _seconds = http_client.at_once(
        [
            office.confirm(seller, [order_ids[number % 5]])
            for number, seller in enumerate(office.sellers)
        ]
    )
    assert_answers([a for a in answers if not is_refusal(a)], 5, 0)
    for answer in filter(is_refusal, answers):
        assert "not in a state requiring confirmation" in answer.message
    assert_office(office, {customer: 500.0}, order_ids)
    [[holds]] = office.sql(
        f"SELECT count(*) FROM credit_hold WHERE partner_id = {customer}"
    )
    assert int(holds) == 0


def is_refusal(answer):
    """Whether a client was told something in words."""
    return isinstance(answer, http_client.RpcError) and answer.is_user_error


def test_batches_in_opposite_order(office):
    """Ten clients confirm one order each of two customers, half of them the other way
    round. Nobody waits for somebody who waits."""
    customers = [office.customer(f"Batch {number}", limit=500) for number in (1, 2)]
    lists = [office.orders([id_] * 10) for id_ in customers]
    answers, _seconds = http_client.at_once(
        [
            office.confirm(seller, list(pair)[:: 1 if number % 2 else -1])
            for number, (seller, pair) in enumerate(
                zip(office.sellers, zip(*lists, strict=True), strict=False)
            )
        ]
    )
    assert_answers(answers, 5, 5)
    assert_office(office, dict.fromkeys(customers, 500.0), sum(lists, []))


def test_overlapping_batches(office):
    """Six clients select the same orders of two customers in opposite order. What one
    has confirmed, the others cannot."""
    customers = [office.customer(f"Overlap {number}", limit=500) for number in (1, 2)]
    order_ids = office.orders(customers * 8)
    selections = [order_ids[n : n + 10] for n in (0, 3, 6)] * 2
    answers, _seconds = http_client.at_once(
        [
            office.confirm(seller, ids[:: 1 if number < 3 else -1])
            for number, (seller, ids) in enumerate(
                zip(office.sellers[:6], selections, strict=True)
            )
        ]
    )
    for answer in filter(is_refusal, answers):
        assert "not in a state requiring confirmation" in answer.message
    told = [answer for answer in answers if not is_refusal(answer)]
    assert told and not any(isinstance(answer, Exception) for answer in told), answers
    for id_ in customers:
        assert office.confirmed(id_)[1] <= 500
    sold = set(
        office.sql_ids(
            "SELECT id FROM sale_order WHERE state = 'sale' AND id IN"
            f" ({','.join(map(str, order_ids))})"
        )
    )
    assert sold.isdisjoint(office.held(order_ids))


def test_orders_grow(office):
    """Twenty confirmed orders of 50 are raised by 100 each at once; 2000 is the limit:
    ten may grow, and the others are told why not."""
    customer = office.customer("Growing", limit=2000)
    order_ids = office.orders([customer] * CLIENTS, amount=50.0)
    office.confirm(office.sellers[0], order_ids)()
    assert office.confirmed(customer) == (20, 1000.0)
    line_ids = office.sql_ids(
        "SELECT id FROM sale_order_line WHERE order_id IN"
        f" ({','.join(map(str, order_ids))})"
    )

    def raise_price(seller, line_id):
        return lambda: seller.call(
            "sale.order.line", "write", [line_id], {"price_unit": 150.0}
        )

    answers, seconds = http_client.at_once(
        [
            raise_price(seller, line_id)
            for seller, line_id in zip(office.sellers, line_ids, strict=True)
        ]
    )
    print(f"\n{CLIENTS} clients answered within {seconds:.2f} s")
    assert office.confirmed(customer) == (20, 2000.0)
    assert answers.count(True) == 10, answers
    for answer in answers:
        assert answer is True or is_refusal(answer), answer
        assert answer is True or "held for credit reasons" in answer.message


def signature(width):
    """Return a drawn signature, an image of ``width`` pixels, unlike any other."""
    image = io.BytesIO()
    PIL.Image.new("L", (width, 1)).save(image, "PNG")
    return base64.b64encode(image.getvalue()).decode()


def test_signatures(office):
    """Customers sign twenty quotations on the portal at once; five fit."""
    customer = office.customer("Signing", limit=500)
    order_ids = office.orders([customer] * CLIENTS, require_signature=True)
    tokens = []
    for order_id in order_ids:
        url = office.sellers[0].call("sale.order", "get_portal_url", [order_id])
        tokens.append(url.partition("access_token=")[2].partition("&")[0])
    answers, seconds = http_client.at_once(
        [
            lambda width=width, order_id=order_id, token=token, seller=seller: (
                seller.post(
                    f"/my/orders/{order_id}/accept",
                    {
                        "access_token": token,
                        "name": "Customer",
                        "signature": signature(width),
                    },
                )
            )
            for width, (seller, order_id, token) in enumerate(
                zip(office.sellers, order_ids, tokens, strict=True), 1
            )
        ]
    )
    print(f"\n{CLIENTS} customers answered within {seconds:.2f} s")
    assert [a for a in answers if isinstance(a, Exception) or "error" in a] == []
    assert_office(office, {customer: 500.0}, order_ids)
