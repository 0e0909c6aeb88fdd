# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    credit_exposure_rows,
    sale_order,
    sale_order_line,
    stock_move,
    stock_picking,
)
