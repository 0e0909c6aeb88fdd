# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases and Odoo environments of the benchmark.

The server is the one that ``PG*`` and ``ODOO_RC`` name.
"""

import ast
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
    if exists(name):
        _call("dropdb", "--force", name)


def create(name, template=None):
    """Create database ``name``, empty or as a copy of ``template``."""
    _call("createdb", *(["--template", template] if template else []), name)


def install(name, modules, addons_path=None):
    """Install ``modules`` in database ``name`` in a process of its own."""
    command = [sys.executable, "-m", "odoo", *odoo_options(addons_path)]
    command += ["-d", name, "-i", ",".join(modules)]
    _call(*command, "--stop-after-init", "--no-http", "--log-level=warn")


def _call(*command):
    """Run a command; show what it says only when it fails."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


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


def vacuum(name):
    """Clean up and analyse database ``name``."""
    connection = connect(name)
    connection.autocommit = True
    with connection.cursor() as cr:
        cr.execute("VACUUM ANALYZE")
    connection.close()


def server_version():
    """Return the version of the database server."""
    return _fetch_admin("SHOW server_version")[0][0]


def close(name):
    """Forget the registry of ``name`` in this process and close its connections."""
    from odoo.modules.registry import Registry  # noqa: PLC0415
    from odoo.sql_db import close_db  # noqa: PLC0415

    Registry.delete(name)
    close_db(name)


def suite_modules(addons_path):
    """Return the modules of the suite and those of Odoo they depend on; not those that
    only join two modules, which come by themselves where both are."""
    manifests = {
        path.parent.name: ast.literal_eval(path.read_text(encoding="utf-8"))
        for path in sorted(Path(addons_path).glob("*/__manifest__.py"))
    }
    manifests = {
        name: manifest
        for name, manifest in manifests.items()
        if not manifest.get("auto_install")
    }
    depends = {name for manifest in manifests.values() for name in manifest["depends"]}
    return list(manifests), sorted(depends - manifests.keys())


@contextmanager
def environment(name, user_id=None):
    """Yield an environment of a new transaction on database ``name``, as the
    superuser by default; what the caller does not commit is rolled back."""
    from odoo import SUPERUSER_ID, api  # noqa: PLC0415
    from odoo.modules.registry import Registry  # noqa: PLC0415

    with Registry(name).cursor() as cr:
        yield api.Environment(cr, user_id or SUPERUSER_ID, {"lang": "en_US"})
        cr.rollback()


def _fetch_admin(query, *args):
    connection = connect("postgres")
    try:
        with connection.cursor() as cr:
            cr.execute(query, args)
            return cr.fetchall()
    finally:
        connection.close()
