# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Appending to the queue checks no keys any more, see UncheckedMany2one."""
    cr.execute(
        """
        ALTER TABLE customer_finance_queue
         DROP CONSTRAINT IF EXISTS customer_finance_queue_partner_id_fkey,
         DROP CONSTRAINT IF EXISTS customer_finance_queue_company_id_fkey
        """
    )
