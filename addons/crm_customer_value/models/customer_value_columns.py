# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the rows of the database to the facts of the statistics, and from their figures
to the columns of the profile."""

from ..tools.portfolio import Facts

#: Column of the profile → its type.
COLUMNS = {
    "value_state": "varchar",
    "value_historic": "numeric",
    "value_margin": "numeric",
    "value_cost": "numeric",
    "value_predicted_12": "numeric",
    "value_predicted_24": "numeric",
    "value_predicted_36": "numeric",
    "value_total": "numeric",
    "value_margin_rate": "float8",
    "value_p_alive": "float8",
    "value_p_order": "float8",
    "value_churn": "float8",
    "value_orders": "float8",
    "value_order_amount": "numeric",
    "value_order_days": "int",
    "value_first_order_date": "date",
    "value_last_order_date": "date",
    "value_interval": "float8",
    "value_next_order_date": "date",
    "value_due_date": "date",
    "value_r": "varchar",
    "value_f": "varchar",
    "value_m": "varchar",
    "value_segment": "varchar",
    "value_class": "varchar",
    "value_score": "float8",
    "value_score_missing": "varchar",
    "value_rank": "int",
    "value_share": "float8",
    "value_abc": "varchar",
    "value_risk": "float8",
    "value_lateness": "float8",
    "value_exposure": "float8",
    "value_decline": "float8",
    "value_severe": "bool",
    "value_quadrant": "varchar",
    "value_interval_long": "int",
    "value_sales_recent": "numeric",
    "value_sales_compared": "numeric",
    "value_margin_recent": "numeric",
    "value_margin_compared": "numeric",
    "value_stake": "numeric",
    "value_due_margin": "numeric",
    "value_call": "numeric",
    "value_call_rank": "int",
}
#: Columns of the range of a value, which is told when it is asked for.
RANGE = ("value_low", "value_high", "value_range_date")
MONTHS = (12, 24, 36)


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


def get_columns(row, one, state, digits):
    """Return the id and the columns of a profile.

    :param digits: decimals of the company's currency
    """
    predicted = one["lifetime"]
    if not one["order_days"] or one["p_alive"] is None:
        state = "none"

    def text(figure):
        return None if figure is None else str(figure)

    def money(figure):
        return None if figure is None else round(figure, digits)

    return {
        "id": row["id"],
        "value_state": state or "none",
        "value_historic": money(one["historic"]),
        "value_margin": row["life_margin"],
        "value_cost": row["life_cost"],
        **{
            f"value_predicted_{months}": money(figure)
            for months, figure in zip(MONTHS, predicted, strict=True)
        },
        "value_total": money(one["total"]),
        "value_margin_rate": one["margin_rate"],
        "value_p_alive": one["p_alive"],
        "value_p_order": one["p_order"],
        "value_churn": one["churn"],
        "value_orders": one["orders"],
        "value_order_amount": money(one["order_value"]),
        "value_order_days": one["order_days"] or None,
        "value_first_order_date": row["first_date"],
        "value_last_order_date": row["last_date"],
        "value_interval": one["interval"],
        "value_next_order_date": one["next_date"],
        "value_due_date": one["due_date"],
        "value_r": text(one["r"]),
        "value_f": text(one["f"]),
        "value_m": text(one["m"]),
        "value_segment": one["segment"],
        "value_class": one["eight"],
        "value_score": one["score"],
        "value_score_missing": ",".join(one["missing"]) or None,
        "value_rank": one["rank"],
        "value_share": one["share"],
        "value_abc": one["abc"],
        "value_risk": one["risk"],
        "value_lateness": one["lateness"],
        "value_exposure": one["exposure"],
        "value_decline": one["decline"],
        "value_severe": one["severe"],
        "value_quadrant": one["quadrant"],
        "value_interval_long": row["interval_long"],
        "value_sales_recent": row["net_recent"],
        "value_sales_compared": row["net_compared"],
        "value_margin_recent": row["margin_recent"],
        "value_margin_compared": row["margin_compared"],
        "value_stake": money(one["stake"]),
        "value_due_margin": money(one["due_margin"]),
        "value_call": money(one["call"]),
        "value_call_rank": one["call_rank"],
    }
