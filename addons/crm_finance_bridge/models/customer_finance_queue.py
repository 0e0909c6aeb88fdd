# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from functools import partial

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ..tools.months import past_month_ends
from .cron_wakeup import wake_soon
from .unchecked_many2one import UncheckedMany2one

_logger = logging.getLogger(__name__)

#: What two refreshes of the same customers may end in; one of them goes again.
CONFLICTS = (ConcurrencyError, DeadlockDetected, SerializationFailure)
BATCH = 10_000
MONTHS = 24


class CustomerFinanceQueue(models.Model):
    """What waits for a refresh.

    Business transactions append, at their end, one row per customer they touched.
    There is no unique key, so they never wait for one another because of it; the
    scheduled action collapses duplicates.

    - partner and company: the customer this contact belongs to, as of today
    - no partner: every customer of the company
    - no company: this customer in every company
    - as-of date: snapshot of every customer of the company at that month end
    """

    _name = "customer.finance.queue"
    _description = "Customer Finance Refresh Queue"
    _order = "id"
    _log_access = False

    partner_id = UncheckedMany2one("res.partner", readonly=True)
    company_id = UncheckedMany2one("res.company", readonly=True)
    as_of_date = fields.Date(string="Month End", readonly=True)
    queued_at = fields.Datetime(readonly=True)

    # ------------------------------------------------------------------
    # Append
    # ------------------------------------------------------------------

    @api.model
    def _push(self, partners, company=None):
        """Have ``partners`` refreshed after this transaction.

        :param partners: res.partner; their commercial partners are refreshed, and they
            themselves if they have a profile (which goes when they have become contacts
            of somebody else)
        :param company: one res.company, None for all
        """
        company_id = company.id if company else None
        self._get_pending().update(
            (partner_id, company_id) for partner_id in partners.ids
        )

    @api.model
    def _push_moves(self, moves):
        """Have the customers of the receivable lines of ``moves`` refreshed."""
        for move in moves:
            partners = move.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            ).partner_id
            if move.is_sale_document(include_receipts=True):
                partners |= move.partner_id
            self._push(partners, move.company_id)

    @api.model
    def _push_all(self, company, dates=(None,)):
        """Have every customer of ``company`` refreshed, or snapshots taken.

        :param dates: as-of dates; None stands for the profiles
        """
        self.sudo().create(
            [
                {
                    "company_id": company.id,
                    "as_of_date": date,
                    "queued_at": fields.Datetime.now(),
                }
                for date in dates
            ]
        )
        self._trigger()

    @api.model
    def _get_snapshot_dates(self, company):
        """Return the month ends of which snapshots are kept from the start."""
        return past_month_ends(company._get_finance_today(), MONTHS)

    @api.model
    def _get_pending(self):
        """Return the set of (partner id, company id) this transaction will append."""
        precommit = self.env.cr.precommit
        if self._name not in precommit.data:
            precommit.data[self._name] = set()
            precommit.add(self.sudo()._append_pending)
        return precommit.data[self._name]

    def _append_pending(self):
        """Append what the transaction touched and wake the scheduled action.

        One short statement that looks nothing up, the trigger of the action included:
        every business transaction pays for it. Whose figures change is asked later.
        """
        pairs = sorted(
            self.env.cr.precommit.data.pop(self._name, ()),
            key=lambda pair: (pair[0], pair[1] or 0),
        )
        if not pairs:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH queued AS (
                    INSERT INTO customer_finance_queue (
                        partner_id, company_id, queued_at)
                    SELECT partner_id, company_id, NOW() AT TIME ZONE 'UTC'
                      FROM UNNEST(%(partners)s::int[], %(companies)s::int[])
                           AS pair (partner_id, company_id)
                )
                INSERT INTO ir_cron_trigger (cron_id, call_at, create_date)
                SELECT id, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
                  FROM ir_cron
                 WHERE id = %(cron)s AND active
                """,
                partners=[pair[0] for pair in pairs],
                companies=[pair[1] for pair in pairs],
                cron=self._get_cron_id(),
            )
        )
        if self.env.cr.rowcount:
            self.env.cr.postcommit.add(partial(wake_soon, self.env.cr.dbname))

    @api.model
    def _get_cron_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id(
            "crm_finance_bridge.ir_cron_refresh_profiles"
        )

    @api.model
    def _trigger(self):
        if cron_id := self._get_cron_id():
            self.env["ir.cron"].sudo().browse(cron_id)._trigger()

    # ------------------------------------------------------------------
    # Process
    # ------------------------------------------------------------------

    @api.model
    def _cron_process(self, batch_size=BATCH):
        """Scheduled action: work the queue off, committing after every step."""
        cron = self.env["ir.cron"]
        while True:
            try:
                processed = self._process_profiles(batch_size)
                processed = processed or self._process_snapshot()
            except CONFLICTS:
                # Somebody refreshed one of these customers by hand meanwhile.
                self.env.cr.rollback()
                _logger.info("Customer finance refresh met another one, trying again")
                processed = 0
            remaining = self.search_count([])
            if not cron._commit_progress(processed, remaining=remaining):
                return
            if not remaining or not processed:
                return

    @api.model
    def _take_rows(self, condition, limit):
        """Delete rows nobody else holds and return them."""
        return self.env.execute_query(
            SQL(
                """
                DELETE FROM customer_finance_queue
                 WHERE id IN (
                        SELECT id FROM customer_finance_queue
                         WHERE %s ORDER BY id LIMIT %s
                           FOR UPDATE SKIP LOCKED)
                RETURNING partner_id, company_id, as_of_date
                """,
                condition,
                limit,
            )
        )

    @api.model
    def _process_profiles(self, limit):
        """Refresh what up to ``limit`` rows ask for; return the number of rows."""
        rows = self._take_rows(SQL("as_of_date IS NULL"), limit)
        profiles = self.env["customer.finance.profile"]
        companies = self.env["res.company"]._get_finance_companies()
        for company in companies:
            wanted = {
                partner_id
                for partner_id, company_id, _date in rows
                if company_id in (None, company.id)
            }
            if None in wanted:
                profiles._refresh(company)
                self.env["customer.acquisition"]._refresh(company)
            elif wanted:
                partners = self.env["res.partner"].browse(sorted(wanted))
                profiles._refresh(company, self._get_customers(partners))
        return len(rows)

    @api.model
    def _get_customers(self, partners):
        """Return whose figures contacts have an effect on: the customers they belong to
        now, and they themselves if they have been customers so far."""
        partners = partners.exists()
        customers = partners.commercial_partner_id
        profiles = self.env["customer.finance.profile"].search(
            [("partner_id", "in", (partners - customers).ids)]
        )
        return customers | profiles.partner_id

    @api.model
    def _process_snapshot(self):
        """Take the snapshots of one company and month end; return 1, or 0."""
        rows = self._take_rows(SQL("as_of_date IS NOT NULL"), 1)
        for _partner_id, company_id, date in rows:
            # Modules installed together each ask for it.
            same = SQL("company_id = %s AND as_of_date = %s", company_id, date)
            self._take_rows(same, BATCH)
            company = self.env["res.company"].browse(company_id).exists()
            if not company:
                continue
            self.env["customer.finance.snapshot"]._take(company, date, replace=True)
            _logger.info("Customer finance snapshots: %s at %s", company.name, date)
        return len(rows)

    # ------------------------------------------------------------------
    # Every night
    # ------------------------------------------------------------------

    @api.model
    def _cron_nightly(self):
        """Scheduled action: days pass without any transaction, so ageing, DSO and the
        like are recomputed for everybody; a missing month end is taken; then a sample
        is checked against the ledger.

        Called every hour, it does so once a day for each company, in the first hour of
        the company's own day.
        """
        companies = (
            self.env["res.company"]
            ._get_finance_companies()
            .filtered(lambda company: not company._is_finance_checked_today())
        )
        for done, company in enumerate(companies, start=1):
            try:
                self._process_night(company)
            except CONFLICTS:
                self.env.cr.rollback()
                _logger.info("Nightly refresh met another one, again in an hour")
            # All companies, however long the first ones took: the next run would
            # begin with the first again.
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)

    @api.model
    def _process_night(self, company):
        snapshots = self.env["customer.finance.snapshot"]
        self.env["customer.finance.profile"]._refresh(company)
        self.env["customer.acquisition"]._refresh(company)
        last_month = past_month_ends(company._get_finance_today(), 1)[0]
        taken = [("company_id", "=", company.id), ("as_of_date", "=", last_month)]
        if not snapshots.search_count(taken, limit=1):
            snapshots._take(company, last_month)
        self.env["sale.order"]._remind_collection(company)
        self.env["customer.finance.check"]._run(company)
