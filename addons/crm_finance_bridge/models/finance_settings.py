# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The company's settings of the suite are many, and the company is read with every
request: those that daily work does not need are fetched when one of them is."""

#: Fields with the same group are fetched together.
PREFETCH = "customer_finance_settings"
