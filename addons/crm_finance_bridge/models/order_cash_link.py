# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an opportunity and a customer show of their orders, from order to cash."""

from collections import defaultdict

from odoo import api, fields, models

from .customer_finance_mixin import AMOUNT, INDICATOR

#: Figures and the parts of a position they sum.
SUMS = {
    "cash_ordered": "ordered",
    "cash_invoiced": "invoiced",
    "cash_collected": "collected",
    "cash_overdue": "overdue",
}


def amount(string, text):
    """Return a field that sums a part of the orders' positions."""
    return fields.Monetary(
        string=string,
        compute="_compute_cash_orders",
        currency_field="cash_currency_id",
        groups=AMOUNT,
        help=text,
    )


class OrderCashLink(models.AbstractModel):
    """Sums the positions of a record's confirmed orders that the user may see."""

    _name = "order.cash.link"
    _description = "Order to Cash of a Record"

    cash_currency_id = fields.Many2one("res.currency", compute="_compute_cash_orders")
    cash_ordered = amount(
        "Ordered", "Confirmed orders, tax included, at each order's rate."
    )
    cash_invoiced = amount(
        "Invoiced of Orders",
        "Posted invoices less credit notes of the confirmed orders, tax included, in "
        "company currency at each order's rate.",
    )
    cash_collected = amount(
        "Collected of Orders",
        "Money received on the invoices of the confirmed orders. An invoice of several "
        "orders shares its money in proportion to what it bills of each. In company "
        "currency at each order's rate.",
    )
    cash_overdue = amount(
        "Orders Overdue",
        "What is past its due date of the confirmed orders' invoices, in company "
        "currency at each order's rate.",
    )
    cash_collected_rate = fields.Float(
        string="Collected (%)",
        compute="_compute_cash_orders",
        groups=INDICATOR,
        help="Collected in per cent of what was ordered, of the confirmed orders.",
    )
    cash_next_due_date = fields.Date(
        string="Next Due",
        compute="_compute_cash_orders",
        groups=INDICATOR,
        help="The earliest of the confirmed orders: of an invoice not paid yet, else "
        "of the collection plan.",
    )
    cash_days_late = fields.Integer(
        string="Orders Days Late",
        compute="_compute_cash_orders",
        groups=INDICATOR,
        help="Days since the oldest unpaid due date of the confirmed orders' invoices.",
    )

    def _get_cash_orders(self):
        """Return the confirmed orders of each of these records: ``{record: orders}``,
        as far as the user may see them."""
        raise NotImplementedError

    def _get_cash_company(self):
        self.ensure_one()
        return self.env.company

    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_cash_orders(self):
        groups = self._get_cash_orders()
        orders = self.env["sale.order"].union(*groups.values())
        rows = {}
        if orders:
            rows = self.env["order.cash.rows"].sudo()._get_order_positions(orders)
        sees_amounts = self._has_field_access(self._fields["cash_overdue"], "read")
        sees_rates = self._has_field_access(self._fields["cash_days_late"], "read")
        for record in self:
            mine = groups.get(record._origin, orders.browse())
            sums = {
                name: sum(
                    float(rows[order.id][part] / rows[order.id]["rate"])
                    for order in mine
                    if order.id in rows
                )
                for name, part in SUMS.items()
            }
            record.cash_currency_id = record._get_cash_company().currency_id
            if sees_amounts:
                record.update(sums)
            if sees_rates:
                ordered = sums["cash_ordered"]
                record.cash_collected_rate = (
                    100 * sums["cash_collected"] / ordered if ordered else 0.0
                )
                record.cash_next_due_date = min(
                    filter(None, (order._get_next_due(rows) for order in mine)),
                    default=False,
                )
                record.cash_days_late = max(
                    (rows[order.id]["days_late"] for order in mine if order.id in rows),
                    default=0,
                )

    def action_open_cash_positions(self):
        """List the orders behind the figures."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_finance_bridge.sale_order_position_action"
        )
        orders = self._get_cash_orders().get(self._origin, self.env["sale.order"])
        return {**action, "domain": [("order_id", "in", orders.ids)], "context": {}}


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "order.cash.link"]

    def _get_cash_company(self):
        return self.company_id or self.env.company

    def _get_cash_orders(self):
        return dict(
            self.env["sale.order"]._read_group(
                [("opportunity_id", "in", self.ids), ("state", "=", "sale")],
                ["opportunity_id"],
                ["id:recordset"],
            )
        )


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "order.cash.link"]

    def _get_cash_orders(self):
        """A contact shows the orders invoiced to its commercial entity, also those of
        its other contacts, in the company one is working in."""
        entities = self.commercial_partner_id._origin
        if not entities or not self.env["sale.order"].has_access("read"):
            return {}
        found = defaultdict(self.env["sale.order"].browse)
        for contact, orders in self.env["sale.order"]._read_group(
            [
                ("partner_invoice_id.commercial_partner_id", "in", entities.ids),
                ("company_id", "=", self.env.company.id),
                ("state", "=", "sale"),
            ],
            ["partner_invoice_id"],
            ["id:recordset"],
        ):
            found[contact.commercial_partner_id] |= orders
        return {
            partner._origin: found[partner.commercial_partner_id._origin]
            for partner in self
        }
