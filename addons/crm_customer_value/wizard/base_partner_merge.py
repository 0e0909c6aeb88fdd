# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.extras import Json

from odoo import api, models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Leave the tier out, which nobody may write: by now who stays has its own or
        that of who goes, and it is decided anew with the figures."""
        merged = src_partners | dst_partner
        self.env.flush_all()
        [(tiers,)] = self.env.execute_query(
            SQL("SELECT value_tier_id FROM res_partner WHERE id = %s", dst_partner.id)
        )
        self._set_tiers(merged, None)
        result = super()._update_values(src_partners, dst_partner)
        self.env.flush_all()
        self._set_tiers(dst_partner, tiers)
        return result

    @api.model
    def _set_tiers(self, partners, tiers):
        """Set the tiers of all companies, as they are stored."""
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET value_tier_id = %s WHERE id = ANY(%s)",
                Json(tiers) if tiers else None,
                partners.ids,
            )
        )
        partners.invalidate_recordset(["value_tier_id"])
