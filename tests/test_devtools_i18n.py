"""Merging a template into a translation."""

import polib

from devtools import i18n

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'


def write(folder, terms, translations):
    """Make a template and, unless None, a translation; return the template."""
    template = folder / "crm_x.pot"
    template.write_text(HEADER + "".join(entry(term) for term in terms))
    if translations is not None:
        text = "".join(entry(*pair) for pair in translations.items())
        (folder / "zh_CN.po").write_text(HEADER + text)
    return template


def entry(term, translation=""):
    comment = "\n#. module: crm_x\n#: model:ir.model,name:crm_x.model\n"
    return f'{comment}msgid "{term}"\nmsgstr "{translation}"\n'


def translated(folder):
    merged = polib.pofile(str(folder / "zh_CN.po"))
    return {found.msgid: found.msgstr for found in merged}


def test_merge_keeps_adds_and_removes(tmp_path):
    template = write(tmp_path, ["Kept", "New"], {"Kept": "保留", "Gone": "旧"})
    assert i18n.merge(template) == 1
    assert translated(tmp_path) == {"Kept": "保留", "New": ""}


def test_merge_begins_a_translation(tmp_path):
    template = write(tmp_path, ["New"], None)
    assert i18n.merge(template) == 1
    assert polib.pofile(str(tmp_path / "zh_CN.po")).metadata["Language"] == "zh_CN"


def test_merge_without_a_change_leaves_the_file(tmp_path):
    template = write(tmp_path, ["Kept"], {"Kept": "保留"})
    i18n.merge(template)
    before = (tmp_path / "zh_CN.po").stat().st_mtime_ns
    assert i18n.merge(template) == 0
    assert (tmp_path / "zh_CN.po").stat().st_mtime_ns == before


def test_module_without_terms(tmp_path):
    assert i18n.merge(tmp_path / "crm_x.pot") == 0
