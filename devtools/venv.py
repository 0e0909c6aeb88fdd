"""The virtual environment with Odoo's Python packages and the tools."""

import hashlib
import os
import re
import shutil
import subprocess
import sys

from . import console, odoo_source, paths
from .console import Failure

OLDEST, NEWEST = (3, 10), (3, 13)
#: Megabytes that the packages and the cache of downloads take.
SPACE = 1500
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
STAMP = paths.VENV / "complete"


def python():
    """Return the environment's interpreter."""
    return paths.VENV / "bin" / "python"


def site_packages():
    """Return the folder that holds the environment's packages."""
    major, minor = sys.version_info[:2]
    return paths.VENV / "lib" / f"python{major}.{minor}" / "site-packages"


def check_python(version=sys.version_info):
    """Refuse a Python that Odoo 19 does not run on."""
    if not OLDEST <= version[:2] <= NEWEST:
        raise Failure(
            f"this is Python {version[0]}.{version[1]}, Odoo {odoo_source.SERIES} "
            "runs on 3.10 to 3.13: set PYTHON to one of those, as in "
            "make run PYTHON=python3.11"
        )


def _fingerprint():
    """Tell apart environments made for another Python or other pins."""
    digest = hashlib.sha256(f"{sys.version} {sys.base_prefix} {paths.ROOT}".encode())
    for name in REQUIREMENTS:
        digest.update((paths.ROOT / name).read_bytes())
    return digest.hexdigest()


def is_complete():
    """Tell whether the environment is whole and up to date."""
    return STAMP.exists() and STAMP.read_text() == _fingerprint()


def ensure():
    """Build the environment when it is missing, half made or outdated.

    An environment cannot be renamed into place, it holds its own path; the
    stamp written last says that it is whole.
    """
    if is_complete():
        return
    check_python()
    console.check_space(SPACE, "the Python packages")
    shutil.rmtree(paths.VENV, ignore_errors=True)
    _create()
    count = _count_requirements()
    log = paths.LOGS / "pip.log"
    command = [python(), "-m", "pip", "install", "--no-input", "--retries", "2"]
    console.run_step(
        "install the Python packages",
        [*command, "-r", paths.ROOT / "requirements-dev.txt"],
        log=log,
        env=environment(),
        why=_pip_reason,
        detail=lambda: _pip_progress(log, count),
    )
    console.write_whole(STAMP, _fingerprint())


def environment():
    """Return the process environment for pip: its cache lies with the rest."""
    environ = {key: os.environ[key] for key in os.environ if key != "PYTHONHOME"}
    return environ | {
        "PIP_CACHE_DIR": str(paths.CACHE / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def _create():
    """Make an empty environment with pip in it.

    Debian splits pip off into python3-venv. Without it pip's wheel, a package
    any user may download, does the same.
    """
    log = paths.LOGS / "venv.log"
    command = [sys.executable, "-m", "venv"]
    if _has_ensurepip():
        console.run_step("create the environment", [*command, paths.VENV], log=log)
        return
    console.run_step(
        "create the environment", [*command, "--without-pip", paths.VENV], log=log
    )
    wheel = _pip_wheel()
    console.run_step(
        "install pip",
        [python(), f"{wheel}/pip", "install", "--no-index", wheel],
        log=log,
        env=environment(),
    )


def _has_ensurepip():
    code = subprocess.run(
        [sys.executable, "-c", "from ensurepip import bootstrap"],
        capture_output=True,
        check=False,
    ).returncode
    return code == 0


def _pip_wheel():
    """Return pip's wheel, taken from Debian's package python3-pip-whl."""
    folder = paths.CACHE / "pip-wheel"
    folder.mkdir(parents=True, exist_ok=True)
    script = (
        "rm -rf *.deb usr && apt-get -q download python3-pip-whl"
        " && dpkg-deb -x python3-pip-whl_*.deb ."
    )
    console.run_step(
        "download pip",
        ["sh", "-c", script],
        log=paths.LOGS / "pip-wheel.log",
        cwd=folder,
        why=lambda text: "Python lacks ensurepip; install the package python3-venv",
    )
    return next(folder.glob("usr/share/python-wheels/pip-*.whl"))


def _count_requirements():
    lines = "".join((paths.ROOT / name).read_text() for name in REQUIREMENTS)
    return len(re.findall(r"^\w.*==", lines, re.MULTILINE))


def _pip_progress(log, count):
    text = log.read_text(errors="replace")
    if "Installing collected packages" in text:
        return f"unpacking {count} packages"
    return f"{text.count('Collecting ')} of {count} packages found"


def _pip_reason(text):
    if re.search(r"NewConnectionError|NameResolutionError|Connection.* refused", text):
        return "the package index cannot be reached, is there a network?"
    if "No space left" in text:
        return "no disk space left"
    return None


def link_odoo(root):
    """Make `import odoo` find `root`, and pip know it as odoo 19.0."""
    packages = site_packages()
    link = packages / "odoo-source.pth"
    if not link.exists() or link.read_text().strip() != str(root):
        console.write_whole(link, f"{root}\n")
    metadata = packages / f"odoo-{odoo_source.SERIES}.dist-info" / "METADATA"
    if not metadata.exists():
        metadata.parent.mkdir(exist_ok=True)
        console.write_whole(
            metadata,
            f"Metadata-Version: 2.1\nName: odoo\nVersion: {odoo_source.SERIES}\n",
        )
