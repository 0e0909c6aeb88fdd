# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    customer_acquisition_report,
    customer_finance_row,
    customer_finance_item,
    customer_finance_cost,
    customer_finance_margin_line,
    customer_finance_settlement,
    sale_collection_report,
    sale_order_position,
    utm_campaign_return,
    cash_forecast_row,
    cash_forecast,
    cash_forecast_test,
    cash_forecast_overview,
)
