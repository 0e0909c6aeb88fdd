# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The decision on orders and customers. Everything that asks, asks here."""

from collections import defaultdict
from dataclasses import dataclass, replace

from odoo import api, models

from ..tools.decision import ALLOW, DELIVERY, Decision, Position, decide


@dataclass(frozen=True)
class Verdict:
    """The decision on one order.

    :param amount: what the order adds to the exposure, in company currency
    :param total: its total in company currency
    :param release_id: id of the release that lets it pass, None if it needs none
    :param exemption: why the order is exempt, as a sentence
    :param is_free: it is known to be on no hold that would have to be ended
    """

    decision: Decision
    amount: float = 0.0
    total: float = 0.0
    release_id: int | None = None
    exemption: str | None = None
    is_free: bool = False

    @property
    def held(self):
        return self.decision.held and not self.release_id


class CreditCheck(models.AbstractModel):
    _name = "credit.check"
    _description = "Credit Decision"

    @api.model
    def _judge_customers(self, company, partners, amounts=None, positions=None):
        """Return ``{partner id: Decision}`` for selling more to customers.

        :param company: one res.company
        :param partners: commercial partners
        :param amounts: ``{partner id: amount}`` in company currency; default 0, which
            judges the customers as they stand
        :param positions: ``{partner id: Position}`` where they are known already
        """
        self = self.sudo()
        if positions is None:
            positions = self.env["credit.position"]._get_positions(company, partners)
        policies = self.env["credit.policy"]._get_policies(company, partners)
        return {
            partner.id: self._decide(
                positions.get(partner.id, Position()),
                (amounts or {}).get(partner.id, 0.0),
                policies[partner],
                company,
            )
            for partner in partners
        }

    @api.model
    def _decide(
        self, position, amount, policy, company, total=None, exemption=None, only=None
    ):
        """Return the decision on a position, by a policy, in a company's currency.

        :param only: codes of the rules to apply, None for all of the policy
        """
        rules = policy._get_rules()
        if only:
            rules = [rule for rule in rules if rule.code in only]
        return decide(
            position,
            amount,
            rules,
            total=total,
            exempt=bool(exemption),
            precision=company.currency_id.rounding,
        )

    @api.model
    def _judge_orders(self, orders, increases=None, look=None):
        """Judge orders one after the other: what one may have, the next may not.

        :param orders: sale orders about to be confirmed
        :param increases: ``{order id: amount}`` for orders that count already (they are
            confirmed): only what they grew by is judged
        :param look: tells the positions of customers of a company, see credit.turn
        :return: ``{order id: Verdict}``
        """
        verdicts = {}
        for company, group in orders.sudo().grouped("company_id").items():
            verdicts.update(self._judge_company_orders(company, group, increases, look))
        return verdicts

    @api.model
    def _judge_company_orders(self, company, orders, increases, look=None):
        customers = {
            order: order.partner_invoice_id.commercial_partner_id for order in orders
        }
        partners = orders.partner_invoice_id.commercial_partner_id
        policies = self.env["credit.policy"]._get_policies(company, partners)
        totals = {order: order._get_credit_total() for order in orders}
        if not look and increases is None:
            verdicts = self._pass_at_once(company, customers, policies, totals)
            if verdicts:
                return verdicts
        positions_of = self.env["credit.position"]
        look = look or positions_of._get_positions
        positions = look(company, partners, items=False)
        roots = {id_: id_ for id_ in partners.ids}
        if any(position.group for position in positions.values()):
            roots = positions_of._get_related_ids(partners.ids, company)
        amounts = positions_of._get_order_amounts(orders)
        asked = amounts if increases is None else increases
        used = defaultdict(float)
        items = None
        if increases is not None:
            for order, partner in customers.items():
                self._use(used, partner.id, roots, -asked[order.id])
        verdicts = {}
        for order, partner in customers.items():
            policy = policies[partner]
            position = self._extend(
                positions.get(partner.id, Position()), used, partner.id, roots
            )
            if missing := order._get_credit_missing_rate():
                position = replace(position, missing_rate=missing)
            decision = self._decide(
                position, asked[order.id], policy, company, totals[order]
            )
            exemption = None
            if decision.outcome != ALLOW:
                # What only matters now: is it exempt, and what would have to be paid?
                exemption = policy._get_exemption(
                    order, order._get_credit_prepaid(), totals[order]
                )
                if items is None:
                    items = positions_of._get_open_items(company, partners)
                position = replace(position, items=tuple(items.get(partner.id, ())))
                decision = self._decide(
                    position, asked[order.id], policy, company, totals[order], exemption
                )
            release = order._get_credit_release() if decision.held else None
            verdict = Verdict(
                decision,
                amount=asked[order.id],
                total=totals[order],
                release_id=release.id if release else None,
                exemption=exemption,
            )
            verdicts[order.id] = verdict
            if not verdict.held:
                self._use(used, partner.id, roots, asked[order.id])
        return verdicts

    @api.model
    def _judge_deliveries(self, orders):
        """Judge the customers of confirmed orders before goods leave.

        :return: ``{order id: Verdict}``; a release of the order, also one that was used
            to confirm it, serves until its end date
        """
        verdicts = {}
        for company, group in orders.sudo().grouped("company_id").items():
            partners = group.partner_invoice_id.commercial_partner_id
            positions = (
                self.env["credit.position"].sudo()._get_positions(company, partners)
            )
            policies = self.env["credit.policy"]._get_policies(company, partners)
            for order in group:
                partner = order.partner_invoice_id.commercial_partner_id
                policy = policies[partner]
                exemption = policy._get_exemption(
                    order, order._get_credit_prepaid(), order._get_credit_total()
                )
                decision = self._decide(
                    positions.get(partner.id, Position()),
                    0.0,
                    policy,
                    company,
                    exemption=exemption,
                    only=DELIVERY,
                )
                releases = order.credit_hold_ids.filtered(
                    lambda hold, order=order: hold._covers(order, ("released", "used"))
                )
                verdicts[order.id] = Verdict(
                    decision,
                    release_id=releases[:1].id if decision.held else None,
                    exemption=exemption,
                )
        return verdicts

    @api.model
    def _pass_at_once(self, company, customers, policies, totals):
        """Return verdicts that let the orders of one customer pass, if no rule says
        anything even when all of them and everything else are counted too high: the
        usual case, and quickly found. Else None: they have to be judged one by one.

        :param customers: ``{order: its customer}``
        :param totals: ``{order: total in company currency}``
        """
        partner = self.env["res.partner"].union(*customers.values())
        if len(partner) != 1:
            # For many, the exact exposure takes as few statements.
            return None
        orders = self.env["sale.order"].union(*customers)
        ceiling = self.env["credit.position"]._get_ceiling(company, partner, orders)
        if not ceiling:
            return None
        verdicts = {}
        for order, total in totals.items():
            decision = self._decide(ceiling, 0.0, policies[partner], company, total)
            if decision.outcome != ALLOW:
                return None
            verdicts[order.id] = Verdict(decision, total, total, is_free=True)
        return verdicts

    @api.model
    def _use(self, used, partner_id, roots, amount):
        used["own", partner_id] += amount
        used["group", roots[partner_id]] += amount

    @api.model
    def _extend(self, position, used, partner_id, roots):
        """Return the position after what was let through before, of this customer and
        of those who share its limit."""
        own = used["own", partner_id]
        extended = position.extended(own)
        if not extended.group:
            return extended
        shared = used["group", roots[partner_id]]
        return replace(
            extended,
            group=replace(extended.group, exposure=position.group.exposure + shared),
        )

    # ------------------------------------------------------------------
    # In words
    # ------------------------------------------------------------------

    @api.model
    def _describe_reason(self, reason, company, amounts=True):
        """Return a reason as a sentence.

        :param amounts: whether the reader may see amounts
        """
        money = company.sudo().currency_id.format
        values = {
            "value": money(reason.value),
            "threshold": money(reason.threshold),
            "days": int(reason.value),
            "bound": int(reason.threshold),
            "currency": reason.detail,
            "percent": round(100 * reason.value / reason.threshold)
            if reason.threshold
            else 0,
        }
        return self._get_sentence(reason, amounts, values)

    @api.model
    def _get_sentence(self, reason, amounts, values):
        match reason.code:
            case "missing_rate":
                return self.env._(
                    "There is no exchange rate for %(currency)s: enter one, then try "
                    "again.",
                    **values,
                )
            case "manual_hold":
                return self.env._(
                    "The customer is on hold by decision of the credit team."
                )
            case "blocked_grade":
                return self.env._("The customer's credit grade is blocked.")
            case "limit_expired":
                return self.env._(
                    "The credit limit has expired (days ago: %(days)s).", **values
                )
            case "review_expired":
                return self.env._(
                    "The credit review is overdue (days: %(days)s).", **values
                )
            case "overdue_days":
                return self.env._(
                    "Days overdue of the oldest receivable: %(days)s (allowed: "
                    "%(bound)s).",
                    **values,
                )
        if amounts:
            return self._get_amount_sentence(reason, values)
        return self._get_plain_sentence(reason, values)

    @api.model
    def _get_amount_sentence(self, reason, values):
        match reason.code, reason.shared:
            case "overdue_amount", _shared:
                return self.env._(
                    "%(value)s is overdue (allowed: %(threshold)s).", **values
                )
            case "order_amount", _shared:
                return self.env._(
                    "The order is worth %(value)s (allowed: %(threshold)s).", **values
                )
            case "over_limit", True:
                return self.env._(
                    "The group would owe %(value)s; its shared limit is %(threshold)s.",
                    **values,
                )
            case "over_limit", False:
                return self.env._(
                    "The customer would owe %(value)s; the limit is %(threshold)s.",
                    **values,
                )
            case "near_limit", True:
                return self.env._(
                    "%(percent)s %% of the group's limit of %(threshold)s would be "
                    "used.",
                    **values,
                )
        return self.env._(
            "%(percent)s %% of the limit of %(threshold)s would be used.", **values
        )

    @api.model
    def _get_plain_sentence(self, reason, values):
        match reason.code, reason.shared:
            case "overdue_amount", _shared:
                return self.env._("Too much is overdue.")
            case "order_amount", _shared:
                return self.env._("The order is too large.")
            case "over_limit", True:
                return self.env._("The credit limit of the group would be exceeded.")
            case "over_limit", False:
                return self.env._("The credit limit would be exceeded.")
        return self.env._("%(percent)s %% of the credit limit would be used.", **values)

    @api.model
    def _describe_way_out(self, decision, company, amounts=True):
        """Return what would release a held order, as a sentence, or ""."""
        if not decision.held:
            return ""
        money = company.sudo().currency_id.format
        parts = []
        if decision.curable and not amounts:
            parts.append(self.env._("A payment of the customer would release it."))
        elif decision.to_pay and decision.curable:
            lines = self.env["account.move.line"].sudo().browse(decision.pay_items)
            names = [name for name in lines.move_id.mapped("name") if name]
            parts.append(
                self.env._(
                    "A payment of %(amount)s would release it (%(invoices)s).",
                    amount=money(decision.to_pay),
                    invoices=", ".join(names[:5]) + ("…" if len(names) > 5 else ""),
                )
                if names
                else self.env._(
                    "A payment of %(amount)s would release it.",
                    amount=money(decision.to_pay),
                )
            )
        if decision.largest and amounts:
            parts.append(
                self.env._(
                    "Up to %(amount)s could be ordered now.",
                    amount=money(decision.largest),
                )
            )
        if not decision.curable:
            parts.append(self.env._("The credit team can release it."))
        return " ".join(parts)
