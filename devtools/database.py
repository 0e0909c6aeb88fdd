"""Databases: built under another name, and renamed when they are whole."""

import re
import shutil

from . import console, environment, paths, postgres
from .console import Failure
from .odoo_source import SERIES

#: Megabytes of one database with demonstration data and its files.
SPACE = 500


def exists(settings, name):
    """Tell whether the server holds this database."""
    query = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"
    return bool(postgres.sql(settings, query))


def create_empty(settings, name):
    """Create a database as Odoo would: its names compare the same everywhere."""
    postgres.run(
        settings,
        ["createdb", "-T", "template0", "-E", "UTF8", "--lc-collate=C", name],
    )


def drop(settings, name):
    """Remove a database and its files, whoever uses them."""
    postgres.run(settings, ["dropdb", "--if-exists", "--force", name])
    shutil.rmtree(_filestore(name), ignore_errors=True)


def _filestore(name):
    return paths.DATA / "filestore" / name


def _rename(settings, old, new):
    """Give a database its name: the files first, so that it never lacks them."""
    shutil.rmtree(_filestore(new), ignore_errors=True)
    if _filestore(old).exists():
        _filestore(old).rename(_filestore(new))
    postgres.sql(settings, f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def installed(settings, name):
    """Return the suite's modules that `name`, an Odoo 19 database, holds."""
    table = "SELECT to_regclass('public.ir_module_module')"
    if not postgres.sql(settings, table, name)[0][0]:
        raise Failure(f"database {name} is not Odoo's: choose another with DB=")
    query = (
        "SELECT name, latest_version FROM ir_module_module WHERE state = 'installed'"
    )
    versions = dict(postgres.sql(settings, query, name))
    found = versions.get("base", "nothing")
    if not found.startswith(f"{SERIES}."):
        raise Failure(
            f"database {name} holds base {found}, not Odoo {SERIES}: "
            "choose another with DB="
        )
    return versions.keys() & set(paths.modules())


def ensure_demo(settings):
    """Have the database with the suite and demonstration data."""
    name = settings.database
    with console.only_one("database"):
        if exists(settings, name):
            missing = set(paths.modules()) - installed(settings, name)
            if missing:
                console.say(
                    f"- database {name} lacks {', '.join(sorted(missing))}: "
                    "make update installs them"
                )
            return
        console.check_space(SPACE, "a database")
        part = f"{name}.part"
        drop(settings, part)
        create_empty(settings, part)
        log = paths.LOGS / "install.log"
        run_odoo(
            settings,
            f"build database {name} with demonstration data",
            ["-d", part, "-i", ",".join(paths.modules()), "--with-demo"],
            log=log,
        )
        _check_demo(log)
        _rename(settings, part, name)


def update(settings):
    """Upgrade the suite's modules in the database, and install the missing."""
    name = settings.database
    if not exists(settings, name):
        raise Failure(f"there is no database {name}: make run builds it")
    present = installed(settings, name)
    missing = set(paths.modules()) - present
    arguments = ["-d", name]
    if present:
        arguments += ["-u", ",".join(sorted(present))]
    if missing:
        arguments += ["-i", ",".join(sorted(missing)), "--with-demo"]
    run_odoo(
        settings, f"update database {name}", arguments, log=paths.LOGS / "update.log"
    )


def run_odoo(settings, title, arguments, *, log):
    """Have Odoo install or update, with the modules it reaches shown."""
    console.run_step(
        title,
        environment.odoo_command(*arguments, "--stop-after-init", "--no-http"),
        env=environment.environ(settings),
        log=log,
        why=_odoo_reason,
        detail=lambda: module_progress(log),
    )


def module_progress(log):
    """Return how far Odoo says it is: the last module it named in its log."""
    found = re.findall(
        r"Loading module (\S+) (\(\d+/\d+\))", log.read_text(errors="replace")
    )
    return "module {} {}".format(*found[-1]) if found else ""


def _odoo_reason(text):
    """Return the first line that tells why Odoo gave up."""
    errors = re.findall(r"^(?:\w+\.)*\w*(?:Error|Exception): .+", text, re.MULTILINE)
    return errors[-1] if errors else None


def _check_demo(log):
    """Odoo goes on without demonstration data that fails: here that is an error."""
    text = log.read_text(errors="replace")
    failed = re.search(r"Module (\S+) demo data failed to install", text)
    if failed:
        raise Failure(
            f"the demonstration data of {failed[1]} does not load "
            f"(see {paths.shown(log)})"
        )
