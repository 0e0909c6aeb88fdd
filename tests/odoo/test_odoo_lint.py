# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's own lint rules (its module test_lint), pointed at the suite's modules.

The rules walk over every module of the addons path; here they see ours only.
Left out: eslint (needs node packages), l10n (localisations only), docstring
(lists Odoo's own modules), conflict markers (reads all of Odoo) and the tests
of the checkers themselves.
"""

import logging
import types

import pytest

from odoo import tools
from odoo.modules import Manifest

from odoo.addons.test_lint.tests import test_pofile, test_pylint
from odoo.addons.test_lint.tests.test_dunderinit import TestDunderinit
from odoo.addons.test_lint.tests.test_i18n import TestI18n
from odoo.addons.test_lint.tests.test_index import TestIndex
from odoo.addons.test_lint.tests.test_jstranslate import TestJsTranslations
from odoo.addons.test_lint.tests.test_manifests import ManifestLinter
from odoo.addons.test_lint.tests.test_naming import TestNaming
from odoo.addons.test_lint.tests.test_onchange_domains import TestOnchangeDomains
from odoo.addons.test_lint.tests.test_orm_import import (
    TestDunderinit as TestOrmImport,
)
from odoo.addons.test_lint.tests.test_override_signatures import (
    TestLintOverrideSignatures,
)
from odoo.addons.test_lint.tests.test_pofile import PotLinter
from odoo.addons.test_lint.tests.test_pylint import TestPyLint
from odoo.addons.test_lint.tests.test_routes import RoutesLinter
from odoo.addons.test_lint.tests.test_test_holes import TestTestHoles

from devtools import paths

#: Collected from here; named so that the imports are not taken for unused.
__all__ = [
    "ManifestLinter",
    "PotLinter",
    "RoutesLinter",
    "TestDunderinit",
    "TestI18n",
    "TestIndex",
    "TestJsTranslations",
    "TestLintOverrideSignatures",
    "TestNaming",
    "TestOnchangeDomains",
    "TestOrmImport",
    "TestPyLint",
    "TestTestHoles",
]


class _Config:
    """Odoo's configuration with another root folder."""

    def __init__(self, root_path):
        self.root_path = root_path

    def __getitem__(self, key):
        return tools.config[key]


@pytest.fixture(autouse=True)
def only_the_suite(monkeypatch):
    """Show the rules our modules instead of every module there is."""
    ours = [Manifest.for_addon(name) for name in paths.modules()]
    monkeypatch.setattr(Manifest, "all_addon_manifests", lambda: ours)
    monkeypatch.setattr(test_pofile, "get_modules", paths.modules)
    # pylint is given the modules and config.root_path, which is Odoo's source.
    config = _Config(ours[0].path)
    seen = types.SimpleNamespace(
        config=config, constants=tools.constants, parse_version=tools.parse_version
    )
    monkeypatch.setattr(test_pylint, "tools", seen)


@pytest.fixture(autouse=True)
def no_warning(caplog):
    """Some rules only warn, which counts as a failure here."""
    caplog.set_level(logging.WARNING, logger="odoo.addons.test_lint")
    yield
    records = caplog.get_records("call")
    warned = [r.getMessage() for r in records if r.name.startswith("odoo.addons")]
    assert not warned
