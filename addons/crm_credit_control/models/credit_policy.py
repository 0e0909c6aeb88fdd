# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..tools.decision import DEFAULT_RULES, Rule

CODES = [
    ("manual_hold", "Customer On Hold"),
    ("over_limit", "Over the Limit"),
    ("overdue_days", "Receivable Overdue"),
    ("overdue_amount", "Overdue Amount"),
    ("order_amount", "Large Order"),
    ("limit_expired", "Limit Expired"),
    ("review_expired", "Review Overdue"),
    ("blocked_grade", "Blocked Grade"),
    ("near_limit", "Near the Limit"),
]
ACTIONS = [("ignore", "Ignore"), ("warn", "Warn"), ("hold", "Hold")]

#: What the threshold of a rule is measured in.
UNITS = {
    "over_limit": "percent",
    "near_limit": "percent",
    "overdue_days": "days",
    "limit_expired": "days",
    "review_expired": "days",
    "overdue_amount": "amount",
    "order_amount": "amount",
}


class CreditPolicy(models.Model):
    """Which rules apply to whom: the first policy that fits a customer, whole."""

    _name = "credit.policy"
    _description = "Credit Policy"
    _inherit = ["mail.thread", "customer.finance.cached"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one("res.company", help="Empty: every company.")
    category_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Tags",
        help="Customers with any of these tags. Empty: whatever their tags.",
    )
    grade_ids = fields.Many2many(
        "credit.grade",
        string="Grades",
        help="Customers of any of these grades. Empty: whatever their grade.",
    )
    rule_ids = fields.One2many(
        "credit.policy.rule",
        "policy_id",
        string="Rules",
        copy=True,
        default=lambda self: self._default_rule_ids(),
    )
    exempt_prepaid = fields.Boolean(
        string="Paid in Advance",
        default=True,
        help="Orders whose online payments or down payments cover the total.",
    )
    exempt_term_ids = fields.Many2many(
        "account.payment.term",
        string="Cash Terms",
        help="Orders with these payment terms, such as cash on delivery.",
    )
    exempt_below = fields.Float(
        string="Small Orders Below",
        digits=(16, 2),
        help="Orders whose total, in company currency, is below this. 0: none.",
    )
    description = fields.Text(translate=True)

    @api.model
    def _default_rule_ids(self):
        return [
            fields.Command.create(
                {
                    "code": rule.code,
                    "action": rule.action,
                    "threshold": rule.threshold,
                    "share": rule.share,
                }
            )
            for rule in DEFAULT_RULES
        ]

    @api.constrains("rule_ids")
    def _check_rule_ids(self):
        for policy in self:
            if not policy.rule_ids:
                raise ValidationError(
                    self.env._(
                        "The policy “%(policy)s” has no rule. Add at least one, or "
                        "archive it so that the next policy applies.",
                        policy=policy.name,
                    )
                )

    @api.constrains("exempt_below")
    def _check_exempt_below(self):
        for policy in self:
            if policy.exempt_below < 0:
                raise ValidationError(
                    self.env._("The amount of small orders cannot be negative.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._requeue()
        return policies

    def write(self, vals):
        result = super().write(vals)
        self._requeue()
        return result

    def unlink(self):
        self._requeue()
        return super().unlink()

    def _requeue(self):
        """Have open holds judged by the policy as it is now."""
        self.env["credit.hold"]._push_open([])

    @api.model
    def _get_policies(self, company, partners):
        """Return ``{partner: policy}``: the first by sequence that fits, or none.

        :param company: one res.company
        :param partners: commercial partners
        """
        candidates = self._get_candidates(company.id)
        accounts = {}
        if any(grade_ids for _id, _tag_ids, grade_ids in candidates):
            accounts = self.env["credit.account"]._get_accounts(company, partners)

        def fits(partner, tag_ids, grade_ids):
            if tag_ids and tag_ids.isdisjoint(partner.sudo().category_id.ids):
                return False
            account = accounts.get(partner)
            return not grade_ids or bool(account and account.grade_id.id in grade_ids)

        return {
            partner: self.browse(
                next(
                    (
                        id_
                        for id_, tag_ids, grade_ids in candidates
                        if fits(partner, tag_ids, grade_ids)
                    ),
                    None,
                )
            )
            for partner in partners
        }

    @api.model
    @tools.ormcache("company_id")
    def _get_candidates(self, company_id):
        """Return ``(id, ids of tags, ids of grades)`` of the policies of a company, the
        first that fits first."""
        policies = self.sudo().search([("company_id", "in", (False, company_id))])
        # A policy for this company comes before one for all with the same sequence.
        policies = policies.sorted(lambda p: (p.sequence, not p.company_id, p.id))
        return tuple(
            (
                policy.id,
                frozenset(policy.category_ids.ids),
                frozenset(policy.grade_ids.ids),
            )
            for policy in policies
        )

    @tools.ormcache("self.id")
    def _get_rules(self):
        """Return the rules for :func:`decide`; the built-in ones without a policy."""
        if not self:
            return DEFAULT_RULES
        return tuple(
            Rule(rule.code, rule.action, rule.threshold, rule.share)
            for rule in self.sudo().rule_ids
        )

    def _get_exemption(self, order, prepaid, total):
        """Return why an order is exempt, as a sentence, or None.

        :param prepaid: what was paid in advance, in the order's currency
        :param total: the order's total in company currency
        """
        if not self:
            return None
        currency = order.currency_id
        if order and currency.compare_amounts(order.amount_total, 0.0) <= 0:
            return self.env._("nothing to pay")
        if self.exempt_prepaid and (
            currency.compare_amounts(prepaid, order.amount_total) >= 0 and prepaid > 0
        ):
            return self.env._("paid in advance")
        if order.payment_term_id and order.payment_term_id in self.exempt_term_ids:
            return self.env._(
                "payment terms “%(terms)s”", terms=order.payment_term_id.name
            )
        if total < self.exempt_below:
            return self.env._("small order")
        return None

    def _explain(self, partner, company):
        """Return why this policy applies to a customer in a company, as a sentence."""
        if not self:
            return self.env._("No policy fits: the built-in rules apply.")
        why = [
            self.env._("tag “%(tag)s”", tag=tag.name)
            for tag in self.category_ids & partner.category_id
        ]
        if self.grade_ids:
            accounts = self.env["credit.account"]._get_accounts(company, partner)
            why.append(
                self.env._("grade “%(grade)s”", grade=accounts[partner].grade_id.name)
            )
        if self.company_id:
            why.append(self.company_id.name)
        if not why:
            why.append(self.env._("applies to every customer"))
        return self.env._("%(policy)s (%(why)s)", policy=self.name, why=", ".join(why))


class CreditPolicyRule(models.Model):
    _name = "credit.policy.rule"
    _description = "Credit Policy Rule"
    _inherit = ["customer.finance.cached"]
    _order = "policy_id, sequence, id"
    _rec_name = "code"

    policy_id = fields.Many2one(
        "credit.policy", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    code = fields.Selection(CODES, string="Rule", required=True)
    action = fields.Selection(ACTIONS, required=True, default="hold")
    threshold = fields.Float(
        digits=(16, 2),
        help="Over the limit: tolerance in % of the limit. Near the limit: % of the "
        "limit. Receivable overdue: days of the oldest item, more than. Overdue amount "
        "and large order: amount in company currency, more than. Limit expired, review "
        "overdue: days of grace.",
    )
    share = fields.Float(
        string="And Limit Used",
        digits=(16, 2),
        help="Overdue amount only: and more than this % of the limit is used. 0: "
        "whatever is used.",
    )
    unit = fields.Selection(
        [("percent", "%"), ("days", "days"), ("amount", "amount")],
        compute="_compute_unit",
    )

    meaning = fields.Char(compute="_compute_meaning", help="The rule in words.")

    _code_uniq = models.Constraint(
        "UNIQUE(policy_id, code)", "A policy has each rule once."
    )

    @api.depends("code")
    def _compute_unit(self):
        for rule in self:
            rule.unit = UNITS.get(rule.code, False)

    @api.depends("code", "threshold", "share", "policy_id.company_id")
    @api.depends_context("lang", "company")
    def _compute_meaning(self):
        for rule in self:
            rule.meaning = rule._describe()

    def _describe(self):
        """Return when the rule speaks, as a sentence."""
        self.ensure_one()
        company = self.policy_id.company_id or self.env.company
        bound = self.threshold
        amount = company.currency_id.format(bound)
        number = f"{bound:g}"
        match self.code:
            case "manual_hold":
                return self.env._("The customer was put on hold in the credit file.")
            case "blocked_grade":
                return self.env._("The customer's grade is blocked.")
            case "over_limit" if bound:
                return self.env._(
                    "With this order the customer would owe more than the limit plus "
                    "%(bound)s %%.",
                    bound=number,
                )
            case "over_limit":
                return self.env._(
                    "With this order the customer would owe more than the limit."
                )
            case "near_limit":
                return self.env._(
                    "With this order at least %(bound)s %% of the limit would be used.",
                    bound=number,
                )
            case "overdue_days":
                return self.env._(
                    "The oldest open invoice is more than %(bound)s days overdue.",
                    bound=number,
                )
            case "overdue_amount" if self.share:
                return self.env._(
                    "More than %(amount)s is overdue and more than %(share)s %% of the "
                    "limit is used.",
                    amount=amount,
                    share=f"{self.share:g}",
                )
            case "overdue_amount":
                return self.env._("More than %(amount)s is overdue.", amount=amount)
            case "order_amount":
                return self.env._(
                    "The order is worth more than %(amount)s.", amount=amount
                )
            case "limit_expired" if not bound:
                return self.env._("The limit has expired.")
            case "review_expired" if not bound:
                return self.env._("The credit review is overdue.")
            case "limit_expired":
                return self.env._(
                    "The limit expired more than %(bound)s days ago.", bound=number
                )
            case "review_expired":
                return self.env._(
                    "The credit review is more than %(bound)s days overdue.",
                    bound=number,
                )
        return ""

    @api.constrains("threshold", "share", "code")
    def _check_threshold(self):
        for rule in self:
            label = dict(rule._fields["code"]._description_selection(rule.env))[
                rule.code
            ]
            if rule.threshold < 0 or not 0 <= rule.share <= 1000:
                raise ValidationError(
                    self.env._(
                        "The threshold of “%(rule)s” cannot be negative.", rule=label
                    )
                )
            if rule.unit == "percent" and rule.threshold > 1000:
                raise ValidationError(
                    self.env._(
                        "A threshold of %(value)s %% for “%(rule)s” makes no sense.",
                        value=rule.threshold,
                        rule=label,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        self.policy_id._requeue()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last(self):
        for policy in self.policy_id:
            if not policy.rule_ids - self:
                raise ValidationError(
                    self.env._(
                        "“%(policy)s” would be left without a rule.",
                        policy=policy.name,
                    )
                )
