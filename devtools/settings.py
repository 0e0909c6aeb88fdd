"""What the user may choose: variables of `make`, PG* variables, odoo.conf."""

import configparser
import dataclasses
import os
import re

from . import paths
from .console import Failure

DEFAULT_GIT = "https://github.com/odoo/odoo.git"
#: odoo.conf option -> the variable PostgreSQL's own programs read.
PG_VARIABLES = {
    "db_host": "PGHOST",
    "db_port": "PGPORT",
    "db_user": "PGUSER",
    "db_password": "PGPASSWORD",
    "db_sslmode": "PGSSLMODE",
}
UNSET = {"", "False", "None", "false", "none"}


@dataclasses.dataclass(frozen=True)
class Settings:
    """The user's choices, checked."""

    database: str
    port: int
    odoo_source: str
    odoo_git: str
    #: PG* variables of the user's own server; empty for the private one.
    postgres: dict

    @property
    def test_database(self):
        """Return the name of the database that the tests build anew."""
        return f"{self.database}_test"


def _database_name(text):
    # Odoo's own rule, less the characters that need quoting in a shell; the
    # length leaves room for the suffixes of databases under construction.
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,49}", text):
        raise Failure(
            f"DB={text!r} is no database name: letters, digits, '_', '.', '-', "
            "at most 50 of them"
        )
    return text


def _port(text):
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise Failure(f"PORT={text!r} is no port: a number from 1 to 65535")
    return int(text)


def read_config():
    """Return the options of odoo.conf as a section of configparser."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        with open(paths.CONFIG) as text:
            parser.read_file(text)
        return parser["options"]
    except FileNotFoundError:
        raise Failure(f"{paths.shown(paths.CONFIG)} is missing") from None
    except (configparser.Error, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise Failure(f"odoo.conf cannot be read: {reason}") from None


def _own_postgres(config, environ):
    """Return the PG* variables of the user's server, {} when there is none.

    The environment wins over odoo.conf, as it does in Odoo. After
    `eval "$(make -s env)"` it names our private server, not the user's own.
    """
    if environ.get("PGHOST") == str(paths.socket_folder()):
        environ = {}
    chosen = {
        variable: config.get(option, "")
        for option, variable in PG_VARIABLES.items()
        if config.get(option, "") not in UNSET
    }
    chosen |= {
        name: environ[name] for name in PG_VARIABLES.values() if environ.get(name)
    }
    return chosen if chosen.keys() & {"PGHOST", "PGPORT"} else {}


def load(environ=os.environ):
    """Read and check every variable."""
    return Settings(
        database=_database_name(environ.get("DB") or "crm_finance"),
        port=_port(environ.get("PORT") or "8069"),
        odoo_source=environ.get("ODOO_SOURCE") or "",
        odoo_git=environ.get("ODOO_GIT") or DEFAULT_GIT,
        postgres=_own_postgres(read_config(), environ),
    )
