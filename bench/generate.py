# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fill an Odoo database with customers, invoices, payments and orders.

Sample documents are created through the ORM, then their rows are copied set by
set in SQL, with the numbers that ``staging.sql`` worked out: no row passes
through Python. What a sample row holds and the generator does not set (flags,
accounts, defaults of installed modules) is copied as it is.
"""

import json
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from . import database
from .rows import copy_samples
from .samples import create_samples

STAGING = Path(__file__).with_name("staging.sql").read_text(encoding="utf-8")
PARAMETER = "bench.ledger"

#: Tables filled, loaded without secondary indexes and foreign keys.
TABLES = (
    "account_move",
    "account_move_line",
    "account_move_line_account_tax_rel",
    "account_move__account_payment",
    "account_payment",
    "account_full_reconcile",
    "account_partial_reconcile",
    "sale_order",
    "sale_order_line",
    "sale_order_line_invoice_rel",
    "account_tax_sale_order_line_rel",
)
#: Tables of records, with an id sequence.
RECORD_TABLES = (
    "res_partner",
    "account_move",
    "account_move_line",
    "account_payment",
    "account_full_reconcile",
    "account_partial_reconcile",
    "sale_order",
    "sale_order_line",
)


@dataclass(frozen=True)
class Generated:
    """What a run of the generator has written, and the seconds its SQL took."""

    customers: int
    invoices: int
    rows: int
    seconds: float

    @property
    def rows_per_second(self):
        """Speed of the SQL, samples and vacuum left out."""
        return self.rows / self.seconds


def generate(name, customers, invoices):
    """Add ``customers`` and ``invoices`` (credit notes included) to database
    ``name``, with their payments and orders. Return :class:`Generated`."""
    with database.environment(name) as env:
        samples = create_samples(env)
        env.cr.commit()
    connection = database.connect(name)
    start = time.perf_counter()
    with connection, connection.cursor() as cr:
        cr.execute("SET LOCAL work_mem = '256MB'")
        cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
        # The statements are long and run once: compiling them does not pay.
        cr.execute("SET LOCAL jit = off")
        cr.execute(STAGING, _parameters(cr, samples, customers, invoices))
        with _without_indexes(cr):
            rows = copy_samples(cr, samples)
        _advance_sequences(cr)
        made = Generated(customers, invoices, rows, time.perf_counter() - start)
        cr.execute(
            "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [PARAMETER, json.dumps(asdict(made))],
        )
    connection.close()
    database.vacuum(name)
    database.close(name)
    return made


def generated(name):
    """Return what `generate` has last put into database ``name``, or None."""
    connection = database.connect(name)
    with connection, connection.cursor() as cr:
        cr.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [PARAMETER])
        row = cr.fetchone()
    connection.close()
    return Generated(**json.loads(row[0])) if row else None


def _parameters(cr, samples, customers, invoices):
    """Return the parameters of ``staging.sql``."""
    parameters = {f"{table}_base": _highest(cr, table, "id") for table in RECORD_TABLES}
    cr.execute("SELECT CURRENT_DATE")
    parameters["today"] = cr.fetchone()[0]
    return {
        **parameters,
        "customers": customers,
        "invoices": invoices,
        "sequence_base": _highest(cr, "account_move", "sequence_number"),
        "countries": samples.country_ids,
        "salespeople": samples.salesperson_ids,
        "currencies": samples.currency_ids,
        "rates": samples.currency_rates,
        "pricelists": samples.pricelist_ids,
        "products": samples.product_ids,
        "product_names": samples.product_names,
        "prices": samples.product_prices,
        "costs": samples.product_costs,
        "bank_prefix": _payment_prefix(cr, samples.bank_payment),
        "cash_prefix": _payment_prefix(cr, samples.cash_payment),
    }


def _highest(cr, table, column):
    cr.execute(f"SELECT coalesce(max({column}), 0) FROM {table}")
    return cr.fetchone()[0]


def _payment_prefix(cr, payment):
    """Return the start of the payment's number, before the year."""
    cr.execute(
        "SELECT split_part(name, '/', 1) FROM account_payment WHERE id = %s", [payment]
    )
    return cr.fetchone()[0] + "/"


@contextmanager
def _without_indexes(cr):
    """Drop the secondary indexes and foreign keys of the tables filled, and
    build them again afterwards: that also proves the rows consistent."""
    cr.execute(
        """
        SELECT format('DROP INDEX %%I', indexrelid::regclass::text),
               pg_get_indexdef(indexrelid)
          FROM pg_index
         WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT indisprimary
        UNION ALL
        SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass,
                      conname),
               format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass,
                      conname, pg_get_constraintdef(oid))
          FROM pg_constraint
         WHERE conrelid = ANY(%(tables)s::regclass[]) AND contype = 'f'
        """,
        {"tables": list(TABLES)},
    )
    definitions = cr.fetchall()
    for drop, _restore in definitions:
        cr.execute(drop)
    yield
    for table in TABLES:
        cr.execute(f"ANALYZE {table}")
    for _drop, restore in definitions:
        cr.execute(restore)


def _advance_sequences(cr):
    for table in RECORD_TABLES:
        cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
