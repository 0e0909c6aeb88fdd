# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestInstall(TransactionCase):
    def test_installed_with_dependencies(self):
        """The shell brings in the bridge that its contents will build on."""
        modules = self.env["ir.module.module"].search(
            [("name", "in", ["crm_customer_value", "crm_finance_bridge"])]
        )
        self.assertEqual(modules.mapped("state"), ["installed", "installed"])
