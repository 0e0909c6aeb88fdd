# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the rows of the database to the facts of the statistics, and from their figures
to the columns of the profile."""

from ..tools.portfolio import Facts

#: Column of the profile → (its type, the figure of :func:`..tools.valuation.value`).
VALUED = {
    "value_historic": ("numeric", "historic"),
    "value_total": ("numeric", "total"),
    "value_margin_rate": ("float8", "margin_rate"),
    "value_p_alive": ("float8", "p_alive"),
    "value_p_order": ("float8", "p_order"),
    "value_churn": ("float8", "churn"),
    "value_orders": ("float8", "orders"),
    "value_order_amount": ("numeric", "order_value"),
    "value_interval": ("float8", "interval"),
    "value_next_order_date": ("date", "next_date"),
    "value_due_date": ("date", "due_date"),
    "value_r": ("varchar", "r"),
    "value_f": ("varchar", "f"),
    "value_m": ("varchar", "m"),
    "value_segment": ("varchar", "segment"),
    "value_class": ("varchar", "eight"),
    "value_score": ("float8", "score"),
    "value_rank": ("int", "rank"),
    "value_share": ("float8", "share"),
    "value_abc": ("varchar", "abc"),
    "value_risk": ("float8", "risk"),
    "value_lateness": ("float8", "lateness"),
    "value_exposure": ("float8", "exposure"),
    "value_decline": ("float8", "decline"),
    "value_severe": ("bool", "severe"),
    "value_quadrant": ("varchar", "quadrant"),
    "value_stake": ("numeric", "stake"),
    "value_due_margin": ("numeric", "due_margin"),
    "value_call": ("numeric", "call"),
    "value_call_rank": ("int", "call_rank"),
}
#: Column of the profile → (its type, what was read).
READ = {
    "value_margin": ("numeric", "life_margin"),
    "value_cost": ("numeric", "life_cost"),
    "value_first_order_date": ("date", "first_date"),
    "value_last_order_date": ("date", "last_date"),
    "value_interval_long": ("int", "interval_long"),
    "value_sales_recent": ("numeric", "net_recent"),
    "value_sales_compared": ("numeric", "net_compared"),
    "value_margin_recent": ("numeric", "margin_recent"),
    "value_margin_compared": ("numeric", "margin_compared"),
}
MONTHS = (12, 24, 36)
#: Column of the profile → its type.
COLUMNS = {
    **{name: kind for name, (kind, _figure) in (VALUED | READ).items()},
    **{f"value_predicted_{months}": "numeric" for months in MONTHS},
    "value_state": "varchar",
    "value_order_days": "int",
    "value_score_missing": "varchar",
}
#: Columns of the range of a value, which is told when it is asked for.
RANGE = ("value_low", "value_high", "value_range_date")


def get_facts(row, lag_count):
    """Return the :class:`Facts` of a row; its key is the profile."""
    lag = None
    if row["paid_amount"] and row["paid_count"] >= lag_count:
        lag = row["paid_amount_days"] / row["paid_amount"]
    return Facts(
        key=row["id"],
        order_days=row["order_days"],
        first=row["first_date"],
        last=row["last_date"],
        net=row["net"] or 0.0,
        recent_days=row["recent_days"] or 0,
        recent_net=row["recent_net"] or 0.0,
        life_sales=row["life_sales"],
        life_margin=row["life_margin"],
        historic=row["life_margin"] - row["life_cost"] - row["life_financing"],
        sales=row["net_sales"] or 0.0,
        margin=row["margin"] or 0.0,
        profit=row["net_profit"] or 0.0,
        margin_before=row["margin_before"],
        days_late=row["days_late"],
        lag=lag,
        exposure=row["exposure"] or 0.0,
        billed=row["billed"],
        quadrant=row["value_quadrant"],
    )


def get_lag(rows):
    """Return the days from invoice to money of all customers, 0 without payments."""
    amount = sum(row["paid_amount"] or 0.0 for row in rows)
    days = sum(row["paid_amount_days"] or 0.0 for row in rows)
    return days / amount if amount > 0 else 0.0


def get_columns(rows, figures, state):
    """Return the columns of profiles, ``{name: list}``, their ids among them.

    :param rows: as they were read
    :param figures: of the same customers, of :func:`..tools.valuation.value`
    :param state: of the fit
    """
    state = state or "none"
    return {
        "id": [row["id"] for row in rows],
        **{
            name: [one[figure] for one in figures]
            for name, (_kind, figure) in VALUED.items()
        },
        **{name: [row[key] for row in rows] for name, (_kind, key) in READ.items()},
        **{
            f"value_predicted_{months}": [one["lifetime"][place] for one in figures]
            for place, months in enumerate(MONTHS)
        },
        "value_state": [
            state if one["order_days"] and one["p_alive"] is not None else "none"
            for one in figures
        ],
        "value_order_days": [one["order_days"] or None for one in figures],
        "value_score_missing": [",".join(one["missing"]) or None for one in figures],
    }
