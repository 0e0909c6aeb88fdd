# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Open an Odoo database from outside a server."""

import os
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tools import config
from odoo.tools.sql import table_exists

from .errors import Failure

#: Key of the lock that keeps two loads from running at once on a database.
LOCK = "online_retail"


@contextmanager
def open_environment(name):
    """Yield the superuser's environment, on a database that nobody else loads."""
    configuration = os.environ.get("ODOO_RC")
    if configuration and not Path(configuration).is_file():
        raise Failure(f"ODOO_RC: {configuration}: no such file")
    config.parse_config(["--database", name, "--log-level", "warn"], setup_logging=True)
    _check(name)
    with Registry(name).cursor() as cr:
        cr.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [LOCK])
        if not cr.fetchone()[0]:
            raise Failure(f"database {name}: another load is running")
        yield Environment(cr, SUPERUSER_ID, {})


def _check(name):
    try:
        with db_connect(name).cursor() as cr:
            installed = table_exists(cr, "ir_module_module")
    except psycopg2.OperationalError as error:
        raise Failure(f"database {name}: {str(error).splitlines()[0]}") from None
    if not installed:
        raise Failure(f"database {name}: Odoo is not installed in it")
