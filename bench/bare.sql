-- The baseline of a full refresh: the same receivable lines and payments, added
-- up per customer by a read-only statement and nothing else. It has no ratio, no
-- past balance, no margin, no order and writes nothing, all of which a refresh does.
WITH item AS MATERIALIZED (
    SELECT line.id,
           partner.commercial_partner_id AS partner_id,
           line.date,
           line.invoice_date,
           line.date_maturity,
           line.balance,
           line.amount_residual,
           journal.type AS journal_type
      FROM account_move_line AS line
      JOIN account_account AS account ON account.id = line.account_id
      JOIN account_journal AS journal ON journal.id = line.journal_id
      JOIN res_partner AS partner ON partner.id = line.partner_id
     WHERE line.company_id = %(company)s
       AND line.parent_state = 'posted'
       AND account.account_type = 'asset_receivable'
       AND account.non_trade IS NOT TRUE
), receivable AS (
    SELECT partner_id,
           sum(amount_residual) AS receivable,
           -sum(amount_residual) FILTER (WHERE amount_residual < 0) AS unallocated,
           sum(amount_residual) FILTER (WHERE days > 0 AND amount_residual > 0)
               AS overdue,
           sum(amount_residual) FILTER (WHERE days <= 0 AND amount_residual > 0)
               AS not_due,
           sum(amount_residual) FILTER (
               WHERE days BETWEEN 1 AND 30 AND amount_residual > 0) AS ageing_1,
           sum(amount_residual) FILTER (
               WHERE days BETWEEN 31 AND 60 AND amount_residual > 0) AS ageing_2,
           sum(amount_residual) FILTER (
               WHERE days BETWEEN 61 AND 90 AND amount_residual > 0) AS ageing_3,
           sum(amount_residual) FILTER (WHERE days > 90 AND amount_residual > 0)
               AS ageing_4,
           max(days) FILTER (WHERE amount_residual > 0) AS oldest_overdue_days,
           sum(balance) FILTER (
               WHERE journal_type = 'sale' AND date > %(start)s) AS sales,
           min(date) FILTER (WHERE journal_type = 'sale' AND balance > 0)
               AS first_invoice_date
      FROM item
     CROSS JOIN LATERAL (SELECT %(today)s::date - item.date_maturity AS days) AS past
     WHERE date <= %(today)s
     GROUP BY partner_id
), payment AS (
    SELECT invoice.partner_id,
           sum(partial.amount) AS paid,
           sum(partial.amount * (partial.max_date - invoice.invoice_date))
               AS paid_days,
           sum(partial.amount * (partial.max_date - invoice.date_maturity))
               AS paid_late_days,
           sum(partial.amount) FILTER (
               WHERE partial.max_date <= invoice.date_maturity) AS paid_on_time
      FROM account_partial_reconcile AS partial
      JOIN item AS invoice ON invoice.id = partial.debit_move_id
      JOIN item AS money ON money.id = partial.credit_move_id
     WHERE invoice.journal_type = 'sale'
       AND money.journal_type IN ('bank', 'cash', 'credit')
       AND partial.max_date > %(start)s
       AND partial.max_date <= %(today)s
     GROUP BY invoice.partner_id
)
SELECT * FROM receivable LEFT JOIN payment USING (partner_id)
