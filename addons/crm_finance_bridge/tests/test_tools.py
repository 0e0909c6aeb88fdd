# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import doctest

from odoo.tests import BaseCase

from ..tools import ageing, months, payment_lag, ratios


class TestTools(BaseCase):
    def test_doctests(self):
        for module in (ageing, months, payment_lag, ratios):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertGreater(result.attempted, 0)
                self.assertEqual(result.failed, 0)
