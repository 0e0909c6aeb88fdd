# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sample documents created through the ORM, whose rows the generator copies."""

from dataclasses import dataclass

from odoo.fields import Command, Date

PRODUCT_COUNT = 100
SALESPERSON_COUNT = 8
#: Units of foreign currency for one of the company's, constant over time.
FOREIGN_RATES = {"EUR": 0.8, "GBP": 0.7}


@dataclass(frozen=True)
class Samples:
    """Ids of the sample rows and of the records that generated rows refer to."""

    company: int
    country_ids: list[int]
    salesperson_ids: list[int]
    currency_ids: list[int]
    currency_rates: list[float]
    pricelist_ids: list[int]
    product_ids: list[int]
    product_names: list[str]
    product_prices: list[float]
    product_costs: list[float]
    tax: int
    customer: int
    contact: int
    invoice: int
    refund: int
    bank_payment: int
    cash_payment: int
    partial: int
    full: int
    order: int


def create_samples(env):
    """Load a chart of accounts if there is none, create one document of each
    kind in the main company and return their ids as :class:`Samples`."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading(
            "generic_coa", company=company, install_demo=False
        )
    # The generator rounds the tax of each line; so must Odoo.
    company.tax_calculation_rounding_method = "round_per_line"
    currencies, pricelists = _prepare_currencies(env, company)
    salespeople = _create_salespeople(env)
    products = _create_products(env)
    customer, contact = _create_customer(env, salespeople[0])

    order = _create_order(env, customer, products[0])
    invoice = order._create_invoices()
    invoice.action_post()
    bank = _pay(env, invoice, "bank")
    cash_invoice = invoice.copy({"invoice_date": Date.today()})
    cash_invoice.action_post()
    cash = _pay(env, cash_invoice, "cash")
    refund = env["account.move"].create(
        {
            "move_type": "out_refund",
            "partner_id": customer.id,
            "invoice_line_ids": [Command.create({"product_id": products[0].id})],
        }
    )
    refund.action_post()
    partial = invoice.line_ids.matched_credit_ids
    env.flush_all()
    return Samples(
        company=company.id,
        country_ids=env["res.country"]
        .search([("code", "in", ("US", "GB", "DE", "FR", "CN"))])
        .ids,
        salesperson_ids=salespeople.ids,
        currency_ids=currencies.ids,
        currency_rates=[FOREIGN_RATES.get(c.name, 1.0) for c in currencies],
        pricelist_ids=[pricelists.get(c.id) for c in currencies],
        product_ids=products.ids,
        product_names=products.mapped("name"),
        product_prices=products.mapped("list_price"),
        product_costs=products.mapped("standard_price"),
        tax=invoice.invoice_line_ids.tax_ids.id,
        customer=customer.id,
        contact=contact.id,
        invoice=invoice.id,
        refund=refund.id,
        bank_payment=bank.id,
        cash_payment=cash.id,
        partial=partial.id,
        full=partial.full_reconcile_id.id,
        order=order.id,
    )


def _prepare_currencies(env, company):
    """Activate the foreign currencies and return (company currency first, all
    currencies; id of the price list of each foreign currency by currency id)."""
    currencies = company.currency_id
    pricelists = {}
    for code, rate in FOREIGN_RATES.items():
        currency = env.ref(f"base.{code}")
        currency.active = True
        if not currency.rate_ids.filtered(lambda r: r.company_id == company):
            env["res.currency.rate"].create(
                {
                    "name": Date.subtract(Date.today(), years=3),
                    "currency_id": currency.id,
                    "company_id": company.id,
                    "rate": rate,
                }
            )
        pricelists[currency.id] = (
            env["product.pricelist"]
            .create({"name": f"Bench {code}", "currency_id": currency.id})
            .id
        )
        currencies += currency
    return currencies, pricelists


def _create_salespeople(env):
    """Return the users customers are assigned to."""
    group = env.ref("sales_team.group_sale_salesman")
    users = env["res.users"].with_context(no_reset_password=True)
    existing = users.search([("login", "=like", "bench_sales_%")])
    return existing or users.create(
        [
            {
                "name": f"Bench Salesperson {number}",
                "login": f"bench_sales_{number}",
                "group_ids": [Command.link(group.id)],
            }
            for number in range(SALESPERSON_COUNT)
        ]
    )


def _create_products(env):
    """Return consumables priced 5 to 500 with a cost of 45 to 80 % of it."""
    return env["product.product"].create(
        [
            {
                "name": f"Bench Product {number:03d}",
                "type": "consu",
                "invoice_policy": "order",
                "list_price": (price := 5.0 + (number * 37) % 496),
                "standard_price": round(price * (0.45 + (number % 8) * 0.05), 2),
            }
            for number in range(PRODUCT_COUNT)
        ]
    )


def _create_customer(env, salesperson):
    """Return a customer company and its contact for invoices."""
    customer, contact = env["res.partner"].create(
        [
            {
                "name": "Bench Sample Customer",
                "is_company": True,
                "country_id": env.company.country_id.id,
                "email": "accounts@example.com",
                "user_id": salesperson.id,
                "customer_rank": 1,
            },
            {"name": "Bench Sample Contact", "type": "invoice"},
        ]
    )
    contact.parent_id = customer
    return customer, contact


def _create_order(env, customer, product):
    """Return a confirmed order of one line."""
    order = env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [Command.create({"product_id": product.id})],
        }
    )
    order.action_confirm()
    return order


def _pay(env, invoice, journal_type):
    """Pay ``invoice`` in full from the journal of that type, created if needed."""
    journals = env["account.journal"]
    journal = journals.search(
        [("type", "=", journal_type), ("company_id", "=", env.company.id)], limit=1
    ) or journals.create({"name": "Cash", "code": "CSH1", "type": journal_type})
    register = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    )
    return register.create({"journal_id": journal.id})._create_payments()
