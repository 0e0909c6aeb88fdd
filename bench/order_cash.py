# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measures from order to cash: confirming with plan and booking against plain Odoo
invoicing the same order by its own wizard, and the positions of many orders."""

import gc
import time

from . import daily, database
from .report import Measure

BOOKING_BOUND = 1.3
#: Orders whose positions are read at once.
FEW, MANY = 100, 10_000
CRON = "crm_finance_bridge.ir_cron_book_orders"


# -------------------------------------------------------------- confirmation


def measure_booking(plain, suite, count):
    """Confirm and invoice orders in turns: in ``plain`` Odoo by its own wizard, in the
    ``suite`` by the order itself, whose scheduled action runs right after; return the
    measures. Both end with a draft invoice; the suite has a collection plan as well."""
    with database.environment(suite) as env:
        env["res.company"].search([]).finance_booking = "confirm"
        env.cr.commit()
    names = (plain, suite)
    orders = {}
    for name in names:
        with database.environment(name, daily._admin(name)) as env:
            term = env.ref("account.account_payment_term_30days")
            made = daily._create_orders(env, daily.WARM_UP + count)
            made.payment_term_id = term
            orders[name] = made.ids
            env.cr.commit()
    work = {plain: _invoice_by_wizard, suite: _invoice_by_itself}
    seconds = {name: [] for name in names}
    for position in range(daily.WARM_UP + count):
        if position == daily.WARM_UP:
            gc.collect()
            gc.freeze()
        for name in names if position % 2 else reversed(names):
            seconds[name].append(work[name](name, orders[name][position]))
        daily._empty_queue(suite)
    gc.unfreeze()
    seconds = {name: times[daily.WARM_UP :] for name, times in seconds.items()}
    for name in names:
        _assert_invoiced(name, orders[name])
    _assert_planned(suite, orders[suite])
    return [
        daily._compare_documents(
            f"confirming, plan and booking, {count} times, against Odoo's own wizard",
            *(seconds, plain, suite, BOOKING_BOUND),
        )
    ]


def _invoice_by_wizard(name, order_id):
    """Return the seconds that confirming takes, and invoicing by Odoo's wizard; each is
    a transaction of its own, as it is for whoever clicks twice."""
    start = time.perf_counter()
    with database.environment(name, daily._admin(name)) as env:
        env["sale.order"].browse(order_id).action_confirm()
        env.cr.commit()
    with database.environment(name, daily._admin(name)) as env:
        wizard = env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=[order_id]
        )
        wizard.create({"advance_payment_method": "delivered"}).create_invoices()
        env.cr.commit()
    return time.perf_counter() - start


def _invoice_by_itself(name, order_id):
    """Return the seconds that confirming takes, and what the scheduled action does."""
    start = time.perf_counter()
    with database.environment(name, daily._admin(name)) as env:
        env["sale.order"].browse(order_id).action_confirm()
        env.cr.commit()
    with database.environment(name) as env:
        env["sale.order.booking"]._cron_book()
        env.cr.commit()
    return time.perf_counter() - start


def _assert_invoiced(name, order_ids):
    with database.environment(name) as env:
        env.cr.execute(
            """
            SELECT count(DISTINCT move.id)
              FROM sale_order_line line
              JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id
              JOIN account_move_line item ON item.id = link.invoice_line_id
              JOIN account_move move ON move.id = item.move_id
             WHERE line.order_id = ANY(%s) AND line.invoice_status = 'invoiced'
            """,
            [order_ids],
        )
        [count] = env.cr.fetchone()
    if count != len(order_ids):
        raise ValueError(f"{count} invoices of {len(order_ids)} orders in {name}")


def _assert_planned(name, order_ids):
    with database.environment(name) as env:
        lines = env["sale.collection.line"].search([("order_id", "in", order_ids)])
        planned = len(lines.order_id)
    if planned != len(order_ids):
        raise ValueError(f"{planned} of {len(order_ids)} orders have a plan in {name}")


# ----------------------------------------------------------------- positions


def measure_positions(name):
    """Return the measure of statements for the positions of few and many orders."""
    with database.environment(name) as env:
        _confirm_by_sql(env, MANY)
        orders = env["sale.order"].search([("state", "=", "sale")], limit=MANY)
        if len(orders) <= FEW:
            raise ValueError(f"{name} has only {len(orders)} confirmed orders")
        (few_count, few_time), (many_count, many_time) = (
            _read_positions(env, orders[:number]) for number in (FEW, len(orders))
        )
    return Measure(
        f"statements for the positions of {len(orders):,} orders instead of {FEW}",
        f"{many_count} ({many_time:.2f} s)",
        f"{few_count} ({few_time:.2f} s)",
        many_count / few_count,
        1.0,
        {"statements": many_count, "seconds": many_time},
    )


def _confirm_by_sql(env, wanted):
    """Have at least so many confirmed orders in this transaction, each with a line that
    an invoice of its own bills: the ledger has more invoices than orders."""
    env.cr.execute(
        """
        WITH billed AS (
            SELECT item.id, move.partner_id, move.company_id, move.currency_id,
                   item.price_total, ROW_NUMBER() OVER (ORDER BY move.id DESC) AS number
              FROM account_move move
              JOIN LATERAL (
                    SELECT id, price_total FROM account_move_line
                     WHERE move_id = move.id AND display_type = 'product'
                     ORDER BY id LIMIT 1) item ON TRUE
             WHERE move.move_type = 'out_invoice' AND move.state = 'posted'
             ORDER BY move.id DESC
             LIMIT GREATEST(0, %s - (SELECT count(*) FROM sale_order
                                      WHERE state = 'sale'))
        ), made AS (
            INSERT INTO sale_order (
                name, partner_id, partner_invoice_id, partner_shipping_id, company_id,
                currency_id, currency_rate, state, date_order, amount_total,
                amount_untaxed, amount_tax)
            SELECT 'Bench ' || number, partner_id, partner_id, partner_id, company_id,
                   currency_id, 1, 'sale', NOW() AT TIME ZONE 'UTC', price_total,
                   price_total, 0
              FROM billed
            RETURNING id, name
        ), line AS (
            INSERT INTO sale_order_line (
                order_id, name, product_uom_qty, price_unit, customer_lead, state)
            SELECT made.id, made.name, 1, 0, 0, 'sale' FROM made
            RETURNING id, name
        )
        INSERT INTO sale_order_line_invoice_rel (order_line_id, invoice_line_id)
        SELECT line.id, billed.id
          FROM line JOIN billed ON line.name = 'Bench ' || billed.number
        """,
        [wanted],
    )
    env.invalidate_all()


def _read_positions(env, orders):
    for _warm in range(2):
        env.invalidate_all()
        before, start = env.cr.sql_log_count, time.perf_counter()
        positions = env["order.cash.rows"]._get_order_positions(orders)
        seconds = time.perf_counter() - start
        statements = env.cr.sql_log_count - before
    if len(positions) != len(orders):
        raise ValueError(f"{len(positions)} positions of {len(orders)} orders")
    return statements, seconds
