# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import credit_exposure, credit_exposure_item, credit_hold_report
