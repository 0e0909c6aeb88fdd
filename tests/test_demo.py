"""The demonstration data install and tell the stories they are meant to tell."""

import odoo_process as odoo
import pytest

PROFILE = "SELECT count(*) FROM customer_finance_profile WHERE "
LOGINS = {
    "sales",
    "sales_manager",
    "accountant",
    "director",
    "credit_controller",
    "credit_manager",
}


@pytest.fixture(scope="module")
def demo():
    """Yield a database with the suite and its demonstration data."""
    name = odoo.create()
    odoo.install(name, "-i", "crm_credit_control,crm_customer_value", "--with-demo")
    yield name
    odoo.drop(name)


def number(database, query):
    [(value,)] = odoo.sql(database, query)
    return float(value)


def test_a_firm_with_customers_in_many_countries(demo):
    assert number(demo, PROFILE + "true") >= 38
    countries = """SELECT count(DISTINCT country_id) FROM res_partner
                    WHERE id IN (SELECT partner_id FROM customer_finance_profile)"""
    assert number(demo, countries) >= 12


def test_two_years_of_month_ends(demo):
    months = "SELECT count(DISTINCT as_of_date) FROM customer_finance_snapshot"
    assert number(demo, months) >= 23


@pytest.mark.parametrize(
    ("story", "condition"),
    [
        ("prompt payer", "days_late < 0 AND on_time_rate > 0.6"),
        ("slow payer", "days_late > 15"),
        ("more than 90 days overdue", "oldest_overdue_days > 90 AND ageing_4 > 0"),
        ("credit notes larger than sales", "sales < 0 AND dso IS NULL"),
        ("unallocated payment", "unallocated_credit > 0 AND receivable < 0"),
        ("cost partly unknown", "cost_coverage < 1"),
        ("nothing fell due", "due_amount = 0 AND on_time_rate IS NULL"),
        ("costs eat the margin", "margin > 0 AND cost > margin AND net_profit < 0"),
        ("a prospect that only cost money", "net_sales = 0 AND cost_acquisition > 0"),
        ("a share of the fair", "cost_marketing > 0 AND roi > 0"),
    ],
)
def test_story(demo, story, condition):
    assert number(demo, PROFILE + condition) >= 1, story


def of_customer(database, key, expression):
    """Return a figure of a customer of the bridge's demonstration, or the value's."""
    [(value,)] = odoo.sql(
        database,
        f"""SELECT {expression} FROM customer_finance_profile profile
              JOIN ir_model_data data ON data.model = 'res.partner'
               AND data.res_id = profile.partner_id
               AND data.name = 'res_partner_{key}_demo'""",
    )
    return value


@pytest.mark.parametrize(
    ("case", "key", "quadrant", "condition"),
    [
        ("core growth", "suzhou", "core_growth", "value_rank <= 5"),
        ("steady profit", "great_lakes", "steady", "value_rank <= 5"),
        (
            "high profit at high risk",
            "atlas",
            "high_profit_high_risk",
            "value_lateness > 0.9 AND value_exposure > 0.8 AND net_profit > 50000",
        ),
        ("potential", "fjord", "potential", "value_p_order > 0.5"),
        ("low value", "weser", "low_value", "value_risk < 0.3"),
        ("high risk", "appalachian", "high_risk", "value_churn > 0.3"),
        ("fell silent", "lumen", None, "value_due_date < as_of_date"),
        (
            "cost eats the margin",
            "vistula",
            None,
            "value_margin_recent < 0.6 * value_margin_compared"
            " AND value_sales_recent > 0.7 * value_sales_compared",
        ),
    ],
)
def test_value(demo, case, key, quadrant, condition):
    """Where a manager would put them, and why."""
    if quadrant:
        assert of_customer(demo, key, "value_quadrant") == quadrant, case
    assert of_customer(demo, key, condition) == "t", case


@pytest.mark.parametrize(
    ("key", "kind"), [("lumen", "silent"), ("atlas", "silent"), ("vistula", "margin")]
)
def test_alerts_of_value(demo, key, kind):
    alerts = f"""(SELECT count(*) FROM customer_finance_alert alert
                   WHERE alert.partner_id = profile.partner_id
                     AND alert.kind = '{kind}' AND alert.state = 'open')"""
    assert of_customer(demo, key, alerts) == "1"


def test_everybody_is_valued(demo):
    """By the simple estimate, and that is said; with segments and tiers."""
    assert number(demo, PROFILE + "value_state = 'estimate'") >= 40
    assert number(demo, PROFILE + "value_segment IS NULL AND value_p_order > 0") == 0
    tiers = "SELECT count(DISTINCT value_tier_id) FROM customer_finance_profile"
    assert number(demo, tiers) >= 4
    fits = "SELECT count(*) FROM customer_value_fit WHERE model = 'interval'"
    assert number(demo, fits) >= 1


def test_cash_forecast(demo):
    """Invoices, orders and opportunities are expected, by every lateness; some money
    is doubtful, and what was forecast can be compared with what came."""
    found = odoo.shell(
        demo,
        """
env["customer.finance.profile"]._rebuild()
rows = env["cash.forecast"].search([("company_id", "=", env.company.id)])
overview = env["cash.forecast.overview"].browse(env.company.id)
result = {
    "kinds": sorted(set(rows.mapped("kind"))),
    "bases": sorted(set(rows.mapped("basis"))),
    "currencies": sorted(set(rows.document_currency_id.mapped("name"))),
    "doubtful": overview.doubtful > 0,
    "tests": overview.headline.count("came."),
}
""",
    )
    assert found == {
        "kinds": ["item", "lead", "plan"],
        "bases": ["company", "customer", "segment"],
        "currencies": ["CNY", "EUR", "USD"],
        "doubtful": True,
        "tests": 3,
    }


def test_a_fair_shared_over_its_customers(demo):
    shares = """SELECT count(DISTINCT share.partner_id)
                  FROM customer_cost_share share
                  JOIN customer_cost_spread spread ON spread.id = share.spread_id
                 WHERE spread.state = 'posted'
                 GROUP BY spread.id, spread.amount
                HAVING sum(share.amount) = spread.amount"""
    assert number(demo, shares) >= 5


def test_foreign_currencies(demo):
    invoiced = """SELECT DISTINCT currency.name FROM account_move move
                    JOIN res_currency currency ON currency.id = move.currency_id
                   WHERE move.move_type = 'out_invoice' AND move.state = 'posted'"""
    assert {("USD",), ("EUR",), ("CNY",)} <= set(odoo.sql(demo, invoiced))


@pytest.mark.parametrize(
    ("campaign", "over_budget", "first", "last"),
    [
        ("Laboratory Roadshow", True, 1, 1),
        ("Water Technology Fair", True, 1, 0),
        ("Calibration Mailing", False, 0, 1),
        ("Distributor Days", False, 2, 2),
        ("Search Ads", False, 0, 0),
    ],
)
def test_campaigns(demo, campaign, over_budget, first, last):
    """Who won how many customers by the first and the last touch, and at what cost."""
    code = f"""
rows = env["utm.campaign.return"].search([("campaign_id.name", "=", "{campaign}")])
won = {{row.attribution: row.customers for row in rows}}
over_budget = rows[0].campaign_cost > rows[0].budget
result = [over_budget, rows[0].campaign_cost > 0, won["first"], won["last"]]
"""
    assert odoo.shell(demo, code) == [over_budget, True, first, last]


def test_one_user_per_role(demo):
    found = odoo.sql(demo, "SELECT login FROM res_users WHERE active")
    assert {(login,) for login in LOGINS} <= set(found)


def test_profiles_agree_with_the_ledger(demo):
    state = odoo.shell(
        demo, 'result = env["customer.finance.check"]._run(env.company).state'
    )
    assert state == "ok"


@pytest.mark.parametrize(
    ("story", "condition"),
    [
        ("over the limit", "state = 'open' AND main_code = 'over_limit'"),
        ("release asked for", "state = 'requested'"),
        ("release refused", "state = 'refused' AND decision_reason_id IS NOT NULL"),
        (
            "overdue",
            "to_pay > 0 AND id IN (SELECT hold_id FROM credit_hold_reason"
            " WHERE code = 'overdue_days' AND action = 'hold')",
        ),
    ],
)
def test_held_orders(demo, story, condition):
    holds = f"SELECT count(*) FROM credit_hold WHERE {condition}"
    assert number(demo, holds) >= 1, story


def test_kinds_of_credit(demo):
    kinds = "SELECT DISTINCT kind FROM credit_cover"
    assert set(odoo.sql(demo, kinds)) == {
        ("extension",),
        ("guarantee",),
        ("insurance",),
    }
    files = """SELECT count(*) FILTER (WHERE limit_type = 'unlimited'),
                      count(*) FILTER (WHERE limit_type = 'none'),
                      count(*) FILTER (WHERE group_limit),
                      count(*) FILTER (WHERE manual_hold) FROM credit_account"""
    assert odoo.sql(demo, files) == [("1", "1", "1", "1")]
