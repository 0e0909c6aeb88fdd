# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import tiers

#: What decides which tier whom gets: a change places everybody anew.
DECISIVE = {"active", "company_id", "measure", "tier_ids", "runs_up", "runs_down"}


class CustomerValueTierScheme(models.Model):
    """The tiers customers are placed in, best first, and what is counted as value.

    A company with a scheme of its own uses that one, all others the one without a
    company. Rules are checked when the transaction ends: several may be changed in a
    row, as long as they fit together in the end.
    """

    _name = "customer.value.tier.scheme"
    _description = "Tiers of Customers"
    _order = "company_id, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        help="Empty: for every company that has no tiers of its own.",
    )
    measure = fields.Selection(
        [
            ("total", "Customer Value"),
            ("predicted", "Expected Value"),
            ("profit", "Net Profit of the Window"),
            ("margin", "Margin of the Window"),
        ],
        string="Value",
        default="total",
        required=True,
        help="What shares and amounts of the rules are of, in company currency.\n"
        "Customer Value: value to date and expected value over the company's horizon; "
        "where nothing can be expected, value to date alone. It rises with an order.\n"
        "Expected Value: over the company's horizon.\n"
        "Net profit and margin of the window: as in the glossary.",
    )
    runs_up = fields.Integer(
        string="Days before a Rise",
        default=1,
        required=True,
        help="Days in a row on which the rules must place a customer higher. 1: at "
        "once, so that the salesperson hears of it within a minute.",
    )
    runs_down = fields.Integer(
        string="Nights before a Fall",
        default=2,
        required=True,
        help="Nights in a row in which the rules must place a customer lower. Only "
        "the valuation of everybody counts, once a day.",
    )
    tier_ids = fields.One2many("customer.value.tier", "scheme_id", string="Tiers")

    _company_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0)) WHERE active",
        "There are tiers already: change them, or archive them first.",
    )
    _runs_positive = models.Constraint(
        "CHECK(runs_up >= 1 AND runs_down >= 1)",
        "A move takes at least one day or night.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        schemes = super().create(vals_list)
        schemes._after_change()
        return schemes

    def write(self, vals):
        decisive = not DECISIVE.isdisjoint(vals)
        if decisive:
            self._after_change()
        result = super().write(vals)
        if decisive:
            self._after_change()
        return result

    def _after_change(self):
        """Have the rules checked at the end, and everybody placed anew after it."""
        data = self.env.cr.precommit.data
        if self._name not in data:
            data[self._name] = set()
            self.env.cr.precommit.add(self.sudo().browse()._check_changed)
        data[self._name].update(self.ids)
        everywhere = self.env["res.company"]._get_finance_companies()
        for company in self.sudo().company_id or everywhere:
            self.env["customer.finance.queue"]._push_all(company)

    def _check_changed(self):
        """Refuse the transaction if rules changed in it do not fit together."""
        ids = self.env.cr.precommit.data.pop(self._name, ())
        for scheme in self.browse(sorted(ids)).exists().filtered("active"):
            if problems := scheme._find_problems():
                raise ValidationError("\n".join(problems))

    def _find_problems(self):
        """Return what is wrong with the rules, in words."""
        self.ensure_one()
        found = []
        for place, code in tiers.check_rules(self._get_rules()):
            tier = self.tier_ids[place : place + 1]
            if code == "bound":
                found.append(
                    self.env._(
                        "%(tier)s: the share must be more than 0 %% and at most "
                        "100 %% of the value.",
                        tier=tier.name,
                    )
                )
            elif code == "shadowed":
                found.append(
                    self.env._(
                        "%(tier)s: nobody can get there, because a better tier takes "
                        "whomever its rule would. Tiers for everybody else come last; "
                        "of the others, shares rise and amounts and contributions fall "
                        "from the best tier down.",
                        tier=tier.name,
                    )
                )
            else:
                found.append(
                    self.env._(
                        "%(scheme)s: a customer may satisfy no rule. Let the last tier "
                        "be for everybody else.",
                        scheme=self.name,
                    )
                )
        return found

    @api.model
    def _get_scheme(self, company):
        """Return the scheme of a company, empty when there is none."""
        return self.sudo().search(
            [("company_id", "in", (company.id, False))], order="company_id", limit=1
        )

    def _get_rules(self):
        """Return the rules, best first, as :mod:`..tools.tiers` takes them; tiers are
        identifiers."""
        return [
            tiers.Rule(tier.id, tier.measure, tier._get_bound())
            for tier in self.tier_ids.sorted(lambda tier: (tier.sequence, tier.id))
        ]
