"""Install, upgrade, uninstall: real Odoo processes on throw-away databases."""

import odoo_process as odoo
import pytest

MODULE = "crm_finance_bridge"
GROUP = f"{MODULE}.crm_finance_bridge_group_"
RUN_CRON = f"""
env.cr.commit()
env.ref("{MODULE}.ir_cron_refresh_profiles").method_direct_trigger()
env.cr.commit()
"""
#: An order of 2 × 100 at a cost of 50, invoiced; an invoice of 100 for a product that
#: costs 60; one of 100 for a service without a cost; a draft; a payment of 40.
DOCUMENTS = """
from odoo import Command
from odoo.fields import Date
company = env.company
env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
partner = env["res.partner"].create({"name": "Used", "is_company": True})
product, service = env["product.product"].create(
    [
        {"name": "Product", "type": "consu", "invoice_policy": "order",
         "standard_price": 60.0, "taxes_id": False},
        {"name": "Service", "type": "service", "taxes_id": False},
    ]
)
order = env["sale.order"].create(
    {"partner_id": partner.id, "order_line": [Command.create(
        {"product_id": product.id, "product_uom_qty": 2, "price_unit": 100.0,
         "purchase_price": 50.0})]}
)
order.action_confirm()
invoiced = order._create_invoices()
direct = env["account.move"].create(
    [
        {"move_type": "out_invoice", "partner_id": partner.id,
         "invoice_date": Date.subtract(Date.today(), months=3),
         "invoice_line_ids": [Command.create(
            {"product_id": sold.id, "quantity": 1, "price_unit": 100.0,
             "tax_ids": False})]}
        for sold in (product, service, product)
    ]
)
(invoiced | direct[:2]).action_post()
env["account.payment.register"].with_context(
    active_model="account.move", active_ids=direct[:1].ids
).create({"amount": 40.0, "payment_difference_handling": "open"})._create_payments()
"""
#: What is in the database apart from rows of business data.
STRUCTURE = {
    "table": "SELECT relname, relkind FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace",
    "column": "SELECT table_name, column_name, data_type"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "constraint": "SELECT conrelid::regclass, conname FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "function": "SELECT proname FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace",
    # Odoo leaves identifiers of its own mixins' fields on models that are gone.
    "identifier": "SELECT module, name, model FROM ir_model_data"
    f" WHERE module = '{MODULE}'",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model, name FROM ir_model_fields",
    "selection": "SELECT count(*) FROM ir_model_fields_selection",
    "group": "SELECT id FROM res_groups",
    "implied group": "SELECT gid, hid FROM res_groups_implied_rel",
    "group of a user": "SELECT gid, uid FROM res_groups_users_rel",
    "privilege": "SELECT id FROM res_groups_privilege",
    "access": "SELECT id FROM ir_model_access",
    "rule": "SELECT id FROM ir_rule",
    "view": "SELECT id FROM ir_ui_view",
    "menu": "SELECT id FROM ir_ui_menu",
    "action": "SELECT id FROM ir_actions",
    "cron": "SELECT id FROM ir_cron",
    "trigger": "SELECT t.id FROM ir_cron_trigger t"
    " LEFT JOIN ir_cron c ON c.id = t.cron_id WHERE c.id IS NULL",
    "default": "SELECT id FROM ir_default",
    "parameter": "SELECT key FROM ir_config_parameter",
    # Odoo drops the foreign key of a native table's column ("constraint") but registers
    # it anew while it removes the column.
    "registered constraint": "SELECT name FROM ir_model_constraint"
    " WHERE name !~ '^(res_company|account_analytic_line|utm_campaign)_finance_'",
    "registered relation": "SELECT name FROM ir_model_relation",
}
NATIVE = {
    "items": "SELECT count(*), sum(debit), sum(credit), sum(amount_residual),"
    " sum(quantity) FROM account_move_line",
    "entries": "SELECT count(*), sum(amount_total), sum(amount_residual),"
    " min(state), max(state) FROM account_move",
    "partials": "SELECT count(*), sum(amount), max(max_date)"
    " FROM account_partial_reconcile",
    "orders": "SELECT count(*), sum(amount_total), max(invoice_status) FROM sale_order",
    "order lines": "SELECT count(*), sum(price_total), sum(purchase_price), sum(margin)"
    " FROM sale_order_line",
    "contacts": "SELECT count(*), count(commercial_partner_id) FROM res_partner",
    "users": "SELECT count(*) FROM res_users WHERE active",
}
FIGURES = ("customer_finance_profile", "customer_finance_snapshot")
OPEN_SCREENS = """
result = []
for name, kinds in {
    "res.partner": ("list", "form", "kanban", "search"),
    "sale.order": ("list", "form", "search"),
    "account.move": ("list", "form", "search"),
    "crm.lead": ("list", "form", "kanban", "search"),
    "res.config.settings": ("form",),
}.items():
    views = env[name].get_views([(False, kind) for kind in kinds])
    result.append(any("finance_" in view["arch"] for view in views["views"].values()))
    record = env[name].search([], limit=1)
    fields = [field for field in views["models"][name]["fields"] if record]
    record.web_read({field: {} for field in fields})
"""


def rows(name, queries):
    return {title: set(odoo.sql(name, query)) for title, query in queries.items()}


@pytest.fixture(scope="module")
def used(template):
    """Yield a database with documents; the module is not installed yet."""
    name = odoo.create(template)
    odoo.shell(name, DOCUMENTS)
    yield name
    odoo.drop(name)


@pytest.fixture(scope="module")
def installed(used):
    """Yield a copy in which the module was installed over the documents."""
    name = odoo.create(used)
    odoo.install(name, "-i", MODULE)
    yield name
    odoo.drop(name)


@pytest.fixture
def copy(installed):
    """Yield a copy that a test may spoil."""
    name = odoo.create(installed)
    yield name
    odoo.drop(name)


def test_install_on_an_empty_database():
    name = odoo.create()
    try:
        odoo.install(name, "-i", MODULE)
        assert odoo.sql(name, "SELECT count(*) FROM customer_finance_profile") == [
            ("0",)
        ]
        # One row for everybody now, one per month end
        assert (
            odoo.shell(
                name,
                f"{RUN_CRON}result = env['customer.finance.queue'].search_count([])",
            )
            == 0
        )
    finally:
        odoo.drop(name)


def test_costs_of_before_are_known(installed):
    """The order line's cost, an estimate from the product, nothing for the rest."""
    costs = odoo.sql(
        installed,
        """SELECT l.price_subtotal::int, l.finance_cost_source, l.finance_unit_cost
             FROM account_move_line l
             JOIN account_move m ON m.id = l.move_id AND m.move_type = 'out_invoice'
            WHERE l.display_type = 'product' ORDER BY l.id""",
    )
    assert costs == [
        ("200", "order", "50"),
        ("100", "estimate", "60"),
        ("100", "", ""),
        ("100", "", ""),  # the draft
    ]


def test_native_data_is_untouched_by_installation(used, installed):
    assert rows(installed, NATIVE) == rows(used, NATIVE)


def test_history_is_queued_and_worked_off(copy):
    queued = odoo.sql(
        copy,
        """SELECT count(DISTINCT company_id) FILTER (WHERE as_of_date IS NULL),
                  count(DISTINCT as_of_date) FROM customer_finance_queue""",
    )
    assert queued == [("1", "24")]
    figures = odoo.shell(
        copy,
        f"""{RUN_CRON}
profile = env["customer.finance.profile"].search([])
result = {{
    "queue": env["customer.finance.queue"].search_count([]),
    "months": env["customer.finance.snapshot"].search_count([]),
    **profile.read(["receivable", "net_sales", "margin", "cost_coverage",
                    "cost_estimated_rate"])[0],
    "check": env["customer.finance.check"]._run(env.company).state,
}}""",
    )
    assert figures["queue"] == 0
    # Of 24 month ends, those since the invoices of three months ago
    assert figures["months"] == 3
    assert figures["receivable"] == 200 + 100 + 100 - 40
    assert figures["net_sales"] == 400
    # 2 × (100 − 50) + (100 − 60) + 100 at no known cost
    assert figures["margin"] == 240
    assert figures["cost_coverage"] == pytest.approx(0.75)
    assert figures["cost_estimated_rate"] == pytest.approx(0.25)
    assert figures["check"] == "ok"


def test_upgrade_keeps_data_and_settings(copy):
    odoo.shell(
        copy,
        f"""{RUN_CRON}
env["res.config.settings"].create({{
    "group_finance_salesperson_amount": False,
    "group_finance_salesperson_margin": False,
    "finance_window_days": 200, "finance_ageing_1": 15,
}}).execute()
env.ref("{MODULE}.ir_cron_nightly").interval_number = 2
env["customer.finance.indicator"].search([("code", "=", "dso")]).owner_id = 2
""",
    )
    kept = {
        "profile": "SELECT partner_id, company_id, receivable, margin, refreshed_at"
        " FROM customer_finance_profile",
        "month ends": "SELECT * FROM customer_finance_snapshot",
        "queue": "SELECT * FROM customer_finance_queue",
        "costs": "SELECT id, finance_unit_cost, finance_cost_source"
        " FROM account_move_line",
        "company": "SELECT finance_window_days, finance_ageing_1, finance_yearly_rate"
        " FROM res_company",
        "implied groups": "SELECT gid, hid FROM res_groups_implied_rel",
        "cron": "SELECT id, interval_number, active FROM ir_cron",
        "glossary": "SELECT code, owner_id FROM customer_finance_indicator",
    }
    before = rows(copy, kept)
    assert before["profile"]
    odoo.install(copy, "-u", MODULE)
    assert rows(copy, kept) == before
    salespeople = f"""
group = env.ref("sales_team.group_sale_salesman")
result = [env.ref("{GROUP}" + level) in group.all_implied_ids
          for level in ("indicator", "amount", "margin")]
"""
    assert odoo.shell(copy, salespeople) == [True, False, False]
    # Neither does an update of the modules it stands on bring them back.
    odoo.install(copy, "-u", "sales_team,account")
    assert odoo.shell(copy, salespeople) == [True, False, False]


def test_upgrade_computes_new_figures(copy):
    """From 19.0.1.0.0, whose profiles and month ends lack what was added since; what a
    figure is does not matter."""
    odoo.shell(copy, RUN_CRON)
    figures = "SELECT partner_id, receivable, margin FROM "
    wanted = rows(copy, {name: figures + name for name in FIGURES})
    assert all(wanted.values())
    for name in FIGURES:
        odoo.sql(copy, f"UPDATE {name} SET receivable = NULL, margin = NULL")
    odoo.sql(
        copy,
        "UPDATE ir_module_module SET latest_version = '19.0.1.0.0'"
        f" WHERE name = '{MODULE}'",
    )
    odoo.install(copy, "-u", MODULE)
    queued = odoo.sql(
        copy,
        """SELECT count(DISTINCT company_id) FILTER (WHERE as_of_date IS NULL),
                  count(DISTINCT as_of_date) FROM customer_finance_queue""",
    )
    assert queued == [("1", "24")]
    odoo.shell(copy, RUN_CRON)
    assert rows(copy, {name: figures + name for name in FIGURES}) == wanted


def test_uninstall_leaves_nothing(used, copy):
    odoo.shell(
        copy,
        f"""{RUN_CRON}
env["customer.finance.check"]._run(env.company)
env["customer.finance.snapshot"].search([], limit=1).action_compare()
env.company.finance_window_days = 200
env["ir.filters"].create(
    {{"name": "Mine", "model_id": "customer.finance.profile", "user_ids": False}})
""",
    )
    odoo.shell(
        copy,
        f"""env["ir.module.module"].search([("name", "=", "{MODULE}")])"""
        ".button_immediate_uninstall()",
    )
    before, after = rows(used, STRUCTURE), rows(copy, STRUCTURE)
    for title in STRUCTURE:
        assert after[title] - before[title] == set(), title
        assert before[title] - after[title] == set(), title
    assert rows(copy, NATIVE) == rows(used, NATIVE)
    assert odoo.sql(
        copy, "SELECT count(*) FROM ir_attachment WHERE res_model LIKE 'customer.fin%'"
    ) == [("0",)]
    assert odoo.shell(copy, OPEN_SCREENS) == [False] * 5
    odoo.install(copy, "-i", MODULE)
    assert rows(copy, NATIVE) == rows(used, NATIVE)
    assert odoo.shell(
        copy,
        f"{RUN_CRON}result = env['customer.finance.profile'].search([])"
        ".mapped('receivable')",
    ) == [360]
    assert True in odoo.shell(copy, OPEN_SCREENS)
