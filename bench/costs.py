# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measures of customer costs: spreading one fair over few and over many customers, and
against the bare SQL that sums what the shares go by."""

import time

from . import database
from .report import Measure

#: Customers a cost is spread over, and analytic lines it is made of.
FEW, MANY = 200, 20_000
LINES = 1_000
#: Preview, with its shares written, per bare statement writing the same sums.
PREVIEW_BOUND = 3.0

BARE = """
    INSERT INTO bare_share
    SELECT partner.commercial_partner_id, -SUM(line.balance)
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN res_partner partner ON partner.id = line.partner_id
     WHERE line.display_type = 'product' AND line.parent_state = 'posted'
       AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
       AND line.company_id = %s
     GROUP BY 1
"""


def measure_spreading(name):
    """Return the measures of spreading a cost over customers in database ``name``;
    nothing is kept."""
    with database.environment(name) as env:
        customers = env["res.partner"].search(
            [("customer_rank", ">", 0), ("parent_id", "=", False)],
            order="id",
            limit=MANY,
        )
        few, many = min(FEW, len(customers) // 10), len(customers)
        rounds = {
            size: _spread(env, "equal", [("id", "in", customers[:size].ids)])
            for size in (few, few, many)
        }
        # Both with the ledger in memory.
        _time_bare(env)
        by_sales = _spread(env, "sales", None)
        bare = _time_bare(env)
    (few_count, few_time, few_shares), (many_count, many_time, many_shares) = (
        rounds[few],
        rounds[many],
    )
    if (few_shares, many_shares) != (few, many):
        raise ValueError(f"{many_shares} shares of {many} customers")
    return [
        Measure(
            f"statements for spreading a cost over {many:,} customers instead of {few}",
            f"{many_count} ({sum(many_time):.2f} s)",
            f"{few_count} ({sum(few_time):.2f} s)",
            many_count / few_count,
            1.0,
            {"preview": many_time[0], "post": many_time[1], "undo": many_time[2]},
        ),
        Measure(
            f"spreading by sales over {by_sales[2]:,} customers: preview, against "
            "writing the bare sums",
            f"{by_sales[1][0]:.2f} s",
            f"{bare:.2f} s",
            by_sales[1][0] / bare,
            PREVIEW_BOUND,
        ),
    ]


def _spread(env, basis, domain):
    """Spread a new fair; return (statements, seconds of preview, post and undo,
    shares)."""
    company = env.ref("base.main_company")
    plan = env.ref("crm_finance_bridge.analytic_plan_campaigns")
    account = env["account.analytic.account"].create(
        {"name": "Fair", "plan_id": plan.id, "company_id": company.id}
    )
    first, last = _get_period(env, company)
    env["account.analytic.line"].create(
        [
            {
                "name": f"Cost {number}",
                "amount": -1_000 - number / 100,
                "date": last,
                "company_id": company.id,
                plan._column_name(): account.id,
            }
            for number in range(LINES)
        ]
    )
    spread = env["customer.cost.spread"].create(
        {
            "name": "Fair",
            "company_id": company.id,
            "account_id": account.id,
            "date_from": first,
            "date_to": last,
            "basis": basis,
            "customers": "all" if domain is None else "domain",
            "partner_domain": repr(domain or []),
        }
    )
    env.flush_all()
    env.cr.flush()
    env.invalidate_all()
    before, seconds = env.cr.sql_log_count, []
    for step in (spread.action_preview, spread.action_post, spread.action_undo):
        start = time.perf_counter()
        step()
        env.flush_all()
        env.cr.flush()
        seconds.append(time.perf_counter() - start)
    statements = env.cr.sql_log_count - before
    _assert_exact(env, spread)
    return statements, seconds, spread.share_count


def _get_period(env, company):
    """Return the first and last day of the ledger."""
    env.cr.execute(
        "SELECT MIN(date), MAX(date) FROM account_move"
        " WHERE company_id = %s AND state = 'posted'",
        [company.id],
    )
    [period] = env.cr.fetchall()
    return period


def _assert_exact(env, spread):
    env.cr.execute(
        "SELECT SUM(amount) FROM customer_cost_share WHERE spread_id = %s", [spread.id]
    )
    [(total,)] = env.cr.fetchall()
    if f"{total:.2f}" != f"{spread.amount:.2f}":
        raise ValueError(f"shares of {total} for costs of {spread.amount}")


def _time_bare(env):
    company = env.ref("base.main_company")
    env.cr.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS bare_share"
        " (partner_id int, sales numeric)"
    )
    start = time.perf_counter()
    env.cr.execute(BARE, [company.id])
    return time.perf_counter() - start
