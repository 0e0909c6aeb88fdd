# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many records at once, from the database and back."""

from odoo.tools import SQL


def read_records(env, query):
    """Return the rows of a query as dicts. Odoo's own ``execute_query_dict`` asks for
    the name of every column once more in every row, which takes longer than the rows.

    :param query: SQL
    """
    rows = env.execute_query(query)
    names = [column.name for column in env.cr.description]
    return [dict(zip(names, row, strict=True)) for row in rows]


def sql_records(kinds, records):
    """Return records as the relation ``value``, for an INSERT or an UPDATE … FROM.

    :param kinds: ``{name: type of PostgreSQL}``, never from outside
    :param records: list of ``{name: value}``, each with all names
    """
    return sql_columns(
        kinds, {name: [record[name] for record in records] for name in kinds}
    )


def sql_columns(kinds, columns, templates=None):
    """Return columns as the relation ``value``: one array for each, which PostgreSQL
    reads in less time than JSON.

    :param kinds: ``{name: type of PostgreSQL}``, never from outside
    :param columns: ``{name: list of values}``, all of one length
    :param templates: ``{type: template of str % number}`` of numbers to be rounded,
        which are written out in half the time; the others stay as they are
    """
    templates = templates or {}
    arrays = [
        SQL("%s::%s[]", _get_array(columns[name], templates.get(kind)), SQL(kind))
        for name, kind in kinds.items()
    ]
    return SQL(
        "UNNEST(%s) AS value (%s)",
        SQL(", ").join(arrays),
        SQL(", ").join(map(SQL.identifier, kinds)),
    )


def sql_updates(names):
    """Return what takes over columns of the relation ``value``."""
    return SQL(", ").join(
        SQL("%s = value.%s", SQL.identifier(name), SQL.identifier(name))
        for name in names
    )


def _get_array(values, template):
    """Return an array as PostgreSQL reads it."""
    if template:
        shown = ["NULL" if value is None else template % value for value in values]
    else:
        # Of names and dates there are few.
        known = {value: _quote(value) for value in set(values)}
        shown = [known[value] for value in values]
    return f"{{{','.join(shown)}}}"


def _quote(value):
    if value is None:
        return "NULL"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
