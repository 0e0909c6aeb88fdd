"""`make lint`: the style checks, each run to its end and reported by name.

Odoo's own lint rules need a loaded registry: they are tests, in
tests/odoo/test_odoo_lint.py.
"""

import subprocess

from . import console, environment, paths

#: Folders with Python of ours, where they exist.
PYTHON_FOLDERS = ("addons", "bench", "devtools", "retail", "tests")


#: One concern per file: a model may be extended in several of a module.
SPLIT = "consider-merging-classes-inherited"


def checks():
    """Return (name, command) of every check."""
    folders = [name for name in PYTHON_FOLDERS if (paths.ROOT / name).is_dir()]
    modules = [f"addons/{name}" for name in paths.modules()]
    found = [
        ("ruff check", ["ruff", "check", "--no-cache", *folders]),
        ("ruff format", ["ruff", "format", "--no-cache", "--check", *folders]),
        (
            "pylint-odoo",
            ["pylint", "--rcfile=.pylintrc", f"--disable={SPLIT}", *modules],
        ),
        *((f"oca checks {name}", ["oca-checks-odoo-module", name]) for name in modules),
    ]
    translations = [
        paths.shown(path) for path in sorted(paths.ADDONS.glob("*/i18n/*.po"))
    ]
    if translations:
        # Odoo's export does not wrap as the check would have it.
        command = ["oca-checks-po", "--disable=po-pretty-format", *translations]
        found.append(("oca checks translations", command))
    return found


def run(settings):
    """Run every check; return how many passed and the names of those that failed."""
    environ = environment.environ(settings)
    passed, failed = 0, []
    for name, command in checks():
        result = subprocess.run(
            [paths.VENV / "bin" / command[0], *command[1:]],
            env=environ,
            cwd=paths.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if result.returncode:
            failed.append(name)
            console.say(f"{result.stdout.rstrip()}\n- {name}: failed")
        else:
            passed += 1
            console.say(f"- {name}: passed")
    return passed, failed
