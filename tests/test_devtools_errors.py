"""Every mistake ends in one clear line and an exit code, with nothing made."""

import os
import shutil
import socket
import subprocess
import sys

import pytest

from devtools import console, settings, venv

PG = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGSSLMODE", "PGDATABASE")


def make(clone, *arguments, **variables):
    """Run make in a clone and return its exit code and what it says."""
    environ = {name: value for name, value in os.environ.items() if name not in PG}
    environ |= {"PYTHON": sys.executable, **variables}
    result = subprocess.run(
        ["make", "-s", *arguments],
        cwd=clone,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return result.returncode, result.stderr


def error_line(stderr):
    """Return the one line that tells the user what is wrong."""
    lines = [line for line in stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, stderr
    assert "Traceback" not in stderr
    return lines[0]


def test_unknown_target(clone):
    code, stderr = make(clone, "rnu")
    assert code and "No rule to make target 'rnu'" in stderr


def test_unknown_variable(clone):
    code, stderr = make(clone, "run", "PROT=8070")
    assert code and "unknown variable PROT; known: PYTHON DB PORT" in stderr


@pytest.mark.parametrize("port", ["web", "0", "65536", "80 80", "-1"])
def test_port_that_is_none(clone, port):
    code, stderr = make(clone, "run", PORT=port)
    assert code and f"PORT={port!r} is no port" in error_line(stderr)


@pytest.mark.parametrize("name", ["my db", "-x", 'a"b', "x" * 51])
def test_database_name_that_is_none(clone, name):
    code, stderr = make(clone, "run", DB=name)
    assert code and "is no database name" in error_line(stderr)


def test_port_taken(clone):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, stderr = make(clone, "run", PORT=str(port))
    assert code and f"port {port} cannot be used" in error_line(stderr)
    assert not (clone / ".stack").exists()


@pytest.mark.parametrize("series", ["(18, 0, 0, 'final', 0, '')", "(20, 0)"])
def test_other_series(clone, tmp_path, series):
    release = tmp_path / "other" / "odoo" / "release.py"
    release.parent.mkdir(parents=True)
    release.write_text(
        f"version_info = {series}\nseries = '.'.join(map(str, version_info[:2]))\n"
    )
    code, stderr = make(clone, "setup", ODOO_SOURCE=str(tmp_path / "other"))
    assert code and "this suite needs 19.0" in error_line(stderr)
    assert not (clone / ".stack").exists()


def test_source_that_is_none(clone, tmp_path):
    code, stderr = make(clone, "setup", ODOO_SOURCE=str(tmp_path / "nowhere"))
    assert code and "holds no Odoo" in error_line(stderr)


def test_unreadable_configuration(clone):
    (clone / "odoo.conf").write_text("db_host = here\n")
    code, stderr = make(clone, "setup")
    assert code and "odoo.conf cannot be read" in error_line(stderr)


def test_old_python():
    with pytest.raises(console.Failure, match="set PYTHON to one of those"):
        venv.check_python((3, 9, 18))


def test_no_disk_space(monkeypatch, tmp_path):
    monkeypatch.setattr(console.paths, "STACK", tmp_path)
    usage = shutil._ntuple_diskusage(10**9, 10**9, 5 * 2**20)
    monkeypatch.setattr(console.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(console.Failure, match=r"needs 100 MB .*, 5 MB are free"):
        console.check_space(100, "a test")


def test_failing_step_shows_the_end_of_its_log(tmp_path, capsys):
    log = tmp_path / "step.log"
    script = "for i in $(seq 40); do echo line $i; done; exit 3"
    with pytest.raises(console.Failure, match="a step: ended with code 3"):
        console.run_step("a step", ["sh", "-c", script], log=log)
    shown = capsys.readouterr().err
    assert "line 40" in shown and "line 20\n" not in shown


def test_private_server_in_the_environment_is_not_the_users_own():
    environ = {"PGHOST": str(settings.paths.socket_folder()), "PGPORT": "5432"}
    assert settings.load(environ).postgres == {}


def test_users_own_server_from_the_environment():
    environ = {"PGHOST": "db.example", "PGUSER": "me", "PGDATABASE": "other"}
    found = settings.load(environ).postgres
    assert found == {"PGHOST": "db.example", "PGUSER": "me"}


def test_users_own_server_from_the_configuration(monkeypatch, tmp_path):
    config = tmp_path / "odoo.conf"
    config.write_text("[options]\ndb_host = db.example\ndb_user = a%b\n")
    monkeypatch.setattr(settings.paths, "CONFIG", config)
    assert settings.load({}).postgres == {"PGHOST": "db.example", "PGUSER": "a%b"}
