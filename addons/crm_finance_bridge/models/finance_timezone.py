# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The company's own day: its contact's timezone, else that of its working hours.

Every confirmation, refresh and form asks for it, so it is cached.
"""

import pytz

from odoo import fields, models, tools


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if not {"partner_id", "resource_calendar_id"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    @tools.ormcache("self.id")
    def _get_finance_timezone(self):
        """Return the name of the timezone in which this company's days begin."""
        self.ensure_one()
        return self.partner_id.tz or self.resource_calendar_id.tz or "UTC"

    def _get_finance_date(self, moment):
        """Return the date where the company is at a moment in UTC (without tzinfo)."""
        timezone = pytz.timezone(self.sudo()._get_finance_timezone())
        return pytz.utc.localize(moment).astimezone(timezone).date()

    def _get_finance_today(self):
        """Return today's date where the company is."""
        return self._get_finance_date(fields.Datetime.now())


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            self.env.registry.clear_cache()
        return result


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            self.env.registry.clear_cache()
        return result
