# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a fit found, in words a manager understands."""

from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang


class CustomerValueFit(models.Model):
    _inherit = "customer.value.fit"

    verdict = fields.Text(compute="_compute_verdict")
    reason = fields.Text(
        compute="_compute_verdict",
        help="Why there is no fitted model, or why another did not take part.",
    )

    parameters_text = fields.Char(
        string="Parameters Found", compute="_compute_parameters_text"
    )
    spend_parameters_text = fields.Char(
        string="Spend Parameters Found", compute="_compute_parameters_text"
    )

    @api.depends("parameters", "spend_parameters")
    def _compute_parameters_text(self):
        for one in self:
            one.parameters_text = _write_parameters(one.parameters)
            one.spend_parameters_text = _write_parameters(one.spend_parameters)

    @api.depends_context("lang")
    @api.depends("state", "model", "predictor", "outcome_ids", "refusal")
    def _compute_verdict(self):
        for one in self:
            one.verdict = "\n".join(one._get_verdict())
            one.reason = one._explain_refusal(one.refusal)

    def _get_verdict(self):
        """Return the sentences of the verdict."""
        self.ensure_one()
        if not self.customers:
            return [
                self.env._(
                    "No customer has ordered yet: there is nothing to learn from."
                )
            ]
        words = [
            self.env._(
                "%(customers)s customers have ordered since %(date)s; %(repeaters)s of "
                "them came back.",
                customers=self.customers,
                repeaters=self.repeaters,
                date=format_date(self.env, self.first_date),
            ),
            self._say_model(),
        ]
        if self.test_date:
            words += self._say_test()
        elif self.model:
            words.append(
                self.env._(
                    "The orders do not reach back far enough to test a forecast of 90 "
                    "days: how good it is will be known later."
                )
            )
        return words

    def _say_model(self):
        if self.state == "none":
            return self.env._(
                "Nobody has come back on another day so far: orders to come cannot be "
                "told, so nothing is predicted."
            )
        if self.state == "estimate" and not self.refusal:
            return self.env._(
                "A simple estimate from everybody's and each customer's own interval "
                "between orders is used: in the test below it came nearer than the "
                "fitted models. It is marked wherever it is shown."
            )
        if self.state == "estimate":
            return self.env._(
                "A simple estimate from everybody's and each customer's own interval "
                "between orders is used, and marked so wherever it is shown."
            )
        return self.env._(
            "A model of buying rhythms is fitted to these orders: it learns how often "
            "customers order and how they get lost."
        )

    def _say_test(self):
        outcomes = {one.name: one for one in self.outcome_ids}
        words = [
            self.env._(
                "Tested on the past: as of %(date)s it had to tell who of "
                "%(customers)s customers would order in the next %(days)s days. "
                "%(buyers)s did.",
                date=format_date(self.env, self.test_date),
                customers=self.test_customers,
                days=self.test_days,
                buyers=self.test_buyers,
            )
        ]
        used = outcomes.get(self.predictor)
        labels = dict(self._fields["predictor"]._description_selection(self.env))
        if used and used.auc is not False:
            words.append(
                self.env._(
                    "Given one customer who ordered and one who did not, it named the "
                    "right one in %(used)s (%(name)s); days since the last order "
                    "alone in %(recency)s, average order × rate in %(ticket)s. "
                    "Guessing would be 50%%.",
                    used=self._percent(used.auc),
                    name=labels[self.predictor],
                    recency=self._percent(outcomes["recency"].auc),
                    ticket=self._percent(outcomes["ticket"].auc),
                )
            )
        words += self._say_value(outcomes)
        if used and used.baseline:
            words.append(
                self.env._(
                    "A rule of thumb told buyers best, so the probability of an order "
                    "comes from it, with the shares that ordered in the test."
                )
            )
        return words

    def _say_value(self, outcomes):
        used = outcomes.get(self.model)
        if not used:
            return []
        words = []
        if used.value_error is not False:
            words.append(
                self.env._(
                    "Sales of all customers were forecast %(error)s too high "
                    "(average order × rate: error of %(ticket)s).",
                    error=self._percent(used.value_error),
                    ticket=self._percent(outcomes["ticket"].value_error),
                )
                if used.value_error > 0
                else self.env._(
                    "Sales of all customers were forecast %(error)s too low (average "
                    "order × rate: error of %(ticket)s).",
                    error=self._percent(-used.value_error),
                    ticket=self._percent(outcomes["ticket"].value_error),
                )
            )
        if used.top_capture is not False:
            best = max(
                (one for one in outcomes.values() if one.top_capture is not False),
                key=lambda one: (one.top_capture, one == used),
            )
            words.append(
                self.env._(
                    "The tenth of customers it valued highest brought %(share)s of the "
                    "sales.",
                    share=self._percent(used.top_capture),
                )
            )
            if best != used:
                labels = dict(best._fields["name"]._description_selection(self.env))
                words.append(
                    self.env._(
                        "Ranked by %(name)s it would have been %(share)s.",
                        name=labels[best.name],
                        share=self._percent(best.top_capture),
                    )
                )
        return words

    def _percent(self, share):
        if share is False:
            return self.env._("not known")
        return self.env._(
            "%(number)s%%", number=formatLang(self.env, 100 * share, digits=0)
        )

    @api.model
    def _explain_refusal(self, refusal):
        """Return why a model was not fitted, in words; empty when it was."""
        if not refusal:
            return False
        code = refusal["code"]
        if code == "few_customers":
            return self.env._(
                "Not fitted: %(found)s customers have ordered, %(needed)s are needed "
                "for a model to mean anything.",
                found=refusal["found"],
                needed=refusal["needed"],
            )
        if code == "few_repeaters":
            return self.env._(
                "Not fitted: %(found)s customers came back, %(needed)s are needed for "
                "a model to mean anything.",
                found=refusal["found"],
                needed=refusal["needed"],
            )
        if code == "bound":
            return self.env._(
                "Not fitted: the best parameters lie beyond what makes sense "
                "(%(found)s), so customers are too alike, or get lost too rarely, for "
                "this model.",
                found=refusal["found"],
            )
        if code == "no_mean":
            return self.env._(
                "Not fitted: order values are so uneven that they have no mean."
            )
        return self.env._("Not fitted: the search for the parameters did not end.")


def _write_parameters(parameters):
    """Return parameters with four significant digits, and whole numbers whole."""
    written = [
        f"{name} = {value:.4g}" if abs(value) < 10_000 else f"{name} = {value:.0f}"
        for name, value in (parameters or {}).items()
    ]
    return ", ".join(written) or False
