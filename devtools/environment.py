"""The whole stack made ready, and the environment in which programs use it."""

import configparser
import io
import os

from . import console, odoo_source, paths, postgres, settings, venv
from .console import Failure


def ensure(chosen):
    """Have everything there that Odoo needs to run: quick when it is."""
    venv.check_python()
    odoo_source.locate(chosen)
    _check_owner()
    with console.only_one("set-up"):
        venv.ensure()
        root = odoo_source.ensure(chosen)
        venv.link_odoo(root)
        _write_config(chosen)
        postgres.ensure(chosen)


def _check_owner():
    """Refuse what another user made: half of it could not be changed."""
    if paths.STACK.exists() and paths.STACK.stat().st_uid != os.geteuid():
        raise Failure(
            f"{paths.shown(paths.STACK)} was made by user {paths.STACK.owner()}: "
            "work as that user, or have them run make clean"
        )


def _write_config(chosen):
    """Derive the development configuration from odoo.conf.

    Kept: whatever describes the suite or the database server. Replaced: what
    depends on the machine.
    """
    options = dict(settings.read_config())
    # The database is named by each command.
    options.pop("db_name", None)
    options.pop("dbfilter", None)
    options |= {
        "addons_path": str(paths.ADDONS),
        "data_dir": str(paths.DATA),
        "http_interface": "127.0.0.1",
        "http_port": str(chosen.port),
        "logfile": "",
        "proxy_mode": "False",
        "screenshots": str(paths.STACK / "screenshots"),
        "workers": "0",
    }
    config = configparser.ConfigParser(interpolation=None)
    config["options"] = options
    text = io.StringIO("; Made from odoo.conf by devtools: edit that one.\n\n")
    text.seek(0, io.SEEK_END)
    config.write(text)
    console.write_whole(paths.RC, text.getvalue())


def exports(chosen):
    """Return the variables with which a shell uses this Odoo and this server."""
    programs = [str(paths.VENV / "bin"), str(postgres.programs())]
    rest = [part for part in os.environ["PATH"].split(":") if part not in programs]
    return {
        "PATH": ":".join(programs + rest),
        "VIRTUAL_ENV": str(paths.VENV),
        "ODOO_RC": str(paths.RC),
        # Compiled Python goes with everything else that is made, and is made:
        # without it every start compiles all of Odoo.
        "PYTHONPYCACHEPREFIX": str(paths.STACK / "pycache"),
        "PYTHONDONTWRITEBYTECODE": "",
        **postgres.variables(chosen),
    }


def environ(chosen):
    """Return the process environment for Odoo and the tools."""
    return postgres.environ(chosen) | exports(chosen)


def odoo_command(*arguments):
    """Return the command line of Odoo."""
    return [venv.python(), "-m", "odoo", *arguments]
