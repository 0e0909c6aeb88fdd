"""A real Odoo server in a process of its own, and clients that talk to it over HTTP."""

import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import xmlrpc.client
from pathlib import Path

import odoo_process
import requests

HOST = "127.0.0.1"
#: Seconds Odoo may take to answer first, and for one request.
START = 120
PATIENCE = 120


class RpcError(Exception):
    """What Odoo answered instead of a result, in its own words.

    :ivar kind: name of the exception, ``odoo.exceptions.UserError``
    """

    def __init__(self, kind, message):
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message

    @property
    def is_user_error(self):
        """Whether it is meant for people."""
        return (
            self.kind.startswith("odoo.exceptions.") and "Concurrency" not in self.kind
        )


class Server:
    """Odoo serving one database, by threads or by several processes."""

    def __init__(self, name, log, workers=0, path=None):
        """
        :param name: database
        :param log: file for what it prints
        :param workers: number of processes; 0 for threads
        :param path: folder of programs to find before all others
        """
        self.name = name
        self.log = Path(log)
        self.port, gevent = free_port(), free_port()
        self.url = f"http://{HOST}:{self.port}"
        environ = dict(os.environ)
        if path:
            environ["PATH"] = f"{path}{os.pathsep}{environ['PATH']}"
        command = [
            *(sys.executable, "-m", "odoo", f"--addons-path={odoo_process.ADDONS}"),
            *("-d", name, f"--db-filter=^{name}$", f"--http-interface={HOST}"),
            *(f"--http-port={self.port}", f"--gevent-port={gevent}"),
            *(f"--workers={workers}", "--max-cron-threads=1", "--log-level=info"),
            # Twenty clients at once, each with a connection or two.
            "--db_maxconn=64",
        ]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environ,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.stop()

    def _wait(self):
        end = time.monotonic() + START
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if requests.get(self.url + "/web/health", timeout=5).ok:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.2)
        raise AssertionError(f"Odoo does not start:\n{self.read_log()[-4000:]}")

    def stop(self):
        """End the server and the processes it started."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def read_log(self, start=0):
        """Return what it has printed, from a position on."""
        return self.log.read_text(encoding="utf-8", errors="replace")[start:]

    def client(self, login, password=None):
        """Return a client that has logged in as the web client does."""
        return Client(self, login, password or login)


@contextlib.contextmanager
def served_copy(template, setup, folder):
    """Serve a copy of a database; yield ``(server, result of the setup)``.

    :param setup: script that fills the copy; see :func:`odoo_process.shell`
    :param folder: where the server's log goes
    """
    with odoo_process.copied(template) as name:
        result = odoo_process.shell(name, setup)
        with Server(name, folder / "odoo.log") as server:
            yield server, result


class Client:
    """One user's browser, as far as the server can tell."""

    def __init__(self, server, login, password):
        self.server = server
        self.login = login
        self.password = password
        self.http = requests.Session()
        self.numbers = itertools.count()
        self.uid = self.post(
            "/web/session/authenticate",
            {"db": server.name, "login": login, "password": password},
        )["uid"]
        assert self.uid

    def post(self, path, params, base=None):
        """Call a JSON-RPC route; return its result.

        :raise RpcError: what Odoo says instead
        """
        body = {
            **{"jsonrpc": "2.0", "method": "call", "params": params},
            "id": next(self.numbers),
        }
        response = self.http.post(
            (base or self.server.url) + path, json=body, timeout=PATIENCE
        )
        assert response.status_code == 200, response.text[:2000]
        answer = response.json()
        if "error" in answer:
            data = answer["error"]["data"]
            raise RpcError(data["name"], data["message"])
        # A method that returns nothing leaves no result.
        return answer.get("result")

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does."""
        return self.post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def press(self, model, method, ids, **context):
        """Press a button of a form or a list."""
        return self.post(
            f"/web/dataset/call_button/{model}/{method}",
            {
                **{"model": model, "method": method, "args": [ids]},
                "kwargs": {"context": context},
            },
        )

    def call_xmlrpc(self, model, method, *args):
        """Call a method as an integration does, over XML-RPC."""
        proxy = xmlrpc.client.ServerProxy(
            f"{self.server.url}/xmlrpc/2/object", allow_none=True
        )
        credentials = (self.server.name, self.uid, self.password)
        try:
            return proxy.execute_kw(*credentials, model, method, args)
        except xmlrpc.client.Fault as fault:
            raise RpcError(str(fault.faultCode), fault.faultString) from fault

    def call_json2(self, key, model, method, **params):
        """Call a method as an integration does, with an API key."""
        response = requests.post(
            f"{self.server.url}/json/2/{model}/{method}",
            headers={"Authorization": f"bearer {key}"},
            json=params,
            timeout=PATIENCE,
        )
        answer = response.json()
        if not response.ok:
            raise RpcError(answer["name"], answer["message"])
        return answer


def free_port():
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def at_once(works):
    """Run functions at the same instant, each in a thread of its own.

    :return: ``(results, seconds)``; what a function raised is its result
    """
    barrier = threading.Barrier(len(works))
    results = [None] * len(works)

    def run(position, work):
        barrier.wait(PATIENCE)
        try:
            results[position] = work()
        except Exception as error:  # noqa: BLE001 - for the test to judge
            results[position] = error

    threads = [
        threading.Thread(target=run, args=item, daemon=True)
        for item in enumerate(works)
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * PATIENCE)
        assert not thread.is_alive(), "A client got no answer"
    return results, time.perf_counter() - start
