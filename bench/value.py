# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measures of customer value: the statistics alone, and valuing in the database.

The statistics are plain Python, so nothing but this process is measured. Customers are
simulated by the model itself, at the parameters of a retailer, with first orders spread
over years: few of them share a history, which is the hard case.

Valuing is what a night adds to the refresh of the bridge, and what one order adds to
that of its customer; both happen in the scheduled action, not in anybody's way.
"""

import importlib.util
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median

from . import database
from .report import Measure

TOOLS = Path(__file__).parent.parent / "addons" / "crm_customer_value" / "tools"
NAME = "customer_value_tools"

#: Customers, and the seconds that fitting and scoring them may take.
BOUNDS = ((2_357, 0.1), (100_000, 6.0))
WEEKS = 240
ROUNDS = 3

MODULE = "crm_customer_value"
BARE = (Path(__file__).parent / "bare_value.sql").read_text(encoding="utf-8")
#: A night against the bare sums of the same orders and invoices.
NIGHT_BOUND = 3.0
#: Seconds that one customer may take after a new order.
ONE_BOUND = 0.05
ONE_ROUNDS = 40


def load_tools():
    """Return the package of the statistics, without the module around it and so without
    Odoo; its modules can be imported from the returned one."""
    if NAME not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            NAME, TOOLS / "__init__.py", submodule_search_locations=[str(TOOLS)]
        )
        package = importlib.util.module_from_spec(spec)
        sys.modules[NAME] = package
        spec.loader.exec_module(package)
    return sys.modules[NAME]


def measure_fit(sizes=BOUNDS, rounds=ROUNDS):
    """Return one measure per size: the best time of fitting both models and scoring,
    in seconds of the processor, which other processes do not lengthen.

    :param sizes: pairs of (customers, seconds allowed)
    """
    tools = load_tools()
    measures = []
    for number, allowed in sizes:
        customers = make_customers(number)
        times = [_time(tools, customers) for _round in range(rounds)]
        fitting, scoring, result = min(times, key=lambda took: took[0] + took[1])
        if result.refusal or result.spend_refusal:
            raise ValueError(f"refused: {result.refusal or result.spend_refusal}")
        measures.append(
            Measure(
                f"fit + score of {number:,} customers, {result.cells:,} histories",
                f"{fitting + scoring:.3f} s ({fitting:.3f} + {scoring:.3f})",
                f"{allowed:g} s allowed",
                (fitting + scoring) / allowed,
                1.0,
                {"seconds": [took[:2] for took in times]},
            )
        )
    return measures


def make_customers(number, weeks=WEEKS, seed=5):
    """Return customers simulated by MBG/NBD with .6, 8, .9, 1.8 (weeks) and by
    Gamma-Gamma with 6, 3.7, 15."""
    customer = load_tools().customers.Customer
    random = Random(seed)
    return [customer(key, *_history(random, weeks)) for key in range(number)]


def _history(random, weeks):
    age = random.randrange(weeks * 7)
    rate = random.gammavariate(0.6, 1 / 8) / 7
    lost = random.betavariate(0.9, 1.8)
    days, time_ = set(), 0.0
    while rate and random.random() > lost:
        time_ += random.expovariate(rate)
        if time_ > age:
            break
        days.add(int(time_))
    days.discard(0)
    value = 0.0
    if days:
        own = random.gammavariate(3.7, 1 / 15)
        value = random.gammavariate(6 * len(days), 1 / (own * len(days)))
    return len(days), max(days, default=0), age, value


def _time(tools, customers):
    start = time.process_time()
    result = tools.fit.fit(customers)
    fitted = time.process_time()
    scores = tools.score.score(customers, result)
    scored = time.process_time()
    if len(scores) != len(customers):
        raise ValueError(f"{len(scores)} scores of {len(customers)} customers")
    return fitted - start, scored - fitted, result


def measure_night(name, label):
    """Return the measures of valuing every customer by the last fit, and of that fit.

    :param name: database with the module, whose profiles are refreshed here
    """
    with database.environment(name) as env:
        company = env.ref("base.main_company")
        # The first time fits, and places everybody in a tier.
        env["customer.finance.profile"]._rebuild(company)
        env.cr.commit()
        runs, bare, fits, statements = [], [], [], set()
        for round_ in range(ROUNDS):
            bare.append(_seconds(_read_bare, env, company))
            _sell(env, company, round_)
            before = env.cr.sql_log_count
            runs.append(_seconds(_value, env, company))
            statements.add(env.cr.sql_log_count - before)
        fits.append(_seconds(env["customer.value.fit"]._fit, company))
        env.cr.commit()
        found = env["customer.value.fit"]._get_current(company)
        name = found.model or found.state
    return [
        Measure(
            f"valuing everybody by the last fit ({label}) / bare SQL of the same orders"
            " and invoices",
            f"{median(runs):.2f} s, {max(statements)} statements",
            f"{median(bare):.2f} s",
            median(runs) / median(bare),
            NIGHT_BOUND,
            {"runs": runs, "bare": bare},
        ),
        Measure(
            f"a fit with its back-test ({label}, {name})",
            f"{fits[0]:.2f} s, monthly",
        ),
    ]


def measure_one(name, label):
    """Return the measure of what valuing adds to the refresh of one customer after an
    order, in the transaction of the scheduled action that refreshes it."""
    with database.environment(name) as env:
        company = env.ref("base.main_company")
        env.cr.execute(
            """SELECT partner_id FROM customer_finance_profile
                WHERE company_id = %s AND value_order_days > 1
                ORDER BY md5(partner_id::text) LIMIT %s""",
            (company.id, ONE_ROUNDS + 5),
        )
        partners = env["res.partner"].browse(id_ for [id_] in env.cr.fetchall())
        with _timed(type(env["customer.value.score"]), "_score") as seconds:
            for partner in partners:
                env.invalidate_all()
                env["customer.finance.profile"]._refresh(company, partner)
                env.cr.commit()
    if len(seconds) != len(partners):
        raise ValueError(f"{len(seconds)} of {len(partners)} customers were valued")
    seconds = seconds[5:]
    return Measure(
        f"valuing one customer after an order ({label}), median of {len(seconds)}",
        f"{median(seconds) * 1000:.0f} ms (at most {max(seconds) * 1000:.0f})",
        f"{ONE_BOUND * 1000:.0f} ms allowed",
        median(seconds) / ONE_BOUND,
        1.0,
        {"seconds": seconds},
    )


@contextmanager
def _timed(owner, name):
    """Yield a list that receives the seconds of every call of a method."""
    method, seconds = getattr(owner, name), []

    def timed(*args):
        start = time.perf_counter()
        result = method(*args)
        seconds.append(time.perf_counter() - start)
        return result

    setattr(owner, name, timed)
    try:
        yield seconds
    finally:
        delattr(owner, name)


def _value(env, company):
    env.invalidate_all()
    env["customer.value.score"]._score(company)
    env.cr.commit()


def _sell(env, company, day):
    """Have an order of one customer in a hundred written, as in the course of a day:
    a night reads their documents anew."""
    env.cr.execute(
        """
        UPDATE sale_order SET write_date = NOW() AT TIME ZONE 'UTC'
         WHERE id IN (
                SELECT MAX(id) FROM sale_order
                 WHERE company_id = %s AND state = 'sale'
                   AND partner_invoice_id %% 100 = %s
                 GROUP BY partner_invoice_id)
        """,
        [company.id, day],
    )
    env.cr.commit()


def _read_bare(env, company):
    env.cr.execute(BARE, {"company": company.id})
    env.cr.fetchall()


def _seconds(function, *args):
    start = time.perf_counter()
    function(*args)
    return time.perf_counter() - start
