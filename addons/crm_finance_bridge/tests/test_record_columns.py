# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..models import record_columns
from ..models.record_columns import read_records, sql_records

COLUMNS = {
    "id": "int",
    "name": "varchar",
    "amount": "numeric",
    "rate": "float8",
    "day": "date",
    "moment": "timestamp",
    "late": "bool",
}
#: What an array would take for its own.
TEXTS = [
    "",
    "NULL",
    "a, b",
    "{c}",
    'say "d"',
    "e\\f",
    "two\nlines",
    "t\tab",
    "r\r",
    "\\N",
    " g ",
    "授信额度",
]


@tagged("post_install", "-at_install")
class TestRecordColumns(TransactionCase):
    """Records come back from the database as they were sent."""

    def _read(self, relation):
        return read_records(self.env, SQL("SELECT * FROM %s ORDER BY id", relation))

    def _send(self, records):
        """Return records as they come back, which is the same both ways."""
        columns = {name: [record[name] for record in records] for name in COLUMNS}
        sent = self._read(sql_records(COLUMNS, records))
        with patch.object(record_columns, "MANY", 0):
            ahead = self._read(record_columns.send_columns(self.env, COLUMNS, columns))
        self.assertEqual(ahead, sent)
        return sent

    def test_kinds(self):
        record = {
            "id": 7,
            "name": "Name",
            "amount": 0.1,
            "rate": 1e-07,
            "day": date(2026, 2, 28),
            "moment": datetime(2026, 2, 28, 23, 59, 59),
            "late": False,
        }
        unknown = {**dict.fromkeys(COLUMNS), "id": 8}
        [found, empty] = self._send([record, unknown])
        self.assertEqual(str(found.pop("amount")), "0.1")
        record.pop("amount")
        self.assertEqual(found, record)
        self.assertEqual(empty, unknown)

    def test_texts(self):
        records = [
            {**dict.fromkeys(COLUMNS), "id": number, "name": text}
            for number, text in enumerate(TEXTS)
        ]
        self.assertEqual([row["name"] for row in self._send(records)], TEXTS)

    def test_rounded(self):
        columns = {
            "id": [1, 2, 3],
            "amount": [1234.565001, None, -0.001],
            "rate": [1 / 3, None, 2e-20],
        }
        kinds = {name: COLUMNS[name] for name in columns}
        templates = {"numeric": "%.2f", "float8": "%.12g"}
        for many in (4, 3):
            with patch.object(record_columns, "MANY", many):
                rows = self._read(
                    record_columns.send_columns(self.env, kinds, columns, templates)
                )
            amounts = [row["amount"] for row in rows]
            self.assertEqual(amounts, [1234.57, None, 0.0])
            rates = [row["rate"] for row in rows]
            self.assertEqual(rates, [0.333333333333, None, 2e-20])

    def test_no_records(self):
        self.assertEqual(self._send([]), [])
