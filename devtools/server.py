"""Serve the database, and tell who can log in."""

import csv
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import console, database, environment, paths, postgres
from .console import Failure

INTERFACE = "127.0.0.1"
#: Seconds that Odoo may take to answer first.
PATIENCE = 120
#: One demo user per role; their password is their login.
DEMO_USERS = Path(__file__).with_name("demo_users.csv")


def check_port(port):
    """Refuse a port somebody listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((INTERFACE, port))
        except OSError as error:
            ours = " (by this folder's own server: make stop)" if running() else ""
            raise Failure(
                f"port {port} cannot be used: {os.strerror(error.errno)}{ours}; "
                "choose another with PORT="
            ) from None


def free_port():
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((INTERFACE, 0))
        return probe.getsockname()[1]


def running():
    """Return the process id of the server that `make run` started, or None."""
    try:
        pid = int(paths.SERVER_PID.read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if str(paths.VENV).encode() in command else None


def stop():
    """Stop the server that `make run` started, if it runs."""
    pid = running()
    if pid:
        os.kill(pid, signal.SIGTERM)
        for _tenth in range(200):
            if not running():
                break
            time.sleep(0.1)
        console.say("- Odoo stopped")
    paths.SERVER_PID.unlink(missing_ok=True)


def start(settings, name, port, log):
    """Start Odoo on `port` and return its process once it answers."""
    log.parent.mkdir(parents=True, exist_ok=True)
    options = ["-d", name, "--http-port", port, "--db-filter", f"^{name}$"]
    with log.open("wb") as output:
        child = subprocess.Popen(
            [str(part) for part in environment.odoo_command(*options)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment.environ(settings),
            cwd=paths.ROOT,
            preexec_fn=console.die_with_parent,
        )
    try:
        _wait(child, port, log)
    except BaseException:
        console.stop_child(child)
        raise
    return child


def _wait(child, port, log):
    ticker = console.Ticker("start Odoo")
    while not _answers(port):
        if child.poll() is not None or ticker.elapsed() > PATIENCE:
            console.say(console.tail(log))
            raise Failure(f"Odoo does not start (see {paths.shown(log)})")
        time.sleep(0.2)
        ticker.tick()
    ticker.done()


def _answers(port):
    try:
        with urllib.request.urlopen(address(port) + "/web/health", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def address(port):
    """Return the address of the server."""
    return f"http://localhost:{port}"


def logins(settings):
    """Return (login, role) of the demo users that the database holds."""
    query = "SELECT login FROM res_users WHERE active"
    present = {row[0] for row in postgres.sql(settings, query, settings.database)}
    with open(DEMO_USERS, newline="") as text:
        listed = [(row["login"], row["role"]) for row in csv.DictReader(text)]
    listed.append(("admin", "administrator"))
    return [(login, role) for login, role in listed if login in present]


def run(settings):
    """Serve the demonstration database until interrupted."""
    check_port(settings.port)
    environment.ensure(settings)
    database.ensure_demo(settings)
    log = paths.LOGS / "server.log"
    child = start(settings, settings.database, settings.port, log)
    try:
        console.write_whole(paths.SERVER_PID, str(child.pid))
        print(_welcome(settings, log), flush=True)
        code = child.wait()
    finally:
        console.stop_child(child)
        paths.SERVER_PID.unlink(missing_ok=True)
    # Ended by `make stop`, which is no failure.
    if code not in (0, -signal.SIGTERM):
        raise Failure(f"Odoo ended with code {code} (see {paths.shown(log)})")


def _welcome(settings, log):
    lines = [f"\nServing database {settings.database}; log in {paths.shown(log)}.\n"]
    lines += [f"  {address(settings.port)}\n", "  login          password       role"]
    lines += [f"  {login:<14} {login:<14} {role}" for login, role in logins(settings)]
    lines += ["\nCtrl-C stops Odoo, make stop the database server as well."]
    return "\n".join(lines)
