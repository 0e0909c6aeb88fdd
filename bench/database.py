"""Databases and Odoo environments of the benchmark.

The server is the one that ``PG*`` and ``ODOO_RC`` name."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parent.parent


def connect(name):
    """Return a psycopg2 connection to database ``name``."""
    return psycopg2.connect(dbname=name)


def exists(name):
    """Whether the server has a database ``name``."""
    return bool(_fetch_admin("SELECT 1 FROM pg_database WHERE datname = %s", name))


def size(name):
    """Size of database ``name`` on disk, in bytes."""
    return _fetch_admin("SELECT pg_database_size(%s)", name)[0][0]


def drop(name):
    """Drop database ``name`` if it exists."""
    subprocess.run(["dropdb", "--if-exists", name], check=True)


def create(name, template=None):
    """Create database ``name``, empty or as a copy of ``template``."""
    source = ["--template", template] if template else []
    subprocess.run(["createdb", *source, name], check=True)


def install(name, modules, addons_path=None):
    """Install ``modules`` in database ``name`` in a process of its own."""
    command = [sys.executable, "-m", "odoo", *odoo_options(addons_path)]
    command += ["-d", name, "-i", ",".join(modules), "--without-demo=all"]
    command += ["--stop-after-init", "--no-http", "--log-level=warn"]
    subprocess.run(command, check=True)


def odoo_options(addons_path=None):
    """Options every Odoo process of the benchmark starts with."""
    options = ["-c", os.environ["ODOO_RC"]] if os.environ.get("ODOO_RC") else []
    return options + ([f"--addons-path={addons_path}"] if addons_path else [])


def configure_odoo(addons_path=None):
    """Read Odoo's configuration in this process; needed before `environment`."""
    from odoo.tools import config  # noqa: PLC0415 - Odoo is slow to import

    config.parse_config(
        [*odoo_options(addons_path), "--log-level=error"], setup_logging=True
    )


@contextmanager
def environment(name):
    """Yield a superuser environment on database ``name``; nothing is committed
    unless the caller does it."""
    from odoo import SUPERUSER_ID, api  # noqa: PLC0415
    from odoo.modules.registry import Registry  # noqa: PLC0415

    with Registry(name).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        yield env["res.users"].with_context(lang="en_US").env
        cr.rollback()


def _fetch_admin(query, *args):
    connection = connect("postgres")
    try:
        with connection.cursor() as cr:
            cr.execute(query, args)
            return cr.fetchall()
    finally:
        connection.close()
