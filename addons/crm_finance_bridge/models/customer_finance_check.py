# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math
from datetime import date

from odoo import Command, api, fields, models
from odoo.fields import Domain

from ..tools.ratios import RATIOS

SAMPLE = 200


class CustomerFinanceCheck(models.Model):
    """Result of comparing stored profiles with the ledger.

    Three comparisons: the receivable of all profiles with the balance the ORM reads
    from the ledger, a sample of profiles with a live recomputation, and the sample's
    ratios with the same formulas in plain Python. Drift is reported and repaired.
    """

    _name = "customer.finance.check"
    _description = "Customer Finance Self-Check"
    _order = "id desc"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )
    state = fields.Selection(
        [("ok", "In Agreement"), ("drift", "Drift")], required=True, readonly=True
    )
    profile_count = fields.Integer(string="Profiles", readonly=True)
    sample_count = fields.Integer(string="Recomputed", readonly=True)
    drift_count = fields.Integer(string="Different", readonly=True)
    ledger_receivable = fields.Monetary(string="Receivable in Ledger", readonly=True)
    profile_receivable = fields.Monetary(string="Receivable in Profiles", readonly=True)
    difference = fields.Monetary(compute="_compute_difference")
    line_ids = fields.One2many("customer.finance.check.line", "check_id", readonly=True)

    @api.depends("ledger_receivable", "profile_receivable")
    def _compute_difference(self):
        for check in self:
            check.difference = check.profile_receivable - check.ledger_receivable

    @api.model
    def _run(self, company, sample=SAMPLE):
        """Check the profiles of one company and store the result.

        :param sample: how many profiles to recompute live, drawn at random
        :return: the new record
        """
        profiles = self.env["customer.finance.profile"]
        # What a business transaction has just queued is behind the ledger by design.
        queue = self.env["customer.finance.queue"]
        rows = queue.search(
            [("as_of_date", "=", False), ("company_id", "in", (company.id, False))]
        )
        waiting = queue._get_customers(rows.partner_id)
        domain = [
            ("company_id", "=", company.id),
            ("partner_id", "not in", waiting.ids),
        ]
        [(newest, count)] = profiles._read_group(
            domain, aggregates=["as_of_date:max", "__count"]
        )
        lines = []
        if newest:
            drawn = self._draw(domain + [("as_of_date", "=", newest)], sample)
            lines = self._compare(company, drawn, newest)
        else:
            drawn = profiles.browse()
        ledger, stored = self._get_totals(company, domain, newest, waiting)
        drifted = lines or company.currency_id.compare_amounts(ledger, stored)
        check = self.create(
            {
                "company_id": company.id,
                "state": "drift" if drifted else "ok",
                "profile_count": count,
                "sample_count": len(drawn),
                "drift_count": len({line["partner_id"] for line in lines}),
                "ledger_receivable": ledger,
                "profile_receivable": stored,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        if drifted:
            self.env["customer.finance.queue"]._push_all(company)
        return check

    @api.model
    def _draw(self, domain, sample):
        profiles = self.env["customer.finance.profile"]
        query = profiles._search(domain)
        query.order = "RANDOM()"
        query.limit = sample
        return profiles.browse(query)

    @api.model
    def _compare(self, company, profiles, date):
        """Return one line per figure that differs from the ledger."""
        live = profiles._get_figures(company, profiles.partner_id, date)
        names = profiles._get_figure_columns()
        labels = profiles.fields_get(names, ["string"])
        lines = []
        for profile in profiles:
            stored = {name: profile[name] for name in names}
            expected = live.get(profile.partner_id.id, {})
            expected = {
                **expected,
                **{code: ratio.value(stored) for code, ratio in RATIOS.items()},
            }
            for name in names:
                if not _same(stored[name], expected.get(name)):
                    lines.append(
                        {
                            "partner_id": profile.partner_id.id,
                            "figure": f"{labels[name]['string']} ({name})",
                            "stored_value": str(stored[name]),
                            "ledger_value": str(expected.get(name)),
                        }
                    )
        return lines

    @api.model
    def _get_totals(self, company, domain, date, left_out):
        """Return (receivable in the ledger, in the profiles), read independently of
        the facts' own SQL.

        :param left_out: customers that ``domain`` leaves out
        """
        [(stored,)] = self.env["customer.finance.profile"]._read_group(
            domain, aggregates=["receivable:sum"]
        )
        ledger_domain = [
            ("company_id", "=", company.id),
            ("parent_state", "=", "posted"),
            ("account_id.account_type", "=", "asset_receivable"),
            ("account_id.non_trade", "=", False),
            ("partner_id", "!=", False),
            ("partner_id.commercial_partner_id", "not in", left_out.ids),
        ]
        if date:
            ledger_domain.append(("date", "<=", date))
        [(ledger,)] = self.env["account.move.line"]._read_group(
            ledger_domain, aggregates=["amount_residual:sum"]
        )
        ledger = ledger or 0.0
        # What a payment dated ahead will settle is open until then.
        for side, sign in (("debit_move_id", 1), ("credit_move_id", -1)):
            [(ahead,)] = self.env["account.partial.reconcile"]._read_group(
                Domain("max_date", ">", date) & Domain(side, "any", ledger_domain)
                if date
                else Domain.FALSE,
                aggregates=["amount:sum"],
            )
            ledger += sign * (ahead or 0.0)
        return ledger, stored or 0.0

    @api.autovacuum
    def _gc_old_checks(self):
        """Keep a year of results."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=365)
        self.search([("date", "<", limit)]).unlink()


class CustomerFinanceCheckLine(models.Model):
    _name = "customer.finance.check.line"
    _description = "Customer Finance Self-Check Difference"

    check_id = fields.Many2one(
        "customer.finance.check", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="cascade")
    figure = fields.Char(readonly=True)
    stored_value = fields.Char(string="In Profile", readonly=True)
    ledger_value = fields.Char(string="From Ledger", readonly=True)


def _same(stored, expected):
    """Tell whether two figures agree; empty and missing are the same."""
    if not stored or not expected:
        return not stored and not expected
    if isinstance(expected, (date, str)):
        return stored == expected
    return math.isclose(float(stored), float(expected), rel_tol=1e-6, abs_tol=0.051)
