# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_finance_bridge.hooks import queue_everything

#: What Odoo's predictive lead scoring learns from.
PLS_FIELDS = "crm.pls_fields"


def post_init_hook(env):
    """Have the value of every customer computed, and what it adds to month ends; the
    scheduled action does the work. Predictive lead scoring learns from the tier as
    well, as from all its other fields unless they are switched off."""
    queue_everything(env)
    _set_pls_fields(env, lambda names: [*names, "value_tier_id"])


def uninstall_hook(env):
    """Take the tier out of predictive lead scoring."""
    _set_pls_fields(env, list)


def _set_pls_fields(env, change):
    parameters = env["ir.config_parameter"].sudo()
    names = (parameters.get_param(PLS_FIELDS) or "").split(",")
    names = [name for name in names if name not in ("", "value_tier_id")]
    parameters.set_param(PLS_FIELDS, ",".join(change(names)))
