"""Days of customers are written by several transactions: none twice, none forgotten."""

import odoo_process
import pytest

#: Two customers with an order of 100 each; ``ordered`` tells what is stored of them.
SCRIPT = """
import time
from psycopg2.errors import SerializationFailure
from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, mute_logger

company = env.company
partners = env["res.partner"].create([{"name": "First"}, {"name": "Second"}])
product = env["product.product"].create(
    {"name": "Product", "taxes_id": False, "type": "service"})
orders = env["sale.order"].create([
    {"partner_id": partner.id, "date_order": "2026-05-01 12:00:00", "order_line": [
        (0, 0, {"product_id": product.id, "price_unit": 100.0})]}
    for partner in partners])
orders.action_confirm()
env.cr.commit()
days = env["customer.value.day"]

def ordered():
    rows = env.execute_query(SQL(
        "SELECT order_net::float8 FROM customer_value_day WHERE partner_id = ANY(%s)"
        " ORDER BY partner_id", partners.ids))
    env.cr.commit()
    return [net for [net] in rows]

def run(query, *params):
    env.cr.execute(query, params)
    env.cr.commit()

def settle():
    # Whatever is written while anybody is at work on the server is read once more.
    for _second in range(120):
        [[number]] = env.execute_query(SQL(
            "SELECT MIN(age(backend_xid)) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid()"))
        env.cr.commit()
        if number is None:
            return
        time.sleep(1)

result = {}
settle()
moment = days._refresh_stale(company, None)
env.cr.commit()
result["first night"] = ordered()

# Figures that no document says: they stay where nothing is read anew.
run("UPDATE customer_value_day SET order_net = 7 WHERE partner_id = ANY(%s)",
    partners.ids)
moment = days._refresh_stale(company, moment)
env.cr.commit()
result["nothing since"] = ordered()

# An order changed past Odoo, while another transaction is at work.
with env.registry.cursor() as busy:
    busy.execute("UPDATE sale_order SET amount_untaxed = 60 WHERE id = %s",
                 [orders[1].id])
    seen = days._refresh_stale(company, moment)
    env.cr.commit()
    result["not done yet"] = ordered()
    busy.commit()
settle()
seen = days._refresh_stale(company, seen)
env.cr.commit()
result["done"] = ordered()

# Another customer is written by two transactions at the same time.
run("DELETE FROM customer_value_day WHERE partner_id = %s", partners[0].id)
with env.registry.cursor() as cr:
    cr.execute("SELECT 1")
    late = api.Environment(cr, SUPERUSER_ID, {})
    days._refresh(company, partners[0])
    env.cr.commit()
    try:
        with mute_logger("odoo.sql_db"):
            late["customer.value.day"]._refresh(
                late["res.company"].browse(company.id),
                late["res.partner"].browse(partners[0].id))
    except SerializationFailure:
        result["late"] = "again"
    cr.rollback()
result["both"] = ordered()
"""


@pytest.fixture(scope="module")
def found(value_template):
    with odoo_process.copied(value_template) as name:
        yield odoo_process.shell(name, SCRIPT)


def test_night_reads_what_was_written_since(found):
    assert found["first night"] == [100.0, 100.0]
    assert found["nothing since"] == [7.0, 7.0]


def test_what_was_not_done_is_read_the_next_time(found):
    assert found["not done yet"] == [7.0, 7.0]
    assert found["done"] == [7.0, 60.0]


def test_no_day_is_written_twice(found):
    assert found["late"] == "again"
    assert found["both"] == [100.0, 60.0]
