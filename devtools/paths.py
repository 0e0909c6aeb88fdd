"""Where everything lies: the repository and its one private folder."""

import ast
import hashlib
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
CONFIG = ROOT / "odoo.conf"

STACK = ROOT / ".stack"
CACHE = STACK / "cache"
DEBS = CACHE / "debs"
LOGS = STACK / "log"
ODOO = STACK / "odoo"
VENV = STACK / "venv"
PGDATA = STACK / "pg"
DATA = STACK / "data"
RC = STACK / "odoo.conf"
SERVER_PID = STACK / "server.pid"
#: A socket's path must fit in 107 bytes, with PostgreSQL's own file name.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


def modules():
    """Return the names of the suite's modules, sorted."""
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))


def joining_modules():
    """Return those of them that only join others and install by themselves, sorted."""
    manifests = {name: ADDONS / name / "__manifest__.py" for name in modules()}
    return [
        name
        for name, path in manifests.items()
        if ast.literal_eval(path.read_text()).get("auto_install")
    ]


def socket_folder():
    """Return the folder of the private database server's socket.

    It lies with the rest unless the repository's path is too long for one;
    `make stop` removes it then.
    """
    folder = STACK / "socket"
    if len(str(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    mark = hashlib.sha256(str(STACK).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"crm-finance-{mark}"


def shown(path):
    """Return `path` as a user at the top of the repository would write it."""
    try:
        return str(Path(path).relative_to(ROOT))
    except ValueError:
        return str(path)
