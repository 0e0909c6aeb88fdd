# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the customers of the bridge's demonstration firm do not show of value: those who
subscribe to its remote monitoring, and makers of devices who build in what it sells.

Eight customers stand where a manager would put them, some of them told by the bridge:
see :data:`CASES`. Plain data.
"""

from odoo.addons.crm_finance_bridge.demo.story import Pays, Story

PROMPT = Pays(late=-9, spread=3, run=15)
ON_DUE = Pays(late=0, spread=0)
LATE = Pays(late=52, spread=10, run=15)

STORIES = (
    # Subscribed for a pilot, added plants ever since: little profit, growing fast.
    Story("fjord", ("monitoring",), 30, 300, PROMPT, first=640, growth=6.0),
    # One subscription, never more.
    Story("weser", ("monitoring",), 30, 450, ON_DUE),
    # Subscribed every month, until it did not renew.
    Story("lumen", ("monitoring", "certificate"), 29, 1_300, ON_DUE, last=95),
    # Builds our analysers into its turbines: a large part of the profit, but nothing
    # ordered for months, and the last deliveries are not paid.
    Story(
        "atlas",
        ("gas_analyser", "calibrator", "pressure_sensor"),
        26,
        33_000,
        LATE,
        last=122,
        stopped=235,
    ),
    # Builds our dosing pumps into its stations at a fixed price; their cost has risen.
    Story("vistula", ("dosing_pump",), 24, 19_000, PROMPT),
)

#: What the customer stands for → its short name, the quadrant it is in.
CASES = {
    "core growth": ("suzhou", "core_growth"),
    "steady profit": ("great_lakes", "steady"),
    "high profit at high risk": ("atlas", "high_profit_high_risk"),
    "potential": ("fjord", "potential"),
    "low value": ("weser", "low_value"),
    "high risk": ("appalachian", "high_risk"),
    "fell silent": ("lumen", None),
    "cost eats the margin": ("vistula", None),
}
