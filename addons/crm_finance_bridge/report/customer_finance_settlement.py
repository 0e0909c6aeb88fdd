# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.customer_finance_mixin import AMOUNT
from .customer_finance_item import KINDS


class CustomerFinanceSettlement(models.Model):
    """What was taken off invoices: payments, credit notes, write-offs."""

    _name = "customer.finance.settlement"
    _description = "Settlement of an Invoice"
    _inherit = ["customer.finance.row"]
    _auto = False
    _order = "settled_date desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.move": ["move_type", "invoice_date"],
        "account.move.line": [
            "account_id",
            "balance",
            "company_id",
            "date",
            "date_maturity",
            "journal_id",
            "move_id",
            "parent_state",
            "partner_id",
            "tax_line_id",
        ],
        "account.partial.reconcile": [
            "amount",
            "credit_move_id",
            "debit_move_id",
            "max_date",
        ],
        "res.partner": ["commercial_partner_id"],
    }

    move_id = fields.Many2one(string="Invoice")
    counterpart_move_id = fields.Many2one(
        "account.move", string="Settled By", readonly=True
    )
    kind = fields.Selection(KINDS, readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due Date", readonly=True)
    settled_date = fields.Date(readonly=True)
    amount = fields.Monetary(readonly=True, groups=AMOUNT)
    money = fields.Monetary(string="Of Which Money", readonly=True, groups=AMOUNT)
    days_to_pay = fields.Integer(readonly=True, aggregator="avg")
    # Not "Days Late": that is the indicator, an average.
    days_late = fields.Integer(string="Days Past Due", readonly=True, aggregator="avg")
    on_time = fields.Boolean(readonly=True)

    @property
    def _table_query(self):
        facts = self.env["customer.finance.facts"]
        scope = self._get_finance_scope()
        return SQL(
            """
            SELECT id, partner_id, company_id, move_id, counterpart_move_id, kind,
                   date, invoice_date, date_maturity, max_date AS settled_date,
                   amount, money,
                   max_date - invoice_date AS days_to_pay,
                   max_date - date_maturity AS days_late,
                   max_date <= date_maturity AS on_time
              FROM (%s) settlement
            """,
            facts._sql_settlements(
                items=SQL("(%s)", facts._sql_items(scope)),
                deductions=SQL("(%s)", facts._sql_deductions(scope)),
            ),
        )

    def _read_group_select(self, aggregate_spec, query):
        """Averages of days are weighted with the money, as in the indicators."""
        name, _sep, function = aggregate_spec.partition(":")
        if function != "avg" or name not in ("days_to_pay", "days_late"):
            return super()._read_group_select(aggregate_spec, query)
        money = SQL.identifier(self._table, "money")
        return SQL(
            "SUM(%s * %s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, name, query),
            money,
            money,
        )
