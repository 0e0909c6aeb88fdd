# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Numbers that can be empty: NULL in the database, False in Python, blank on screen.

Odoo reads NULL as 0, and "not enough data" is no zero. They are written by SQL only.
"""

from odoo import fields

from odoo.addons.crm_finance_bridge.models.optional_monetary import OptionalMonetary

__all__ = ["OptionalInteger", "OptionalMonetary"]


class OptionalInteger(fields.Integer):
    falsy_value = None

    def convert_to_column(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is None or value is False else value
