# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rules: falling margin, later payments, silence beyond the own rhythm.

All of them are read from the profiles, with one statement; the profile has the figures
since they are read with everything else.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_finance_bridge.models.customer_finance_mixin import MARGIN

from ..tools.windows import compared, get_windows

KINDS = [
    ("margin", "Margin Decline"),
    ("lag", "Pays Later"),
    ("silent", "Order Silent"),
]


class CustomerFinanceAlert(models.Model):
    _inherit = "customer.finance.alert"

    kind = fields.Selection(
        selection_add=KINDS, ondelete=dict.fromkeys(dict(KINDS), "cascade")
    )

    @api.model
    def _find_concerned(self, company, partners=None):
        concerned = super()._find_concerned(company, partners)
        concerned |= {kind: {} for kind, _label in KINDS}
        today = company._get_finance_today()
        self.env["customer.finance.profile"].flush_model()
        self.env["res.partner"].flush_model(["active", "commercial_partner_id"])
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT * FROM (
                    SELECT profile.*, %(past_lag)s AS past_lag,
                           %(recent_lag)s AS recent_lag,
                           %(rhythm)s AS rhythm,
                           %(today)s - value_last_order_date AS silence
                      FROM customer_finance_profile profile
                      JOIN res_partner partner ON partner.id = profile.partner_id
                     WHERE partner.active AND profile.company_id = %(company)s
                       AND %(own)s
                ) profile
                CROSS JOIN LATERAL (
                    SELECT COALESCE(%(margin)s, FALSE) AS is_margin,
                           COALESCE(%(lag)s, FALSE) AS is_lag,
                           COALESCE(%(silent)s, FALSE) AS is_silent
                ) found
                WHERE is_margin OR is_lag OR is_silent
                """,
                past_lag=SQL(
                    "(paid_amount_late_days - paid_recent_late_days)::float8"
                    " / NULLIF(paid_amount - paid_recent_amount, 0)::float8"
                ),
                recent_lag=SQL(
                    "paid_recent_late_days::float8"
                    " / NULLIF(paid_recent_amount, 0)::float8"
                ),
                rhythm=SQL(
                    "GREATEST(value_interval * %s, value_interval_long)",
                    company.sudo().value_silent_factor,
                ),
                today=SQL("%s::date", today),
                company=company.id,
                own=SQL("TRUE")
                if partners is None
                else SQL("profile.partner_id = ANY(%s)", partners.ids),
                **_sql_rules(company.sudo()),
            )
        )
        windows = get_windows(today, company.sudo().value_margin_days)
        days = company.sudo().value_lag_days
        window = company.sudo().finance_window_days
        for row in rows:
            key = row["partner_id"]
            if row["is_margin"]:
                concerned["margin"][key] = _get_margin_figures(row, windows)
            if row["is_lag"]:
                concerned["lag"][key] = _get_lag_figures(row, today, days, window)
            if row["is_silent"]:
                concerned["silent"][key] = _get_silent_figures(row, today)
        return concerned

    @api.model
    def _settle(self, company, concerned, partners=None):
        """Keep the products that explain a margin as well."""
        alerts = super()._settle(company, concerned, partners)
        self.env["customer.finance.alert.product"]._explain(
            alerts.filtered(lambda alert: alert.kind == "margin")
        )
        return alerts

    @api.model
    def _get_figure_groups(self):
        return {**super()._get_figure_groups(), "margin": MARGIN}


def _sql_rules(company):
    """Return the condition of each kind on the columns of a profile; what is not known
    satisfies none."""
    return {
        # Both volumes: who hardly bought then or now has no margin to compare.
        "margin": SQL(
            """
            value_sales_recent >= %(sales)s AND value_sales_compared >= %(sales)s
            AND value_margin_compared - value_margin_recent
                >= GREATEST(%(amount)s, %(drop)s * ABS(value_margin_compared))
            """,
            sales=company.value_margin_sales,
            amount=company.value_margin_amount,
            drop=company.value_margin_drop,
        ),
        # More days than the setting, by more than the noise of floats.
        "lag": SQL(
            """
            paid_recent_count >= %(count)s
            AND paid_count - paid_recent_count >= %(count)s
            AND recent_lag - past_lag > %(change)s + 1e-6
            """,
            count=company.value_lag_count,
            change=company.value_lag_change,
        ),
        # Silent for longer than that is lost, and no news.
        "silent": SQL(
            """
            value_order_days >= %s AND silence > rhythm AND silence <= %s
            AND value_order_amount >= %s
            """,
            company.value_silent_orders,
            company.value_silent_days,
            company.value_silent_amount,
        ),
    }


def _get_margin_figures(row, windows):
    before = compared(windows, row["first_invoice_date"])
    return {
        "amount_before": row["value_margin_compared"],
        "amount_now": row["value_margin_recent"],
        "amount_change": row["value_margin_recent"] - row["value_margin_compared"],
        "before_start_date": before[0],
        "before_end_date": before[1],
        "start_date": windows.recent[0],
        "end_date": windows.recent[1],
    }


def _get_lag_figures(row, today, days, window):
    start = today - timedelta(days=days)
    return {
        "days_before": row["past_lag"],
        "days_now": row["recent_lag"],
        "before_start_date": today - timedelta(days=window),
        "before_end_date": start,
        "start_date": start,
        "end_date": today,
    }


def _get_silent_figures(row, today):
    return {
        "days_before": row["value_interval"],
        "days_now": row["silence"],
        "days_bound": row["rhythm"],
        "start_date": row["value_last_order_date"],
        "end_date": today,
    }
