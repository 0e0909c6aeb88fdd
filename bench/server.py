# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A real Odoo server on a database of the benchmark, and a user's browser before it."""

import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

import requests

from . import database

HOST = "127.0.0.1"
#: Seconds Odoo may take to start.
START = 120
PASSWORD = "bench"  # noqa: S105 - of a database that is dropped


class Browser:
    """What the web client of the administrator sends."""

    def __init__(self, url, name):
        self.url = url
        self.session = requests.Session()
        self.post(
            "/web/session/authenticate", db=name, login="admin", password=PASSWORD
        )

    def post(self, path, **params):
        """Return what the server answers.

        :raise ValueError: it answers with an error
        """
        answer = self.session.post(
            self.url + path, json={"jsonrpc": "2.0", "params": params}, timeout=START
        ).json()
        if "error" in answer:
            raise ValueError(f"{path}: {answer['error']}")
        return answer["result"]

    def click(self, model, method, record_id):
        """Return the seconds from the click on a button of a form to the answer."""
        start = time.perf_counter()
        self.post(
            f"/web/dataset/call_button/{model}/{method}",
            model=model,
            method=method,
            args=[[record_id]],
            kwargs={"context": {"lang": "en_US", "tz": "UTC"}},
        )
        return time.perf_counter() - start


@contextmanager
def browser(name, addons_path=None):
    """Serve database ``name`` without scheduled actions; yield a :class:`Browser`."""
    with database.environment(name) as env:
        env.ref("base.user_admin").password = PASSWORD
        env.cr.commit()
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    url = f"http://{HOST}:{port}"
    command = [sys.executable, "-m", "odoo", *database.odoo_options(addons_path)]
    command += ["-d", name, f"--db-filter=^{name}$", f"--http-interface={HOST}"]
    command += [f"--http-port={port}", "--max-cron-threads=0", "--log-level=error"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(process, url, log)
            yield Browser(url, name)
        finally:
            process.terminate()
            process.wait(30)


def _wait(process, url, log):
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        try:
            if requests.get(f"{url}/web/health", timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    log.seek(0)
    raise TimeoutError(f"Odoo does not start:\n{log.read().decode()[-4000:]}")
