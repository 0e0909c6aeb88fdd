"""Messages, and long steps run with their progress shown.

Everything goes to standard error, so that standard output holds only what a
command answers (`make -s env` is evaluated by a shell).
"""

import collections
import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time

from . import paths

#: Seconds between two lines of progress where there is no terminal.
QUIET_INTERVAL = 15
PR_SET_PDEATHSIG = 1


class Failure(Exception):
    """A problem the user can act on, told in one line."""


def say(message):
    """Print one line for the user."""
    print(message, file=sys.stderr, flush=True)


def die_with_parent():
    """Have this process ended when its parent is killed, so none is orphaned."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Ticker:
    """One line of progress: redrawn on a terminal, repeated slowly elsewhere."""

    def __init__(self, title, detail=None):
        self.title = title
        self.detail = detail or (lambda: "")
        self.start = time.monotonic()
        self.shown = self.start
        self.live = sys.stderr.isatty()
        if not self.live:
            say(f"- {title} ...")

    def elapsed(self):
        """Return the seconds since the step began."""
        return int(time.monotonic() - self.start)

    def tick(self):
        """Show the progress when it is due."""
        now = time.monotonic()
        if now - self.shown < (1 if self.live else QUIET_INTERVAL):
            return
        self.shown = now
        line = f"- {self.title} ... {self.elapsed()} s  {self.detail()}"
        if self.live:
            width = shutil.get_terminal_size().columns - 1
            print(f"\r\033[K{line[:width]}", end="", file=sys.stderr, flush=True)
        else:
            say(line)

    def done(self):
        """Show that the step ended well."""
        prefix = "\r\033[K" if self.live else ""
        say(f"{prefix}- {self.title}: done in {self.elapsed()} s")


def stop_child(child, patience=15):
    """End `child`: politely first, then for certain."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def tail(path, lines=15):
    """Return the last lines of a text file."""
    with open(path, errors="replace") as text:
        return "".join(collections.deque(text, lines)).rstrip()


def run_logged(title, command, *, log, env=None, cwd=paths.ROOT, detail=None):
    """Run a long command into the file `log` and return its exit code."""
    log.parent.mkdir(parents=True, exist_ok=True)
    ticker = Ticker(title, detail)
    with log.open("wb") as output:
        child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            preexec_fn=die_with_parent,
        )
    try:
        while child.poll() is None:
            time.sleep(0.1)
            ticker.tick()
    finally:
        stop_child(child)
    ticker.done()
    return child.returncode


def run_step(title, command, *, log, why=None, **options):
    """Run a long command; when it fails show the end of its log and why.

    `why` may turn the log's text into the reason given to the user.
    """
    code = run_logged(title, command, log=log, **options)
    if code:
        say(tail(log))
        reason = why(log.read_text(errors="replace")) if why else None
        raise Failure(
            f"{title}: {reason or f'ended with code {code}'} (see {paths.shown(log)})"
        )


def check_space(megabytes, purpose):
    """Refuse to begin what the disk has no room for."""
    paths.STACK.mkdir(exist_ok=True)
    free = shutil.disk_usage(paths.STACK).free // 2**20
    if free < megabytes:
        raise Failure(
            f"no disk space: {purpose} needs {megabytes} MB in "
            f"{paths.shown(paths.STACK)}, {free} MB are free"
        )


@contextlib.contextmanager
def only_one(name):
    """Let one process at a time do `name`; the lock ends with the process."""
    paths.STACK.mkdir(exist_ok=True)
    with open(paths.STACK / f"{name}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"- waiting for another {name} of this folder to end ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_whole(path, text):
    """Write a file so that it is there whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text)
    part.replace(path)
