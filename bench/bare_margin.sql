-- What a refresh reads besides receivable lines and payments: the margin of the
-- product lines and the orders, per customer. Reported on its own, so that the
-- ratio to bare.sql alone stays in sight.
SELECT partner_id, sum(net_sales), sum(cost), sum(orders), max(last_order)
  FROM (
        SELECT partner.commercial_partner_id AS partner_id,
               -line.balance AS net_sales,
               line.finance_unit_cost * line.quantity
                   * CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END AS cost,
               0 AS orders,
               NULL::timestamp AS last_order
          FROM account_move_line AS line
          JOIN account_move AS move ON move.id = line.move_id
          JOIN res_partner AS partner ON partner.id = line.partner_id
         WHERE line.company_id = %(company)s
           AND line.display_type = 'product'
           AND line.parent_state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
           AND line.date > %(start)s AND line.date <= %(today)s
         UNION ALL
        SELECT partner.commercial_partner_id, 0, 0, 1, sale_order.date_order
          FROM sale_order
          JOIN res_partner AS partner ON partner.id = sale_order.partner_invoice_id
         WHERE sale_order.company_id = %(company)s AND sale_order.state = 'sale'
       ) AS fact
 GROUP BY partner_id
