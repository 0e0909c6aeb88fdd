# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Copies of the sample rows for every staged document.

Each function fills the tables of one kind of document from the temporary
tables of ``staging.sql``. The dictionaries give an expression per column that
differs from the sample row; every other column is copied from it.
"""

STAMPS = {
    "create_date": "s.date + time '10:00'",
    "write_date": "s.date + time '10:00'",
}


def copy_samples(cr, samples):
    """Fill Odoo's tables and return the number of rows written."""
    copier = _Copier(cr)
    _copy_partners(copier, samples)
    _copy_orders(copier, samples)
    for refund, move in ((False, samples.invoice), (True, samples.refund)):
        _copy_invoices(copier, samples, refund, move)
    for cash, payment in ((False, samples.bank_payment), (True, samples.cash_payment)):
        _copy_payments(copier, cash, payment)
    _copy_reconciliation(copier, samples)
    return copier.rows


class _Copier:
    """Inserts copies of sample rows and counts them."""

    def __init__(self, cr):
        self.cr = cr
        self.rows = 0

    def copy(self, table, sample, source, values, optional=None):
        """Insert one copy of row ``sample`` of ``table`` for each row of
        ``source`` (known as s), with ``values`` instead of the sample's;
        ``optional`` values are for columns that a module may have added."""
        self.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema AND table_name = %s",
            [table],
        )
        columns = [column for (column,) in self.cr.fetchall()]
        if unknown := values.keys() - set(columns):
            raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}")
        values = {**(optional or {}), **values}
        expressions = [values.get(column, f"sample.{column}") for column in columns]
        self.insert(
            table,
            columns,
            f"SELECT {', '.join(expressions)}"
            f"  FROM {source} AS s CROSS JOIN {table} AS sample"
            f" WHERE sample.id = {sample}",
        )

    def insert(self, table, columns, query):
        """Insert the rows of ``query``."""
        self.cr.execute(f"INSERT INTO {table} ({', '.join(columns)}) {query}")
        self.rows += self.cr.rowcount

    def value(self, query, *args):
        """Return the single value of ``query``."""
        self.cr.execute(query, args)
        return self.cr.fetchone()[0]

    def line(self, move, display_type):
        """Return the id of the line of that type in the sample ``move``."""
        return self.value(
            "SELECT id FROM account_move_line WHERE move_id = %s AND display_type = %s",
            move,
            display_type,
        )


def _amounts(currency, company, residual="0", residual_company="0"):
    """Return the amount columns of a journal item from their expressions."""
    return {
        "amount_currency": currency,
        "balance": company,
        "debit": f"greatest({company}, 0)",
        "credit": f"greatest(-({company}), 0)",
        "amount_residual_currency": residual,
        "amount_residual": residual_company,
    }


def _copy_partners(copier, samples):
    stamps = {"create_date": "now()", "write_date": "now()"}
    copier.copy(
        "res_partner",
        samples.customer,
        "s_customer",
        {
            "id": "s.partner_id",
            "commercial_partner_id": "s.partner_id",
            "name": "s.name",
            "complete_name": "s.name",
            "commercial_company_name": "s.name",
            "country_id": "s.country_id",
            "user_id": "s.user_id",
            "email": "'customer' || s.i || '@example.com'",
            "email_normalized": "'customer' || s.i || '@example.com'",
            **stamps,
        },
    )
    copier.copy(
        "res_partner",
        samples.contact,
        "(SELECT * FROM s_customer WHERE contact_id IS NOT NULL)",
        {
            "id": "s.contact_id",
            "parent_id": "s.partner_id",
            "commercial_partner_id": "s.partner_id",
            "name": "'Accounts ' || s.i",
            "complete_name": "s.name || ', Accounts ' || s.i",
            "commercial_company_name": "s.name",
            "country_id": "s.country_id",
            **stamps,
        },
    )


def _copy_orders(copier, samples):
    copier.copy(
        "sale_order",
        samples.order,
        "s_order",
        {
            "id": "s.order_id",
            "name": "'SB' || pg_temp.padded(s.n)",
            "state": "s.state",
            "invoice_status": "s.invoice_status",
            "partner_id": "s.commercial_partner_id",
            "partner_invoice_id": "s.partner_id",
            "partner_shipping_id": "s.commercial_partner_id",
            "user_id": "s.user_id",
            "currency_id": "s.currency_id",
            "currency_rate": "s.rate",
            "pricelist_id": "s.pricelist_id",
            "amount_untaxed": "s.untaxed",
            "amount_tax": "s.tax",
            "amount_total": "s.untaxed + s.tax",
            "margin": "s.untaxed - s.cost",
            "margin_percent": "(s.untaxed - s.cost) / s.untaxed",
            "date_order": "s.date + time '09:00'",
            "validity_date": "s.date + 30",
            "access_token": "NULL",
            **STAMPS,
        },
    )
    copier.copy(
        "sale_order_line",
        copier.value(
            "SELECT id FROM sale_order_line WHERE order_id = %s", samples.order
        ),
        "s_order_line",
        {
            "id": "s.order_line_id",
            "order_id": "s.order_id",
            "order_partner_id": "s.commercial_partner_id",
            "salesman_id": "s.user_id",
            "currency_id": "s.currency_id",
            "state": "s.state",
            "invoice_status": "s.line_status",
            "sequence": "10 * s.k",
            "product_id": "s.product_id",
            "name": "s.product_name",
            "product_uom_qty": "s.quantity",
            "price_unit": "s.price",
            "technical_price_unit": "s.price",
            "discount": "s.discount",
            "price_subtotal": "s.net",
            "price_tax": "s.line_tax",
            "price_total": "s.net + s.line_tax",
            "price_reduce_taxexcl": "s.net / s.quantity",
            "price_reduce_taxinc": "(s.net + s.line_tax) / s.quantity",
            "purchase_price": "s.unit_cost",
            "margin": "s.net - s.unit_cost * s.quantity",
            "margin_percent": "(s.net - s.unit_cost * s.quantity) / s.net",
            "qty_invoiced": "s.qty_invoiced",
            "qty_to_invoice": "s.qty_to_invoice",
            "untaxed_amount_invoiced": "s.net * sign(s.qty_invoiced)",
            "untaxed_amount_to_invoice": "s.net * sign(s.qty_to_invoice)",
            **STAMPS,
        },
    )
    copier.insert(
        "account_tax_sale_order_line_rel",
        ["sale_order_line_id", "account_tax_id"],
        f"SELECT order_line_id, {samples.tax} FROM s_order_line",
    )


def _copy_invoices(copier, samples, refund, move):
    """Copy the sample ``move`` for the invoices, or for the credit notes."""
    copier.copy(
        "account_move",
        move,
        f"(SELECT * FROM s_posted WHERE refund IS {refund})",
        {
            "id": "s.move_id",
            "name": "s.name",
            "sequence_prefix": "s.prefix",
            "sequence_number": "s.number",
            "payment_reference": "NULL" if refund else "s.name",
            "ref": "s.order_name",
            "invoice_origin": "s.order_name",
            "reversed_entry_id": "s.move_id - 1" if refund else "NULL",
            "payment_state": "s.payment_state",
            "partner_id": "s.partner_id",
            "commercial_partner_id": "s.commercial_partner_id",
            "partner_shipping_id": "s.commercial_partner_id",
            "invoice_partner_display_name": "s.customer_name",
            "invoice_user_id": "s.user_id",
            "currency_id": "s.currency_id",
            "invoice_currency_rate": "s.rate",
            "date": "s.date",
            "invoice_date": "s.date",
            "invoice_date_due": "CASE WHEN s.in_two THEN s.date + 60"
            " ELSE s.date_due END",
            "amount_untaxed": "s.untaxed",
            "amount_tax": "s.tax",
            "amount_total": "s.total",
            "amount_residual": "s.sign * s.residual",
            "amount_untaxed_signed": "s.sign * s.untaxed_company",
            "amount_tax_signed": "s.sign * s.tax_company",
            "amount_total_signed": "s.sign * s.total_company",
            "amount_residual_signed": "s.residual_company",
            "amount_untaxed_in_currency_signed": "s.sign * s.untaxed",
            "amount_total_in_currency_signed": "s.sign * s.total",
            "access_token": "NULL",
            **STAMPS,
        },
    )
    common = {
        "move_id": "s.move_id",
        "move_name": "s.name",
        "ref": "s.order_name",
        "partner_id": "s.commercial_partner_id",
        "currency_id": "s.currency_id",
        "date": "s.date",
        "invoice_date": "s.date",
        **STAMPS,
    }
    copier.copy(
        "account_move_line",
        copier.line(move, "product"),
        f"""(
            SELECT p.*, k, line_id, product_id, product_name, quantity, price,
                   discount, net, l.tax AS line_tax, net_company,
                   unit_cost, ordered
              FROM s_posted AS p
              JOIN s_line AS l USING (n)
             WHERE p.refund IS {refund})""",
        {
            **common,
            "id": "s.line_id",
            "sequence": "10 * s.k",
            "product_id": "s.product_id",
            "name": "s.product_name",
            "quantity": "s.quantity",
            "price_unit": "s.price",
            "discount": "s.discount",
            "price_subtotal": "s.net",
            "price_total": "s.net + s.line_tax",
            **_amounts("-s.sign * s.net", "-s.sign * s.net_company"),
        },
        # As crm_finance_bridge freezes them on posting.
        optional={
            "finance_unit_cost": "s.unit_cost / s.rate",
            "finance_cost_source": "CASE WHEN s.ordered THEN 'order'"
            " ELSE 'posting' END",
        },
    )
    copier.copy(
        "account_move_line",
        copier.line(move, "tax"),
        f"(SELECT * FROM s_posted WHERE refund IS {refund})",
        {
            **common,
            "id": "s.tax_line_id",
            "tax_base_amount": "-s.sign * s.untaxed_company",
            **_amounts("-s.sign * s.tax", "-s.sign * s.tax_company"),
        },
    )
    copier.copy(
        "account_move_line",
        copier.line(move, "payment_term"),
        f"""(
            SELECT p.*, i.j, i.line_id, i.maturity, i.amount, i.amount_company,
                   r.full_id, r.matching_number,
                   r.residual AS line_residual,
                   r.residual_company AS line_residual_company
              FROM s_posted AS p
              JOIN s_instalment AS i USING (n)
              JOIN s_receivable AS r USING (line_id)
             WHERE p.refund IS {refund})""",
        {
            **common,
            "id": "s.line_id",
            "name": "s.name || CASE WHEN s.in_two"
            " THEN ' installment #' || s.j ELSE '' END",
            "date_maturity": "s.maturity",
            "full_reconcile_id": "s.full_id",
            "matching_number": "s.matching_number",
            "reconciled": "s.line_residual = 0 AND s.line_residual_company = 0",
            **_amounts(
                "s.amount",
                "s.amount_company",
                "s.line_residual",
                "s.line_residual_company",
            ),
        },
    )
    copier.insert(
        "account_move_line_account_tax_rel",
        ["account_move_line_id", "account_tax_id"],
        f"SELECT line_id, {samples.tax} FROM s_line WHERE refund IS {refund}",
    )
    # The lines of a credit note belong to the order of the invoice before it.
    copier.insert(
        "sale_order_line_invoice_rel",
        ["invoice_line_id", "order_line_id"],
        "SELECT refund.line_id, invoiced.order_line_id FROM s_line AS refund"
        "  JOIN s_line AS invoiced"
        "    ON invoiced.n = refund.n - 1 AND invoiced.k = 1 AND invoiced.ordered"
        " WHERE refund.refund"
        if refund
        else "SELECT line_id, order_line_id FROM s_line WHERE ordered",
    )


def _copy_payments(copier, cash, payment):
    """Copy the sample ``payment`` for those through the bank, or in cash."""
    source = f"""(
        SELECT y.*, y.prefix || pg_temp.padded(y.number) AS name,
               m.name AS invoice_name, m.customer_name,
               m.payment_state, t.full_id, t.matching_number
          FROM s_payment AS y
          JOIN s_posted AS m USING (n)
          LEFT JOIN s_matching AS t ON t.line_id = y.invoice_line_id AND y.matched
         WHERE cash IS {cash}
         ORDER BY p)"""
    move = copier.value("SELECT move_id FROM account_payment WHERE id = %s", payment)
    copier.copy(
        "account_payment",
        payment,
        source,
        {
            "id": "s.payment_id",
            "move_id": "s.move_id",
            "name": "s.name",
            "memo": "s.invoice_name",
            "state": "CASE WHEN s.matched AND s.payment_state = 'paid'"
            " THEN 'paid' ELSE 'in_process' END",
            "partner_id": "s.commercial_partner_id",
            "currency_id": "s.currency_id",
            "date": "s.date",
            "amount": "s.amount",
            "amount_company_currency_signed": "s.amount_company",
            "is_reconciled": "s.matched",
            **STAMPS,
        },
    )
    copier.copy(
        "account_move",
        move,
        source,
        {
            "id": "s.move_id",
            "origin_payment_id": "s.payment_id",
            "name": "s.name",
            "sequence_prefix": "s.prefix",
            "sequence_number": "s.number",
            "ref": "s.invoice_name",
            "partner_id": "s.commercial_partner_id",
            "commercial_partner_id": "s.commercial_partner_id",
            "invoice_partner_display_name": "s.customer_name",
            "currency_id": "s.currency_id",
            "date": "s.date",
            "invoice_date_due": "s.date",
            "amount_total": "s.amount",
            "amount_total_signed": "s.amount_company",
            "amount_total_in_currency_signed": "s.amount",
            **STAMPS,
        },
    )
    common = {
        "move_id": "s.move_id",
        "payment_id": "s.payment_id",
        "move_name": "s.name",
        "ref": "s.invoice_name",
        "name": "'Manual Payment: ' || s.invoice_name",
        "partner_id": "s.commercial_partner_id",
        "currency_id": "s.currency_id",
        "date": "s.date",
        "date_maturity": "s.date",
        **STAMPS,
    }
    side = "SELECT id FROM account_move_line WHERE move_id = %s AND balance {} 0"
    copier.copy(
        "account_move_line",
        copier.value(side.format(">"), move),
        source,
        {
            **common,
            "id": "s.liquidity_line_id",
            "price_subtotal": "s.amount",
            "price_total": "s.amount",
            **_amounts(*["s.amount", "s.amount_company"] * 2),
        },
    )
    copier.copy(
        "account_move_line",
        copier.value(side.format("<"), move),
        source,
        {
            **common,
            "id": "s.line_id",
            "price_subtotal": "-s.amount",
            "price_total": "-s.amount",
            "full_reconcile_id": "s.full_id",
            "matching_number": "s.matching_number",
            "reconciled": "s.matched",
            **_amounts(
                "-s.amount",
                "-s.amount_company",
                "-s.amount * (1 - s.matched::int)",
                "-s.amount_company * (1 - s.matched::int)",
            ),
        },
    )
    copier.insert(
        "account_move__account_payment",
        ["invoice_id", "payment_id"],
        "SELECT s_posted.move_id, payment_id FROM s_payment JOIN s_posted USING (n)"
        f" WHERE matched AND cash IS {cash}",
    )


def _copy_reconciliation(copier, samples):
    copier.copy(
        "account_full_reconcile",
        samples.full,
        "(SELECT s_full.*, CURRENT_DATE AS date FROM s_full)",
        {"id": "s.full_id", **STAMPS},
    )
    copier.copy(
        "account_partial_reconcile",
        samples.partial,
        "(SELECT * FROM s_partial ORDER BY partial_id)",
        {
            "id": "s.partial_id",
            "debit_move_id": "s.line_id",
            "credit_move_id": "s.counterpart_line_id",
            "full_reconcile_id": "s.full_id",
            "debit_currency_id": "s.currency_id",
            "credit_currency_id": "s.currency_id",
            "max_date": "s.date",
            "amount": "s.amount_company",
            "debit_amount_currency": "s.amount",
            "credit_amount_currency": "s.amount",
            **STAMPS,
        },
    )
