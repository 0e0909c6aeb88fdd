# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measures of customer value: fitting the models and scoring every customer.

The statistics are plain Python, so nothing but this process is measured. Customers are
simulated by the model itself, at the parameters of a retailer, with first orders spread
over years: few of them share a history, which is the hard case.
"""

import importlib.util
import sys
import time
from pathlib import Path
from random import Random

from .report import Measure

TOOLS = Path(__file__).parent.parent / "addons" / "crm_customer_value" / "tools"
NAME = "customer_value_tools"

#: Customers, and the seconds that fitting and scoring them may take.
BOUNDS = ((2_357, 0.1), (100_000, 6.0))
WEEKS = 240
ROUNDS = 3


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
