# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measures of credit control: confirming with check and lock against plain Odoo,
exposures, and the filter "over the limit" against another module's."""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from . import daily, database, server
from .report import Measure

MODULE = "crm_credit_control"
CONFIRM_BOUND = 1.25
REFRESH_BOUND = 0.25
#: Ours per theirs: at least twenty times as fast.
FILTER_BOUND = 1 / 20
#: Customers whose exposure is read at once.
FEW, MANY = 100, 10_000
#: One customer in so many has a limit.
SHARE = 10
AMPLE = 10**9
#: Clicks for each document that a method is called on alone: requests vary more.
CLICKS = 3

#: The other module, installed in a database of its own and nowhere else.
RIVAL = "account_financial_risk"
RIVAL_PACKAGE = "odoo-addon-account-financial-risk>=19.0,<20.0"
RIVAL_FOLDER = database.ROOT / ".stack" / "oca"


# --------------------------------------------------------------- preparation


def set_limits(name, amount="1000 * (1 + id % 50)"):
    """Give one customer in ten a credit limit.

    :param amount: SQL of the limit
    """
    _execute(
        name,
        f"""
        UPDATE res_partner
           SET credit_limit = jsonb_build_object(
                    (SELECT min(id) FROM res_company)::text, {amount})
         WHERE id % {SHARE} = 0 AND customer_rank > 0
           AND commercial_partner_id = id
        """,
    )


def _execute(name, *statements):
    connection = database.connect(name)
    with connection, connection.cursor() as cr:
        for statement in statements:
            cr.execute(statement)
    connection.close()


# ------------------------------------------------------------------- refresh


def measure_refresh(name, label, times, rounds=5):
    """Return the measure of what credit control adds to a full refresh, when one
    customer in ten has a limit and those near it are reminded of already.

    :param times: of full refreshes of the bridge alone, see bench.refresh
    """
    set_limits(name)
    seconds = []
    with database.environment(name) as env:
        company = env.ref("base.main_company")
        # The first time reminds, which no later one has to.
        for _round in range(rounds + 1):
            env.invalidate_all()
            before, start = env.cr.sql_log_count, time.perf_counter()
            env["customer.finance.profile"]._judge_credit(company)
            env.cr.commit()
            seconds.append(time.perf_counter() - start)
            statements = env.cr.sql_log_count - before
        near = len(env["credit.account"]._get_reminded(company))
    seconds = seconds[1:]
    return Measure(
        f"credit control's part of a full refresh ({label}, {near:,} near their limit)"
        " / the bridge's",
        f"{median(seconds):.2f} s, {statements} statements",
        f"{median(times.refresh):.2f} s",
        median(seconds) / median(times.refresh),
        REFRESH_BOUND,
        {"seconds": seconds, "statements": statements},
    )


# -------------------------------------------------------------- confirmation


def measure_confirmation(plain, suite, count, label, addons_path=None):
    """Confirm orders of customers with a limit in turns, in plain Odoo and with check
    and lock; return the measures. Every order passes: one that is held is less work.

    What a user waits for is measured by clicks in a browser; what it consists of, by
    the method alone, without request, session and answer.
    """
    set_limits(suite, AMPLE)
    with database.environment(suite) as env:
        # The generated customers pay late.
        rules = env["credit.policy.rule"].search([("code", "=", "overdue_days")])
        rules.action = "ignore"
        before = env["credit.hold"].search_count([])
        env.cr.commit()
    # The same customers in both, of which only the suite's have the limit.
    numbers = _limited_customers(suite)

    def create(env, wanted):
        customers = (numbers * (wanted // len(numbers) + 1))[:wanted]
        return env["sale.order"].create(
            [
                {"partner_id": id_, "order_line": daily._lines(env, number)}
                for number, id_ in enumerate(customers)
            ]
        )

    what = f"confirming with credit check ({label})"
    clicks = CLICKS * count
    measures = [_measure_clicks(plain, suite, clicks, what, create, addons_path)]
    measures += daily._measure_documents(
        *(plain, suite, count, f"{what}, the method alone"),
        *("sale.order", "action_confirm", create),
        bound=None,
    )
    with database.environment(suite) as env:
        if held := env["credit.hold"].search_count([]) - before:
            raise ValueError(f"{held} orders were held in {suite}")
    return measures


def _measure_clicks(plain, suite, count, what, create, addons_path):
    """Click "Confirm" on orders of both databases in turns; return the measure."""
    names, orders = (plain, suite), {}
    for name in names:
        with database.environment(name, daily._admin(name)) as env:
            orders[name] = create(env, daily.WARM_UP + count).ids
            env.cr.commit()
    times = {name: [] for name in names}
    with (
        server.browser(plain, addons_path) as theirs,
        server.browser(suite, addons_path) as ours,
    ):
        browsers = {plain: theirs, suite: ours}
        for position in range(daily.WARM_UP + count):
            for name in names if position % 2 else reversed(names):
                times[name].append(
                    browsers[name].click(
                        "sale.order", "action_confirm", orders[name][position]
                    )
                )
            daily._empty_queue(suite)
    times = {name: seconds[daily.WARM_UP :] for name, seconds in times.items()}
    return daily._compare_documents(
        f"{what}, {count} clicks", times, plain, suite, CONFIRM_BOUND
    )


def _limited_customers(name):
    with database.environment(name) as env:
        env.cr.execute(
            "SELECT id FROM res_partner WHERE credit_limit IS NOT NULL"
            " AND name LIKE 'Bench Customer%' ORDER BY id LIMIT 200"
        )
        return [id_ for (id_,) in env.cr.fetchall()]


# ----------------------------------------------------------------- exposures


def measure_exposures(name):
    """Return the measure of statements for the positions of few and many customers."""
    with database.environment(name) as env:
        customers = env["res.partner"].search(
            [("customer_rank", ">", 0), ("parent_id", "=", False)], limit=MANY
        )
        many, few = len(customers), min(FEW, len(customers) // 10)
        (few_count, few_time), (many_count, many_time) = (
            _read_positions(env, customers[:number]) for number in (few, many)
        )
    return Measure(
        f"statements for the exposure of {many:,} customers instead of {few}",
        f"{many_count} ({many_time:.2f} s)",
        f"{few_count} ({few_time:.2f} s)",
        many_count / few_count,
        1.0,
    )


def _read_positions(env, customers):
    company = env.ref("base.main_company")
    for _warm in range(2):
        env.invalidate_all()
        before, start = env.cr.sql_log_count, time.perf_counter()
        positions = env["credit.position"]._get_positions(company, customers)
        seconds = time.perf_counter() - start
        statements = env.cr.sql_log_count - before
    if len(positions) != len(customers):
        raise ValueError(f"{len(positions)} positions of {len(customers)} customers")
    return statements, seconds


# -------------------------------------------------------------------- filter


def measure_filter(ledger, suite, copy, addons_path, say, label):
    """Return the measures of filtering contacts "over the limit" in the database
    ``suite`` and in a copy of ``ledger`` with the other module; none if that cannot be
    had.

    :param copy: makes a copy of a database; returns its name
    """
    path = _fetch_rival(say)
    if not path:
        return []
    rival = copy(ledger, "rival")
    both = ",".join(filter(None, [addons_path or _addons_path(), path]))
    database.install(rival, [RIVAL], both)
    for name in (suite, rival):
        set_limits(name)
    _count_every_risk(rival)
    database.vacuum(rival)
    mine = time_filter(suite, "credit_state", "over", 7)
    theirs = _time_rival(rival, both)
    say(f"{mine['found']} over the limit here, {theirs['found']} there")
    return [
        Measure(
            f'filter "over the limit" / OCA {RIVAL} ({label})',
            f"{median(mine['seconds']) * 1000:.0f} ms",
            f"{median(theirs['seconds']) * 1000:.0f} ms",
            median(mine["seconds"]) / median(theirs["seconds"]),
            FILTER_BOUND,
            {"suite": mine, "rival": theirs},
        )
    ]


def time_filter(name, field, value, rounds):
    """Return the seconds that searching contacts by a field takes, and how many it
    finds; the first search only warms up."""
    seconds = []
    with database.environment(name, daily._admin(name)) as env:
        for _round in range(rounds + 1):
            env.invalidate_all()
            start = time.perf_counter()
            found = env["res.partner"].search([(field, "=", value)])
            seconds.append(time.perf_counter() - start)
        return {"seconds": seconds[1:], "found": len(found)}


def _fetch_rival(say):
    """Return the folder of the other module, downloaded unless it is there; None, with
    a word why, when that is impossible."""
    path = RIVAL_FOLDER / "odoo" / "addons"
    if not (path / RIVAL).exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--target", str(RIVAL_FOLDER)]
        done = subprocess.run(
            [*command, RIVAL_PACKAGE], capture_output=True, text=True, check=False
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["pip failed"])[-1]
            say(f"{RIVAL} cannot be had, nothing to compare with: {reason}")
            return None
    return str(path)


def _addons_path():
    """Return the addons path this process was configured with."""
    from odoo.tools import config  # noqa: PLC0415 - Odoo is slow to import

    return ",".join(config["addons_path"])


def _count_every_risk(name):
    """Have the other module count every kind of risk of the customers with a limit:
    by default it counts none."""
    connection = database.connect(name)
    with connection, connection.cursor() as cr:
        cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name ="
            " 'res_partner' AND column_name LIKE 'risk%include'"
        )
        columns = ", ".join(f'"{column}" = TRUE' for (column,) in cr.fetchall())
        cr.execute(f"UPDATE res_partner SET {columns} WHERE credit_limit IS NOT NULL")
    connection.close()


def _time_rival(name, addons_path):
    command = [sys.executable, "-m", "bench", "rival", "--database", name]
    done = subprocess.run(
        [*command, "--addons-path", addons_path],
        **{"check": False, "capture_output": True, "text": True},
        cwd=Path(__file__).parent.parent,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return json.loads(done.stdout)
