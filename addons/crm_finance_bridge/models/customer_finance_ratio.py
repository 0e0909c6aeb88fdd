# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL
from odoo.tools.query import Query

from .customer_finance_mixin import sql_ratio


class CustomerFinanceRatio(models.AbstractModel):
    """Ratios of a report: of a group of rows they are quotients of its sums.

    A report declares them as ``_finance_ratios``, fields with the aggregator "avg" that
    mean nothing else than the quotient, and as ``_finance_shares`` the fields that tell
    which part of the total of all groups beside it a group is. What is in the glossary
    is explained by it.
    """

    _name = "customer.finance.ratio"
    _description = "Ratios of a Customer Finance Report"

    #: Field → :class:`~..tools.ratios.Ratio`.
    _finance_ratios = {}
    #: Field → the measure it is the share of.
    _finance_shares = {}
    #: Fields whose help is that of the glossary's indicator of the same name.
    _finance_glossary = ()

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Take the help of the indicators in the glossary from there."""
        result = super().fields_get(allfields, attributes)
        if self._finance_glossary and (attributes is None or "help" in attributes):
            self.env["customer.finance.indicator"]._explain_fields(
                {
                    name: result[name]
                    for name in self._finance_glossary
                    if name in result
                }
            )
        return result

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        name, _sep, function = aggregate_spec.partition(":")
        if function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        if name in self._finance_ratios:
            self._check_field_access(self._fields[name], "read")
            return sql_ratio(self._finance_ratios[name], self._sql_total, SQL("1"))
        if name in self._finance_shares:
            self._check_field_access(self._fields[name], "read")
            measure = self._finance_shares[name]
            return SQL(
                "(%s / CASE WHEN %s > 0 THEN %s END)::float8",
                self._sql_total(measure),
                self._sql_whole(measure),
                self._sql_whole(measure),
            )
        return super()._read_group_select(aggregate_spec, query)

    def _sql_measure(self, name):
        return SQL.identifier(self._table, name)

    def _sql_total(self, name):
        """Return the sum of a measure over a group.

        A ratio that may be read needs no further access to its parts.
        """
        return SQL("SUM(%s)", self._sql_measure(name))

    def _sql_whole(self, name):
        """Return the sum of a measure over all groups of the query."""
        # Every grouping set adds up to the whole once more.
        sets = self.env.context.get("finance_grouping_sets", 1)
        return SQL("(SUM(SUM(%s)) OVER () / %s)", self._sql_measure(name), sets)

    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        sets = len({tuple(names) for names in grouping_sets})
        return super(
            CustomerFinanceRatio, self.with_context(finance_grouping_sets=sets)
        )._read_grouping_sets(domain, grouping_sets, aggregates, order)
