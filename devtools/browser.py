"""The browser that tests drive: Debian's Chromium, with Chinese fonts."""

import os
import shutil
import subprocess

from . import console, paths
from .console import Failure

PACKAGES = ("chromium", "fonts-noto-cjk")


def ensure():
    """Have the browser there: installed where we may, else asked for."""
    missing = [name for name in PACKAGES if not _installed(name)]
    if not missing:
        return
    command = f"apt-get install -y --no-install-recommends {' '.join(missing)}"
    if os.geteuid() or not shutil.which("apt-get"):
        raise Failure(f"browser tests need {' and '.join(missing)}: sudo {command}")
    console.run_step(
        f"install {' and '.join(missing)}",
        ["sh", "-c", f"apt-get -q update && {command}"],
        log=paths.LOGS / "browser.log",
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    )


def _installed(name):
    if name == "chromium" and shutil.which("chromium"):
        return True
    result = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}", name],
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout == "installed"
