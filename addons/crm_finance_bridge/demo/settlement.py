# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from collections import defaultdict
from datetime import timedelta

from odoo import Command, models
from odoo.tools import split_every

from .planner import generator, payment_date
from .stories import ADVANCES, CREDIT_NOTES, WRITE_OFFS

_logger = logging.getLogger(__name__)

# Matching compares every part with every exchange entry of its batch.
PAYMENT_BATCH = 80
# Payment runs of different customers start this many days apart.
RUN_PHASE = 5


class CrmFinanceBridgeDemoSettlement(models.AbstractModel):
    """How the invoices end: paid, credited, written off, or not at all."""

    _name = "crm.finance.bridge.demo.settlement"
    _description = "Demonstration Data: Settlement"
    _inherit = ["crm.finance.bridge.demo.setting"]

    # --- Finding things ---------------------------------------------------------
    def _story_invoices(self, key):
        """Return the posted invoices of a customer and its contacts, oldest first."""
        partner = self._demo_ref("res_partner", key)
        return self.env["account.move"].search(
            [
                ("commercial_partner_id", "=", partner.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("company_id", "=", self.env.company.id),
            ],
            order="invoice_date, id",
        )

    def _invoice_nearest(self, key, day):
        """Return the invoice of a customer dated nearest that day."""
        invoices = self._story_invoices(key)
        return invoices.sorted(lambda inv: abs((inv.invoice_date - day).days))[:1]

    def _receivable_lines(self, moves):
        return moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).sorted("date_maturity")

    def _bank(self):
        return self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self.env.company),
                ("type", "=", "bank"),
            ],
            limit=1,
        )

    # --- Payments ---------------------------------------------------------------
    def _load_payments(self, today):
        """Pay what the stories say, each transfer settling what falls on its day."""
        transfers = {}
        for story in self._demo_stories():
            transfers.update(self._plan_transfers(story, today))
        ordered = sorted(transfers.items(), key=lambda item: item[0][2])
        _logger.info("Demo history: %s payments", len(ordered))
        for batch in split_every(PAYMENT_BATCH, ordered):
            self._pay(batch)

    def _plan_transfers(self, story, today):
        """Return {(partner, currency, day): [(line, share)]} for one customer.

        What is paid early for the discount is paid at once, by the wizard.
        """
        rng = generator(story, "payments")
        phase = rng.randrange(0, story.pays.run, RUN_PHASE)
        kept = self._invoices_at(story.key, story.disputed, today)
        shares = {
            self._invoice_nearest(story.key, today - timedelta(days=age)): share
            for age, share in story.partly
        }
        discounted = defaultdict(self.env["account.move"].browse)
        transfers = defaultdict(list)
        for invoice in self._story_invoices(story.key):
            young = (today - invoice.invoice_date).days < story.stopped
            for line in self._receivable_lines(invoice):
                dates = (invoice.invoice_date, line.date_maturity, today)
                day = payment_date(story.pays, *dates, rng, phase)
                if not day or young or invoice in kept:
                    continue
                if story.pays.early and day <= (line.discount_date or day):
                    discounted[day] |= invoice
                    continue
                key = (invoice.commercial_partner_id, invoice.currency_id, day)
                transfers[key].append((line, shares.get(invoice, 1.0)))
        for day, invoices in discounted.items():
            self._register_payment(invoices, day)
        return transfers

    def _invoices_at(self, key, ages, today):
        invoices = self.env["account.move"]
        for age in ages:
            invoices |= self._invoice_nearest(key, today - timedelta(days=age))
        return invoices

    def _pay(self, transfers):
        """Create, post and match a batch of transfers.

        These are the steps of the payment wizard, which takes a single date.
        """
        payments = self.env["account.payment"].create(
            [
                self._prepare_payment_vals(
                    partner,
                    currency,
                    day,
                    sum(
                        currency.round(line.amount_residual_currency * share)
                        for line, share in parts
                    ),
                    [line.move_id for line, _share in parts],
                )
                for (partner, currency, day), parts in transfers
            ]
        )
        payments.action_post()
        plan = []
        for payment, (_key, parts) in zip(payments, transfers, strict=True):
            lines = self.env["account.move.line"].union(*[line for line, _ in parts])
            plan.append(self._receivable_lines(payment.move_id) | lines)
        self.env["account.move.line"]._reconcile_plan(plan)

    def _prepare_payment_vals(self, partner, currency, day, amount, invoices=()):
        journal = self._bank()
        method_line = journal.inbound_payment_method_line_ids[:1]
        outstanding = method_line.payment_account_id or self.env[
            "account.payment"
        ]._get_outstanding_account("inbound")
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": partner.id,
            "date": day,
            "amount": amount,
            "currency_id": currency.id,
            "journal_id": journal.id,
            "payment_method_line_id": method_line.id,
            "outstanding_account_id": outstanding.id,
            "memo": ", ".join(dict.fromkeys(inv.name for inv in invoices)),
            "invoice_ids": [Command.set([inv.id for inv in invoices])],
        }

    def _register_payment(self, invoices, day, **vals):
        """Pay through the wizard: it knows discounts and differences."""
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create({"payment_date": day, "group_payment": False, **vals})
        )
        return wizard._create_payments()

    def _load_advances(self, today):
        """Receive money that pays no invoice yet."""
        vals_list = []
        for advance in ADVANCES:
            currency = self.env.company.currency_id
            if advance.currency:
                currency = self.env.ref(f"base.{advance.currency}")
            vals = self._prepare_payment_vals(
                self._demo_ref("res_partner", advance.key),
                currency,
                today - timedelta(days=advance.age),
                advance.amount,
            )
            vals_list.append({**vals, "memo": advance.memo})
        self.env["account.payment"].create(vals_list).action_post()

    # --- Credit notes and losses --------------------------------------------------
    def _load_credit_notes(self, today):
        """Credit a share of an invoice; posting matches it when that is open."""
        for note in CREDIT_NOTES:
            day = today - timedelta(days=note.age)
            invoice = self._invoice_nearest(
                note.key, today - timedelta(days=note.billed)
            )
            wizard = (
                self.env["account.move.reversal"]
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create(
                    {
                        "date": day,
                        "reason": note.reason,
                        "journal_id": invoice.journal_id.id,
                    }
                )
            )
            wizard.refund_moves()
            refund = wizard.new_move_ids
            if note.share < 1:
                for line in refund.invoice_line_ids:
                    line.price_unit = line.currency_id.round(
                        line.price_unit * note.share
                    )
            refund.action_post()

    def _load_write_offs(self, today):
        """Receive what can be had of an invoice and book the rest as a loss."""
        for loss in WRITE_OFFS:
            day = today - timedelta(days=loss.age)
            invoice = self._invoice_nearest(
                loss.key, today - timedelta(days=loss.billed)
            )
            if loss.paid:
                self._register_payment(
                    invoice,
                    day,
                    amount=invoice.currency_id.round(
                        invoice.amount_residual * loss.paid
                    ),
                    payment_difference_handling="reconcile",
                    writeoff_account_id=self._loss_account().id,
                    writeoff_label="Not recoverable",
                )
            else:
                self._write_off_entry(invoice, day)

    def _loss_account(self):
        """Return the expense account for bad debts, made when it is missing."""
        account = self.env["account.account"].search(
            [
                *self.env["account.account"]._check_company_domain(self.env.company),
                ("name", "=", "Bad debts"),
            ],
            limit=1,
        )
        return account or self.env["account.account"].create(
            {"name": "Bad debts", "code": "659900", "account_type": "expense"}
        )

    def _write_off_entry(self, invoice, day):
        """Book a whole invoice as a loss by a miscellaneous entry."""
        receivable = self._receivable_lines(invoice)
        journal = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self.env.company),
                ("type", "=", "general"),
            ],
            limit=1,
        )
        amount = sum(receivable.mapped("amount_residual"))
        common = {"name": "Bad debt", "partner_id": invoice.commercial_partner_id.id}
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "ref": f"Write-off of {invoice.name}",
                "line_ids": [
                    Command.create(
                        {
                            **common,
                            "account_id": self._loss_account().id,
                            "debit": amount,
                        }
                    ),
                    Command.create(
                        {
                            **common,
                            "account_id": receivable.account_id[:1].id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        (self._receivable_lines(entry) | receivable).reconcile()
