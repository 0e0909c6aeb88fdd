"""`make i18n`: the templates from Odoo, the translations merged into them.

Runs inside the virtual environment, for polib.
"""

import sys

import polib

from . import console, database, environment, paths, postgres
from .console import Failure

LANGUAGE = "zh_CN"
#: Header fields Odoo writes anew each time; alone they are no change.
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def run(settings):
    """Bring every module's .pot and zh_CN.po up to date; return what lacks."""
    database.update(settings)
    query = f"SELECT 1 FROM res_lang WHERE active AND code = '{LANGUAGE}'"
    if not postgres.sql(settings, query, settings.database):
        _odoo(settings, "load Chinese", "loadlang", "-l", LANGUAGE)
    before = {path: path.read_text() for path in _templates() if path.exists()}
    _odoo(settings, "export the terms", "export", "-l", "pot", "--", *paths.modules())
    for path in _templates():
        if not path.stat().st_size:
            # What Odoo writes for a module without terms.
            path.unlink()
        elif path in before and _same(before[path], path.read_text()):
            path.write_text(before[path])
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


def _same(one, other):
    """Tell whether two templates differ in nothing but their dates."""

    def content(text):
        return [line for line in text.splitlines() if not any(d in line for d in DATES)]

    return content(one) == content(other)


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
    if not _same(old, new):
        path.write_text(new)
    untranslated = translation.untranslated_entries() + translation.fuzzy_entries()
    for entry in untranslated:
        print(f"{paths.shown(path)}: {entry.msgid!r}", file=sys.stderr)
    return len(untranslated)
