-- What the values of customers are made of, per customer: the days with orders of its
-- history, and what the margin lines of all its invoices brought.
SELECT partner_id, sum(order_days), min(first_date), max(last_date), sum(net),
       sum(net_sales), sum(margin)
  FROM (
        SELECT partner_id, count(*) AS order_days, min(date) AS first_date,
               max(date) AS last_date, sum(net) AS net,
               0 AS net_sales, 0 AS margin
          FROM (
                SELECT partner.commercial_partner_id AS partner_id,
                       sale_order.date_order::date AS date,
                       sum(sale_order.amount_untaxed) AS net
                  FROM sale_order
                  JOIN res_partner AS partner
                    ON partner.id = sale_order.partner_invoice_id
                 WHERE sale_order.company_id = %(company)s
                   AND sale_order.state = 'sale'
                 GROUP BY 1, 2
               ) AS day
         GROUP BY partner_id
         UNION ALL
        SELECT partner.commercial_partner_id, 0, NULL, NULL, 0, sum(-line.balance),
               sum(-line.balance
                   - line.finance_unit_cost * line.quantity
                     * CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END)
          FROM account_move_line AS line
          JOIN account_move AS move ON move.id = line.move_id
          JOIN res_partner AS partner ON partner.id = line.partner_id
         WHERE line.company_id = %(company)s
           AND line.display_type = 'product'
           AND line.parent_state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
         GROUP BY 1
       ) AS fact
 GROUP BY partner_id
