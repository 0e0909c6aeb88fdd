# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.customer_finance_mixin import AMOUNT
from ..models.customer_finance_rows import sql_bucket

KINDS = [
    ("invoice", "Invoice"),
    ("credit_note", "Credit Note"),
    ("money", "Payment"),
    ("other", "Other Entry"),
]


class CustomerFinanceItem(models.Model):
    """Receivable items with what is open of them; the ageing report."""

    _name = "customer.finance.item"
    _description = "Receivable Item"
    _inherit = ["customer.finance.row"]
    _auto = False
    _order = "date_maturity, id"
    _rec_name = "move_id"
    _depends = {
        "account.move": ["move_type", "invoice_date"],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "balance",
            "company_id",
            "date",
            "date_maturity",
            "journal_id",
            "move_id",
            "parent_state",
            "partner_id",
        ],
        "account.partial.reconcile": [
            "amount",
            "credit_move_id",
            "debit_move_id",
            "max_date",
        ],
        "res.partner": ["commercial_partner_id"],
        "res.company": ["finance_ageing_1", "finance_ageing_2", "finance_ageing_3"],
    }

    kind = fields.Selection(KINDS, readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due Date", readonly=True)
    balance = fields.Monetary(string="Amount", readonly=True, groups=AMOUNT)
    open_amount = fields.Monetary(readonly=True, groups=AMOUNT)
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    bucket = fields.Selection(
        selection="_selection_bucket", string="Ageing", readonly=True
    )

    def _selection_bucket(self):
        """Return the buckets, labelled with the company's bounds, and the credit."""
        return [
            *self.env.company._get_finance_ageing_selection(),
            ("credit", self.env._("Credit")),
        ]

    @property
    def _table_query(self):
        facts = self.env["customer.finance.facts"]
        scope = self._get_finance_scope()
        days = SQL("(%s::date - open_item.date_maturity)", scope.date)
        bounds = [SQL.identifier("company", f"finance_ageing_{n}") for n in (1, 2, 3)]
        return SQL(
            """
            SELECT open_item.id, open_item.partner_id, open_item.company_id,
                   open_item.move_id, open_item.date, open_item.invoice_date,
                   open_item.date_maturity, open_item.kind, open_item.balance,
                   open_item.open_amount,
                   CASE WHEN open_item.open_amount > 0 THEN GREATEST(%(days)s, 0)
                        ELSE 0 END AS days_overdue,
                   CASE WHEN open_item.open_amount < 0 THEN 'credit'
                        WHEN open_item.open_amount > 0 THEN %(bucket)s
                   END AS bucket
              FROM (%(open_items)s) open_item
              JOIN res_company company ON company.id = open_item.company_id
            """,
            days=days,
            bucket=sql_bucket(days, bounds),
            open_items=facts._sql_open_items(
                scope, scope.date, items=SQL("(%s)", facts._sql_items(scope))
            ),
        )
