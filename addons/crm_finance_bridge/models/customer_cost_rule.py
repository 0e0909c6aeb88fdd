# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from .customer_cost_rows import NO_KIND, RULE_KINDS

ORIGINS = {
    "document": SQL("line.move_line_id IS NOT NULL"),
    "work": SQL("(line.move_line_id IS NULL AND line.unit_amount > 0)"),
    "manual": SQL("(line.move_line_id IS NULL AND COALESCE(line.unit_amount, 0) = 0)"),
}


class CustomerCostRule(models.Model):
    """Tells the kind of a cost by its account, product or analytic plan.

    The first rule whose conditions all hold decides. A kind set on the analytic line
    itself beats the rules; a cost no rule speaks of is of the kind "other".
    """

    _name = "customer.cost.rule"
    _description = "Customer Cost Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: the rule holds in every company."
    )
    account_ids = fields.Many2many(
        "account.account",
        string="General Accounts",
        check_company=True,
        help="Empty: any. Costs on cost-of-goods accounts are in the margin already "
        "and count only by a rule that names their account.",
    )
    product_ids = fields.Many2many(
        "product.product", string="Products", check_company=True, help="Empty: any."
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Product Category",
        ondelete="cascade",
        help="With the categories below it. Empty: any.",
    )
    plan_id = fields.Many2one(
        "account.analytic.plan",
        string="Analytic Plan",
        ondelete="cascade",
        help="The cost carries an account of this plan or of a plan below it. "
        "Empty: any.",
    )
    origin = fields.Selection(
        [
            ("document", "Bill or Journal Entry"),
            ("work", "Hours Worked"),
            ("manual", "Entered by Hand"),
        ],
        help="Where the cost comes from: a journal item, a timesheet (a quantity "
        "without a journal item), or an amount entered by hand. Empty: any.",
    )
    kind = fields.Selection(RULE_KINDS, required=True)

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._queue_refresh()
        return rules

    def write(self, vals):
        self._queue_refresh()
        result = super().write(vals)
        self._queue_refresh()
        return result

    def unlink(self):
        self._queue_refresh()
        return super().unlink()

    def _queue_refresh(self):
        """A rule may concern any customer of its company."""
        companies = self.company_id
        if self.filtered(lambda rule: not rule.company_id):
            companies = self.env["res.company"]._get_finance_companies()
        for company in companies:
            self.env["customer.finance.queue"]._push_all(company)

    @api.model
    def _sql_kind(self):
        """Render the kind of a cost by the rules, over ``line``, ``general`` (general
        account) and ``template`` (product template).

        The rules are few; they become one CASE, evaluated by the database.
        """
        rules = self.sudo().search([("active", "=", True)])
        return SQL(
            """CASE WHEN general.account_type = 'expense_direct_cost'
                    THEN %s ELSE %s END""",
            rules.filtered("account_ids")._sql_first_match(NO_KIND),
            rules._sql_first_match("other"),
        )

    def _sql_first_match(self, default):
        if not self:
            return SQL("%s", default)
        return SQL(
            "CASE %s ELSE %s END",
            SQL(" ").join(
                SQL("WHEN %s THEN %s", rule._sql_condition(), rule.kind)
                for rule in self
            ),
            default,
        )

    def _sql_condition(self):
        self.ensure_one()
        conditions = [SQL("TRUE")]
        if self.company_id:
            conditions.append(SQL("line.company_id = %s", self.company_id.id))
        if self.account_ids:
            conditions.append(
                SQL("line.general_account_id = ANY(%s)", self.account_ids.ids)
            )
        if self.product_ids:
            conditions.append(SQL("line.product_id = ANY(%s)", self.product_ids.ids))
        if self.categ_id:
            conditions.append(
                SQL(
                    """template.categ_id IN (
                        SELECT id FROM product_category
                         WHERE starts_with(parent_path, %s))""",
                    self.categ_id.parent_path,
                )
            )
        if self.plan_id:
            conditions.append(
                SQL(
                    """%s IN (
                        SELECT account.id
                          FROM account_analytic_account account
                          JOIN account_analytic_plan plan ON plan.id = account.plan_id
                         WHERE starts_with(plan.parent_path, %s))""",
                    SQL.identifier("line", self.plan_id._column_name()),
                    self.plan_id.parent_path,
                )
            )
        if self.origin:
            conditions.append(ORIGINS[self.origin])
        return SQL(" AND ").join(conditions)
