"""A set-up killed at any moment goes on when it is run again."""

import os
import signal
import subprocess
import time

import pytest

from devtools import odoo_source, settings

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seconds", [1, 5, 15, 40])
def test_set_up_killed_and_run_again(make, clone, seconds):
    source = str(odoo_source.locate(settings.load()))
    environ = {key: os.environ[key] for key in os.environ if key[:2] != "PG"}
    killed = subprocess.Popen(
        ["make", "-s", "setup"],
        cwd=clone,
        env=environ | {"ODOO_SOURCE": source},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(seconds)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    try:
        again = make(clone, "setup", ODOO_SOURCE=source)
        assert again.returncode == 0, again.stderr
        assert make(clone, "env", ODOO_SOURCE=source).returncode == 0
    finally:
        make(clone, "clean")
    assert not (clone / ".stack").exists()
