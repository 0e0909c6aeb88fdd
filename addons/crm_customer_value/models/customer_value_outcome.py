# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from odoo.addons.crm_finance_bridge.models.optional_fields import OptionalFloat

MODELS = [
    ("mbg_nbd", "Buying Rhythm (MBG/NBD)"),
    ("bg_nbd", "Buying Rhythm (BG/NBD)"),
    ("interval", "Simple Estimate"),
]
BASELINES = [
    ("recency", "Days since Last Order"),
    ("ticket", "Average Order × Rate"),
    ("rfm", "Sum of RFM Scores"),
]


class CustomerValueOutcome(models.Model):
    """How good one way to predict was in a back-test."""

    _name = "customer.value.outcome"
    _description = "Back-Test Outcome"
    _order = "fit_id desc, baseline, auc desc, id"
    _log_access = False

    fit_id = fields.Many2one(
        "customer.value.fit", required=True, ondelete="cascade", index=True
    )
    name = fields.Selection(MODELS + BASELINES, string="Predictor", required=True)
    baseline = fields.Boolean(help="A rule of thumb to compare the models with.")
    chosen = fields.Boolean(string="In Use")
    auc = OptionalFloat(
        string="Finds Buyers",
        digits=(16, 3),
        aggregator=None,
        help="AUC: of two customers, one of whom bought and one did not, how often the "
        "one who bought was ranked higher. 50 % is chance.",
    )
    top_capture = OptionalFloat(
        string="Top Tenth",
        digits=(16, 3),
        aggregator=None,
        help="Share of the sales of the period that the tenth of customers ranked "
        "first brought.",
    )
    orders_error = OptionalFloat(
        digits=(16, 3),
        aggregator=None,
        help="(Predicted − actual) / actual number of orders of all customers.",
    )
    value_error = OptionalFloat(
        string="Sales Error",
        digits=(16, 3),
        aggregator=None,
        help="(Predicted − actual) / actual sales of all customers.",
    )
    calibration_error = OptionalFloat(
        digits=(16, 3),
        aggregator=None,
        help="Mean distance, over tenths of the customers, of the probability told "
        "and the share that bought.",
    )
    brier = OptionalFloat(
        string="Brier Score",
        digits=(16, 3),
        aggregator=None,
        help="Mean squared distance of probability and outcome; 0 is perfect.",
    )
    calibration = fields.Json(
        help="Rows of customers, mean probability, share that bought."
    )
