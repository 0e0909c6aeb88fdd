# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Numbers that can be empty: NULL in the database, False in Python, blank on screen.

Odoo's own numbers read NULL as 0. A ratio without a denominator is not 0, nor is what
is not known.
"""

from odoo import fields


class OptionalNumber:
    """Mixed into a field of numbers: what is empty stays empty."""

    falsy_value = None

    def convert_to_column(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column(value, record, values, validate)

    # Amounts are rounded on their way in by this one, and not by the one above.
    def convert_to_column_insert(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column_insert(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is None or value is False else value


class OptionalFloat(OptionalNumber, fields.Float):
    """A float that can be empty."""


class OptionalInteger(OptionalNumber, fields.Integer):
    """A whole number that can be empty."""


class OptionalMonetary(OptionalNumber, fields.Monetary):
    """An amount that can be empty."""
