# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Drop the merged contacts' figures: they cannot be moved, only recomputed.

        Past month ends are taken again, since the merged customers' documents now
        count for the one that stays.
        """
        affected = (
            src_partners.commercial_partner_id | dst_partner.commercial_partner_id
        )
        snapshots = self.env["customer.finance.snapshot"].sudo()
        queue = self.env["customer.finance.queue"].sudo()
        rows = snapshots.search([("partner_id", "in", src_partners.ids)])
        dates = {
            company: sorted(set(group.mapped("as_of_date")))
            for company, group in rows.grouped("company_id").items()
        }
        rows.unlink()
        for model in ("customer.finance.profile", "customer.acquisition"):
            self.env[model].sudo().search(
                [("partner_id", "in", src_partners.ids)]
            ).unlink()
        # Closed alerts go with the documents; what goes on is found anew.
        self.env["customer.finance.alert"].sudo().search(
            [("partner_id", "in", src_partners.ids), ("state", "!=", "closed")]
        ).unlink()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        queue._push(affected - src_partners | dst_partner)
        for company, month_ends in dates.items():
            queue._push_all(company, month_ends)
        return result
