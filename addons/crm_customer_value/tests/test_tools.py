# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import doctest
import pkgutil
from importlib import import_module

from odoo.tests import BaseCase

from .. import tools


class TestTools(BaseCase):
    """The statistics as Odoo imports them; their own tests are in the repository's
    ``tests`` (``test_value_*.py``) and need no Odoo."""

    def test_doctests(self):
        for found in pkgutil.iter_modules(tools.__path__):
            module = import_module(f"{tools.__name__}.{found.name}")
            with self.subTest(module=found.name):
                self.assertEqual(doctest.testmod(module).failed, 0)
