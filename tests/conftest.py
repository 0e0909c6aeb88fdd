"""Shared by the tests that need no Odoo; tests/odoo runs apart, with one."""

import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


@pytest.fixture
def clone(tmp_path):
    """Return a copy of the tooling, with nothing set up in it."""
    folder = tmp_path / "clone"
    skip = shutil.ignore_patterns("__pycache__", "static", "readme", "tests")
    for name in ("devtools", "addons"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    for name in ("Makefile", "odoo.conf", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder)
    return folder
