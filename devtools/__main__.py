"""The commands behind the Makefile: `python3 -m devtools --help`."""

import argparse
import os
import shlex
import shutil
import signal
import sys

from . import console, database, environment, paths, postgres, server, settings, venv
from .console import Failure


def setup(chosen, _arguments):
    """Get Odoo, its Python packages and the database server."""
    environment.ensure(chosen)
    console.say("- ready: make run serves it")


def run(chosen, _arguments):
    """Serve the suite with demonstration data."""
    server.run(chosen)


def update(chosen, _arguments):
    """Upgrade the suite's modules in the database."""
    environment.ensure(chosen)
    database.update(chosen)


def shell(chosen, _arguments):
    """Open Odoo's Python shell on the database."""
    environment.ensure(chosen)
    database.ensure_demo(chosen)
    _become(
        chosen, environment.odoo_command("shell", "-d", chosen.database, "--no-http")
    )


def env(chosen, _arguments):
    """Print what a shell needs to use this Odoo and this server."""
    environment.ensure(chosen)
    for name, value in environment.exports(chosen).items():
        print(f"export {name}={shlex.quote(value)}")


def execute(chosen, arguments):
    """Run a program in that environment."""
    environment.ensure(chosen)
    _become(chosen, arguments.command)


def test(chosen, _arguments):
    """Run every test."""
    from . import testing

    return testing.run(chosen)


def test_upstream(chosen, _arguments):
    """Run Odoo's own tests with the suite installed."""
    from . import testing

    return testing.run_upstream(chosen)


def lint(chosen, _arguments):
    """Check the code without running it."""
    from . import lint as checks

    environment.ensure(chosen)
    passed, failed = checks.run(chosen)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def i18n(chosen, _arguments):
    """Export the terms and merge the translations."""
    environment.ensure(chosen)
    database.ensure_demo(chosen)
    if sys.prefix != str(paths.VENV):
        # polib is in the virtual environment only.
        _become(chosen, [venv.python(), "-m", "devtools", "i18n"])
    from . import i18n as translations

    translations.run(chosen)


def stop(_chosen, _arguments):
    """Stop Odoo and the private database server."""
    server.stop()
    postgres.stop()


def clean(chosen, arguments):
    """Stop everything and remove what was made."""
    stop(chosen, arguments)
    if paths.STACK.exists():
        shutil.rmtree(paths.STACK)


COMMANDS = {
    "setup": setup,
    "run": run,
    "update": update,
    "shell": shell,
    "env": env,
    "exec": execute,
    "test": test,
    "test-upstream": test_upstream,
    "lint": lint,
    "i18n": i18n,
    "stop": stop,
    "clean": clean,
}


def _become(chosen, command):
    """Replace this process by a program of the environment."""
    environ = environment.environ(chosen)
    program = shutil.which(command[0], path=environ["PATH"])
    if not program:
        raise Failure(f"there is no program {command[0]}")
    os.chdir(paths.ROOT)
    os.execve(program, [str(part) for part in command], environ)


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="python3 -m devtools")
    commands = parser.add_subparsers(dest="command_name", required=True)
    for name, function in COMMANDS.items():
        command = commands.add_parser(name, help=function.__doc__)
        if function is execute:
            command.add_argument("command", nargs=argparse.REMAINDER)
    return parser.parse_args(arguments)


def _terminated(_number, _frame):
    raise SystemExit(143)


def main(arguments=None):
    """Run one command; a problem becomes one line and an exit code."""
    chosen_command = _parse(arguments)
    if "MAKELEVEL" in os.environ:
        console.die_with_parent()
    signal.signal(signal.SIGTERM, _terminated)
    try:
        chosen = settings.load()
        return COMMANDS[chosen_command.command_name](chosen, chosen_command) or 0
    except Failure as failure:
        console.say(f"error: {failure}")
    except OSError as error:
        what = f": {error.filename}" if error.filename else ""
        console.say(f"error: {error.strerror or error}{what}")
    except KeyboardInterrupt:
        console.say("\ninterrupted: run the same command again to go on")
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main())
