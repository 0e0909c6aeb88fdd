# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import SQL


def sql_columns(columns):
    """Return the columns of ``json_to_recordset``.

    :param columns: ``{name: type of PostgreSQL}``, never from outside
    """
    return SQL(", ").join([_sql_column(*column) for column in columns.items()])


def _sql_column(name, kind):
    return SQL("%s %s", SQL.identifier(name), SQL(kind))
