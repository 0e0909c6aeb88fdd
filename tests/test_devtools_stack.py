"""The stack that these tests run in: its shell exports, server, databases."""

import os
import subprocess

import pytest

from devtools import (
    console,
    database,
    environment,
    odoo_source,
    paths,
    postgres,
    server,
    settings,
)

NAME = "devtools_scratch"


@pytest.fixture
def chosen():
    """Yield the choices for a scratch database, removed before and after."""
    found = settings.load({"DB": NAME})
    for name in (NAME, f"{NAME}.part"):
        database.drop(found, name)
    yield found
    for name in (NAME, f"{NAME}.part"):
        database.drop(found, name)


@pytest.fixture
def odoo(monkeypatch):
    """Take Odoo's place: note what it was asked, and fail when told to."""

    def run(_settings, _title, arguments, *, log):
        run.arguments = arguments
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(run.log)
        if run.failure:
            raise run.failure

    run.failure, run.log = None, ""
    monkeypatch.setattr(database, "run_odoo", run)
    monkeypatch.setattr(database.paths, "LOGS", paths.STACK / "log" / "scratch")
    return run


def test_env_gives_a_shell_this_odoo_and_this_server(make):
    exports = make(paths.ROOT, "env")
    assert exports.returncode == 0, exports.stderr
    lines = exports.stdout.splitlines()
    assert all(line.startswith("export ") for line in lines)
    script = """
        eval "$EXPORTS"
        python -m odoo --version
        psql -d postgres -Atc "SELECT 1"
        command -v createdb
        command -v pytest
    """
    output = subprocess.run(
        ["sh", "-c", script],
        env=os.environ | {"EXPORTS": exports.stdout},
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert odoo_source.SERIES in output[0]
    assert output[1] == "1"
    assert [os.path.basename(line) for line in output[2:]] == ["createdb", "pytest"]


def test_unreachable_server(make):
    result = make(paths.ROOT, "setup", PGHOST="/nonexistent")
    assert result.returncode
    lines = result.stderr.splitlines()
    errors = [line for line in lines if line.startswith("error: ")]
    assert len(errors) == 1
    assert "PostgreSQL at /nonexistent cannot be used" in errors[0]


def test_old_server(monkeypatch, chosen):
    monkeypatch.setattr(postgres, "sql", lambda *_arguments: [["120017"]])
    with pytest.raises(console.Failure, match="PostgreSQL 12 is too old"):
        postgres.ensure(chosen)


def test_socket_folder_of_a_deep_repository(monkeypatch):
    monkeypatch.setattr(paths, "STACK", paths.Path("/" + "x" * 120 + "/.stack"))
    assert len(str(paths.socket_folder())) <= paths.LONGEST_SOCKET_FOLDER


def test_failed_build_leaves_no_database(chosen, odoo):
    odoo.failure = console.Failure("broken module")
    with pytest.raises(console.Failure, match="broken module"):
        database.ensure_demo(chosen)
    assert not database.exists(chosen, NAME)


def test_failed_demonstration_data_leaves_no_database(chosen, odoo):
    odoo.log = "Module crm_x demo data failed to install, installed without demo data"
    with pytest.raises(console.Failure, match="data of crm_x does not load"):
        database.ensure_demo(chosen)
    assert not database.exists(chosen, NAME)


def test_build_goes_on_after_an_interrupted_one(chosen, odoo):
    database.create_empty(chosen, f"{NAME}.part")
    files = paths.DATA / "filestore" / f"{NAME}.part"
    files.mkdir(parents=True)
    (files / "left-over").touch()
    database.ensure_demo(chosen)
    assert database.exists(chosen, NAME)
    assert not database.exists(chosen, f"{NAME}.part")
    assert not files.exists()
    assert "--with-demo" in odoo.arguments


def test_database_of_something_else(chosen, odoo):
    database.create_empty(chosen, NAME)
    with pytest.raises(console.Failure, match="is not Odoo's"):
        database.ensure_demo(chosen)


def test_update_needs_a_database(chosen):
    with pytest.raises(console.Failure, match="make run builds it"):
        database.update(chosen)


def test_logins_name_only_users_that_exist(monkeypatch, chosen):
    rows = [["admin"], ["accountant"], ["somebody"]]
    monkeypatch.setattr(postgres, "sql", lambda *_arguments: rows)
    assert server.logins(chosen) == [
        ("accountant", "accountant"),
        ("admin", "administrator"),
    ]


def test_server_pid_of_another_program_is_not_ours(monkeypatch, tmp_path):
    pid = tmp_path / "server.pid"
    pid.write_text("1")
    monkeypatch.setattr(paths, "SERVER_PID", pid)
    assert server.running() is None


def test_stale_pid_file_is_no_running_server(monkeypatch, tmp_path):
    (tmp_path / "postmaster.pid").write_text("1\n/elsewhere\n")
    monkeypatch.setattr(paths, "PGDATA", tmp_path)
    assert postgres._postmaster() is None


@pytest.mark.parametrize(
    ("working", "program"),
    [(["setpriv", "unshare"], "setpriv"), (["unshare"], "unshare")],
)
def test_root_hands_the_server_over(monkeypatch, working, program):
    monkeypatch.setattr(postgres.os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgres, "_works", lambda prefix: prefix[0] in working)
    assert postgres._handed_over()[0] == program


def test_root_that_cannot_hand_over(monkeypatch):
    monkeypatch.setattr(postgres.os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgres, "_works", lambda prefix: False)
    with pytest.raises(console.Failure, match="does not run as root"):
        postgres._handed_over()


def test_files_of_another_user_are_refused(monkeypatch):
    monkeypatch.setattr(environment.os, "geteuid", lambda: 54321)
    with pytest.raises(console.Failure, match="was made by user"):
        environment._check_owner()
