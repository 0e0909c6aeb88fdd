# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many records at once, from the database and back."""

from io import StringIO

import psycopg2

from odoo.tools import SQL

#: Rows from which a table of their own is worth it.
MANY = 5000
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def read_records(env, query):
    """Return the rows of a query as dicts. Odoo's own ``execute_query_dict`` asks for
    the name of every column once more in every row, which takes longer than the rows.

    :param query: SQL
    """
    rows = env.execute_query(query)
    names = [column.name for column in env.cr.description]
    return [dict(zip(names, row, strict=True)) for row in rows]


def sql_records(kinds, records):
    """Return records as the relation ``value``, for an INSERT or an UPDATE … FROM: one
    array per column, which PostgreSQL reads in less time than JSON.

    :param kinds: ``{name: type of PostgreSQL}``, never from outside
    :param records: list of ``{name: value}``, each with all names
    """
    return _sql_arrays(
        kinds, {name: [record[name] for record in records] for name in kinds}, {}
    )


def send_columns(env, kinds, columns, templates=None):
    """Return columns as the relation ``value``: as arrays, or, from :data:`MANY` rows
    on, as a temporary table filled by COPY, which takes less time than so long a query.
    The table is there until the next call in the transaction.

    :param kinds: ``{name: type of PostgreSQL}``, never from outside
    :param columns: ``{name: list of values}``, all of one length
    :param templates: ``{type: template of str % number}`` of numbers to be rounded,
        which are written out in half the time; the others stay as they are
    """
    templates = templates or {}
    if len(next(iter(columns.values()))) < MANY:
        return _sql_arrays(kinds, columns, templates)
    definitions = [_sql_definition(name, kind) for name, kind in kinds.items()]
    env.cr.execute("DROP TABLE IF EXISTS pg_temp.crm_finance_value")
    env.cr.execute(
        SQL(
            "CREATE TEMPORARY TABLE crm_finance_value (%s) ON COMMIT DROP",
            SQL(", ").join(definitions),
        )
    )
    shown = [
        _show(columns[name], templates.get(kind), _escape)
        for name, kind in kinds.items()
    ]
    text = "\n".join(map("\t".join, zip(*shown, strict=True)))
    # As Odoo does: a server of greenlets waits in a way that COPY cannot.
    callback = psycopg2.extensions.get_wait_callback()
    psycopg2.extensions.set_wait_callback(None)
    try:
        env.cr.copy_expert("COPY pg_temp.crm_finance_value FROM STDIN", StringIO(text))
    finally:
        psycopg2.extensions.set_wait_callback(callback)
    return SQL("pg_temp.crm_finance_value AS value")


def sql_updates(names):
    """Return what takes over columns of the relation ``value``."""
    return SQL(", ").join(
        SQL("%s = value.%s", SQL.identifier(name), SQL.identifier(name))
        for name in names
    )


def _sql_arrays(kinds, columns, templates):
    arrays = [
        _sql_array(_show(columns[name], templates.get(kind), _quote), kind)
        for name, kind in kinds.items()
    ]
    return SQL(
        "UNNEST(%s) AS value (%s)",
        SQL(", ").join(arrays),
        SQL(", ").join(map(SQL.identifier, kinds)),
    )


def _sql_array(shown, kind):
    literal = f"{{{','.join(shown)}}}"
    return SQL("%s::%s[]", literal, SQL(kind))


def _sql_definition(name, kind):
    return SQL("%s %s", SQL.identifier(name), SQL(kind))


def _show(values, template, show):
    """Return values as PostgreSQL reads them.

    :param template: of numbers to be rounded
    :param show: function of any other
    """
    if template:
        nothing = show(None)
        return [nothing if value is None else template % value for value in values]
    # Of names and dates there are few.
    known = {value: show(value) for value in set(values)}
    return [known[value] for value in values]


def _quote(value):
    """Return an element of an array."""
    if value is None:
        return "NULL"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _escape(value):
    """Return a column of a row for COPY."""
    if value is None:
        return "\\N"
    return str(value).translate(_ESCAPED)
