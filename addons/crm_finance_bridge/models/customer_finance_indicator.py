# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models, tools


class CustomerFinanceIndicator(models.Model):
    """The glossary: what each indicator means. The help of every field that shows an
    indicator is taken from here, so screens and glossary cannot disagree."""

    _name = "customer.finance.indicator"
    _description = "Indicator Glossary"
    _inherit = ["customer.finance.cached"]
    _order = "sequence, code"

    sequence = fields.Integer(default=100)
    code = fields.Char(required=True, readonly=True, index=True)
    name = fields.Char(required=True, translate=True)
    category = fields.Selection(
        [
            ("receivable", "Receivable"),
            ("collection", "Sales and Collection"),
            ("margin", "Margin and Cost"),
            ("order", "Sales Orders"),
            ("campaign", "Winning Customers"),
        ],
        required=True,
    )
    formula = fields.Text(required=True, translate=True)
    source = fields.Char(required=True, translate=True)
    unit = fields.Selection(
        [
            ("amount", "Company Currency"),
            ("days", "Days"),
            ("percent", "Percent"),
            ("times", "Times"),
            ("number", "Number"),
            ("date", "Date"),
        ],
        required=True,
    )
    owner = fields.Char(
        required=True,
        translate=True,
        help="The role that answers for this indicator's definition.",
    )
    owner_id = fields.Many2one("res.users", string="Responsible")

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "Each indicator has one entry in the glossary."
    )

    @api.model
    def _explain_fields(self, descriptions, prefix=""):
        """Put the glossary's text as help on the fields that show an indicator.

        :param descriptions: what ``fields_get`` returns; changed in place
        :param prefix: what the names of such fields begin with, before the code
        """
        texts = self._get_help_by_code(self.env.lang)
        for name, description in descriptions.items():
            code = name.removeprefix(prefix)
            if name.startswith(prefix) and code in texts:
                description["help"] = texts[code]

    @api.model
    @tools.ormcache("lang")
    def _get_help_by_code(self, lang):
        """Return ``{code: help text}`` in a language."""
        return {
            row.code: self.env._(
                "%(formula)s\nSource: %(origin)s",
                formula=row.formula,
                origin=row.source,
            )
            for row in self.sudo().with_context(lang=lang).search([])
        }
