# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``python -m retail``: load the Online Retail transactions into a database.

Odoo's configuration is the file named by ODOO_RC; options may also be given in the
environment, as DB, CUSTOMERS and FILE.
"""

import argparse
import os
import sys
from pathlib import Path

from . import report, rows, rules, value
from .errors import Failure

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "crm_finance"
CUSTOMERS = "300"
FILE = ROOT / "../shared/data/online_retail.csv.gz"
REJECTED = ROOT / ".stack/retail_rejected.csv"


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Failure(f"{message} (--help lists the options)")


def parse(arguments=None):
    """Read options, then the environment, then the defaults."""
    parser = Parser(prog="python -m retail", description=__doc__)
    parser.add_argument("--database", default=os.environ.get("DB") or DATABASE)
    parser.add_argument(
        "--customers",
        type=customer_count,
        default=os.environ.get("CUSTOMERS") or CUSTOMERS,
        metavar="N|all",
        help=f"how many customers to have in the database (default: {CUSTOMERS})",
    )
    parser.add_argument(
        "--file", type=Path, default=os.environ.get("FILE") or FILE, help="csv, csv.gz"
    )
    parser.add_argument(
        "--rejected",
        type=Path,
        default=REJECTED,
        metavar="FILE",
        help="where to list the rows that cannot be used",
    )
    parser.add_argument(
        "--backtest",
        action="store_true",
        help="load nothing; tell how well the orders of the last three months could"
        " have been predicted",
    )
    return parser.parse_args(arguments)


def customer_count(text):
    """Return the number of customers asked for, None for all."""
    if text == "all":
        return None
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number nor 'all'")
    return int(text)


def run(options):
    sheet = read(options)
    if options.backtest:
        for line in value.backtest(sheet):
            say(line)
        return
    # Odoo takes a second to import, and is not there outside its environment.
    try:
        from .database import open_environment
    except ImportError as error:
        raise Failure(f"Odoo cannot be imported: {error}; use make retail") from None
    with open_environment(options.database) as env:
        load_sheet(env, sheet, options)


def read(options):
    """Read the file, say what is in it, and list what cannot be used."""
    say(f"Reading {options.file.resolve()}")
    sheet = rows.read(options.file)
    say(
        f"  {sheet.read:,} rows from {sheet.first_day} to {sheet.last_day}: "
        f"{sheet.usable:,} usable for {len(sheet.customers):,} customers, "
        f"{len(sheet.rejected):,} not:"
    )
    report.write_rejected(options.rejected, sheet)
    for line in report.rejected(sheet):
        say(line)
    say(f"  listed in {options.rejected.resolve()}")
    return sheet


def load_sheet(env, sheet, options):
    """Load the chosen customers, then refresh and show the profiles."""
    from . import forecast, load, profiles

    def commit():
        env.cr.commit()
        # Servers on this database learn that their caches are out of date.
        env.registry.signal_changes()

    codes = rules.in_load_order(sheet.customers)[: options.customers]
    chosen = sum(sheet.customers[code].row_count for code in codes)
    say(
        f"Loading {len(codes):,} customers, {chosen:,} rows, "
        f"into database {options.database}"
    )
    load.check_modules(env)
    loader = load.Loader(env, sheet, commit, lambda done: say(report.progress(done)))
    done = loader.run(codes)
    company = loader.company
    say(
        f"  {done.customers:,} customers added in {report.duration(done.elapsed)}, "
        f"{len(codes) - done.customers:,} were there already"
    )
    say(f"The company “{company.name}” now has:")
    for line in report.totals(company):
        say(line)
    say("Refreshing the profiles")
    figures = profiles.refresh(company, sheet.first_day, sheet.last_day)
    commit()
    if figures is None:
        say("  crm_finance_bridge is not installed: there are none")
        return
    say(f"Largest receivables on {sheet.last_day}, the last day of the file, in GBP:")
    for line in report.profiles(loader.env, figures):
        say("  " + line)
    for heading, lines in forecast.sections(company, sheet.last_day).items():
        say(f"{heading}:")
        for line in lines:
            say("  " + line)


def say(text):
    print(text, flush=True)


def main():
    try:
        run(parse())
    except KeyboardInterrupt:
        print("stopped; run it again to go on", file=sys.stderr)
        return 130
    except Failure as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
