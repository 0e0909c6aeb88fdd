# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What counts against a credit limit, as SQL, each document once.

The decision groups these rows by customer (credit_position.py); the screens list them
(report/credit_exposure_item.py) and group them (report/credit_exposure.py).
"""

from odoo import api, models, tools
from odoo.tools import SQL

from .res_company import UNLIMITED_HORIZON

#: The buckets of the exposure, in the order they are shown.
BUCKETS = ("receivable", "draft_invoice", "shipped", "ordered")


class CreditExposureRows(models.AbstractModel):
    _name = "credit.exposure.rows"
    _description = "Credit Exposure Row Sources"
    _inherit = ["customer.finance.rows"]

    @api.model
    def _sql_credit_companies(self, companies=None):
        """Return one row per company with the settings the amounts depend on.

        :param companies: res.company, None for all
        """
        companies = (
            companies or self.env["res.company"]._get_finance_companies()
        ).sudo()
        rows = [
            SQL(
                "(%s, %s, %s, %s::int, %s::date, %s::numeric, %s::bool, %s::int)",
                company.id,
                company.root_id.id,
                company.currency_id.id,
                company.currency_id.decimal_places,
                company._get_finance_today(),
                self._get_default_limit(company.id),
                company.credit_net_unallocated,
                company.credit_horizon_days or UNLIMITED_HORIZON,
            )
            for company in companies
        ]
        return SQL(
            """SELECT * FROM (VALUES %s) AS company (
                    id, root_id, currency_id, digits, today, default_limit, net,
                    horizon)""",
            SQL(", ").join(rows),
        )

    @api.model
    @tools.ormcache("company_id")
    def _get_default_limit(self, company_id):
        """Return the credit limit of customers of a company that have none; Odoo
        empties the cache when a default changes."""
        partner = self.env["res.partner"].sudo().with_company(company_id)
        limit = partner._fields["credit_limit"]
        return limit.get_company_dependent_fallback(partner) or 0.0

    @api.model
    def _sql_partner_condition(self, partner_ids):
        if partner_ids is None:
            return SQL("TRUE")
        if isinstance(partner_ids, SQL):
            return SQL("partner.commercial_partner_id IN (%s)", partner_ids)
        return SQL("partner.commercial_partner_id = ANY(%s)", list(partner_ids))

    @api.model
    def _sql_receivable_rows(self, partner_ids):
        """Open receivable items: amounts are in company currency already."""
        return SQL(
            """
            SELECT 'receivable' AS bucket, line.company_id,
                   partner.commercial_partner_id AS partner_id,
                   'account.move' AS res_model, line.move_id AS res_id,
                   line.id AS line_id,
                   line.date, COALESCE(line.date_maturity, line.date) AS date_due,
                   CASE WHEN company.net OR line.amount_residual > 0
                        THEN line.amount_residual ELSE 0 END AS amount,
                   FALSE AS missing_rate, NULL::int AS currency_id
              FROM account_move_line line
              JOIN company ON company.id = line.company_id
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE line.reconciled IS NOT TRUE
               AND line.parent_state = 'posted'
               AND line.amount_residual <> 0
               AND line.account_id IN (%s)
               AND %s
            """,
            self._sql_receivable_accounts(),
            self._sql_partner_condition(partner_ids),
        )

    @api.model
    def _sql_draft_invoice_rows(self, partner_ids):
        """Customer invoices and receipts not posted yet, tax included.

        Draft credit notes do not lower anything before they are posted.
        """
        return SQL(
            """
            SELECT 'draft_invoice' AS bucket, move.company_id,
                   partner.commercial_partner_id AS partner_id,
                   'account.move' AS res_model, move.id AS res_id,
                   NULL::int AS line_id,
                   COALESCE(move.invoice_date, move.date) AS date,
                   COALESCE(move.invoice_date_due, move.invoice_date, move.date)
                        AS date_due,
                   GREATEST(0, move.amount_total_signed) AS amount,
                   FALSE AS missing_rate, NULL::int AS currency_id
              FROM account_move move
              JOIN company ON company.id = move.company_id
              JOIN res_partner partner ON partner.id = move.partner_id
             WHERE move.state = 'draft'
               AND move.move_type IN ('out_invoice', 'out_receipt')
               AND %s
            """,
            self._sql_partner_condition(partner_ids),
        )

    @api.model
    def _sql_order_rows(self, partner_ids, order_ids=None):
        """Confirmed orders not invoiced yet: what is delivered, and what is not.

        Tax included, less down payments and what an online payment reserves, in
        company currency at today's rate. Quantities on draft invoices count as
        invoiced: those are in the bucket of draft invoices.

        :param order_ids: these orders instead, as if they were confirmed
        """
        # Nothing is left of an invoiced order: most of a long history stays unread.
        which = SQL(
            "sale.state = 'sale' AND sale.invoice_status IS DISTINCT FROM 'invoiced'"
        )
        if order_ids is not None:
            which = SQL("sale.id = ANY(%s)", list(order_ids))
        # OFFSET 0: PostgreSQL would put these expressions, sub-queries and all, into
        # every place where their names stand, and plan and run each of them.
        return SQL(
            """
            SELECT part.bucket, sale.company_id,
                   partner.commercial_partner_id AS partner_id,
                   'sale.order' AS res_model, sale.id AS res_id,
                   NULL::int AS line_id,
                   sale.date_order::date AS date,
                   COALESCE(sale.commitment_date, sale.date_order)::date AS date_due,
                   part.amount, rate.missing AS missing_rate, sale.currency_id
              FROM sale_order sale
              JOIN company ON company.id = sale.company_id
              JOIN res_partner partner ON partner.id = sale.partner_invoice_id
              JOIN LATERAL (%(lines)s) line ON TRUE
              JOIN LATERAL (%(advance)s OFFSET 0) advance ON TRUE
              JOIN LATERAL (%(rate)s OFFSET 0) rate ON TRUE
              JOIN LATERAL (
                    SELECT ROUND(GREATEST(0, line.total - advance.amount) / rate.rate,
                                 company.digits) AS total,
                           ROUND(GREATEST(0, line.ordered - advance.amount)
                                 / rate.rate, company.digits) AS ordered
                    OFFSET 0
                   ) due ON TRUE
              JOIN LATERAL (VALUES
                    ('ordered', LEAST(due.total, due.ordered)),
                    ('shipped', due.total - LEAST(due.total, due.ordered))
                   ) AS part (bucket, amount) ON part.amount <> 0
             WHERE %(which)s
               AND %(partners)s
               AND COALESCE(sale.commitment_date, sale.date_order)::date
                   <= company.today + company.horizon
            """,
            lines=self._sql_order_remainder(),
            advance=self._sql_order_advance(),
            rate=self._sql_order_rate(),
            which=which,
            partners=self._sql_partner_condition(partner_ids),
        )

    @api.model
    def _sql_order_remainder(self):
        """Return what is left to invoice of one order, in its currency.

        Whatever the invoicing policy: goods ordered and not delivered will be. Where
        nothing was ordered but delivered (re-invoiced expenses) the price is the
        line's own.
        """
        return SQL(
            """
            SELECT COALESCE(SUM(left_over.price * left_over.total), 0) AS total,
                   COALESCE(SUM(left_over.price
                        * (left_over.total - left_over.shipped)), 0) AS ordered
              FROM (
                    SELECT CASE WHEN item.product_uom_qty <> 0
                                THEN item.price_total / item.product_uom_qty
                                ELSE item.price_unit
                                     * (1 - COALESCE(item.discount, 0) / 100)
                           END::numeric AS price,
                           due.total, due.shipped
                      FROM sale_order_line item
                      JOIN LATERAL (
                            SELECT SIGN(item.product_uom_qty
                                        + item.qty_delivered) AS sign,
                                   CASE WHEN %(closed)s THEN item.qty_delivered
                                        ELSE item.product_uom_qty END AS ordered
                           ) quantity ON TRUE
                      -- A credit note not posted yet gives nothing back. As a rule
                      -- there is none at all, and nothing is looked up.
                      JOIN LATERAL (
                            SELECT item.qty_invoiced + COALESCE(SUM(
                                        refunded.quantity * (
                                            SELECT given.factor / own.factor
                                              FROM uom_uom given, uom_uom own
                                             WHERE given.id = refunded.product_uom_id
                                               AND own.id = item.product_uom_id)
                                   ), 0) AS invoiced
                              FROM sale_order_line_invoice_rel link
                              JOIN account_move_line refunded
                                ON refunded.id = link.invoice_line_id
                              JOIN account_move refund ON refund.id = refunded.move_id
                               AND refund.state = 'draft'
                               AND refund.move_type = 'out_refund'
                             WHERE link.order_line_id = item.id
                               AND EXISTS (
                                    SELECT FROM account_move
                                     WHERE state = 'draft'
                                       AND move_type = 'out_refund')
                           ) posted ON TRUE
                      JOIN LATERAL (
                            SELECT quantity.sign * GREATEST(0,
                                        quantity.sign * (GREATEST(
                                            quantity.sign * quantity.ordered,
                                            quantity.sign * item.qty_delivered)
                                            * quantity.sign - posted.invoiced)
                                   )::numeric AS total,
                                   quantity.sign * GREATEST(0,
                                        quantity.sign * (item.qty_delivered
                                            - posted.invoiced)
                                   )::numeric AS shipped
                           ) due ON TRUE
                     WHERE item.order_id = sale.id
                       AND item.display_type IS NULL
                       AND item.is_downpayment IS NOT TRUE
                   ) left_over
            """,
            # What was cancelled with an order is ordered again when it is confirmed.
            closed=SQL("(sale.state = 'sale' AND %s)", self._sql_is_closed("item")),
        )

    @api.model
    def _sql_is_closed(self, line):
        """Return the condition under which nothing more of an order line will be
        delivered; a hook for modules that know about deliveries.

        :param line: alias of sale_order_line
        """
        return SQL("FALSE")

    @api.model
    def _sql_order_advance(self):
        """Return what has been taken off one order in advance: down payment invoices
        (which count as invoices until paid) and online payments that have not reached
        the ledger."""
        return SQL(
            """
            SELECT COALESCE((
                    SELECT SUM(invoiced.price_total
                               * CASE move.move_type WHEN 'out_refund' THEN -1
                                      ELSE 1 END)
                      FROM sale_order_line item
                      JOIN sale_order_line_invoice_rel link
                        ON link.order_line_id = item.id
                      JOIN account_move_line invoiced
                        ON invoiced.id = link.invoice_line_id
                      JOIN account_move move ON move.id = invoiced.move_id
                     WHERE item.order_id = sale.id AND item.is_downpayment
                       AND move.state <> 'cancel'
                   ), 0)
                 + COALESCE((
                    SELECT SUM(payment.amount)
                      FROM sale_order_transaction_rel link
                      JOIN payment_transaction payment
                        ON payment.id = link.transaction_id
                     WHERE link.sale_order_id = sale.id
                       AND payment.currency_id = sale.currency_id
                       AND payment.state IN ('authorized', 'done')
                       AND NOT EXISTS (
                            SELECT FROM account_payment booked
                              JOIN account_move entry ON entry.id = booked.move_id
                             WHERE booked.id = payment.payment_id
                               AND entry.state = 'posted')
                   ), 0) AS amount
            """
        )

    @api.model
    def _sql_order_rate(self):
        """Return units of the order's currency for one of the company's, as of today.

        Without any rate left, the one stored on the order serves to show a figure; the
        decision says that it cannot be relied on.
        """
        return SQL(
            """
            SELECT CASE WHEN sale.currency_id = company.currency_id THEN 1
                        ELSE COALESCE(own.rate / other.rate,
                                      NULLIF(sale.currency_rate, 0), 1)
                   END::numeric AS rate,
                   sale.currency_id <> company.currency_id AND own.rate IS NULL
                        AS missing
              FROM (SELECT %s AS rate) own, (SELECT COALESCE(%s, 1) AS rate) other
            """,
            self._sql_rate(SQL("sale.currency_id")),
            self._sql_rate(SQL("company.currency_id")),
        )

    @api.model
    def _sql_rate(self, currency):
        """Return the rate Odoo uses today: the last one, else the first to come."""
        return SQL(
            """(
            SELECT rate.rate
              FROM res_currency_rate rate
             WHERE rate.currency_id = %s
               AND (rate.company_id = company.root_id OR rate.company_id IS NULL)
             ORDER BY rate.name > company.today, rate.company_id,
                      CASE WHEN rate.name <= company.today
                           THEN company.today - rate.name
                           ELSE rate.name - company.today END
             LIMIT 1)""",
            currency,
        )

    @api.model
    def _sql_exposure_rows(self, partner_ids=None):
        """Return every document that counts; reads the relation ``company``."""
        return SQL(" UNION ALL ").join(
            [
                self._sql_receivable_rows(partner_ids),
                self._sql_draft_invoice_rows(partner_ids),
                self._sql_order_rows(partner_ids),
            ]
        )

    @api.model
    def _flush_exposure(self):
        """Write pending changes: the rows are read by column name.

        All of them: that is quicker than to ask model by model what is pending.
        """
        self.env.flush_all()
