-- What must hold of a ledger: each row names a rule and counts what breaks it.
WITH matched AS (
    SELECT line_id, sum(amount) AS amount, sum(amount_currency) AS amount_currency
      FROM (
            SELECT debit_move_id AS line_id, amount,
                   debit_amount_currency AS amount_currency
              FROM account_partial_reconcile
            UNION ALL
            SELECT credit_move_id, -amount, -credit_amount_currency
              FROM account_partial_reconcile
           ) AS sides
     GROUP BY line_id
), item AS (
    SELECT line.*, account.account_type,
           account.reconcile
               OR account.account_type IN ('asset_cash', 'liability_credit_card')
               AS keeps_residual,
           coalesce(matched.amount, 0) AS matched,
           coalesce(matched.amount_currency, 0) AS matched_currency,
           matched.line_id IS NOT NULL AS is_matched
      FROM account_move_line AS line
      JOIN account_account AS account ON account.id = line.account_id
      LEFT JOIN matched ON matched.line_id = line.id
)
SELECT 'entries not balanced' AS rule, count(*) AS broken
  FROM (SELECT FROM account_move_line
         GROUP BY move_id HAVING sum(balance) <> 0) AS unbalanced
UNION ALL
SELECT 'entries without journal items', count(*)
  FROM account_move AS move
 WHERE NOT EXISTS (SELECT FROM account_move_line WHERE move_id = move.id)
UNION ALL
SELECT 'balance is debit less credit', count(*)
  FROM item WHERE balance <> debit - credit
UNION ALL
SELECT 'company currency items with two amounts', count(*)
  FROM item WHERE currency_id = company_currency_id AND balance <> amount_currency
UNION ALL
SELECT 'residual is balance less reconciliations', count(*)
  FROM item
 WHERE amount_residual <> CASE WHEN keeps_residual THEN balance - matched ELSE 0 END
UNION ALL
SELECT 'residual in currency, likewise', count(*)
  FROM item
 WHERE amount_residual_currency
       <> CASE WHEN keeps_residual THEN amount_currency - matched_currency ELSE 0 END
UNION ALL
SELECT 'reconciled exactly when nothing is left', count(*)
  FROM item
 WHERE keeps_residual AND is_matched
   AND reconciled <> (amount_residual = 0 AND amount_residual_currency = 0)
UNION ALL
SELECT 'matching number on matched items only', count(*)
  FROM item WHERE is_matched <> (matching_number IS NOT NULL)
UNION ALL
SELECT 'matching number tells full from partial', count(*)
  FROM item
 WHERE matching_number IS NOT NULL
   AND CASE WHEN full_reconcile_id IS NULL
            THEN matching_number NOT LIKE 'P%'
            ELSE matching_number <> full_reconcile_id::text END
UNION ALL
SELECT 'full reconciliations cover reconciled items only', count(*)
  FROM item WHERE full_reconcile_id IS NOT NULL AND NOT reconciled
UNION ALL
SELECT 'reconciliations between different partners', count(*)
  FROM account_partial_reconcile AS partial
  JOIN account_move_line AS debit ON debit.id = partial.debit_move_id
  JOIN account_move_line AS credit ON credit.id = partial.credit_move_id
 WHERE debit.partner_id <> credit.partner_id
    OR debit.account_id <> credit.account_id
    OR partial.max_date <> greatest(debit.date, credit.date)
UNION ALL
SELECT 'document totals are those of the lines', count(*)
  FROM account_move AS move
  JOIN (
        SELECT move_id,
               sum(balance) FILTER (WHERE display_type = 'payment_term') AS total,
               sum(amount_residual) FILTER (
                   WHERE display_type = 'payment_term') AS residual,
               -sum(balance) FILTER (WHERE display_type = 'product') AS untaxed,
               max(date_maturity) FILTER (
                   WHERE display_type = 'payment_term') AS date_due
          FROM account_move_line
         GROUP BY move_id
       ) AS lines ON lines.move_id = move.id
 WHERE move.move_type IN ('out_invoice', 'out_refund')
   AND (move.amount_total_signed <> total
        OR move.amount_residual_signed <> residual
        OR move.amount_untaxed_signed <> untaxed
        OR move.amount_untaxed + move.amount_tax <> move.amount_total
        OR move.invoice_date_due <> date_due)
UNION ALL
SELECT 'payment state fits the residual', count(*)
  FROM account_move
 WHERE move_type IN ('out_invoice', 'out_refund')
   AND (payment_state IN ('paid', 'reversed')) <> (amount_residual = 0)
UNION ALL
SELECT 'payments agree with their entry', count(*)
  FROM account_payment AS payment
  JOIN account_move AS move ON move.id = payment.move_id
 WHERE move.origin_payment_id <> payment.id
    OR move.amount_total <> payment.amount
    OR move.name <> payment.name
    OR payment.is_reconciled <> NOT EXISTS (
           SELECT FROM account_move_line AS line
            WHERE line.move_id = move.id
              AND line.account_id = payment.destination_account_id
              AND NOT line.reconciled)
UNION ALL
SELECT 'order totals are those of the lines', count(*)
  FROM sale_order
  JOIN (
        SELECT order_id, sum(price_subtotal) AS untaxed, sum(price_total) AS total,
               sum(margin) AS margin
          FROM sale_order_line
         GROUP BY order_id
       ) AS lines ON lines.order_id = sale_order.id
 WHERE (amount_untaxed, amount_total) <> (untaxed, total)
    OR abs(sale_order.margin - lines.margin) > 0.05
UNION ALL
SELECT 'order lines invoiced as their quantity says', count(*)
  FROM sale_order_line AS order_line
 WHERE qty_invoiced <> (
        SELECT coalesce(sum(CASE WHEN move.move_type = 'out_refund'
                                 THEN -line.quantity ELSE line.quantity END), 0)
          FROM sale_order_line_invoice_rel AS link
          JOIN account_move_line AS line ON line.id = link.invoice_line_id
          JOIN account_move AS move ON move.id = line.move_id
         WHERE link.order_line_id = order_line.id)
