"""`make i18n`: the templates from Odoo, the translations merged into them.

Runs inside the virtual environment, for polib.
"""

import sys

import polib

from . import console, database, environment, paths, postgres
from .console import Failure

LANGUAGE = "zh_CN"
#: Header fields Odoo writes anew each time; left out, for they change nothing.
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def run(settings):
    """Bring every module's .pot and zh_CN.po up to date; return what lacks."""
    database.update(settings)
    query = f"SELECT 1 FROM res_lang WHERE active AND code = '{LANGUAGE}'"
    if not postgres.sql(settings, query, settings.database):
        _odoo(settings, "load Chinese", "loadlang", "-l", LANGUAGE)
    _odoo(settings, "export the terms", "export", "-l", "pot", "--", *paths.modules())
    for path in _templates():
        if not path.stat().st_size:
            # What Odoo writes for a module without terms.
            path.unlink()
        else:
            path.write_text(_undated(path.read_text()))
    lacking = sum(merge(path) for path in _templates())
    if lacking:
        raise Failure(f"{lacking} terms have no {LANGUAGE} translation")


def _templates():
    return [paths.ADDONS / name / "i18n" / f"{name}.pot" for name in paths.modules()]


def _odoo(settings, title, command, *arguments):
    console.run_step(
        title,
        environment.odoo_command(
            *("i18n", command, "-d", settings.database), *arguments
        ),
        log=paths.LOGS / "i18n.log",
        env=environment.environ(settings),
    )


def _undated(text):
    """Leave the dates out of a template's header."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not any(date in line for date in DATES))


def merge(template):
    """Merge a template into its translation; return how many terms lack one."""
    if not template.exists():
        return 0
    path = template.with_name(f"{LANGUAGE}.po")
    old = path.read_text() if path.exists() else ""
    pot = polib.pofile(str(template), wrapwidth=78)
    translation = polib.pofile(old, wrapwidth=78) if old else polib.POFile()
    translation.merge(pot)
    for entry in translation.obsolete_entries():
        translation.remove(entry)
    translation.metadata = pot.metadata | {
        "Language": LANGUAGE,
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    translation.header = pot.header
    new = f"{translation}\n"
    if new != old:
        path.write_text(new)
    untranslated = translation.untranslated_entries() + translation.fuzzy_entries()
    for entry in untranslated:
        print(f"{paths.shown(path)}: {entry.msgid!r}", file=sys.stderr)
    return len(untranslated)
