# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..models.credit_account import AMOUNT, STATES
from ..models.credit_exposure_rows import BUCKETS

#: Tables the rows are read from; see ``_depends`` of Odoo's models.
DEPENDS = {
    "account.move": ["amount_total_signed", "move_type", "partner_id", "state"],
    "account.move.line": [
        "account_id",
        "amount_residual",
        "date_maturity",
        "parent_state",
        "partner_id",
        "reconciled",
    ],
    "payment.transaction": ["amount", "payment_id", "state"],
    "res.partner": ["commercial_partner_id", "credit_limit", "parent_id"],
    "sale.order": ["invoice_status", "partner_invoice_id", "state"],
    "sale.order.line": [
        "price_total",
        "product_uom_qty",
        "qty_delivered",
        "qty_invoiced",
    ],
}


class CreditExposure(models.Model):
    """Limit against exposure of every customer, live."""

    _name = "credit.exposure"
    _description = "Credit Exposure"
    _auto = False
    _rec_name = "partner_id"
    _order = "utilisation desc nulls last, exposure desc, id"
    _depends = {
        **DEPENDS,
        "credit.account": ["group_limit", "limit_type", "manual_hold"],
        "credit.cover": ["amount", "coverage", "date_from", "date_to"],
    }

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one("credit.account", string="Credit File", readonly=True)
    root_id = fields.Many2one(
        "res.partner",
        string="Shares the Limit Of",
        readonly=True,
        help="The company whose limit this customer shares.",
    )
    user_id = fields.Many2one(related="partner_id.user_id")
    country_id = fields.Many2one(related="partner_id.country_id")
    grade_id = fields.Many2one(related="account_id.grade_id")
    review_date = fields.Date(related="account_id.review_date")
    state = fields.Selection(STATES, string="Credit State", readonly=True)
    base_limit = fields.Monetary(string="Credit Limit", readonly=True, groups=AMOUNT)
    cover = fields.Monetary(
        readonly=True,
        groups=AMOUNT,
        help="Extensions, guarantees and insurance in force.",
    )
    limit_in_force = fields.Monetary(readonly=True, groups=AMOUNT)
    receivable = fields.Monetary(
        readonly=True, groups=AMOUNT, help="Open receivable items."
    )
    draft_invoice = fields.Monetary(
        string="Draft Invoices", readonly=True, groups=AMOUNT
    )
    shipped = fields.Monetary(
        string="Delivered, Not Invoiced", readonly=True, groups=AMOUNT
    )
    ordered = fields.Monetary(
        string="Ordered, Not Delivered", readonly=True, groups=AMOUNT
    )
    exposure = fields.Monetary(readonly=True, groups=AMOUNT)
    overdue = fields.Monetary(readonly=True, groups=AMOUNT)
    oldest_overdue_days = fields.Integer(readonly=True, aggregator="max")
    available = fields.Monetary(
        string="Available Credit",
        readonly=True,
        groups=AMOUNT,
        help="Limit less exposure, or what is left of the group's limit if less. Empty "
        "without a limit.",
    )
    utilisation = fields.Float(
        string="Limit Used",
        readonly=True,
        groups=AMOUNT,
        aggregator="avg",
        help="Exposure in per cent of the limit; the group's if that is more.",
    )

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        """Those who may not see amounts get customers by name."""
        if (order or self._order) == self._order and not self._has_field_access(
            self._fields["exposure"], "read"
        ):
            order = "partner_id, id"
        return super()._order_to_sql(order, query, alias, reverse)

    @property
    def _table_query(self):
        companies = self.env.companies
        # All customers, or those of whom somebody asks whether they exceed a limit.
        ids = None
        if self.env.context.get("credit_watched"):
            ids = SQL("SELECT partner_id FROM watched")
        return SQL(
            """SELECT * FROM (%s) AS figure
                WHERE exposure <> 0 OR state <> 'unlimited'""",
            self._sql_figures(companies, related_ids=ids),
        )

    @api.model
    def _sql_figures(self, companies, partner_ids=None, related_ids=None):
        """Return the positions with what follows from them: one row per customer and
        company; see credit.position."""
        return SQL(
            """
            SELECT position.partner_id::bigint * 100000 + position.company_id AS id,
                   position.partner_id, position.company_id, position.account_id,
                   NULLIF(position.root_id, position.partner_id) AS root_id,
                   position.base_limit, position.cover,
                   position."limit" AS limit_in_force,
                   %(buckets)s,
                   position.exposure, position.overdue, position.oldest_overdue_days,
                   LEAST(position."limit" - position.exposure,
                         position.group_limit - position.group_exposure) AS available,
                   GREATEST(
                        100 * position.exposure / NULLIF(position."limit", 0),
                        100 * position.group_exposure
                            / NULLIF(position.group_limit, 0)) AS utilisation,
                   CASE WHEN position.manual_hold OR position.blocked_grade
                             THEN 'blocked'
                        WHEN position.exposure > 0
                             AND position.exposure > position."limit"
                          OR position.group_exposure > 0
                             AND position.group_exposure > position.group_limit
                             THEN 'over'
                        WHEN position."limit" IS NULL AND position.group_limit IS NULL
                             THEN 'unlimited'
                        ELSE 'limited'
                   END AS state
              FROM (%(positions)s) position
            """,
            buckets=SQL(", ").join(
                SQL.identifier("position", name) for name in BUCKETS
            ),
            positions=self.env["credit.position"]._sql_positions(
                companies, partner_ids, related_ids
            ),
        )

    @api.model
    def _get_visible_rows(self, company, partners):
        """Return ``{partner id: row}`` live, of the customers whose credit the current
        user may see.

        :param company: one res.company
        :param partners: commercial partners
        """
        if not partners or not self.has_access("read"):
            return {}
        visible = partners.sudo().filtered_domain(self._get_visible_domain())
        if not visible:
            return {}
        position = self.env["credit.position"].sudo()
        position._flush_exposure()
        related = position._get_related_ids(visible.ids)
        rows = self.env.execute_query_dict(
            self.sudo()._sql_figures(company, visible.ids, list(related))
        )
        return {row["partner_id"]: row for row in rows}

    @api.model
    def _get_buckets(self, row):
        """Return what the bar on the screen draws, from a row."""
        labels = self.sudo().fields_get(BUCKETS, ["string"])
        return [
            {
                "bucket": name,
                "label": labels[name]["string"],
                "amount": float(row.get(name) or 0.0),
            }
            for name in BUCKETS
        ]

    @api.model
    def _get_visible_domain(self):
        """Return which customers' credit the current user may see, as a domain on
        contacts: the record rules of this model say the same."""
        user = self.env.user
        if self.env.su or any(
            user.has_group(group)
            for group in (
                "sales_team.group_sale_salesman_all_leads",
                "account.group_account_readonly",
                "account.group_account_invoice",
            )
        ):
            return []
        return [("user_id", "in", (False, user.id))]

    # ------------------------------------------------------------------
    # To the documents
    # ------------------------------------------------------------------

    @api.model
    def _open_rows(self, partner, company, bucket=None):
        """Return the action that lists the documents that count for a customer.

        :param bucket: one of BUCKETS; None for all
        """
        rows = self.env["credit.exposure.item"]
        rows.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_credit_control.credit_exposure_item_action"
        )
        domain = [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        title = partner.display_name
        if bucket in BUCKETS:
            domain.append(("bucket", "=", bucket))
            label = self.fields_get([bucket], ["string"])[bucket]["string"]
            title = f"{label} – {title}"
        return {**action, "name": title, "display_name": title, "domain": domain}

    def action_open_bucket(self):
        """Open the documents behind the bucket named in the context."""
        self.ensure_one()
        return self._open_rows(
            self.partner_id, self.company_id, self.env.context.get("credit_bucket")
        )

    def action_open_account(self):
        """Open the customer's credit file."""
        self.ensure_one()
        return self.partner_id.with_company(
            self.company_id
        ).action_open_credit_account()
