"""Shared by the tests that need no Odoo; tests/odoo runs apart, with one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import odoo_process  # noqa: E402


@pytest.fixture(scope="session")
def template():
    """Yield a database with the dependencies and no module of ours, to be copied."""
    given = os.environ.get("TEST_TEMPLATE")
    name = given or odoo_process.create()
    try:
        if not given:
            odoo_process.install(name, "-i", odoo_process.DEPENDENCIES)
        yield name
    finally:
        if not given:
            odoo_process.drop(name)


@pytest.fixture(scope="session")
def bridge_template(template):
    """Yield a database with the bridge, to be copied."""
    with odoo_process.copied(template, "crm_finance_bridge") as name:
        yield name


@pytest.fixture(scope="session")
def credit_template(template):
    """Yield a database with the bridge and credit control, to be copied."""
    with odoo_process.copied(template, "crm_credit_control") as name:
        yield name


@pytest.fixture(scope="session")
def value_template(template):
    """Yield a database with the bridge and customer value, to be copied."""
    name = odoo_process.create(template)
    try:
        odoo_process.install(name, "-i", "crm_customer_value")
        yield name
    finally:
        odoo_process.drop(name)


@pytest.fixture
def make():
    """Return a function that runs make in a folder, with no server chosen."""

    def run(folder, *arguments, **variables):
        environ = {
            name: value for name, value in os.environ.items() if name[:2] != "PG"
        }
        return subprocess.run(
            ["make", "-s", *arguments],
            cwd=folder,
            env=environ | {"PYTHON": base_python(), **variables},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )

    return run


def base_python():
    """Return the Python the tests' own environment was made with."""
    return os.path.realpath(sys.executable)


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
