# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the collection plan of an order should be."""

from collections import namedtuple

from odoo import models
from odoo.exceptions import ValidationError

#: One part of a plan; a new one has no id yet.
Instalment = namedtuple("Instalment", "id name date_due amount origin")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_wanted_plan(self, day, lines, by_hand, anew):
        """Return the instalments the order should have.

        :param day: day of the order
        :param lines: the instalments it has
        :param by_hand: somebody has just changed them
        :param anew: the order has just been confirmed
        :raise ValidationError: when what was changed by hand does not sum up
        """
        self.ensure_one()
        currency, total = self.currency_id, self.amount_total
        planned = sum(line.amount for line in lines)
        off = currency.compare_amounts(planned, total)
        if lines and by_hand and off:
            self._refuse_plan(planned)
        if (anew and not by_hand) or not any(line.origin == "manual" for line in lines):
            wanted = self._prepare_instalments(day)
            same = len(wanted) == len(lines) and not any(
                line.date_due != other.date_due
                or line.origin != other.origin
                or currency.compare_amounts(line.amount, other.amount)
                for line, other in zip(lines, wanted, strict=True)
            )
            return lines if same else wanted
        if not off:
            return lines
        return self._fit_plan(lines)

    def _fit_plan(self, lines):
        """Have the last instalments take a change of the order's total."""
        self.ensure_one()
        currency = self.currency_id
        difference = self.amount_total - sum(line.amount for line in lines)
        fitted = []
        for line in reversed(lines):
            change = difference if difference > 0 else max(difference, -line.amount)
            difference -= change
            fitted.append(line._replace(amount=currency.round(line.amount + change)))
        return fitted[::-1]

    def _refuse_plan(self, planned):
        self.ensure_one()
        raise ValidationError(
            self.env._(
                "The instalments of %(order)s sum to %(planned)s, the order to "
                "%(total)s. Change the plan by %(difference)s, or delete all of its "
                "lines to have it made from the payment terms again.",
                order=self.name,
                planned=self.currency_id.format(planned),
                total=self.currency_id.format(self.amount_total),
                difference=self.currency_id.format(self.amount_total - planned),
            )
        )

    def _prepare_instalments(self, day):
        """Return the plan by the payment terms, from the order's day.

        Without terms, everything is due on that day, and marked so. Nothing is to come
        of an order of zero.
        """
        self.ensure_one()
        currency = self.currency_id
        if currency.is_zero(self.amount_total):
            return []
        term = self.payment_term_id
        if not term:
            name = self.env._("No payment terms")
            return [Instalment(None, name, day, self.amount_total, "none")]
        tax, untaxed = self.amount_tax, self.amount_untaxed
        rate = self.currency_rate or 1.0
        parts = term._compute_terms(
            date_ref=day,
            currency=currency,
            company=self.company_id,
            tax_amount=tax / rate,
            tax_amount_currency=tax,
            untaxed_amount=untaxed / rate,
            untaxed_amount_currency=untaxed,
            sign=1,
        )["line_ids"]
        count = len(parts)
        return sorted(
            (
                Instalment(
                    None,
                    term.name if count == 1 else f"{number}/{count} {term.name}",
                    max(part["date"], day),
                    # The last one is what is left, with the noise of floats.
                    currency.round(part["foreign_amount"]),
                    "terms",
                )
                for number, part in enumerate(parts, start=1)
            ),
            key=lambda line: line.date_due,
        )
