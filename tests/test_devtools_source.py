"""Where Odoo comes from, in which order, and never half of it."""

import subprocess

import pytest

from devtools import console, odoo_source, paths, settings

RELEASE = "version_info = (19, 0, 0)\nseries = '19.0'\n"


def odoo_tree(folder, release=RELEASE):
    """Make the least that is taken for an Odoo."""
    (folder / "odoo").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(release)
    return folder


def git_repository(folder, branch="19.0", release=RELEASE):
    """Make a repository in place of Odoo's public one."""
    odoo_tree(folder, release)
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    for command in (
        ["init", "-q", "-b", branch],
        ["add", "."],
        [*identity, "commit", "-q", "-m", "Odoo"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


@pytest.fixture(autouse=True)
def stack(monkeypatch, tmp_path):
    """Move everything that is made into a folder of the test."""
    folder = tmp_path / "stack"
    monkeypatch.setattr(paths, "STACK", folder)
    monkeypatch.setattr(paths, "CACHE", folder / "cache")
    monkeypatch.setattr(paths, "DEBS", folder / "cache" / "debs")
    monkeypatch.setattr(paths, "LOGS", folder / "log")
    monkeypatch.setattr(paths, "ODOO", folder / "odoo")
    monkeypatch.setattr(odoo_source, "SPACE", 1)
    return folder


@pytest.fixture
def no_package(monkeypatch):
    """Take Debian's package away."""

    def fetch(_settings):
        raise odoo_source.Unavailable("no Debian mirror here")

    monkeypatch.setattr(odoo_source, "_fetch_package", fetch)


def chosen(**variables):
    return settings.load(variables)


def test_given_source_comes_first(tmp_path, stack):
    source = odoo_tree(tmp_path / "mine")
    odoo_tree(stack / "odoo")
    found = odoo_source.ensure(chosen(ODOO_SOURCE=str(source)))
    assert found == source


@pytest.mark.parametrize("inner", ["", "odoo", "usr/lib/python3/dist-packages"])
def test_given_source_is_found_in_every_layout(tmp_path, inner):
    prefix = tmp_path / "mine"
    if inner.startswith("usr"):
        root, given = odoo_tree(prefix / inner), prefix
    else:
        root, given = odoo_tree(prefix), prefix / inner
    assert odoo_source.ensure(chosen(ODOO_SOURCE=str(given))) == root


def test_package_comes_before_clone(monkeypatch, tmp_path, stack):
    def fetch(_settings):
        odoo_tree(stack / "odoo")

    monkeypatch.setattr(odoo_source, "_fetch_package", fetch)
    monkeypatch.setattr(odoo_source, "_fetch_clone", pytest.fail)
    assert odoo_source.ensure(chosen()) == stack / "odoo"


def test_clone_when_there_is_no_package(no_package, tmp_path, stack):
    repository = git_repository(tmp_path / "public")
    found = odoo_source.ensure(chosen(ODOO_GIT=repository.as_uri()))
    assert found == stack / "odoo" and (found / "odoo" / "release.py").exists()
    assert not list(stack.glob("*.part"))


@pytest.mark.parametrize(
    ("branch", "release"),
    [("18.0", RELEASE), ("19.0", "series = '18.0'\n"), ("19.0", "series = 'x'\n")],
)
def test_nothing_to_be_had(no_package, tmp_path, stack, branch, release):
    repository = git_repository(tmp_path / "public", branch, release)
    with pytest.raises(console.Failure) as failure:
        odoo_source.ensure(chosen(ODOO_GIT=repository.as_uri()))
    message = str(failure.value)
    assert "no Debian mirror here; " in message
    assert message.endswith("Set ODOO_SOURCE to the folder of an Odoo 19.0")
    assert "\n" not in message
    assert not (stack / "odoo").exists()


def test_left_over_of_an_interrupted_clone(no_package, tmp_path, stack):
    (stack / "odoo.part" / "half").mkdir(parents=True)
    repository = git_repository(tmp_path / "public")
    found = odoo_source.ensure(chosen(ODOO_GIT=repository.as_uri()))
    assert not (found / "half").exists()


def test_package_needs_apt(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(odoo_source.Unavailable, match="needs apt-get"):
        odoo_source._download_packages()


def test_package_needs_a_debian_mirror(monkeypatch):
    monkeypatch.setattr(odoo_source, "_index_targets", lambda *filters: [])
    with pytest.raises(odoo_source.Unavailable, match="no Debian mirror"):
        odoo_source._mirror()
