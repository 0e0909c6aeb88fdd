# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measures of daily work against plain Odoo: posting, confirming, opening views."""

import gc
import time
from statistics import median

from lxml import etree

from . import database
from .report import Measure

DOCUMENT_BOUND = 1.10
WARM_UP = 5
#: Numbers of records a view is read for; queries are compared from the second on.
ROWS = (1, 10, 80)
#: Two queries for seventy rows.
ROW_BOUND = 0.03
PROFILE_ACTION = "crm_finance_bridge.customer_finance_profile_action"
X2MANY = ("one2many", "many2many")
MANY2ONE = ("many2one", "reference")


# ------------------------------------------------------------------ documents


def measure_documents(plain, suite, count):
    """Post invoices and confirm orders in turns on two databases with the same
    ledger, ``plain`` Odoo and the ``suite``; return the measures."""
    return [
        measure
        for kind in (
            ("posting an invoice", "account.move", "action_post", _create_invoices),
            ("confirming an order", "sale.order", "action_confirm", _create_orders),
        )
        for measure in _measure_documents(plain, suite, count, *kind)
    ]


def _measure_documents(
    plain, suite, count, what, model, method, create, bound=DOCUMENT_BOUND
):
    """Call ``method`` on ``count`` documents of each database, one by one, each in
    a transaction of its own that is committed. What the suite appends to its queue
    before the commit is part of it; the queue is emptied between documents, as the
    scheduled action does, so that every document finds it empty."""
    names = (plain, suite)
    documents = {}
    for name in names:
        with database.environment(name, _admin(name)) as env:
            documents[name] = create(env, WARM_UP + count).ids
            env.cr.commit()
    times = {name: [] for name in names}
    for position in range(WARM_UP + count):
        if position == WARM_UP:
            # Neither database pays for collecting what the other has loaded.
            gc.collect()
            gc.freeze()
        for name in names if position % 2 else reversed(names):
            times[name].append(
                _time_document(name, model, documents[name][position], method)
            )
        _empty_queue(suite)
    gc.unfreeze()
    wall, processor = (
        {name: [pair[clock] for pair in times[name][WARM_UP:]] for name in names}
        for clock in (0, 1)
    )
    return [
        _compare_documents(f"{what}, {count} times", wall, *names, bound),
        _compare_documents(f"{what}, processor time of Python", processor, *names),
    ]


def _compare_documents(what, seconds, plain, suite, bound=None):
    """Return the measure of ``seconds`` by database: the median of the ratios of
    pairs, which were taken one right after the other."""
    ratios = [
        mine / theirs
        for mine, theirs in zip(seconds[suite], seconds[plain], strict=True)
    ]
    return Measure(
        f"{what}: suite / plain Odoo (pairs {min(ratios):.2f}–{max(ratios):.2f})",
        f"{median(seconds[suite]) * 1000:.1f} ms",
        f"{median(seconds[plain]) * 1000:.1f} ms",
        median(ratios),
        bound,
        {"suite": seconds[suite], "plain": seconds[plain]},
    )


def _time_document(name, model, record_id, method):
    """Return the seconds, on the wall and of this process, that one takes."""
    with database.environment(name, _admin(name)) as env:
        record = env[model].browse(record_id)
        start, processor = time.perf_counter(), time.process_time()
        getattr(record, method)()
        env.cr.commit()
        return time.perf_counter() - start, time.process_time() - processor


def _empty_queue(suite):
    with database.environment(suite) as env:
        env.cr.execute("DELETE FROM customer_finance_queue")
        env.cr.execute("DELETE FROM ir_cron_trigger")
        env.cr.commit()


def _admin(name):
    with database.environment(name) as env:
        return env.ref("base.user_admin").id


def _lines(env, number):
    """Return the values of three product lines."""
    products = env["product.product"].search(
        [("name", "=like", "Bench Product%")], limit=20, order="id"
    )
    return [
        (0, 0, {"product_id": products[(number + line) % len(products)].id})
        for line in range(3)
    ]


def _customers(env, count):
    customers = env["res.partner"].search(
        [("name", "=like", "Bench Customer%")], limit=count, order="id"
    )
    return (list(customers) * (count // len(customers) + 1))[:count]


def _create_invoices(env, count):
    return env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_line_ids": _lines(env, number),
            }
            for number, customer in enumerate(_customers(env, count))
        ]
    )


def _create_orders(env, count):
    return env["sale.order"].create(
        [
            {"partner_id": customer.id, "order_line": _lines(env, number)}
            for number, customer in enumerate(_customers(env, count))
        ]
    )


# ---------------------------------------------------------------------- views


def measure_views(plain, suite, suite_modules):
    """Count the queries of opening the contact form and the lists as the web client
    does, for more and more records; return the measures."""
    measures = [
        _measure_views(
            "queries of the profile list",
            _count_queries(suite, suite_modules, "customer.finance.profile", "list"),
        )
    ]
    for what, model, view_type in (
        ("contact form", "res.partner", "form"),
        ("contact list", "res.partner", "list"),
        ("order list", "sale.order", "list"),
    ):
        mine, theirs = (
            _count_queries(name, suite_modules, model, view_type)
            for name in (suite, plain)
        )
        added = [more - less for more, less in zip(mine, theirs, strict=True)]
        measures.append(_measure_views(f"queries added to the {what}", added))
    return measures


def _measure_views(what, counts):
    """Return the measure of query ``counts`` for ROWS records: queries per extra
    row. One or two may come once, when a prefetch splits or an optional link is met."""
    _one, some, many = counts
    return Measure(
        f"{what}, per extra row ({ROWS[1]} to {ROWS[2]} records)",
        str(many),
        str(some),
        max(many - some, 0) / (ROWS[2] - ROWS[1]),
        ROW_BOUND,
        dict(zip(map(str, ROWS), counts, strict=True)),
    )


def _count_queries(name, suite_modules, model_name, view_type):
    """Return the numbers of queries that reading the view takes, for ROWS records,
    with warm caches of the server and no record in memory."""
    with database.environment(name, _admin(name)) as env:
        _grant_suite_groups(env, suite_modules)
        view_id = False
        if model_name == "customer.finance.profile":
            action = env["ir.actions.act_window"]._for_xml_id(PROFILE_ACTION)
            view_id = {kind: id_ for id_, kind in action["views"]}[view_type]
        model = env[model_name]
        arch = model.get_views([(view_id, view_type)])["views"][view_type]["arch"]
        fields = _specification(model, etree.fromstring(arch))
        domain = [("customer_rank", ">", 0)] if model_name == "res.partner" else []
        records = model.search(domain, limit=max(ROWS))
        if len(records) < max(ROWS):
            raise ValueError(f"{name} has only {len(records)} {model_name}")
        counts = []
        for rows in ROWS:
            for _warm in range(2):
                env.invalidate_all()
                before = env.cr.sql_log_count
                if view_type == "list":
                    model.web_search_read(domain, fields, limit=rows, count_limit=10001)
                else:
                    records[:rows].web_read(fields)
                count = env.cr.sql_log_count - before
            counts.append(count)
    return counts


def _grant_suite_groups(env, suite_modules):
    """Let the current user see every column of the suite, in this transaction."""
    data = env["ir.model.data"].sudo()
    groups = data.search(
        [("model", "=", "res.groups"), ("module", "in", suite_modules)]
    )
    env.user.sudo().group_ids += env["res.groups"].browse(groups.mapped("res_id"))


def _specification(model, node):
    """Return what the web client reads for the view ``node`` of ``model``: every
    field in it, names of linked records, the sub-views of lists."""
    specification = {}
    depth = len(node.xpath("ancestor::field"))
    for field_node in node.xpath(f".//field[count(ancestor::field) = {depth}]"):
        field_name = field_node.get("name")
        field = model._fields[field_name]
        wanted = {}
        if field.type in MANY2ONE:
            wanted = {"fields": {"display_name": {}}}
        elif field.type in X2MANY:
            comodel = model.env[field.comodel_name]
            views = field_node.xpath("./*[self::list or self::kanban]")
            wanted = {
                "fields": _specification(comodel, views[0])
                if views
                else {"display_name": {}},
                "limit": 40,
            }
        specification[field_name] = wanted
    return specification
