-- The documents of the ledger to generate, as temporary tables.
--
-- Each table describes one kind of document by number; the ids that the rows
-- will have in Odoo's tables follow from the numbers, above the highest id in
-- use (parameter <table>_base). Chance is a hash of the number and a salt, so
-- the same sizes give the same ledger on any machine.

CREATE FUNCTION pg_temp.chance(number bigint, salt int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (hashint8extended(number, salt) & 2147483647) / 2147483648.0::float8
$$;

-- Sequence part of a document name: at least five digits, as Odoo writes it.
CREATE FUNCTION pg_temp.padded(number bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lpad(number::text, greatest(5, length(number::text)), '0')
$$;

-- ---------------------------------------------------------------- customers
-- Every fourth customer also has a contact person who receives invoices. A
-- customer pays `delay` days after the due date, give or take.
CREATE TEMP TABLE s_customer AS
SELECT i,
       %(res_partner_base)s + i AS partner_id,
       CASE WHEN mod(i, 4) = 0
            THEN %(res_partner_base)s + %(customers)s + i / 4 END AS contact_id,
       'Bench Customer ' || lpad(i::text, 7, '0') AS name,
       (%(countries)s::int[])[1 + floor(power(pg_temp.chance(i, 1), 3)
            * cardinality(%(countries)s::int[]))::int] AS country_id,
       (%(salespeople)s::int[])[1 + floor(pg_temp.chance(i, 2)
            * cardinality(%(salespeople)s::int[]))::int] AS user_id,
       (ARRAY[0, 15, 30, 45])[1 + floor(pg_temp.chance(i, 3) * 4)::int] AS term_days,
       floor(power(pg_temp.chance(i, 4), 2) * 60)::int - 5 AS delay
  FROM generate_series(1, %(customers)s::int) AS i;

CREATE UNIQUE INDEX ON s_customer (i);
ANALYZE s_customer;

-- ----------------------------------------------------------------- invoices
-- Number n rises with the date, as in a ledger filled day by day. Every tenth
-- document is a credit note on the first line of the invoice before it.
-- A few customers buy much more than the others.
CREATE TEMP TABLE s_document AS
SELECT n,
       refund,
       %(account_move_base)s + n AS move_id,
       CASE WHEN has_order THEN %(sale_order_base)s + n END AS order_id,
       customer.partner_id AS commercial_partner_id,
       CASE WHEN pg_temp.chance(source, 11) < 0.5
            THEN coalesce(customer.contact_id, customer.partner_id)
            ELSE customer.partner_id END AS partner_id,
       customer.name AS customer_name,
       customer.user_id,
       customer.delay,
       currency.id AS currency_id,
       currency.rate,
       currency.pricelist_id,
       date,
       date + CASE WHEN refund THEN 0 ELSE customer.term_days END AS date_due,
       NOT refund AND mod(n, 10) <> 9
           AND pg_temp.chance(n, 12) < 0.12 AS in_two,
       refund AND pg_temp.chance(n, 13) < 0.7 AS allocated,
       CASE WHEN refund THEN 1
            ELSE 1 + floor(pg_temp.chance(n, 14) * 3)::int END AS line_count
  FROM (
        SELECT n,
               refund,
               source,
               least(
                   (%(today)s::date - 730) + floor(source * 730.0 / %(invoices)s)::int
                       + CASE WHEN refund
                              THEN 2 + floor(pg_temp.chance(n, 15) * 15)::int
                              ELSE 0 END,
                   %(today)s::date) AS date,
               1 + floor(power(pg_temp.chance(source, 16), 2)
                   * %(customers)s)::int AS customer_number,
               CASE WHEN pg_temp.chance(source, 17) < 0.10 THEN 2
                    WHEN pg_temp.chance(source, 17) < 0.15 THEN 3
                    ELSE 1 END AS currency_number,
               NOT refund AND pg_temp.chance(n, 18) < 0.6 AS has_order
          FROM (
                SELECT n,
                       mod(n, 10) = 0 AS refund,
                       CASE WHEN mod(n, 10) = 0 THEN n - 1 ELSE n END AS source
                  FROM generate_series(1, %(invoices)s::int) AS n
               ) AS numbers
       ) AS drawn
  JOIN s_customer AS customer ON customer.i = drawn.customer_number
  JOIN unnest(%(currencies)s::int[], %(rates)s::numeric[], %(pricelists)s::int[])
       WITH ORDINALITY AS currency(id, rate, pricelist_id, position)
       ON currency.position = drawn.currency_number;

CREATE UNIQUE INDEX ON s_document (n);
ANALYZE s_document;

-- Up to three product lines. Line ids: six per document, products first, then
-- the tax line, then one or two instalments.
CREATE TEMP TABLE s_line AS
SELECT n, k, refund, order_id IS NOT NULL AS ordered, line_id, order_line_id,
       product_id, product_name, quantity, price, discount, unit_cost, net,
       round(exact_net * 0.15, 2) AS tax,
       round(net / rate, 2) AS net_company
  FROM (
        SELECT document.n, k, refund, order_id, rate,
               %(account_move_line_base)s + 6 * (document.n - 1) + k AS line_id,
               %(sale_order_line_base)s + 3 * (document.n - 1) + k AS order_line_id,
               product.id AS product_id,
               product.name AS product_name,
               quantity,
               round(product.price * rate, 2) AS price,
               discount,
               round(product.cost * rate, 2) AS unit_cost,
               exact_net,
               round(exact_net, 2) AS net
          FROM s_document AS document
          CROSS JOIN LATERAL generate_series(1, document.line_count) AS k
          CROSS JOIN LATERAL (
                SELECT 4 * CASE WHEN document.refund THEN document.n - 1
                                ELSE document.n END + k AS seed) AS drawn
          CROSS JOIN LATERAL (
                SELECT 1 + floor(pg_temp.chance(seed, 21) * 20)::numeric AS quantity,
                       (ARRAY[0, 0, 0, 5, 10])[1 + floor(
                            pg_temp.chance(seed, 22) * 5)::int]::numeric AS discount,
                       1 + floor(pg_temp.chance(seed, 23)
                            * cardinality(%(products)s::int[]))::int AS position
               ) AS choice
          JOIN unnest(%(products)s::int[], %(product_names)s::text[],
                      %(prices)s::numeric[], %(costs)s::numeric[])
               WITH ORDINALITY AS product(id, name, price, cost, position)
               USING (position)
          CROSS JOIN LATERAL (
                SELECT quantity * round(product.price * rate, 2)
                       * (100 - discount) / 100 AS exact_net) AS exact
       ) AS priced;

ANALYZE s_line;

CREATE TEMP TABLE s_invoice AS
SELECT document.*,
       CASE WHEN refund THEN -1 ELSE 1 END AS sign,
       CASE WHEN refund THEN 'RINV/' ELSE 'INV/' END
           || extract(year FROM date) || '/' AS prefix,
       row_number() OVER (
           PARTITION BY refund, extract(year FROM date) ORDER BY date, n
       ) + %(sequence_base)s AS number,
       untaxed, tax, untaxed + tax AS total,
       untaxed_company,
       round(tax / rate, 2) AS tax_company,
       untaxed_company + round(tax / rate, 2) AS total_company,
       cost
  FROM s_document AS document
  JOIN (
        SELECT n,
               sum(net) AS untaxed,
               sum(tax) AS tax,
               sum(net_company) AS untaxed_company,
               sum(round(quantity * unit_cost, 2)) AS cost
          FROM s_line
         GROUP BY n
       ) AS amounts USING (n);

CREATE UNIQUE INDEX ON s_invoice (n);
ANALYZE s_invoice;

-- ------------------------------------------------------------- instalments
-- Receivable lines: all at the due date, or 30 %% now and the rest 60 days on.
CREATE TEMP TABLE s_instalment AS
SELECT n, j, refund, allocated, commercial_partner_id, currency_id, date, delay,
       %(account_move_line_base)s + 6 * (n - 1) + 4 + j AS line_id,
       maturity, amount, amount_company
  FROM s_invoice
 CROSS JOIN LATERAL (
        SELECT round(0.3 * total, 2) AS first,
               round(round(0.3 * total, 2) / rate, 2) AS first_company) AS split
 CROSS JOIN LATERAL (
        SELECT 1 AS j, date_due AS maturity,
               sign * total AS amount, sign * total_company AS amount_company
         WHERE NOT in_two
        UNION ALL
        SELECT 1, date, first, first_company
         WHERE in_two
        UNION ALL
        SELECT 2, date + 60, total - first, total_company - first_company
         WHERE in_two
       ) AS instalment;

-- What happened to each instalment: credited by the credit note that follows,
-- then paid, half paid, paid without being matched, or not paid at all.
CREATE TEMP TABLE s_settlement AS
SELECT instalment.n, instalment.line_id, instalment.date,
       instalment.amount, instalment.amount_company,
       credit.line_id AS credit_line_id,
       credit.n AS credit_n,
       greatest(instalment.date, credit.date) AS credit_date,
       coalesce(-credit.amount, 0) AS credited,
       coalesce(-credit.amount_company, 0) AS credited_company,
       instalment.commercial_partner_id, instalment.currency_id,
       drawn.fate,
       greatest(instalment.date, instalment.maturity + instalment.delay
                + floor(pg_temp.chance(instalment.line_id, 31) * 21)::int - 7
       ) AS payment_date
  FROM s_instalment AS instalment
  LEFT JOIN s_instalment AS credit
    ON credit.n = instalment.n + 1 AND credit.allocated
 CROSS JOIN LATERAL (
        SELECT pg_temp.chance(instalment.line_id, 32) AS draw) AS chance
 CROSS JOIN LATERAL (
        SELECT CASE WHEN draw < 0.03 THEN 'unpaid'
                    WHEN draw < 0.07 THEN 'half'
                    WHEN draw < 0.09 THEN 'unmatched'
                    ELSE 'full' END AS fate) AS drawn
 WHERE NOT instalment.refund;

-- ----------------------------------------------------------------- payments
CREATE TEMP TABLE s_payment AS
SELECT p, n, line_id AS invoice_line_id, commercial_partner_id, currency_id,
       payment_date AS date, amount, amount_company, matched, cash,
       %(account_move_base)s + %(invoices)s + p AS move_id,
       %(account_payment_base)s + p AS payment_id,
       %(account_move_line_base)s + 6 * %(invoices)s + 2 * p - 1 AS liquidity_line_id,
       %(account_move_line_base)s + 6 * %(invoices)s + 2 * p AS line_id,
       CASE WHEN cash THEN %(cash_prefix)s ELSE %(bank_prefix)s END
           || extract(year FROM payment_date) || '/' AS prefix,
       row_number() OVER (
           PARTITION BY cash, extract(year FROM payment_date) ORDER BY p
       ) + %(sequence_base)s AS number
  FROM (
        SELECT *,
               row_number() OVER (ORDER BY payment_date, line_id) AS p
          FROM (
                SELECT n, line_id, commercial_partner_id, currency_id, payment_date,
                       fate <> 'unmatched' AS matched,
                       pg_temp.chance(line_id, 33) < 0.1 AS cash,
                       CASE WHEN fate = 'half' THEN round((amount - credited) / 2, 2)
                            ELSE amount - credited END AS amount,
                       CASE WHEN fate = 'half'
                            THEN round((amount_company - credited_company) / 2, 2)
                            ELSE amount_company - credited_company
                       END AS amount_company
                  FROM s_settlement
                 WHERE fate <> 'unpaid' AND payment_date <= %(today)s::date
               ) AS wanted
         WHERE amount > 0 AND amount_company > 0
       ) AS numbered;

CREATE UNIQUE INDEX ON s_payment (invoice_line_id);
ANALYZE s_payment;

-- ----------------------------------------------------------- reconciliation
-- One row per receivable line of an invoice: what is left and its matching.
CREATE TEMP TABLE s_open AS
SELECT settlement.n, settlement.line_id, settlement.credit_line_id,
       payment.line_id AS payment_line_id,
       settlement.amount - credited - coalesce(payment.amount, 0) AS residual,
       settlement.amount_company - credited_company
           - coalesce(payment.amount_company, 0) AS residual_company,
       credit_line_id IS NOT NULL OR payment.line_id IS NOT NULL AS touched,
       payment.payment_id IS NOT NULL AS by_money
  FROM s_settlement AS settlement
  LEFT JOIN s_payment AS payment
    ON payment.invoice_line_id = settlement.line_id AND payment.matched;

CREATE TEMP TABLE s_full AS
SELECT line_id,
       %(account_full_reconcile_base)s
           + row_number() OVER (ORDER BY line_id) AS full_id
  FROM s_open
 WHERE touched AND residual = 0 AND residual_company = 0;

CREATE TEMP TABLE s_partial AS
SELECT %(account_partial_reconcile_base)s
           + row_number() OVER (ORDER BY date, line_id, counterpart_line_id) AS partial_id,
       pairs.*, full_id
  FROM (
        SELECT line_id, credit_line_id AS counterpart_line_id, currency_id,
               credit_date AS date, credited AS amount,
               credited_company AS amount_company
          FROM s_settlement
         WHERE credit_line_id IS NOT NULL
        UNION ALL
        SELECT invoice_line_id, line_id, currency_id, date, amount, amount_company
          FROM s_payment
         WHERE matched
       ) AS pairs
  LEFT JOIN s_full USING (line_id);

-- Matching of the receivable lines of invoices; counterparts share it.
CREATE TEMP TABLE s_matching AS
SELECT line_id, full_id,
       coalesce(full_id::text, 'P' || min(partial_id)) AS matching_number
  FROM s_partial
 GROUP BY line_id, full_id;

CREATE UNIQUE INDEX ON s_matching (line_id);
ANALYZE s_matching;

-- Residual and matching of every receivable line of a document.
CREATE TEMP TABLE s_receivable AS
SELECT line_id, full_id, matching_number, residual, residual_company
  FROM s_open
  LEFT JOIN s_matching USING (line_id)
UNION ALL
SELECT credit.line_id, matching.full_id, matching_number,
       CASE WHEN allocated THEN 0 ELSE credit.amount END,
       CASE WHEN allocated THEN 0 ELSE credit.amount_company END
  FROM s_instalment AS credit
  LEFT JOIN s_partial AS partial ON partial.counterpart_line_id = credit.line_id
  LEFT JOIN s_matching AS matching ON matching.line_id = partial.line_id
 WHERE credit.refund;

-- The documents with what is left of them and the payment state Odoo derives.
CREATE TEMP TABLE s_posted AS
SELECT s_invoice.*, residual, residual_company, payment_state,
       prefix || pg_temp.padded(number) AS name,
       CASE WHEN order_id IS NOT NULL THEN 'SB' || pg_temp.padded(n)
            END AS order_name,
       %(account_move_line_base)s + 6 * (n - 1) + 4 AS tax_line_id
  FROM s_invoice
  JOIN (
        SELECT n, sum(residual) AS residual,
               sum(residual_company) AS residual_company,
               CASE WHEN sum(residual) = 0 AND bool_or(by_money) THEN 'paid'
                    WHEN sum(residual) = 0 THEN 'reversed'
                    WHEN bool_or(touched) THEN 'partial'
                    ELSE 'not_paid' END AS payment_state
          FROM s_open
         GROUP BY n
        UNION ALL
        SELECT n, residual, residual_company,
               CASE WHEN allocated THEN 'paid' ELSE 'not_paid' END
          FROM s_instalment AS credit
          JOIN s_receivable USING (line_id)
         WHERE credit.refund
       ) AS state USING (n)
 ORDER BY n;

CREATE UNIQUE INDEX ON s_posted (n);
ANALYZE s_posted;

-- ------------------------------------------------------------------- orders
-- Orders behind the invoices, plus one order in twenty that is not invoiced.
CREATE TEMP TABLE s_order AS
SELECT n, order_id, date, commercial_partner_id, partner_id, user_id,
       currency_id, rate, pricelist_id, untaxed, tax, cost,
       'sale' AS state,
       CASE WHEN refunded.n IS NULL THEN 'invoiced' ELSE 'to invoice'
       END AS invoice_status
  FROM s_invoice AS invoice
  LEFT JOIN (SELECT n - 1 AS n FROM s_document WHERE refund) AS refunded USING (n)
 WHERE order_id IS NOT NULL
UNION ALL
SELECT %(invoices)s + n / 20, %(sale_order_base)s + %(invoices)s + n / 20,
       %(today)s::date - floor(pg_temp.chance(n, 41) * 60)::int,
       commercial_partner_id, partner_id, user_id,
       currency_id, rate, pricelist_id, untaxed, tax, cost,
       CASE WHEN mod(n, 60) = 0 THEN 'draft' ELSE 'sale' END,
       CASE WHEN mod(n, 60) = 0 THEN 'no' ELSE 'to invoice' END
  FROM s_invoice
 WHERE mod(n, 20) = 0;

-- A credit note takes the whole first line back, which is then to invoice again.
CREATE TEMP TABLE s_order_line AS
SELECT s_order.*, k, product_id, product_name, quantity, price, discount, net,
       line.tax AS line_tax, unit_cost, line.order_line_id,
       quantity * invoiced::int AS qty_invoiced,
       CASE WHEN state = 'sale' THEN quantity * (1 - invoiced::int) ELSE 0
       END AS qty_to_invoice,
       CASE WHEN state = 'draft' THEN 'no' WHEN invoiced THEN 'invoiced'
            ELSE 'to invoice' END AS line_status
  FROM s_order
  JOIN (
        SELECT n AS order_n, s_line.*, true AS from_invoice
          FROM s_line
         WHERE ordered
        UNION ALL
        SELECT %(invoices)s + n / 20, n, k, refund, ordered, line_id,
               %(sale_order_line_base)s + 3 * %(invoices)s + n / 20,
               product_id, product_name, quantity, price, discount, unit_cost,
               net, tax, net_company, false
          FROM s_line
         WHERE mod(n, 20) = 0
       ) AS line ON line.order_n = s_order.n
 CROSS JOIN LATERAL (
        SELECT from_invoice AND (invoice_status = 'invoiced' OR k > 1) AS invoiced
       ) AS billing;
