# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The row sources of costs: what a customer costs, and what a campaign costs.

Each is written once, as SQL, over Odoo's analytic lines and the posted shares of spread
costs. Facts group them; the screens list them row by row.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_finance_rows import Scope

#: What a cost is for.
KINDS = [
    ("acquisition", "Acquisition"),
    ("marketing", "Marketing"),
    ("service", "Service"),
    ("visit", "Visits"),
    ("other", "Other"),
]
#: A cost of this kind is no customer's cost.
NO_KIND = "none"
RULE_KINDS = [*KINDS, (NO_KIND, "Does not count")]

#: Analytic lines that are no costs of this sort: revenue, and the cost of what was
#: sold, which is in the margin with its frozen cost.
LEFT_OUT = ("invoice", "picking_entry", "manufacturing_order")


class CustomerCostRows(models.AbstractModel):
    """Costs of customers and campaigns.

    A line belongs to the customer whose analytic account it carries in any of its
    plans, once: the plan that comes first in Odoo's order of plans decides. A campaign
    is found in the same way.
    """

    _name = "customer.cost.rows"
    _description = "Customer Cost Row Sources"

    @api.model
    def _sql_cost_lines(self, scope):
        """Return the costs that count for customers, one row each.

        Columns: id, company_id, partner_id (commercial), date, amount (company
        currency, a cost is positive), kind, campaign_id, source ("analytic" or
        "share"), line_id (analytic line), share_id (share of a spread cost), spread_id.
        The window is not applied: the caller compares ``date``.

        :param scope: a :class:`Scope`; its company and customers narrow the rows
        """
        shares = SQL("TRUE")
        if scope.company_id:
            shares = SQL("spread.company_id = %s", scope.company_id)
        if scope.partner_ids is not None:
            shares = SQL(
                "%s AND share.partner_id IN (%s)", shares, scope.sql_contacts()
            )
        return SQL(
            """
            SELECT line_id::bigint * 2 AS id, company_id, partner_id, date, amount,
                   kind, campaign_id, 'analytic' AS source,
                   line_id, NULL::int AS share_id, NULL::int AS spread_id
              FROM (%(costs)s) cost
             WHERE partner_id IS NOT NULL AND spread_id IS NULL
             UNION ALL
            SELECT share.id::bigint * 2 + 1, spread.company_id,
                   partner.commercial_partner_id, spread.date, share.amount,
                   spread.kind, spread.campaign_id, 'share',
                   NULL::int, share.id, spread.id
              FROM customer_cost_share share
              JOIN customer_cost_spread spread ON spread.id = share.spread_id
              JOIN res_partner partner ON partner.id = share.partner_id
             WHERE spread.state = 'posted' AND %(shares)s
            """,
            costs=self._sql_analytic_costs(scope),
            shares=shares,
        )

    @api.model
    def _sql_campaign_cost_lines(self, scope):
        """Return the costs of campaigns, one row each, with or without a customer.

        The columns are those of :meth:`_sql_cost_lines`, ``partner_id`` being empty for
        what was not charged to a customer. Lines that were spread over customers are
        among them, marked by ``spread_id``; their shares are not, since they are the
        same money.
        """
        return SQL(
            """
            SELECT line_id::bigint * 2 AS id, company_id, partner_id, date, amount,
                   kind, campaign_id, 'analytic' AS source,
                   line_id, NULL::int AS share_id, spread_id
              FROM (%s) cost
             WHERE campaign_id IS NOT NULL
            """,
            self._sql_analytic_costs(scope),
        )

    @api.model
    def _sql_campaign_costs(self):
        """Return what each campaign cost per company up to now, and when that began:
        campaign_id, company_id, amount, date."""
        return SQL(
            """
            SELECT campaign_id, company_id, SUM(amount) AS amount, MIN(date) AS date
              FROM (%s) cost
             GROUP BY campaign_id, company_id
            """,
            self._sql_campaign_cost_lines(Scope(date=None)),
        )

    @api.model
    def _sql_analytic_costs(self, scope):
        """Return every analytic line that is a cost, whoever it is for.

        Columns: line_id, company_id, partner_id (may be empty), campaign_id (may be
        empty), date, amount, kind, spread_id (spread that took the line).
        """
        columns = self._get_plan_columns()
        condition = SQL("TRUE")
        if scope.company_id:
            condition = SQL("line.company_id = %s", scope.company_id)
        customer = _sql_first("customer", "partner_id", columns)
        lines = SQL("account_analytic_line")
        if scope.partner_ids is not None:
            condition = SQL(
                "%s AND %s = ANY(%s)", condition, customer, list(scope.partner_ids)
            )
            # OFFSET has their few lines found before anything is joined to them.
            lines = SQL(
                "(SELECT * FROM account_analytic_line WHERE id IN (%s) OFFSET 0)",
                self._sql_lines_of_customers(scope.partner_ids, columns),
            )
        return SQL(
            """
            SELECT * FROM (
                SELECT line.id AS line_id, line.company_id,
                       %(customer)s AS partner_id, %(campaign)s AS campaign_id,
                       line.date, -line.amount AS amount,
                       COALESCE(line.finance_cost_kind, %(kind)s) AS kind,
                       line.finance_spread_id AS spread_id
                  FROM %(lines)s line
                  LEFT JOIN account_account general
                         ON general.id = line.general_account_id
                  LEFT JOIN product_product product ON product.id = line.product_id
                  LEFT JOIN product_template template
                         ON template.id = product.product_tmpl_id
                  LEFT JOIN sale_order_line sale_line ON sale_line.id = line.so_line
                  %(customers)s
                  %(campaigns)s
                 WHERE COALESCE(line.category, '') NOT IN %(left_out)s
                   AND COALESCE(general.account_type, '') NOT LIKE 'income%%'
                   AND COALESCE(sale_line.purchase_price, 0) = 0
                   AND line.amount <> 0
                   AND %(condition)s
            ) cost
             WHERE kind <> %(no_kind)s
            """,
            customer=customer,
            lines=lines,
            campaign=_sql_first("campaign", "id", columns),
            kind=self.env["customer.cost.rule"]._sql_kind(),
            customers=_sql_joins("customer", self._sql_customer_accounts(), columns),
            campaigns=_sql_joins("campaign", self._sql_campaign_accounts(), columns),
            left_out=LEFT_OUT,
            condition=condition,
            no_kind=NO_KIND,
        )

    @api.model
    def _sql_customer_accounts(self):
        return SQL(
            """SELECT account.id AS account_id,
                      partner.commercial_partner_id AS partner_id
                 FROM account_analytic_account account
                 JOIN res_partner partner ON partner.id = account.partner_id"""
        )

    @api.model
    def _sql_campaign_accounts(self):
        return SQL(
            """SELECT finance_analytic_account_id AS account_id, id
                 FROM utm_campaign
                WHERE finance_analytic_account_id IS NOT NULL"""
        )

    @api.model
    def _sql_lines_of_customers(self, partner_ids, columns):
        """Return the ids of lines with an account of these customers in any plan; each
        branch goes by the index of its column."""
        return SQL(" UNION ALL ").join(
            SQL(
                """SELECT id FROM account_analytic_line
                    WHERE %s IN (
                        SELECT account.id
                          FROM account_analytic_account account
                          JOIN res_partner partner ON partner.id = account.partner_id
                         WHERE partner.commercial_partner_id = ANY(%s))""",
                SQL.identifier(column),
                list(partner_ids),
            )
            for column in columns
        )

    @api.model
    def _sql_is_over_charged(self, item, account=None):
        """Render whether a journal item is charged to customers by more than 100 %.

        Odoo checks that a distribution is complete only for mandatory plans, and lets
        it exceed 100 %: then customers are charged more than was paid.

        :param item: alias of a journal item
        :param account: analytic account that counts as a customer's
        """
        return SQL(
            """
            CASE WHEN jsonb_typeof(%(item)s.analytic_distribution) = 'object' THEN (
                SELECT SUM(part.value::numeric) > 100.005
                  FROM jsonb_each_text(%(item)s.analytic_distribution)
                       AS part (key, value)
                 WHERE string_to_array(part.key, ',')::int[] && ARRAY(
                        SELECT id FROM account_analytic_account
                         WHERE partner_id IS NOT NULL OR id = %(account)s)
            ) END""",
            item=item,
            account=account.id if account else None,
        )

    @api.model
    def _get_plan_columns(self):
        """Return the columns of an analytic line, one per root plan, in the order in
        which the plans decide."""
        project, others = self.env["account.analytic.plan"].sudo()._get_all_plans()
        plans = (project + others).sorted(lambda plan: (plan.sequence, plan.id))
        return [plan._column_name() for plan in plans]

    @api.model
    def _open_campaign_costs(self, campaign):
        """Return the action that lists the analytic lines of a campaign's costs."""
        account = campaign.sudo().finance_analytic_account_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "analytic.account_analytic_line_action_entries"
        )
        self._flush_cost_sources()
        rows = self.env.execute_query(
            SQL(
                """SELECT line_id FROM (%s) cost
                    WHERE campaign_id = %s AND company_id = %s""",
                self._sql_campaign_cost_lines(Scope(date=fields.Date.today())),
                campaign.id,
                campaign.sudo().company_id.id,
            )
        )
        return {
            **action,
            "name": account.display_name,
            "display_name": account.display_name,
            "domain": [("id", "in", [row[0] for row in rows])],
            "context": {},
        }

    @api.model
    def _flush_cost_sources(self):
        """Write pending changes of what the statements read by column name."""
        for model in (
            "account.account",
            "account.analytic.account",
            "account.analytic.line",
            "customer.cost.share",
            "customer.cost.spread",
            "product.product",
            "product.template",
            "res.partner",
            "sale.order.line",
            "utm.campaign",
        ):
            self.env[model].flush_model()


def _sql_first(prefix, name, columns):
    """Render the first non-empty ``name`` of the joins, in the order of the plans."""
    return SQL(
        "COALESCE(%s)",
        SQL(", ").join(
            SQL.identifier(f"{prefix}_{index}", name) for index in range(len(columns))
        ),
    )


def _sql_joins(prefix, source, columns):
    """Render one join of ``source`` per plan column."""
    return SQL(" ").join(
        SQL(
            "LEFT JOIN (%s) AS %s ON %s = %s",
            source,
            SQL.identifier(f"{prefix}_{index}"),
            SQL.identifier(f"{prefix}_{index}", "account_id"),
            SQL.identifier("line", column),
        )
        for index, column in enumerate(columns)
    )
