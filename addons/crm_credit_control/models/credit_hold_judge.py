# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How an order is put on hold, judged again, and freed."""

import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_finance_bridge.models.customer_finance_queue import CONFLICTS

from .credit_hold import ACTIVE, ACTIVITY, STOPPED

_logger = logging.getLogger(__name__)


class CreditHold(models.Model):
    _inherit = "credit.hold"

    # ------------------------------------------------------------------
    # Opening and judging
    # ------------------------------------------------------------------

    @api.model
    def _hold_order(self, order, verdict, stage="confirm"):
        """Hold an order, or refresh the hold it has, with fresh reasons.

        :param verdict: see credit.check
        :return: the hold
        """
        self = self.sudo()
        hold = order.sudo().credit_hold_id
        values = {
            "stage": stage,
            **self._prepare_judgement(order, verdict.decision, verdict.amount),
        }
        if stage == "confirm":
            values["confirm_when_free"] = True
        if hold.state == "released":
            # A release that no longer covers the order is void.
            hold._close("lapsed")
            hold = self.browse()
        if hold:
            hold.write(values)
            return hold
        hold = self.create(
            {
                **values,
                "order_id": order.id,
                "user_id": self._get_owner(order).id,
                "review_date": order.company_id._get_finance_today()
                + relativedelta(days=7),
            }
        )
        hold._announce()
        return hold

    @api.model
    def _prepare_judgement(self, order, decision, amount):
        """Return the values of a hold that tell what was decided.

        :param amount: what the order adds to the exposure, in company currency
        """
        return {
            "amount": amount,
            "order_total": order.amount_total,
            "to_pay": decision.to_pay,
            "main_code": decision.reasons[0].code if decision.reasons else False,
            "decision": {
                "to_pay": decision.to_pay,
                "pay_items": list(decision.pay_items),
                "largest": decision.largest,
                "curable": decision.curable,
            },
            "reason_ids": [
                fields.Command.clear(),
                *(
                    fields.Command.create(
                        {
                            "code": reason.code,
                            "action": reason.action,
                            "value": reason.value,
                            "threshold": reason.threshold,
                            "shared": reason.shared,
                            "detail": reason.detail,
                        }
                    )
                    for reason in decision.reasons
                ),
            ],
        }

    @api.model
    def _get_owner(self, order):
        """Return who decides: the customer's controller, else the company's."""
        partner = order.partner_invoice_id.commercial_partner_id
        account = self.env["credit.account"]._get_accounts(order.company_id, partner)
        owner = account[partner].user_id if partner in account else None
        return owner or order.company_id.credit_controller_id

    def _announce(self):
        """Write into the order's chatter that and why it is held; its salesperson is
        notified unless it was he who tried (a customer may have signed)."""
        for hold in self:
            order = hold.order_id
            text = self.env._(
                "Held for credit reasons: %(reasons)s",
                reasons=hold.reason_text_plain.replace("\n", " "),
            )
            if order.user_id and order.user_id != self.env.user:
                hold._tell_salesperson(text)
            else:
                order._message_log(body=text)

    def _close(self, state, **values):
        """End these holds."""
        self = self.sudo()
        self.write({"state": state, "closed_at": fields.Datetime.now(), **values})
        # Another hold of the same order may be created next.
        self.flush_recordset(["state"])
        self.activity_unlink([ACTIVITY])
        self.order_id.invalidate_recordset(["credit_hold_id", "credit_hold_state"])

    @api.model
    def _lapse_orders(self, orders):
        """End the holds of orders that were cancelled, reset or deleted."""
        holds = orders.sudo().credit_hold_id
        if holds:
            holds._close("lapsed")

    @api.model
    def _get_active(self, orders):
        """Return the holds that still matter of these orders, with all rights.

        Read directly: nearly always there is none.
        """
        if not orders:
            return self.sudo().browse()
        self.flush_model(["order_id", "state"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM credit_hold WHERE order_id = ANY(%s) AND state IN %s",
                orders.ids,
                ACTIVE,
            )
        )
        return self.sudo().browse([id_ for [id_] in rows])

    @api.model
    def _push_open(self, domain):
        """Have the customers of stopped orders judged again after this transaction."""
        holds = self.sudo().search([("state", "in", STOPPED), *domain])
        queue = self.env["customer.finance.queue"].sudo()
        for company, group in holds.grouped("company_id").items():
            queue._push(group.partner_id, company)

    # ------------------------------------------------------------------
    # Judged again
    # ------------------------------------------------------------------

    @api.model
    def _judge_again(self, company, partners=None):
        """Judge stopped orders of customers again: free them or renew the reasons.

        Oldest first, so that what was paid frees those who waited longest.

        :param company: one res.company
        :param partners: commercial partners, None for all
        """
        domain = [("company_id", "=", company.id), ("state", "in", STOPPED)]
        if partners is not None:
            related = self.env["credit.position"].sudo()._get_related_ids(partners.ids)
            domain.append(("partner_id", "in", list(related)))
        self.sudo().search(domain, order="date, id")._judge_stopped()

    def _judge_stopped(self):
        """Judge these stopped holds in turn: a fixed number of statements, plus what
        each one that changes costs.

        What the first may have the next may not, also where confirming it is left to
        its salesperson.
        """
        # The increase of a confirmed order is judged when it is made.
        holds = self.filtered(lambda hold: hold.stage != "change")
        moved = holds.filtered(
            lambda hold: hold.stage == "confirm"
            and hold.order_id.state not in ("draft", "sent")
        )
        for hold in moved:
            hold._close("lapsed")
        holds -= moved
        check = self.env["credit.check"]
        delivery = holds.filtered(lambda hold: hold.stage == "delivery").order_id
        verdicts = check._judge_orders(holds.order_id - delivery)
        verdicts |= check._judge_deliveries(delivery)
        for hold in holds:
            verdict = verdicts[hold.order_id.id]
            if verdict.held:
                hold._renew(verdict)
            else:
                hold._cure()

    def _renew(self, verdict):
        """Keep the order held, with fresh reasons and figures if they changed."""
        self.ensure_one()
        reasons = [
            (r.code, r.action, r.value, r.threshold) for r in verdict.decision.reasons
        ]
        known = [(r.code, r.action, r.value, r.threshold) for r in self.reason_ids]
        if reasons == known and self.order_total == self.order_id.amount_total:
            return
        codes = set(self.reason_ids.mapped("code"))
        self._hold_order(self.order_id, verdict, self.stage)
        if codes != set(self.reason_ids.mapped("code")):
            self.message_post(
                body=self.env._(
                    "Judged again: %(reasons)s",
                    reasons=self.reason_text_plain.replace("\n", " "),
                )
            )

    def _cure(self):
        """The reasons are gone: free the order, tell its salesperson, confirm it."""
        self.ensure_one()
        self._close("cured")
        self._tell_salesperson(
            self.env._(
                "The credit hold of %(order)s is lifted.", order=self.order_id.name
            )
        )
        self._confirm_if_wanted()

    @api.model
    def _lapse_releases(self, company):
        """End the releases that ran out; the orders are held as before."""
        expired = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "released"),
                ("release_until", "<", company._get_finance_today()),
            ]
        )
        for hold in expired:
            hold._close("lapsed")
            hold.message_post(body=self.env._("The release has run out."))
            hold._judge_lapsed()

    def _judge_lapsed(self):
        """Hold an order again whose release ran out before it was used."""
        self.ensure_one()
        order = self.order_id
        if order.state not in ("draft", "sent"):
            return
        verdict = self.env["credit.check"]._judge_orders(order)[order.id]
        if verdict.held:
            self._hold_order(order, verdict)

    def _confirm_if_wanted(self):
        """Confirm an order somebody tried to confirm, now that it is free."""
        for hold in self:
            order = hold.order_id
            wanted = hold.confirm_when_free and hold.company_id.credit_auto_confirm
            if not wanted or order.state not in ("draft", "sent"):
                continue
            # As with Odoo's buttons: a customer who signed or paid gets an e-mail, a
            # salesperson sends one.
            by_customer = bool(order.signed_on or order.transaction_ids)
            order = order.with_company(order.company_id)
            try:
                with self.env.cr.savepoint():
                    order.with_context(send_email=by_customer).action_confirm()
            except CONFLICTS:
                raise
            except Exception as error:
                # Whatever keeps one order from being confirmed must not keep the
                # others from being judged.
                _logger.info("%s is free but not confirmed", order.name, exc_info=True)
                hold._tell_salesperson(
                    self.env._(
                        "%(order)s is free but could not be confirmed: %(error)s",
                        order=order.name,
                        error=error,
                    )
                )

    def _tell_salesperson(self, text):
        """Post on the order, so that its salesperson is notified."""
        for hold in self:
            people = hold.order_id.user_id.partner_id | hold.requested_by_id.partner_id
            hold.order_id.sudo().message_post(
                body=text,
                partner_ids=people.ids,
                message_type="notification",
                subtype_xmlid="mail.mt_note",
            )
