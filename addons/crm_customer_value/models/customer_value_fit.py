# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import time
from datetime import timedelta

from odoo import Command, api, fields, models

from odoo.addons.crm_finance_bridge.models.customer_finance_queue import CONFLICTS
from odoo.addons.crm_finance_bridge.models.optional_fields import OptionalFloat

from ..tools.backtest import BASELINES as BASELINE_NAMES
from ..tools.backtest import backtest, choose
from ..tools.customers import summarise
from ..tools.fit import fit, restore
from ..tools.portfolio import Predictor
from ..tools.uncertainty import redraw
from .customer_value_outcome import BASELINES, MODELS

_logger = logging.getLogger(__name__)

#: Length of the held-out time: that of the probability on the screens.
HOLDOUT_DAYS = 90
DEFAULT_MODEL = "mbg_nbd"


class CustomerValueFit(models.Model):
    """What was learnt from the orders of one company, and how well it predicts.

    A fit finds the parameters that score every customer until the next one. Before,
    the models predict the last :data:`HOLDOUT_DAYS` days from what was known then,
    beside rules of thumb; what did best is used.
    """

    _name = "customer.value.fit"
    _description = "Fit of Customer Value"
    _order = "id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )
    as_of_date = fields.Date(required=True, readonly=True)
    first_date = fields.Date(string="Orders Since", readonly=True)
    state = fields.Selection(
        [
            ("fitted", "Fitted Model"),
            ("estimate", "Simple Estimate"),
            ("none", "Not Enough Data"),
        ],
        required=True,
        readonly=True,
    )
    model = fields.Selection(MODELS, string="Model in Use", readonly=True)
    parameters = fields.Json(readonly=True)
    # Only who asks how sure a value is needs them.
    draws = fields.Json(readonly=True, prefetch=False)
    log_likelihood = OptionalFloat(readonly=True, aggregator=None)
    spend_model = fields.Selection(
        [("gamma_gamma", "Gamma-Gamma"), ("mean", "Mean Order")], readonly=True
    )
    spend_parameters = fields.Json(readonly=True)
    spend_log_likelihood = OptionalFloat(readonly=True, aggregator=None)
    correlation = OptionalFloat(
        readonly=True,
        aggregator=None,
        help="Of the number and the size of orders. The spend model takes it to be 0; "
        "beyond ±0.3 its values are doubtful.",
    )
    customers = fields.Integer(readonly=True, help="Customers who ever ordered.")
    repeaters = fields.Integer(readonly=True, help="Of these, who ordered again.")
    seconds = fields.Float(readonly=True, digits=(16, 2), aggregator=None)
    refusal = fields.Json(readonly=True)
    spend_refusal = fields.Json(readonly=True)

    predictor = fields.Selection(
        MODELS + BASELINES,
        string="Probability of an Order from",
        readonly=True,
        help="What told buyers from others best in the back-test: the model in use, "
        "or a rule of thumb with the shares it had there.",
    )
    predictor_steps = fields.Json(readonly=True)
    test_date = fields.Date(string="Back-Test from", readonly=True)
    test_days = fields.Integer(readonly=True)
    test_customers = fields.Integer(readonly=True)
    test_buyers = fields.Integer(readonly=True)
    test_orders = fields.Integer(readonly=True)
    outcome_ids = fields.One2many("customer.value.outcome", "fit_id", readonly=True)

    @api.model
    def _get_current(self, company):
        """Return the fit in use, empty before the first one."""
        return self.search([("company_id", "=", company.id)], limit=1)

    def _get_models(self):
        """Return (model of orders, model of spend); None where there is none."""
        if not self.model:
            return None, None
        return restore(
            self.model, self.parameters, self.spend_model, self.spend_parameters
        )

    def _get_draws(self):
        """Return models of orders that say about as well what customers did: how sure
        the parameters are."""
        orders, _spend = self._get_models()
        if orders is None:
            return []
        draws = [restore(self.model, one)[0] for one in self.draws or []]
        return draws or [orders]

    def _get_predictor(self):
        """Return the rule of thumb probabilities come from, None for the model."""
        if self.predictor in BASELINE_NAMES:
            return Predictor(self.predictor, self.predictor_steps)
        return None

    @api.model
    def _fit(self, company):
        """Fit to all days with orders of a company up to today, as they are stored.

        :return: the new record
        """
        start = time.monotonic()
        today = company._get_finance_today()
        days = self.env["customer.value.day"]._get_ordered(company)
        vals = self._prepare_fit_vals(company, days, today)
        vals["seconds"] = time.monotonic() - start
        found = self.create(vals)
        _logger.info(
            "Customer value of %s: %s, %s customers, %.1f s",
            company.name,
            found.model,
            found.customers,
            found.seconds,
        )
        return found

    @api.model
    def _prepare_fit_vals(self, company, days, today):
        """Return the values of a fit.

        :param days: (customer, date, net value) of every day with orders
        """
        split = today - timedelta(days=HOLDOUT_DAYS)
        test = None
        if any(day <= split for _customer, day, _net in days):
            test = backtest(days, split, today, first_counts=True)
        outcomes = test.outcomes if test else {}
        tested = {
            name: one
            for name, one in outcomes.items()
            if not one.baseline and one.value_error is not None
        }
        model = DEFAULT_MODEL
        if tested.keys() - {"interval"}:
            # The simple estimate wins only where there is something to beat.
            model = choose(tested, "value_error")
        customers = summarise(days, today, first_counts=True)
        found = fit(customers, model)
        used = found.orders.model if found.orders else None
        # Whatever beats the model in use at finding buyers takes its place there.
        rivals = {n: one for n, one in outcomes.items() if one.baseline or n == used}
        predictor = used
        if used in outcomes:
            predictor = choose(rivals, "auc", default=used)
        return {
            "company_id": company.id,
            "as_of_date": today,
            "first_date": min((day for _customer, day, _net in days), default=False),
            "state": _get_state(used),
            "model": used or False,
            "parameters": found.orders.parameters if used else False,
            "draws": _store_draws(customers, found.orders) if used else False,
            "log_likelihood": found.log_likelihood,
            "spend_model": found.spend.model if found.spend else False,
            "spend_parameters": found.spend.parameters if found.spend else False,
            "spend_log_likelihood": found.spend_log_likelihood,
            "correlation": found.correlation,
            "customers": found.customers,
            "repeaters": found.repeaters,
            "refusal": _store_refusal(found.refusal),
            "spend_refusal": _store_refusal(found.spend_refusal),
            "predictor": predictor or False,
            "predictor_steps": outcomes[predictor].steps
            if predictor in BASELINE_NAMES
            else False,
            **_prepare_test_vals(test, split, {used, predictor}),
        }

    @api.model
    def _is_outgrown(self, company, customers, repeaters):
        """Tell whether a thin portfolio has grown since its fit: then a new one is
        cheap, and may say more."""
        current = self._get_current(company)
        known = (current.customers, current.repeaters)
        return not current or (
            current.state != "fitted" and known != (customers, repeaters)
        )

    @api.model
    def _fit_anew(self, company):
        """Read all documents of a company again, fit, and value its customers."""
        self.env["customer.value.day"]._refresh(company)
        self._fit(company)
        self.env["customer.value.score"]._score(company)

    @api.model
    def _cron_fit(self):
        """Scheduled action: fit every company anew and value its customers by it."""
        companies = self.env["res.company"]._get_finance_companies()
        cron = self.env["ir.cron"]
        for done, company in enumerate(companies, start=1):
            try:
                self._fit_anew(company)
            except CONFLICTS:
                self.env.cr.rollback()
                # The night values everybody, by the last fit if need be.
                _logger.info("Fit of %s met a refresh, left to the night", company.name)
            cron._commit_progress(1, remaining=len(companies) - done)

    def action_fit(self):
        """Fit the companies anew now; for administrators."""
        self.check_access("write")
        for company in self.company_id:
            self.sudo()._fit_anew(company)

    @api.autovacuum
    def _gc_old_fits(self):
        """Keep three years, and the one in use whatever its age."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), years=3)
        used = self._read_group([], ["company_id"], ["id:max"])
        self.search(
            [("date", "<", limit), ("id", "not in", [newest for _c, newest in used])]
        ).unlink()


def _store_draws(customers, orders):
    """Return the parameters of models that fit about as well."""
    draws = redraw([each[1:4] for each in customers], orders)
    return [each.parameters for each in draws]


def _get_state(model):
    if not model:
        return "none"
    return "estimate" if model == "interval" else "fitted"


def _store_refusal(refusal):
    if not refusal:
        return False
    return {
        "code": refusal.code,
        "found": refusal.found,
        "needed": refusal.needed,
    }


def _prepare_test_vals(test, split, chosen):
    """Return the values of a back-test, with one line per predictor."""
    if not test:
        return {}
    return {
        "test_date": split,
        "test_days": test.days,
        "test_customers": test.customers,
        "test_buyers": test.buyers,
        "test_orders": test.orders,
        "outcome_ids": [
            Command.create(
                {
                    "name": name,
                    "baseline": one.baseline,
                    "chosen": name in chosen,
                    "auc": one.auc,
                    "top_capture": one.top_capture,
                    "orders_error": one.orders_error,
                    "value_error": one.value_error,
                    "calibration_error": one.calibration_error,
                    "brier": one.brier,
                    "calibration": one.calibration,
                }
            )
            for name, one in test.outcomes.items()
        ],
    }
