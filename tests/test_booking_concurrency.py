"""Orders that invoice themselves, on running servers: whoever else confirms, delivers
or invoices the same order at the same instant, its quantities are invoiced once.

What is right is known by hand; what happened is read from Odoo's own tables.
"""

import re
import time

import http_client
import odoo_process
import pytest

ORDERS = 6
#: What PostgreSQL says when it has a transaction run again: no error for anybody.
KNOWN = re.compile(r"could not serialize access|deadlock detected")

SETUP = """
from odoo import Command
company = env.company
env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
company.finance_booking = "confirm"
products = env["product.product"].create([
    {"name": policy, "type": "service", "invoice_policy": policy, "list_price": 100,
     "taxes_id": False} for policy in ("order", "delivery")])
customer = env["res.partner"].create({"name": "Busy", "is_company": True})
groups = {"seller": "sales_team.group_sale_salesman_all_leads",
          "accountant": "account.group_account_invoice,"
              "sales_team.group_sale_salesman_all_leads"}
for login, names in groups.items():
    env["res.users"].with_context(no_reset_password=True).create({
        "name": login, "login": login, "password": login,
        "group_ids": [Command.set([env.ref("base.group_user").id]
            + [env.ref(name).id for name in names.split(",")])]})
own = env["ir.model.data"].search([
    ("model", "=", "ir.cron"), ("module", "=", "crm_finance_bridge")]).mapped("res_id")
env["ir.cron"].search([("id", "not in", own)]).active = False
result = {"products": products.ids, "customer": customer.id}
"""


@pytest.fixture(scope="module")
def office(bridge_template, tmp_path_factory):
    """Yield two servers on one database, each with its own scheduled actions."""
    with odoo_process.copied(bridge_template) as name:
        ids = odoo_process.shell(name, SETUP)
        folder = tmp_path_factory.mktemp("log")
        with (
            http_client.Server(name, folder / "odoo1.log") as first,
            http_client.Server(name, folder / "odoo2.log") as second,
        ):
            yield Office(name, [first, second], **ids)


@pytest.fixture(autouse=True)
def logs(office):
    """The logs say of no error but those that made Odoo try again."""
    starts = [len(server.read_log()) for server in office.servers]
    yield
    for server, start in zip(office.servers, starts, strict=True):
        text = server.read_log(start)
        heads = [
            match.group()
            for match in odoo_process.COMPLAINT.finditer(text)
            if not KNOWN.search(text[match.start() : match.end() + 3000])
        ]
        assert not heads, heads


class Office:
    """Two servers, a seller and an accountant logged in on both."""

    def __init__(self, name, servers, products, customer):
        self.name = name
        self.servers = servers
        self.by_order, self.by_delivery = products
        self.customer = customer
        self.sellers = [server.client("seller") for server in servers]
        self.accountants = [server.client("accountant") for server in servers]

    def orders(self, product, **values):
        """Create quotations of 10 at 100; return their ids."""
        return self.sellers[0].call(
            *("sale.order", "create"),
            [
                {
                    "partner_id": self.customer,
                    "order_line": [
                        (0, 0, {"product_id": product, "product_uom_qty": 10})
                    ],
                    **values,
                }
            ]
            * ORDERS,
        )

    def confirm(self, seller, order_ids):
        return lambda: seller.press("sale.order", "action_confirm", order_ids)

    def deliver(self, seller, order_id, quantity):
        """Return a function that writes the quantity delivered."""
        [[line]] = self.sql(f"SELECT id FROM sale_order_line WHERE order_id={order_id}")
        change = {"order_line": [(1, int(line), {"qty_delivered": quantity})]}
        return lambda: seller.call("sale.order", "write", [order_id], change)

    def invoice(self, accountant, order_id):
        """Return a function that uses Odoo's own wizard."""
        context = {"active_model": "sale.order", "active_ids": [order_id]}

        def work():
            wizard = accountant.call(
                *("sale.advance.payment.inv", "create"),
                {"advance_payment_method": "delivered"},
                context=context,
            )
            return accountant.press(
                "sale.advance.payment.inv", "create_invoices", [wizard], **context
            )

        return work

    def sql(self, query):
        return odoo_process.sql(self.name, query)

    def billed(self, order_ids):
        """Return ``{order id: (number of invoices, quantity)}`` of what is invoiced,
        less what is credited: whoever delivers 10 and then says 4 takes 6 back."""
        rows = self.sql(
            "SELECT line.order_id, count(DISTINCT item.move_id), sum(item.quantity *"
            "       CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END)"
            "  FROM sale_order_line line"
            "  JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id"
            "  JOIN account_move_line item ON item.id = link.invoice_line_id"
            "  JOIN account_move move ON move.id = item.move_id"
            f" WHERE line.order_id IN ({','.join(map(str, order_ids))})"
            " GROUP BY 1"
        )
        return {int(id_): (int(count), float(sum_)) for id_, count, sum_ in rows}

    def wait_until_booked(self, order_ids):
        """Give the scheduled actions half a minute until nothing waits."""
        start = time.monotonic()
        wanted = ",".join(map(str, order_ids))
        while self.sql(
            "SELECT id FROM sale_order_booking WHERE state = 'waiting'"
            f" AND order_id IN ({wanted})"
        ):
            assert time.monotonic() < start + 30
            time.sleep(0.2)
        print(f"\nbooked after {time.monotonic() - start:.1f} s")
        assert not self.sql(
            "SELECT error FROM sale_order_booking WHERE state = 'failed'"
            f" AND order_id IN ({wanted})"
        )


def failures(answers):
    """Return what was answered but for what people may be told."""
    return [
        answer
        for answer in answers
        if isinstance(answer, Exception)
        and not (
            isinstance(answer, http_client.RpcError)
            and answer.kind == "odoo.exceptions.UserError"
        )
    ]


def test_confirmed_by_four_at_once(office):
    """Double clicks, on two servers: each order is confirmed and invoiced once."""
    order_ids = office.orders(office.by_order)
    answers, _seconds = http_client.at_once(
        [
            office.confirm(seller, [order_id])
            for order_id in order_ids
            for seller in office.sellers * 2
        ]
    )
    assert not failures(answers)
    assert len([a for a in answers if not isinstance(a, Exception)]) >= ORDERS
    office.wait_until_booked(order_ids)
    assert office.billed(order_ids) == dict.fromkeys(order_ids, (1, 10.0))
    lines = office.sql(
        "SELECT count(*), sum(amount) FROM sale_collection_line"
        f" WHERE order_id IN ({','.join(map(str, order_ids))})"
    )
    assert lines == [(str(ORDERS), lines[0][1])]
    assert float(lines[0][1]) == ORDERS * 1000


def test_accountant_uses_the_wizard_meanwhile(office):
    """The order invoices itself while two accountants invoice it by hand."""
    order_ids = office.orders(office.by_order, finance_booking="manual")
    office.sellers[0].press("sale.order", "action_confirm", order_ids)
    office.sellers[0].call(
        "sale.order", "write", order_ids, {"finance_booking": "confirm"}
    )
    answers, _seconds = http_client.at_once(
        [
            office.invoice(accountant, order_id)
            for order_id in order_ids
            for accountant in office.accountants
        ]
    )
    assert not failures(answers)
    office.wait_until_booked(order_ids)
    assert office.billed(order_ids) == dict.fromkeys(order_ids, (1, 10.0))


def test_delivered_in_two_parts_at_once(office):
    """4 and then 10 are delivered while bookings run: 10 are invoiced in the end, not
    14, and nothing is forgotten."""
    order_ids = office.orders(office.by_delivery, finance_booking="delivery")
    office.sellers[0].press("sale.order", "action_confirm", order_ids)
    works = [
        office.deliver(seller, order_id, quantity)
        for order_id in order_ids
        for seller, quantity in zip(office.sellers, (4, 10), strict=True)
    ]
    answers, _seconds = http_client.at_once(works)
    assert not failures(answers)
    for order_id in order_ids:
        office.deliver(office.sellers[0], order_id, 10)()
    office.wait_until_booked(order_ids)
    assert {sum_ for _count, sum_ in office.billed(order_ids).values()} == {10.0}
