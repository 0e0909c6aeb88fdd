# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Decides who is in which tier, after each valuation.

One statement reads, one writes the states, one the history; only the labels of the
contacts that changed go through the ORM, for automation rules to see them.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import itemgetter

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_finance_bridge.models.record_columns import (
    read_records,
    sql_records,
    sql_updates,
)

from ..tools import standing, tiers
from ..tools.placing import MIN_COMPARED

#: State in the profile → its type.
STATE = {
    "value_tier_id": "int",
    "value_tier_rule_id": "int",
    "value_tier_candidate_id": "int",
    "value_tier_runs": "int",
    "value_tier_run_date": "date",
    "value_tier_date": "date",
}
_STATE = itemgetter(*STATE)
#: Column of the history → its type.
MOVE = {
    "partner_id": "int",
    "company_id": "int",
    "date": "timestamp",
    "from_tier_id": "int",
    "tier_id": "int",
    "direction": "varchar",
    "cause": "varchar",
    "user_id": "int",
    "note": "varchar",
    "date_end": "date",
    "measure": "varchar",
    "bound": "float8",
    "amount": "numeric",
    "amount_before": "numeric",
    "share": "float8",
    "share_before": "float8",
    "score": "float8",
    "score_before": "float8",
}
FACTS = ("share", "amount", "score")


@dataclass(frozen=True)
class Run:
    """What a run goes by, for every customer.

    :param rules: list of :class:`..tools.tiers.Rule`
    :param whole: whether everybody is valued
    :param runs_up: of :func:`..tools.tiers.decide`
    :param runs_down: likewise
    """

    today: date
    rules: list
    whole: bool
    runs_up: int
    runs_down: int

    @cached_property
    def order(self):
        return [rule.tier for rule in self.rules]

    @cached_property
    def measures(self):
        return {rule.measure for rule in self.rules if rule.bound is not None}


class CustomerValueTierRun(models.AbstractModel):
    _name = "customer.value.tier.run"
    _description = "Decision on Tiers"

    @api.model
    def _run(self, company, partners=None, causes=None):
        """Decide the tiers of customers by their figures as they are stored.

        :param company: one res.company
        :param partners: commercial partners; None for every customer of the company,
            after all were valued: what the others are compared with, and the only run
            that makes anybody fall
        :param causes: ``{partner id: (cause, last day)}`` of tiers set or ended by hand
        """
        self = self.sudo().with_company(company)  # noqa: PLW0642
        schemes = self.env["customer.value.tier.scheme"]
        scheme = schemes._get_scheme(company)
        if not scheme.tier_ids:
            return
        causes = dict(causes or {})
        whole = partners is None
        if whole:
            causes |= self.env["customer.value.tier.override"]._expire(company)
        rows = self._read_rows(company, scheme, partners)
        rules = scheme._get_rules()
        curve, changed = self._compare(company, scheme, rules, rows if whole else None)
        run = Run(
            company._get_finance_today(),
            rules,
            whole,
            1 if changed else scheme.runs_up,
            1 if changed else scheme.runs_down,
        )
        states, moves = [], []
        for row in rows:
            facts = _get_facts(row, curve)
            before = _get_state(row)
            after = _step(run, row, before, facts)
            effective = row["override_tier_id"] or after.tier
            moved = effective != row["label_id"]
            if moved or row["partner_id"] in causes:
                moves.append((row, facts, effective))
            state = _prepare_state(run, row, before, after, effective, moved)
            if row["id"] and _STATE(row) != tuple(state.values()):
                states.append({"id": row["id"], **state})
        self._write_states(states)
        moves = self._prepare_moves(company, rules, moves, causes, changed)
        self._write_moves(moves)
        self._write_labels(company, moves, whole)
        self.env["customer.value.tier.reaction"]._react(company, moves, whole)

    # ------------------------------------------------------------------
    # Read
    # ------------------------------------------------------------------

    @api.model
    def _read_rows(self, company, scheme, partners):
        """Return the figures and tiers of all customers who have either."""
        self.env["res.partner"].flush_model(["commercial_partner_id", "value_tier_id"])
        self.env["customer.value.tier.override"].flush_model()
        own = SQL("TRUE")
        if partners is not None:
            own = SQL("partner.id = ANY(%s)", partners.ids)
        return read_records(
            self.env,
            SQL(
                """
                SELECT profile.id, partner.id AS partner_id,
                       (%(amount)s)::float8 AS amount,
                       profile.value_score::float8 AS score,
                       (partner.value_tier_id ->> %(key)s)::int AS label_id,
                       override.tier_id AS override_tier_id,
                       override.reason AS note, override.date_end, override.user_id,
                       %(state)s
                  FROM res_partner partner
                  LEFT JOIN customer_finance_profile profile
                         ON profile.partner_id = partner.id
                        AND profile.company_id = %(company)s
                  LEFT JOIN customer_value_tier_override override
                         ON override.partner_id = partner.id
                        AND override.company_id = %(company)s
                 WHERE %(own)s AND partner.commercial_partner_id = partner.id
                   AND (profile.id IS NOT NULL OR override.id IS NOT NULL
                        OR partner.value_tier_id ->> %(key)s IS NOT NULL)
                 ORDER BY partner.id
                """,
                amount=_sql_amount(company, scheme),
                key=str(company.id),
                state=SQL(", ").join(
                    SQL("profile.%s", SQL.identifier(name)) for name in STATE
                ),
                company=company.id,
                own=own,
            ),
        )

    @api.model
    def _compare(self, company, scheme, rules, rows):
        """Return what values are compared with, and whether the rules have changed
        since the run of everybody before.

        :param rows: of everybody, whose values are stored; None to take those of the
            last run of everybody
        """
        standings = self.env["customer.value.standing"]
        stored = standings._get_tiers(company)
        if rows is None:
            return stored.get("curve") or [], False
        values = [row["amount"] for row in rows if row["amount"] is not None]
        curve = []
        if len(values) >= MIN_COMPARED:
            curve = standing.share_curve(values, number=len(values))
        known = [
            scheme.measure,
            *([rule.tier, rule.measure, rule.bound] for rule in rules),
        ]
        standings._store_tiers(company, {"curve": standing.thin(curve), "rules": known})
        return curve, "rules" in stored and stored["rules"] != known

    # ------------------------------------------------------------------
    # Write
    # ------------------------------------------------------------------

    @api.model
    def _write_states(self, states):
        if not states:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_finance_profile profile
                   SET %(updates)s
                  FROM %(records)s
                 WHERE profile.id = value.id
                """,
                updates=sql_updates(STATE),
                records=sql_records({"id": "int", **STATE}, states),
            )
        )
        self.env["customer.finance.profile"].invalidate_model()

    @api.model
    def _prepare_moves(self, company, rules, moves, causes, changed):
        """Return the rows of the history, with the figures when the tier before was
        given."""
        if not moves:
            return []
        before = self._read_figures(company, [row["partner_id"] for row, *_ in moves])
        order = [rule.tier for rule in rules]
        return [
            {
                **self._prepare_move(
                    rules, order, row, facts, effective, before, changed
                ),
                **self._prepare_cause(row, causes),
                "company_id": company.id,
            }
            for row, facts, effective in moves
        ]

    def _prepare_move(self, rules, order, row, facts, effective, before, changed):
        known = before.get(row["partner_id"], {})
        label = row["label_id"]
        vals = {
            **dict.fromkeys(MOVE),
            "partner_id": row["partner_id"],
            "date": fields.Datetime.now(),
            "from_tier_id": label,
            "tier_id": effective,
            "direction": _get_direction(order, label, effective),
            "cause": "unknown",
            **{name: facts[name] for name in FACTS},
            **{f"{name}_before": known.get(name) for name in FACTS},
        }
        if effective in order:
            why = tiers.reason(rules, label, effective, known, facts)
            vals |= {"cause": why.code, "measure": why.measure, "bound": why.bound}
            if changed or (label and label not in order):
                vals["cause"] = "rules"
        return vals

    def _prepare_cause(self, row, causes):
        """Return what a tier set or ended by hand adds."""
        if row["partner_id"] not in causes:
            return {}
        cause, date_end = causes[row["partner_id"]]
        if cause == "manual":
            return {
                "cause": cause,
                "user_id": row["user_id"],
                "note": row["note"],
                "date_end": row["date_end"],
            }
        user_id = self.env.uid if cause == "ended" else None
        return {"cause": cause, "user_id": user_id, "date_end": date_end}

    @api.model
    def _read_figures(self, company, partner_ids):
        """Return the figures with which customers got the tier they have."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ON (partner_id) partner_id, share, amount, score
                  FROM customer_value_tier_move
                 WHERE company_id = %s AND partner_id = ANY(%s)
                 ORDER BY partner_id, date DESC, id DESC
                """,
                company.id,
                partner_ids,
            )
        )
        return {row["partner_id"]: row for row in rows}

    @api.model
    def _write_moves(self, moves):
        if not moves:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_value_tier_move (%(names)s)"
                " SELECT %(names)s FROM %(records)s",
                names=SQL(", ").join(map(SQL.identifier, MOVE)),
                records=sql_records(MOVE, moves),
            )
        )
        self.env["customer.value.tier.move"].invalidate_model()

    @api.model
    def _write_labels(self, company, moves, whole):
        """Write the tiers that changed on the contacts; their own contacts follow.

        Every night contacts that have become or are no longer part of a customer
        are put right as well.
        """
        partners = self.env["res.partner"]
        wanted = {}
        for move in moves:
            if move["from_tier_id"] != move["tier_id"]:
                wanted.setdefault(move["tier_id"], []).append(move["partner_id"])
        for tier_id, ids in wanted.items():
            partners.browse(ids).write({"value_tier_id": tier_id})
        if not whole:
            return
        partners.flush_model(["commercial_partner_id", "value_tier_id"])
        strays = self.env.execute_query(
            SQL(
                """
                SELECT customer.value_tier_id ->> %(key)s, array_agg(contact.id)
                  FROM res_partner contact
                  JOIN res_partner customer
                    ON customer.id = contact.commercial_partner_id
                 WHERE contact.id <> customer.id
                   AND contact.value_tier_id ->> %(key)s
                       IS DISTINCT FROM customer.value_tier_id ->> %(key)s
                 GROUP BY 1
                """,
                key=str(company.id),
            )
        )
        for tier_id, ids in strays:
            partners.browse(ids).write({"value_tier_id": tier_id and int(tier_id)})


def _get_state(row):
    """Return the state before; a profile made anew takes up the tier of its contact,
    unless that was set by hand."""
    tier = row["value_tier_rule_id"]
    if tier is None and not row["override_tier_id"]:
        tier = row["label_id"]
    return tiers.State(
        tier, row["value_tier_candidate_id"], row["value_tier_runs"] or 0
    )


def _step(run, row, before, facts):
    """Return the state of a customer after this run."""
    if all(facts[measure] is None for measure in run.measures):
        # Nothing to go by: no tier, rather than the last one.
        return tiers.State() if run.whole else before
    return tiers.step(
        run.order,
        before,
        tiers.propose(run.rules, facts),
        run.whole,
        row["value_tier_run_date"] == run.today,
        run.runs_up,
        run.runs_down,
    )


def _prepare_state(run, row, before, after, effective, moved):
    run_date = None
    if after.runs:
        run_date = row["value_tier_run_date"] if after == before else run.today
    return {
        "value_tier_id": effective,
        "value_tier_rule_id": after.tier,
        "value_tier_candidate_id": after.candidate,
        "value_tier_runs": after.runs or None,
        "value_tier_run_date": run_date,
        "value_tier_date": run.today if moved else row["value_tier_date"],
    }


def _get_facts(row, curve):
    amount = row["amount"]
    share = standing.share_of(curve, amount)
    return {
        "amount": amount,
        # A sum of decimals misses a bound like 0.8 by a hair.
        "share": None if share is None else round(share, 9),
        "score": row["score"],
        "rank": 1 if curve and amount is not None and amount >= curve[-1][0] else None,
    }


def _get_direction(order, before, after):
    if after is None:
        return "gone"
    if before not in order or after not in order:
        return "new"
    distance = order.index(after) - order.index(before)
    return ("rise" if distance < 0 else "fall") if distance else "same"


def _sql_amount(company, scheme):
    """Return what counts as value; NULL where it is not known."""
    billed = SQL("profile.first_invoice_date IS NOT NULL")
    return {
        "total": SQL(
            "COALESCE(profile.value_total, CASE WHEN %s THEN profile.value_historic"
            " END)",
            billed,
        ),
        "predicted": SQL(
            "profile.%s", SQL.identifier(f"value_predicted_{company.value_horizon}")
        ),
        "profit": SQL("CASE WHEN %s THEN profile.net_profit END", billed),
        "margin": SQL("CASE WHEN %s THEN profile.margin END", billed),
    }[scheme.measure]
