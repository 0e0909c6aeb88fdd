# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge the credit files: the strictest of what they say holds.

        Covers and the log move to the file that stays; orders and their holds follow
        their customer by themselves.
        """
        accounts = self.env["credit.account"].sudo()
        sources = accounts.search([("partner_id", "in", src_partners.ids)])
        for company, group in sources.grouped("company_id").items():
            target = accounts._get_or_create(dst_partner, company)
            target._absorb(group)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.cr.execute(
            SQL(
                """UPDATE credit_hold hold
                      SET partner_id = partner.commercial_partner_id
                     FROM sale_order sale
                     JOIN res_partner partner ON partner.id = sale.partner_invoice_id
                    WHERE sale.id = hold.order_id
                      AND hold.partner_id = ANY(%s)""",
                [*src_partners.ids, dst_partner.id],
            )
        )
        self.env["credit.hold"].invalidate_model(["partner_id"])
        return result
