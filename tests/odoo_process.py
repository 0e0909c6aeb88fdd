"""Throw-away databases and real Odoo processes on them.

PostgreSQL is the one of the PG* variables, Odoo the one of this Python; ODOO_RC names
its configuration. A database with the suite's dependencies takes a minute to build;
TEST_TEMPLATE may name one that is there already.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

ADDONS = Path(__file__).resolve().parent.parent / "addons"
DEPENDENCIES = "account,contacts,sale_crm,sale_management,sale_margin"
COMPLAINT = re.compile(r"^\S+ \S+ \d+ (ERROR|CRITICAL) .*$", re.MULTILINE)
RESULT = "RESULT "


def create(template="template0"):
    """Create a database with a name of its own; return the name."""
    name = f"crm_finance_{uuid.uuid4().hex[:12]}"
    _run("createdb", "-T", template, name)
    return name


def drop(name):
    _run("dropdb", "--if-exists", "--force", name)


@contextlib.contextmanager
def copied(template, *modules):
    """Yield the name of a copy of a database, with modules installed; drop it after."""
    name = create(template)
    try:
        if modules:
            install(name, "-i", ",".join(modules))
        yield name
    finally:
        drop(name)


def install(name, *arguments):
    """Run Odoo on a database until it has installed or updated what it is told."""
    return odoo("-d", name, *arguments, "--stop-after-init", "--no-http")


def odoo(*arguments, script=None):
    """Run Odoo, which must end well and log no error; return what it prints."""
    return _run(
        *(sys.executable, "-m", "odoo", *arguments, f"--addons-path={ADDONS}"),
        text=script,
    )


def shell(name, script):
    """Run a script with ``env`` on a database, commit, and return its ``result``."""
    script = (
        f"import json\nresult = None\n{script}\nenv.cr.commit()\n"
        f"print({RESULT!r} + json.dumps(result, default=str))\n"
    )
    # Whole, not line by line: the shell would stop a function at its first empty line.
    output = odoo("shell", "-d", name, "--no-http", script=f"exec({script!r})\n")
    return json.loads(output.rpartition(RESULT)[2].splitlines()[0])


def sql(name, query):
    """Return the rows of a query as tuples of text."""
    output = _run("psql", "-X", "-q", "-A", "-t", "-d", name, "-F", "\t", "-c", query)
    return [tuple(line.split("\t")) for line in output.splitlines()]


def _run(*command, text=None):
    result = subprocess.run(
        command,
        input=text,
        stdin=None if text else subprocess.DEVNULL,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    output = result.stdout + result.stderr
    assert result.returncode == 0, output[-6000:]
    complaint = COMPLAINT.search(output)
    assert not complaint, output[complaint.start() : complaint.start() + 4000]
    return output
