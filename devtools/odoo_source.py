"""Find Odoo 19: the user's own, Debian's package, or a clone.

Debian packages Odoo 19 with dependencies newer than a stable machine has, so
the package is not installed but unpacked: apt fetches it and checks it against
the signed lists, in folders of our own, with a user's rights only.
"""

import os
import re
import runpy
import shutil
import subprocess
from pathlib import Path

from . import console, paths
from .console import Failure

SERIES = "19.0"
#: Megabytes that the archives and the unpacked tree take.
SPACE = 1700
#: Odoo and what its tree links to, by Debian suite. Odoo's style sheets name
#: files of Font Awesome 4, which later suites no longer carry.
PACKAGES = {
    "sid": ("odoo-19", "fonts-montserrat"),
    "bookworm": (
        "libjs-jquery",
        "libjs-jquery-form",
        "libjs-underscore",
        "fonts-font-awesome",
        "fonts-roboto-unhinted",
        "fonts-inconsolata",
        "fonts-ocr-b",
        "fonts-glyphicons-halflings",
    ),
}
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PACKAGE_ROOT = "usr/lib/python3/dist-packages"
#: Left out of the package as not free; every page asks for it.
CAMERA_BLUR = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


class Unavailable(Exception):
    """One way to get Odoo does not work here; the text says why."""


def find_root(path):
    """Return the folder of `path` from which `import odoo` works, or None."""
    path = Path(path).expanduser().absolute()
    for root in (path, path / PACKAGE_ROOT, path.parent):
        if (root / "odoo" / "release.py").is_file():
            return root
    return None


def series(root):
    """Return the series ("19.0") of an Odoo tree without importing it."""
    release = runpy.run_path(str(root / "odoo" / "release.py"))
    return str(release["series"])


def _checked(root, origin):
    if root is None:
        raise Failure(f"{origin} holds no Odoo: no odoo/release.py there")
    found = series(root)
    if found != SERIES:
        raise Failure(f"{origin} is Odoo {found}, this suite needs {SERIES}")
    return root


def locate(settings):
    """Return the Odoo to use when one is at hand, else None."""
    if settings.odoo_source:
        origin = f"ODOO_SOURCE={settings.odoo_source}"
        return _checked(find_root(settings.odoo_source), origin)
    return find_root(paths.ODOO) if paths.ODOO.exists() else None


def ensure(settings):
    """Return the Odoo to use, fetched when none is at hand."""
    root = locate(settings)
    if root:
        return root
    console.check_space(SPACE, "Odoo's source")
    tried = []
    for fetch in (_fetch_package, _fetch_clone):
        try:
            fetch(settings)
            break
        except Unavailable as reason:
            tried.append(str(reason))
            console.say(f"- {reason}")
    else:
        raise Failure(
            f"no Odoo {SERIES} source: {'; '.join(tried)}. "
            f"Set ODOO_SOURCE to the folder of an Odoo {SERIES}"
        )
    return find_root(paths.ODOO)


def _move_into_place(part):
    """Make a complete tree the one in use; a half made one never is."""
    root = find_root(part)
    if root is None or series(root) != SERIES:
        found = series(root) if root else "nothing"
        raise Unavailable(f"{found} came instead of Odoo {SERIES}")
    part.rename(paths.ODOO)


# -- Debian's package ----------------------------------------------------------


def _fetch_package(settings):
    _download_packages()
    part = _empty(paths.STACK / "odoo.part")
    archives = sorted(paths.DEBS.glob("*.deb"))
    script = 'for deb in "$@"; do dpkg-deb -x "$deb" . || exit 1; done'
    console.run_step(
        "unpack Odoo",
        ["sh", "-c", script, "sh", *archives],
        log=paths.LOGS / "unpack.log",
        cwd=part,
    )
    addons = part / PACKAGE_ROOT / "odoo" / "addons"
    blur = addons / CAMERA_BLUR
    if not blur.exists():
        blur.parent.mkdir(parents=True, exist_ok=True)
        blur.write_text("/* camera blur, left out of Debian's package */\n")
    dangling = _dangling_link(addons)
    if dangling:
        raise Unavailable(f"Debian's package lacks the file behind {dangling}")
    _move_into_place(part)


def _empty(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _dangling_link(folder):
    for parent, _folders, files in os.walk(folder):
        for name in files:
            path = Path(parent, name)
            if not path.exists():
                return path.relative_to(folder)
    return None


def _download_packages():
    """Fill the cache of archives; it is complete as soon as it exists."""
    if paths.DEBS.exists():
        return
    for program in ("apt-get", "dpkg-deb"):
        if not shutil.which(program):
            raise Unavailable(f"Debian's package needs {program}")
    if not KEYRING.exists():
        raise Unavailable(f"Debian's package needs {KEYRING} to check its signature")
    apt = _private_apt(_mirror())
    part = paths.CACHE / "debs.part"
    part.mkdir(parents=True, exist_ok=True)
    _apt_step("read Debian's package lists", [*apt, "update"])
    names = [f"{name}/{suite}" for suite, all_ in PACKAGES.items() for name in all_]
    _apt_step(
        "download Odoo's package",
        [*apt, "download", *names],
        cwd=part,
        detail=lambda: f"{_megabytes(part)} of about 130 MB",
    )
    part.rename(paths.DEBS)


def _apt_step(title, command, **options):
    log = paths.LOGS / "apt.log"
    if console.run_logged(title, command, log=log, **options):
        reason = _apt_reason(log.read_text(errors="replace"))
        raise Unavailable(f"{title}: {reason} (see {paths.shown(log)})")


def _apt_reason(text):
    errors = [line[3:] for line in text.splitlines() if line.startswith("E: ")]
    return errors[0] if errors else "apt-get failed"


def _megabytes(folder):
    return sum(path.stat().st_size for path in folder.iterdir()) // 10**6


def _index_targets(*filters):
    return subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", *filters],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()


def _mirror():
    """Return the address of the Debian mirror this machine already uses.

    apt knows the origin of a source only once its lists were read; on an image
    delivered without lists the address itself must tell.
    """
    found = _index_targets(
        "Created-By: Packages", "Origin: Debian", "Label: Debian"
    ) or [
        uri
        for uri in _index_targets("Created-By: Packages")
        if re.search(r"/debian/?$", uri)
    ]
    if not found:
        raise Unavailable("no Debian mirror among this machine's apt sources")
    return found[0]


def _private_apt(mirror):
    """Return an apt-get command that keeps all its files in our folder."""
    home = paths.CACHE / "apt"
    for name in ("state/lists/partial", "cache/archives/partial"):
        (home / name).mkdir(parents=True, exist_ok=True)
    sources = home / "sources.list"
    console.write_whole(
        sources,
        "".join(
            f"deb [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in PACKAGES
        ),
    )
    options = {
        "Dir::State": home / "state",
        "Dir::State::Lists": home / "state" / "lists",
        "Dir::Cache": home / "cache",
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Acquire::Languages": "none",
        "Acquire::Retries": 2,
        # As root apt would drop to a user who cannot write in our folder.
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
        # A list that could not be fetched is an error, not a warning.
        "APT::Update::Error-Mode": "any",
    }
    return ["apt-get", "-q"] + [f"-o{key}={value}" for key, value in options.items()]


# -- A clone -------------------------------------------------------------------


def _fetch_clone(settings):
    if not shutil.which("git"):
        raise Unavailable("a clone of Odoo needs git")
    part = paths.STACK / "odoo.part"
    shutil.rmtree(part, ignore_errors=True)
    log = paths.LOGS / "clone.log"
    command = ["git", "clone", "--depth", "1", "--branch", SERIES]
    code = console.run_logged(
        "clone Odoo",
        [*command, settings.odoo_git, part],
        log=log,
        # Never wait for a password nobody is asked for.
        env=os.environ | {"GIT_TERMINAL_PROMPT": "0"},
    )
    if code:
        raise Unavailable(
            f"no clone of {settings.odoo_git}, branch {SERIES} (see {paths.shown(log)})"
        )
    _move_into_place(part)
