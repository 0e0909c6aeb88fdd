# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools.ageing import BUCKET_CODES, BUCKETS, check_bounds, day_ranges
from .finance_settings import PREFETCH

#: The company's settings and their defaults.
SETTINGS = {
    "finance_window_days": 365,
    "finance_ageing_1": 30,
    "finance_ageing_2": 60,
    "finance_ageing_3": 90,
    "finance_yearly_rate": 0.06,
    "finance_reminder_days": 3,
}

#: When a confirmed order invoices itself.
BOOKING = [
    ("manual", "By Hand"),
    ("confirm", "On Confirmation"),
    ("delivery", "On Delivery"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    finance_window_days = fields.Integer(
        string="Window",
        default=SETTINGS["finance_window_days"],
        required=True,
        help="Number of days, ending today, over which sales, payments and margin are "
        "summed.",
        prefetch=PREFETCH,
    )
    finance_ageing_1 = fields.Integer(
        string="First Ageing Bound",
        default=SETTINGS["finance_ageing_1"],
        required=True,
        prefetch=PREFETCH,
    )
    finance_ageing_2 = fields.Integer(
        string="Second Ageing Bound",
        default=SETTINGS["finance_ageing_2"],
        required=True,
        prefetch=PREFETCH,
    )
    finance_ageing_3 = fields.Integer(
        string="Third Ageing Bound",
        default=SETTINGS["finance_ageing_3"],
        required=True,
        prefetch=PREFETCH,
    )
    finance_yearly_rate = fields.Float(
        string="Financing Rate",
        default=SETTINGS["finance_yearly_rate"],
        required=True,
        help="Yearly rate at which money that customers owe is financed.",
        prefetch=PREFETCH,
    )

    finance_booking = fields.Selection(
        BOOKING,
        string="Booking of Orders",
        default="manual",
        help="When a confirmed order invoices itself. Customers and orders may differ.",
    )
    finance_booking_post = fields.Boolean(
        string="Post Booked Invoices",
        help="Post the invoice at once; otherwise it waits as a draft.",
        prefetch=PREFETCH,
    )
    finance_booking_date = fields.Selection(
        [("today", "Day of Booking"), ("order", "Day of the Order")],
        string="Invoice Date",
        default="today",
        prefetch=PREFETCH,
    )
    finance_booking_journal_id = fields.Many2one(
        "account.journal",
        string="Booking Journal",
        domain="[('type', '=', 'sale'), ('company_id', '=', id)]",
        help="Empty: the journal Odoo chooses.",
        prefetch=PREFETCH,
    )
    finance_booking_user_id = fields.Many2one(
        "res.users",
        string="Told of Problems",
        help="Gets an activity when an order cannot be booked. Empty: its salesperson.",
        prefetch=PREFETCH,
    )

    finance_reminder_days = fields.Integer(
        string="Reminder",
        default=SETTINGS["finance_reminder_days"],
        required=True,
        help="Days before an instalment is due at which whoever collects gets an "
        "activity.",
        prefetch=PREFETCH,
    )
    finance_collector_id = fields.Many2one(
        "res.users",
        string="Collects",
        help="Who collects what is due. Empty: the salesperson of the order.",
        prefetch=PREFETCH,
    )

    def init(self):
        """Have the database know the defaults as well: while other modules are being
        upgraded or tested, companies are created that know nothing of this one."""
        self._set_database_defaults(SETTINGS)

    @api.model
    def _set_database_defaults(self, defaults):
        """Have columns of companies filled by the database itself.

        :param defaults: ``{field: value}``
        """
        for name, default in defaults.items():
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE res_company ALTER COLUMN %s SET DEFAULT %s",
                    SQL.identifier(name),
                    default,
                )
            )

    @api.constrains(*SETTINGS)
    def _check_finance_settings(self):
        for company in self:
            if not check_bounds(company._get_finance_ageing_bounds()):
                raise ValidationError(
                    self.env._(
                        "The ageing bounds of %(company)s must rise from one day up, "
                        "for example 30, 60 and 90.",
                        company=company.name,
                    )
                )
            if not 1 <= company.finance_window_days <= 3660:
                raise ValidationError(
                    self.env._(
                        "The window of %(company)s must be between 1 and 3660 days.",
                        company=company.name,
                    )
                )
            if not 0 <= company.finance_reminder_days <= 365:
                raise ValidationError(
                    self.env._("The reminder must be between 0 and 365 days.")
                )
            if not 0 <= company.finance_yearly_rate <= 1:
                raise ValidationError(
                    self.env._(
                        "The financing rate of %(company)s must be between 0 %% and "
                        "100 %% a year.",
                        company=company.name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if not SETTINGS.keys().isdisjoint(vals):
            for company in self:
                self.env["customer.finance.queue"]._push_all(company)
        return result

    @api.model
    def _get_finance_companies(self):
        """Return every active company, whoever asks."""
        return self.sudo().search([("active", "=", True)])

    def _is_finance_checked_today(self):
        """Tell whether this company's nightly work is done; its self-check ends it."""
        last = self.env["customer.finance.check"].search(
            [("company_id", "=", self.id)], limit=1
        )
        return bool(last) and (
            self._get_finance_date(last.date) == self._get_finance_today()
        )

    def _check_cost_date(self, date):
        """Refuse a cost dated in a closed period.

        :param date: day of the cost
        """
        self.ensure_one()
        # Salespeople enter costs too; the exceptions are those of the user.
        violations = self.sudo()._get_lock_date_violations(
            date, sale=False, purchase=False, tax=False
        )
        if violations:
            raise UserError(
                self.env._(
                    "%(date)s is in a closed period of %(company)s: %(locks)s. Use a "
                    "later date, or ask an accountant to reopen the period.",
                    date=format_date(self.env, date),
                    company=self.sudo().name,
                    locks=self.sudo()._format_lock_dates(violations),
                )
            )

    def _get_finance_ageing_bounds(self):
        self.ensure_one()
        return (self.finance_ageing_1, self.finance_ageing_2, self.finance_ageing_3)

    def _get_finance_ageing_selection(self):
        """Return the buckets as values and labels of a selection field."""
        labels = self._get_finance_ageing_labels().values()
        return list(zip(BUCKET_CODES, labels, strict=True))

    def _get_finance_ageing_labels(self):
        """Return ``{bucket: label}`` with the company's bounds."""
        labels = {}
        ranges = day_ranges(self.sudo()._get_finance_ageing_bounds())
        for name, (low, high) in zip(BUCKETS, ranges, strict=True):
            if low is None:
                labels[name] = self.env._("Not Due")
            elif high is None:
                labels[name] = self.env._("Over %(days)s Days", days=low - 1)
            else:
                labels[name] = self.env._("%(low)s–%(high)s Days", low=low, high=high)
        return labels
