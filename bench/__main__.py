# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure the suite on generated data: ``python -m bench`` (or ``make bench``).

python -m bench                    20,000 customers and 200,000 invoices
python -m bench --large            100,000 and 1,000,000 as well (refresh, credit check)
python -m bench --quick            a tiny run that only proves that it works
python -m bench generate --database NAME --customers N --invoices M
                                   fill a database that has Odoo installed
python -m bench check --database NAME
                                   prove that Odoo accepts such a ledger

Ratios compare with plain Odoo or bare SQL in the same run. The exit status is 1
when a bound is missed. Ledgers are kept for the next run (--fresh makes new ones).
"""

import argparse
import json
import os
import platform
import re
import sys
import time
from pathlib import Path
from statistics import median

from . import (
    check,
    costs,
    credit,
    daily,
    database,
    forecast,
    order_cash,
    refresh,
    report,
    value,
)
from .generate import generate, generated

STANDARD = (20_000, 200_000)
LARGE = (100_000, 1_000_000)
QUICK = (500, 4_000)
BRIDGE = "crm_finance_bridge"
#: The standard size is also measured at a tenth of it.
STEP = 10


def main(arguments=None):
    """Run the command line; return the exit status."""
    options = _parser().parse_args(arguments)
    sys.stdout.reconfigure(line_buffering=True)
    database.configure_odoo(options.addons_path)
    return options.command(options)


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=_run)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--addons-path", help="instead of the one of ODOO_RC")
    commands = parser.add_subparsers()
    parser.add_argument("--addons-path", help="instead of the one of ODOO_RC")
    parser.add_argument(
        "--addons",
        type=Path,
        default=database.ROOT / "addons",
        help="folder of the suite's modules",
    )
    parser.add_argument("--customers", type=int, help="instead of the standard size")
    parser.add_argument("--invoices", type=int, help="instead of the standard size")
    parser.add_argument("--large", action="store_true", help="a larger size as well")
    parser.add_argument("--quick", action="store_true", help="tiny, nothing enforced")
    parser.add_argument(
        "--documents", type=int, default=100, help="documents posted and confirmed"
    )
    parser.add_argument("--fresh", action="store_true", help="generate again")
    parser.add_argument("--keep", action="store_true", help="keep the copies")
    parser.add_argument(
        "--no-enforce", action="store_true", help="exit 0 when a bound is missed"
    )
    parser.add_argument("--prefix", default="bench", help="of database names")
    parser.add_argument(
        "--report",
        type=Path,
        default=database.ROOT / ".stack" / "bench",
        help="folder of the report",
    )

    command = commands.add_parser("generate", parents=[common])
    command.add_argument("--database", required=True)
    command.add_argument("--customers", type=int, default=STANDARD[0])
    command.add_argument("--invoices", type=int, default=STANDARD[1])
    command.set_defaults(command=_generate)

    command = commands.add_parser("check", parents=[common])
    command.add_argument("--database", required=True)
    command.set_defaults(command=_check)

    command = commands.add_parser("footprint", parents=[common])
    command.add_argument("--database", required=True)
    command.set_defaults(command=_footprint)

    command = commands.add_parser("rival", parents=[common])
    command.add_argument("--database", required=True)
    command.set_defaults(command=_rival)
    return parser


# ------------------------------------------------------------------- commands


def _generate(options):
    made = generate(options.database, options.customers, options.invoices)
    print(
        f"{made.rows:,} rows in {made.seconds:.0f} s"
        f" ({made.rows_per_second:,.0f} rows per second)"
    )
    return 0


def _check(options):
    broken = check.broken_invariants(options.database)
    for rule, count in broken.items():
        print(f"{rule}: broken by {count}")
    differences = check.orm_differences(options.database)
    print(*differences, sep="\n")
    return 1 if broken or differences else 0


def _footprint(options):
    print(json.dumps(refresh.footprint(options.database)))
    return 0


def _rival(options):
    timed = credit.time_filter(options.database, "risk_exception", True, rounds=2)
    print(json.dumps(timed))
    return 0


def _run(options):
    bench = _Bench(options)
    try:
        bench.run()
    finally:
        # What was measured before a failure is reported all the same.
        print("\n" + report.write(bench.measures, bench.conditions(), options.report))
        if not options.keep:
            bench.clean_up()
    missed = [measure.what for measure in bench.measures if measure.ok is False]
    for what in missed:
        print(f"missed: {what}", file=sys.stderr)
    return 1 if missed and not (options.no_enforce or options.quick) else 0


class _Bench:
    """One run: prepares databases, takes the `measures`, drops the copies."""

    def __init__(self, options):
        self.options = options
        self.modules, self.depends = database.suite_modules(options.addons)
        self.copies = []
        self.sources = []
        self.measures = []
        self.start = time.time()

    def run(self):
        """Take the measures of the run."""
        size = QUICK if self.options.quick else STANDARD
        size = (
            self.options.customers or size[0],
            self.options.invoices or size[1],
        )
        small_size = (size[0] // STEP, size[1] // STEP)
        ledger = self.ledger(*size)
        bridge = self.bridge(ledger)
        suite = self.suite(ledger)
        small = self.suite(self.ledger(*small_size))
        plain = self.copy(ledger, "plain")

        self.say("full refresh against bare SQL")
        times = refresh.time_refresh(bridge)
        self.measures.append(self.generation(ledger))
        self.measures += refresh.measure_time(bridge, _label(size), times)
        self.say("statements and memory of a full refresh")
        for name in (small, suite):
            refresh.time_refresh(name, rounds=1)
        self.measures += refresh.measure_footprint(
            small, suite, STEP, self.options.addons_path
        )
        self.say("queries of views")
        self.measures += daily.measure_views(plain, suite, self.modules)
        self.say("posting and confirming")
        self.measures += daily.measure_documents(plain, bridge, self.documents())
        self.say("positions of orders, booking")
        self.measures.append(order_cash.measure_positions(bridge))
        self.measures += order_cash.measure_booking(plain, bridge, self.documents())
        self.say("spreading a cost")
        self.measures += costs.measure_spreading(bridge)
        # Last: it opens what was paid.
        self.say("cash forecast")
        self.measures += forecast.measure_forecast(bridge)
        if credit.MODULE in self.modules:
            self.run_credit(ledger, plain, _label(size), times)
        if value.MODULE in self.modules:
            self.say("fitting and valuing")
            sizes = value.BOUNDS[:1] if self.options.quick else value.BOUNDS
            self.measures += value.measure_fit(sizes)
            self.run_value(self.suite(ledger, "value", [value.MODULE]), suite, size)
        if self.options.large:
            self.drop_copies()
            self.run_large(ledger, times)

    def run_credit(self, ledger, plain, label, times):
        """Measure credit control, without what the other modules add."""
        suite = self.suite(ledger, "credit", [credit.MODULE])
        self.say("what credit control adds to a full refresh")
        self.measures.append(credit.measure_refresh(suite, label, times))
        self.say("exposures")
        self.measures.append(credit.measure_exposures(suite))
        self.say("filter: over the limit")
        self.measures += credit.measure_filter(
            ledger, suite, self.copy, self.options.addons_path, self.say, label
        )
        self.say("confirming with credit check")
        self.measures += credit.measure_confirmation(
            plain, suite, self.documents(), label, self.options.addons_path
        )

    def run_value(self, alone, suite, size):
        """Measure customer value: without what the other modules add, and with them.

        :param alone: database with the bridge and customer value only
        :param suite: database with everything
        """
        label = _label(size)
        self.measures += value.measure_night(alone, label)
        self.measures += value.measure_night(suite, f"{label}, whole suite")[:1]
        self.measures.append(value.measure_one(suite, label))

    def run_large(self, small_ledger, small_times):
        """Measure generator and refresh at the large size."""
        ledger = self.ledger(*LARGE)
        bridge = self.bridge(ledger)
        self.say("full refresh against bare SQL, large")
        times = refresh.time_refresh(bridge, rounds=3)
        small, large = generated(small_ledger), generated(ledger)
        factor = large.invoices / small.invoices
        self.measures += [
            self.generation(ledger),
            refresh.measure_growth("generator", small.seconds, large.seconds, factor),
            *refresh.measure_time(bridge, _label(LARGE), times),
            refresh.measure_growth(
                "refresh", median(small_times.refresh), median(times.refresh), factor
            ),
        ]
        if value.MODULE in self.modules:
            alone = self.complete(self.copy(bridge, "value"), [value.MODULE])
        if credit.MODULE in self.modules:
            suite = self.complete(bridge, [credit.MODULE])
            self.say("what credit control adds to a full refresh, large")
            self.measures.append(credit.measure_refresh(suite, _label(LARGE), times))
            self.say("confirming with credit check, large")
            self.measures += credit.measure_confirmation(
                *(self.copy(ledger, "plain"), suite, self.documents(), _label(LARGE)),
                self.options.addons_path,
            )
        if value.MODULE in self.modules:
            suite = self.complete(bridge, self.modules)
            self.say("valuing, large")
            self.run_value(alone, suite, LARGE)

    def documents(self):
        """Return how many documents are posted and confirmed."""
        return 3 if self.options.quick else self.options.documents

    def generation(self, ledger):
        """Return the measure of how the database ``ledger`` was generated."""
        made = generated(ledger)
        return report.Measure(
            f"generator ({_label((made.customers, made.invoices))},"
            f" {made.rows:,} rows, {database.size(ledger) / 2**20:,.0f} MiB)",
            f"{made.seconds:.0f} s",
            f"{made.rows_per_second:,.0f} rows/s",
        )

    def conditions(self):
        """Return what the figures depend on."""
        return {
            "modules": ", ".join(self.modules),
            "machine": f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f},"
            f" Python {platform.python_version()},"
            f" PostgreSQL {database.server_version()}",
            "taken": time.strftime("%Y-%m-%d %H:%M"),
            "duration": f"{time.time() - self.start:.0f} s",
        }

    def ledger(self, customers, invoices):
        """Return the database of plain Odoo with a ledger of that size, generated
        unless it is there already."""
        name = f"{self.options.prefix}_ledger_{customers}_{invoices}"
        self.sources.append(name)
        if self.options.fresh:
            database.drop(name)
        if database.exists(name):
            if generated(name):
                self.say(f"{name} is there already")
                return name
            database.drop(name)
        self.say(f"{name}: generate")
        database.create(name, self.odoo())
        generate(name, customers, invoices)
        problems = check.broken_invariants(name) or check.orm_differences(name)
        database.close(name)
        if problems:
            raise ValueError(f"{name} is no sound ledger: {problems}")
        return name

    def odoo(self):
        """Return a database of Odoo with what the suite depends on, no data."""
        name = f"{self.options.prefix}_odoo"
        self.sources.append(name)
        if not database.exists(name):
            self.say(f"{name}: install {', '.join(self.depends)}")
            database.create(name)
            database.install(name, self.depends, self.options.addons_path)
        return name

    def suite(self, ledger, kind="suite", modules=None):
        """Return a copy of ``ledger`` with the suite installed."""
        name = self.copy(ledger, kind)
        start = time.perf_counter()
        database.install(name, modules or self.modules, self.options.addons_path)
        database.vacuum(name)
        self.say(f"{name}: {kind} installed in {time.perf_counter() - start:.0f} s")
        return name

    def bridge(self, ledger):
        """Return a copy of ``ledger`` with what every module of the suite rests on:
        what the others add is measured apart."""
        return self.suite(ledger, "bridge", [BRIDGE])

    def complete(self, bridge, modules):
        """Install more of the suite where the bridge is; return the database."""
        database.close(bridge)
        database.install(bridge, modules, self.options.addons_path)
        database.vacuum(bridge)
        return bridge

    def copy(self, source, kind):
        """Return a copy of a ledger, or of a copy, that the run may write to."""
        name = re.sub("_(ledger|bridge)_", f"_{kind}_", source)
        database.close(source)
        database.drop(name)
        database.create(name, source)
        self.copies.append(name)
        return name

    def drop_copies(self):
        """Drop the copies made so far."""
        for name in self.copies:
            database.close(name)
            database.drop(name)
        self.copies.clear()

    def clean_up(self):
        """Drop the copies; ledgers stay for the next run unless they are tiny."""
        self.drop_copies()
        if self.options.quick:
            for name in self.sources:
                database.close(name)
                database.drop(name)

    def say(self, text):
        """Tell what is going on, with the seconds since the start."""
        print(f"[{time.time() - self.start:5.0f} s] {text}")


def _label(size):
    customers, invoices = size
    return f"{customers:,} customers, {invoices:,} invoices"


if __name__ == "__main__":
    sys.exit(main())
