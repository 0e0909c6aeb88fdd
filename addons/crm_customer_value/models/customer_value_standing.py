# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.portfolio import Portfolio


class CustomerValueStanding(models.Model):
    """What the customers of a company looked like last night: by day, one customer is
    compared with it (:class:`~..tools.portfolio.Portfolio`)."""

    _name = "customer.value.standing"
    _description = "Standing of Customers"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    as_of_date = fields.Date(required=True, readonly=True)
    portfolio = fields.Json(readonly=True)
    moment = fields.Char(
        readonly=True, help="What the days of customers were read anew up to."
    )
    tiers = fields.Json(
        readonly=True, help="Values that tiers are compared with, and the rules."
    )

    _company_uniq = models.Constraint(
        "UNIQUE(company_id)", "A company has one standing of its customers."
    )

    @api.model
    def _get_portfolio(self, company):
        """Return the :class:`Portfolio` of the last night, None before any."""
        self.flush_model()
        # By SQL: a field of the ORM copies the thousands of figures once more.
        rows = self.env.execute_query(
            SQL(
                "SELECT portfolio FROM customer_value_standing WHERE company_id = %s",
                company.id,
            )
        )
        return Portfolio.restore(rows[0][0]) if rows else None

    @api.model
    def _get_night(self, company):
        """Return the date of the last night, and up to when the days of customers were
        read anew in it; None, None before any."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT as_of_date, moment FROM customer_value_standing"
                " WHERE company_id = %s",
                company.id,
            )
        )
        return rows[0] if rows else (None, None)

    @api.model
    def _store(self, company, date, portfolio, moment):
        """Keep the portfolio of tonight.

        :param moment: of :meth:`CustomerValueDay._refresh_stale`
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_value_standing (
                    company_id, as_of_date, portfolio, moment)
                VALUES (%s, %s, %s, %s)
                ON CONFLICT (company_id) DO UPDATE
                   SET as_of_date = EXCLUDED.as_of_date,
                       portfolio = EXCLUDED.portfolio,
                       moment = EXCLUDED.moment
                """,
                company.id,
                date,
                self._fields["portfolio"].convert_to_column(portfolio.stored(), self),
                moment,
            )
        )
        self.invalidate_model()

    @api.model
    def _get_tiers(self, company):
        """Return what the tiers of a company were decided by in its last run of
        everybody: ``curve`` of :func:`~..tools.standing.share_curve` and ``rules``;
        empty before any."""
        rows = self.env.execute_query(
            SQL(
                "SELECT tiers FROM customer_value_standing WHERE company_id = %s",
                company.id,
            )
        )
        stored = dict((rows[0][0] if rows else None) or {})
        if "curve" in stored:
            stored["curve"] = [tuple(point) for point in stored["curve"]]
        return stored

    @api.model
    def _store_tiers(self, company, tiers):
        """Keep what the tiers of tonight were decided by."""
        self.env.cr.execute(
            SQL(
                "UPDATE customer_value_standing SET tiers = %s WHERE company_id = %s",
                self._fields["tiers"].convert_to_column(tiers, self),
                company.id,
            )
        )
        self.invalidate_model()
