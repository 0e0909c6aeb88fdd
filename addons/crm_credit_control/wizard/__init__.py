# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    base_partner_merge,
    credit_check_wizard,
    credit_limit_change,
    credit_release,
    credit_release_request,
    sale_make_invoice_advance,
)
