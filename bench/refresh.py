# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measures of the full refresh: time against bare SQL, statements, memory."""

import json
import re
import subprocess
import sys
import time
import tracemalloc
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

from . import database
from .report import Measure

FOLDER = Path(__file__).parent
BARE = (FOLDER / "bare.sql").read_text(encoding="utf-8")
BARE_MARGIN = (FOLDER / "bare_margin.sql").read_text(encoding="utf-8")

TIME_BOUND = 4.0
#: Python's own peak; a little noise of caches is not growth.
MEMORY_BOUND = 1.10
#: Growth of time per growth of size, with some room for noise.
LINEAR_BOUND = 1.15


@dataclass(frozen=True)
class RefreshTimes:
    """Seconds per round, in the order they were taken."""

    first: float
    refresh: list[float]
    bare: list[float]
    bare_margin: list[float]


def time_refresh(name, rounds=5):
    """Time full refreshes and the bare SQL in turns on database ``name``.

    Refreshes are committed: every round after the first updates existing rows, as
    every night does."""
    with database.environment(name) as env:
        company = env.ref("base.main_company")
        today = env["res.company"].browse(company.id)._get_finance_today()
        parameters = {
            "company": company.id,
            "today": today,
            "start": today - timedelta(days=365),
        }

        def refresh():
            env["customer.finance.profile"]._rebuild(company)
            env.cr.commit()

        def read(query):
            env.cr.execute(query, parameters)
            env.cr.fetchall()
            env.cr.rollback()

        first = _seconds(refresh)
        rounds = [
            (_seconds(read, BARE), _seconds(refresh), _seconds(read, BARE_MARGIN))
            for _round in range(rounds)
        ]
    bare, refreshes, bare_margin = (
        list(column) for column in zip(*rounds, strict=True)
    )
    return RefreshTimes(first, refreshes, bare, bare_margin)


def measure_time(name, size, times):
    """Return the measures of `time_refresh`."""
    refresh, bare = median(times.refresh), median(times.bare)
    everything = bare + median(times.bare_margin)
    return [
        Measure(
            f"full refresh / bare SQL, receivable and payments ({size})",
            _span(times.refresh),
            _span(times.bare),
            refresh / bare,
            TIME_BOUND,
            {"database": name, "refresh": times.refresh, "bare": times.bare},
        ),
        Measure(
            f"full refresh / bare SQL, margin and orders as well ({size})",
            f"{refresh:.2f} s",
            f"{everything:.2f} s",
            refresh / everything,
            detail={"bare_margin": times.bare_margin},
        ),
        Measure(f"first refresh, no profile yet ({size})", f"{times.first:.2f} s"),
    ]


def measure_growth(what, small, large, factor):
    """Return the measure of seconds ``small`` and ``large`` at ``factor`` times the
    size: at most linear."""
    return Measure(
        f"growth of {what} time, {factor:g} times the size",
        f"× {large / small:.2f}",
        f"× {factor:g}",
        large / small / factor,
        LINEAR_BOUND,
    )


def measure_footprint(small, large, factor, addons_path):
    """Return the measures of statements and memory of one refresh at two sizes,
    each taken in a process of its own."""
    few, many = (_footprint(name, addons_path) for name in (small, large))
    label = f"at {factor:g} × the customers"
    return [
        Measure(
            f"statements of a full refresh, {label}",
            str(many["statements"]),
            str(few["statements"]),
            many["statements"] / few["statements"],
            1.0,
        ),
        Measure(
            f"peak of Python memory of a full refresh, {label}",
            f"{many['traced'] / 1024:.0f} KiB",
            f"{few['traced'] / 1024:.0f} KiB",
            many["traced"] / few["traced"],
            MEMORY_BOUND,
        ),
        Measure(
            f"peak of the whole process, {label}",
            f"{many['resident'] / 1024:.1f} MiB",
            f"{few['resident'] / 1024:.1f} MiB",
            many["resident"] / few["resident"],
            MEMORY_BOUND,
        ),
    ]


def footprint(name):
    """Return what one full refresh takes of this process: number of statements,
    peak of traced memory in bytes, peak of resident memory in KiB."""
    with database.environment(name) as env:
        company = env.ref("base.main_company")
        profiles = env["customer.finance.profile"]
        profiles.search([], limit=1)
        statements = env.cr.sql_log_count
        tracemalloc.start()
        profiles._rebuild(company)
        _current, traced = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        statements = env.cr.sql_log_count - statements
    return {
        "statements": statements,
        "traced": traced,
        "resident": _peak_resident(),
    }


def _peak_resident():
    """Return the peak of resident memory of this process in KiB. Not `getrusage`:
    what that tells includes the process this one was started from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])


def _footprint(name, addons_path):
    command = [sys.executable, "-m", "bench", "footprint", "--database", name]
    if addons_path:
        command += ["--addons-path", addons_path]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=database.ROOT
    )
    return json.loads(done.stdout)


def _seconds(function, *args):
    start = time.perf_counter()
    function(*args)
    return time.perf_counter() - start


def _span(seconds):
    """Render the median with the range."""
    return f"{median(seconds):.2f} s ({min(seconds):.2f}–{max(seconds):.2f})"
