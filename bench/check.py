# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prove that Odoo accepts a generated ledger as its own."""

from pathlib import Path

from . import database

INVARIANTS = Path(__file__).with_name("invariants.sql").read_text(encoding="utf-8")


def broken_invariants(name):
    """Return {rule: number of rows that break it} for database ``name``."""
    connection = database.connect(name)
    with connection, connection.cursor() as cr:
        cr.execute(INVARIANTS)
        broken = {rule: count for rule, count in cr.fetchall() if count}
    connection.close()
    return broken


def orm_differences(name, sample_size=100):
    """Let Odoo recompute what the generator wrote and return the differences.

    A sample of documents is opened and recomputed, one of them goes back to draft
    and is posted again, and the receivable that Odoo computes for each customer
    is compared in sum with the ledger. Nothing is kept."""
    with database.environment(name) as env:
        moves = _sample_moves(env, sample_size)
        return [
            *_recompute_differences(moves),
            *_credit_differences(env),
            *_draft_differences(moves),
        ]


def _sample_moves(env, sample_size):
    """Return documents spread over the ledger, some of each payment state."""
    env.cr.execute(
        """
        SELECT id
          FROM (
                SELECT id, row_number() OVER (
                           PARTITION BY move_type, payment_state, currency_id
                           ORDER BY hashint4(id)) AS position
                  FROM account_move
                 WHERE move_type IN ('out_invoice', 'out_refund')
                   AND state = 'posted'
               ) AS spread
         ORDER BY position, id
         LIMIT %s
        """,
        [sample_size],
    )
    return env["account.move"].browse(move_id for (move_id,) in env.cr.fetchall())


def _recompute_differences(moves):
    """Yield the stored fields of ``moves`` and of their lines, payments and
    orders that Odoo would compute otherwise."""
    orders = moves.line_ids.sale_line_ids.order_id
    for records, names in (
        (
            moves,
            "amount_total amount_residual amount_residual_signed payment_state"
            " amount_untaxed_signed amount_tax_signed invoice_date_due name"
            " commercial_partner_id amount_total_in_currency_signed",
        ),
        (
            moves.line_ids,
            "amount_residual amount_residual_currency reconciled price_subtotal"
            " price_total partner_id parent_state move_name",
        ),
        (moves.matched_payment_ids, "state is_reconciled is_matched"),
        (orders, "amount_total margin invoice_status"),
        (
            orders.order_line,
            "price_subtotal price_total margin qty_invoiced qty_to_invoice"
            " untaxed_amount_invoiced untaxed_amount_to_invoice invoice_status",
        ),
    ):
        names = names.split()
        stored = {record.id: record.read(names, load=None)[0] for record in records}
        for field_name in names:
            field = records._fields[field_name]
            records.env.add_to_compute(field, records)
        for record in records:
            for field_name in names:
                before = stored[record.id][field_name]
                after = record.read([field_name], load=None)[0][field_name]
                if isinstance(after, float):
                    differs = abs(before - after) > 0.011
                else:
                    differs = before != after
                if differs:
                    yield f"{record}.{field_name}: {before!r}, Odoo says {after!r}"


def _credit_differences(env):
    """Yield a line if Odoo's receivable of all customers is not the ledger's."""
    env.cr.execute(
        "SELECT sum(amount_residual) FROM account_move_line AS line"
        "  JOIN account_account AS account ON account.id = line.account_id"
        " WHERE account_type = 'asset_receivable' AND line.parent_state = 'posted'"
    )
    (expected,) = env.cr.fetchone()
    customers = env["res.partner"].search([("customer_rank", ">", 0)])
    credit = sum(customers.mapped("credit"))
    if abs(credit - float(expected)) > 0.01:
        yield f"res.partner.credit adds up to {credit}, the ledger to {expected}"


def _draft_differences(moves):
    """Yield a line if a paid invoice cannot go back to draft and be posted; it
    stays reconciled meanwhile, as Odoo 19 does it."""
    move = moves.filtered(lambda m: m.payment_state == "paid")[:1]
    total = move.amount_total
    for action, state in ((move.button_draft, "draft"), (move.action_post, "posted")):
        action()
        left = move.amount_residual
        if move.state != state or move.amount_total != total or left:
            yield f"{move} {move.state}: {left} left of {move.amount_total} ({total})"
