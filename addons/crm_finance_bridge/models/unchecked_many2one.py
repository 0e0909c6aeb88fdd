# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields


class UncheckedMany2one(fields.Many2one):
    """A link without a foreign key, for rows that live a moment.

    Checking a key locks the row it leads to and takes longer than the row itself; in
    exchange, what it leads to may be gone.
    """

    def update_db_foreign_key(self, model, column):
        """Make none."""
