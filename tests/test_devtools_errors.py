"""Every mistake ends in one clear line and an exit code, with nothing made."""

import shutil
import socket

import pytest

from devtools import console, settings, venv


def error_line(result):
    """Return the one line that tells the user what is wrong."""
    stderr = result.stderr
    assert result.returncode
    lines = [line for line in stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, stderr
    assert "Traceback" not in stderr
    return lines[0]


def test_unknown_target(make, clone):
    result = make(clone, "rnu")
    assert result.returncode and "No rule to make target 'rnu'" in result.stderr


def test_unknown_variable(make, clone):
    result = make(clone, "run", "PROT=8070")
    assert result.returncode
    assert "unknown variable PROT; known: PYTHON DB PORT" in result.stderr


@pytest.mark.parametrize("port", ["web", "0", "65536", "80 80", "-1"])
def test_port_that_is_none(make, clone, port):
    result = make(clone, "run", PORT=port)
    assert f"PORT={port!r} is no port" in error_line(result)


@pytest.mark.parametrize("name", ["my db", "-x", 'a"b', "x" * 51])
def test_database_name_that_is_none(make, clone, name):
    result = make(clone, "run", DB=name)
    assert "is no database name" in error_line(result)


def test_port_taken(make, clone):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = make(clone, "run", PORT=str(port))
    assert f"port {port} cannot be used" in error_line(result)
    assert not (clone / ".stack").exists()


@pytest.mark.parametrize("series", ["(18, 0, 0, 'final', 0, '')", "(20, 0)"])
def test_other_series(make, clone, tmp_path, series):
    release = tmp_path / "other" / "odoo" / "release.py"
    release.parent.mkdir(parents=True)
    release.write_text(
        f"version_info = {series}\nseries = '.'.join(map(str, version_info[:2]))\n"
    )
    result = make(clone, "setup", ODOO_SOURCE=str(tmp_path / "other"))
    assert "this suite needs 19.0" in error_line(result)
    assert not (clone / ".stack").exists()


def test_source_that_is_none(make, clone, tmp_path):
    result = make(clone, "setup", ODOO_SOURCE=str(tmp_path / "nowhere"))
    assert "holds no Odoo" in error_line(result)


def test_unreadable_configuration(make, clone):
    (clone / "odoo.conf").write_text("db_host = here\n")
    result = make(clone, "setup")
    assert "odoo.conf cannot be read" in error_line(result)


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
