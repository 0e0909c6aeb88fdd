# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What must hold for the suite as a whole, on a database with all of it."""

from odoo.tests import HttpCase, TransactionCase, tagged

from devtools import paths


@tagged("post_install", "-at_install")
class TestSuite(TransactionCase):
    def test_every_module_is_installed(self):
        modules = self.env["ir.module.module"].search(
            [("name", "in", paths.modules()), ("state", "=", "installed")]
        )
        self.assertEqual(sorted(modules.mapped("name")), paths.modules())

    def test_every_model_has_an_access_rule(self):
        """Without a rule only the superuser could use the model."""
        data = self.env["ir.model.data"].search(
            [("module", "in", paths.modules()), ("model", "=", "ir.model")]
        )
        for model in self.env["ir.model"].browse(data.mapped("res_id")):
            if self.env[model.model]._abstract:
                continue
            with self.subTest(model=model.model):
                self.assertTrue(model.access_ids)


@tagged("post_install", "-at_install")
class TestServer(HttpCase):
    def test_login_page_is_served(self):
        self.assertEqual(self.url_open("/web/login").status_code, 200)

    def test_browser_opens_the_web_client(self):
        """The browser itself is proved here, so no browser test skips unseen."""
        self.browser_js("/odoo", "console.log('test successful')", login="admin")
