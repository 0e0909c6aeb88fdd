# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import SQL


def pre_init_hook(env):
    """Fill the frozen cost of existing invoice lines before the ORM sees the columns.

    One statement; through the ORM it would take hours on a large ledger. Lines of an
    order take the order line's cost; others the product's cost of today, marked as an
    estimate.
    """
    env.cr.execute(
        SQL(
            """
            ALTER TABLE account_move_line
                ADD COLUMN IF NOT EXISTS finance_unit_cost double precision,
                ADD COLUMN IF NOT EXISTS finance_cost_source varchar
            """
        )
    )
    env.cr.execute(
        SQL(
            """
            WITH ordered AS (
                SELECT link.invoice_line_id AS line_id,
                       SUM(sale_line.purchase_price
                           / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                           / COALESCE(sale_uom.factor, 1)
                           * COALESCE(NULLIF(sale_line.product_uom_qty, 0), 1))
                       / SUM(COALESCE(NULLIF(sale_line.product_uom_qty, 0), 1))
                            AS reference_cost
                  FROM sale_order_line_invoice_rel link
                  JOIN sale_order_line sale_line ON sale_line.id = link.order_line_id
                  JOIN sale_order sale ON sale.id = sale_line.order_id
                  LEFT JOIN uom_uom sale_uom ON sale_uom.id = sale_line.product_uom_id
                 GROUP BY link.invoice_line_id
            ),
            known AS (
                SELECT line.id,
                       COALESCE(
                           ordered.reference_cost,
                           (product.standard_price ->> line.company_id::text)::float
                           / COALESCE(product_uom.factor, 1)
                       ) * COALESCE(line_uom.factor, product_uom.factor, 1)
                            AS unit_cost,
                       CASE WHEN ordered.line_id IS NULL
                            THEN 'estimate' ELSE 'order' END AS source
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  LEFT JOIN ordered ON ordered.line_id = line.id
                  LEFT JOIN product_product product ON product.id = line.product_id
                  LEFT JOIN product_template template
                         ON template.id = product.product_tmpl_id
                  LEFT JOIN uom_uom product_uom ON product_uom.id = template.uom_id
                  LEFT JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
                 WHERE line.display_type = 'product'
                   AND line.parent_state = 'posted'
                   AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
            )
            UPDATE account_move_line line
               SET finance_unit_cost = known.unit_cost,
                   finance_cost_source = known.source
              FROM known
             WHERE known.id = line.id AND known.unit_cost <> 0
            """
        )
    )


def post_init_hook(env):
    """Have the figures of every customer computed."""
    queue_everything(env)


def queue_everything(env):
    """Queue every customer and 24 month ends; the scheduled action does the work.

    Called by installation, and by an upgrade that brings new figures.
    """
    queue = env["customer.finance.queue"]
    for company in env["res.company"]._get_finance_companies():
        queue._push_all(company)
        queue._push_all(company, queue._get_snapshot_dates(company))


def uninstall_hook(env):
    """Remove the index on a native table; Odoo drops our tables and columns."""
    env.cr.execute(SQL("DROP INDEX IF EXISTS account_partial_reconcile_max_date_idx"))
