# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Load customers through Odoo's own flow, batch by batch.

Orders are created and confirmed, invoiced and posted; returns are credit notes; money
is customer payments; credit notes and payments are reconciled. A batch is a set of
whole customers in one transaction, so a customer is in the database with everything
or not at all, and a customer that is there is done.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from odoo.fields import Command

from . import company as sample
from . import rules
from .errors import Failure
from .rows import Customer, Document
from .settle import Bill, Credit, Payment, match_returns, settle

#: Rows of a batch; a batch holds at least one customer.
BATCH_ROWS = 500

PAYMENT_LABEL = "Generated payment (sample rule)"

CONTEXT = {
    "lang": "en_US",
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}


@dataclass
class Progress:
    """What has been loaded by now, of what this run will load."""

    customers: int = 0
    all_customers: int = 0
    rows: int = 0
    all_rows: int = 0
    documents: int = 0
    elapsed: float = 0.0

    @property
    def left(self) -> float:
        """Seconds left, by the rows still to load."""
        return self.elapsed / self.rows * (self.all_rows - self.rows)


@dataclass
class Batch:
    """Some customers and what was made for them, by (customer id, document number)."""

    customers: list[Customer]
    sales: list[Document] = field(default_factory=list)
    credits: list[Document] = field(default_factory=list)
    returns: dict = field(default_factory=dict)
    partners: dict = field(default_factory=dict)
    products: dict = field(default_factory=dict)
    orders: dict = field(default_factory=dict)
    order_lines: dict = field(default_factory=dict)
    invoices: dict = field(default_factory=dict)
    notes: dict = field(default_factory=dict)

    def __post_init__(self):
        documents = [doc for customer in self.customers for doc in customer.documents]
        for document in sorted(documents, key=lambda doc: (doc.moment, doc.number)):
            (self.credits if document.is_credit else self.sales).append(document)
        for customer in self.customers:
            for number, parts in match_returns(customer.documents).items():
                self.returns[customer.code, number] = parts

    @property
    def row_count(self) -> int:
        return sum(customer.row_count for customer in self.customers)

    @property
    def stock_codes(self) -> list[str]:
        documents = self.sales + self.credits
        return sorted({row.code for document in documents for row in document.rows})


def make_batches(customers: Iterable[Customer]) -> Iterator[Batch]:
    """Cut the customers into batches of about :data:`BATCH_ROWS` rows."""
    found, rows = [], 0
    for customer in customers:
        if found and rows + customer.row_count > BATCH_ROWS:
            yield Batch(found)
            found, rows = [], 0
        found.append(customer)
        rows += customer.row_count
    if found:
        yield Batch(found)


def check_modules(env):
    """Refuse a database in which the flow would not be the one described."""
    installed = env["ir.module.module"]._installed()
    missing = [
        name for name in ("sale_management", "sale_margin") if name not in installed
    ]
    if missing:
        raise Failure(f"module(s) not installed: {', '.join(missing)}")
    if "sale_stock" in installed:
        raise Failure(
            "sale_stock is installed: orders would wait for deliveries, which the file "
            "does not have; use a database without Inventory"
        )


class Loader:
    """Load customers of a sheet into the sample company.

    :param sheet: the file, read
    :param commit: called after each batch
    :param report: called with a :class:`Progress` after each batch
    """

    def __init__(self, env, sheet, commit: Callable, report: Callable):
        self.sheet = sheet
        self.commit = commit
        self.report = report
        env = env(context={**env.context, **CONTEXT})
        company = sample.ensure_company(env)
        self.env = env(context={**env.context, "allowed_company_ids": company.ids})
        self.company = company.with_env(self.env)
        self.terms = sample.ensure_terms(self.env, self.company)
        self.journal = sample.bank_journal(self.env, self.company)
        self.commit()

    def run(self, codes: Iterable[str]) -> Progress:
        """Load those of the customers ``codes`` that are not there yet."""
        customers = [self.sheet.customers[code] for code in codes]
        todo = sample.not_loaded(self.env, customers)
        progress = Progress(
            all_customers=len(todo),
            all_rows=sum(customer.row_count for customer in todo),
        )
        start = time.monotonic()
        for batch in make_batches(todo):
            self._load(batch)
            self.commit()
            self.env.invalidate_all()
            progress.customers += len(batch.customers)
            progress.documents += len(batch.sales) + len(batch.credits)
            progress.rows += batch.row_count
            progress.elapsed = time.monotonic() - start
            self.report(progress)
        return progress

    def _load(self, batch):
        products = [self.sheet.products[code] for code in batch.stock_codes]
        batch.products = sample.ensure_products(self.env, self.company, products)
        batch.partners = sample.ensure_customers(
            self.env, self.company, batch.customers, self.terms
        )
        self._sell(batch)
        self._invoice(batch)
        self._take_back(batch)
        self._settle(batch)

    def _sell(self, batch):
        """Create and confirm an order for each invoice of the file, at its time."""
        orders = self.env["sale.order"].create(
            [self._prepare_order(batch, document) for document in batch.sales]
        )
        orders.action_confirm()
        if waiting := orders.filtered(lambda order: order.state != "sale"):
            raise Failure(
                f"{len(waiting)} order(s) were not confirmed, the first for customer "
                f"{waiting[0].partner_id.ref}: does the sample company hold orders?"
            )
        for document, order in zip(batch.sales, orders, strict=True):
            # Confirming set it to now.
            order.date_order = document.moment
            batch.orders[_key(document)] = order
            for row, line in zip(document.rows, order.order_line, strict=True):
                batch.order_lines[row.number] = line

    def _prepare_order(self, batch, document):
        return {
            "company_id": self.company.id,
            "partner_id": batch.partners[document.customer].id,
            "client_order_ref": document.number,
            "date_order": document.moment,
            "pricelist_id": False,
            "user_id": False,
            "team_id": False,
            "order_line": [
                Command.create(
                    {
                        "product_id": batch.products[row.code].id,
                        "name": row.description,
                        "product_uom_qty": row.quantity,
                        "qty_delivered": row.quantity,
                        "price_unit": float(row.price),
                        "analytic_distribution": False,
                    }
                )
                for row in document.rows
            ],
        }

    def _invoice(self, batch):
        """Invoice each order by itself, on the day of the order, and post it."""
        orders = self.env["sale.order"].union(*batch.orders.values())
        # Another module may invoice an order as it is confirmed.
        todo = orders.filtered(lambda order: not order.invoice_ids)
        todo._create_account_invoices(
            [self._prepare_invoice(order) for order in todo], final=False
        )
        for document in batch.sales:
            invoice = batch.orders[_key(document)].invoice_ids
            day = document.moment.date()
            if invoice.invoice_date != day:
                invoice.invoice_date = day
            batch.invoices[_key(document)] = invoice
        orders.invoice_ids.action_post()

    def _prepare_invoice(self, order):
        """Return Odoo's own values for the invoice of an order, with its day.

        ``_create_invoices`` cannot be given a date, and leaves the amounts to be
        written line by line; with both, invoicing takes half the time.
        """
        lines = []
        for line in order.order_line:
            values = line._prepare_invoice_line()
            values["analytic_distribution"] = False
            values["amount_currency"] = values["balance"] = -line.price_subtotal
            lines.append(Command.create(values))
        return {
            **order._prepare_invoice(),
            "invoice_date": order.date_order.date(),
            "invoice_line_ids": lines,
        }

    def _take_back(self, batch):
        """Create and post a credit note for each one of the file.

        Where the sale was found, the line is linked with the order line, whose
        delivered quantity it lowers.
        """
        notes = self.env["account.move"].create(
            [self._prepare_note(batch, document) for document in batch.credits]
        )
        for parts in batch.returns.values():
            for part in parts:
                if part.sale:
                    batch.order_lines[part.sale.number].qty_delivered -= part.quantity
        notes.action_post()
        for document, note in zip(batch.credits, notes, strict=True):
            key = _key(document)
            batch.notes[key] = note
            origins = self._get_origins(batch, key)
            if len(origins) == 1:
                # Only now: posting a note with its origin settles the origin at once,
                # though it may have been paid before the goods came back.
                note.reversed_entry_id = batch.invoices[origins[0]]

    def _prepare_note(self, batch, document):
        origins = self._get_origins(batch, _key(document))
        orders = [batch.orders[key] for key in origins]
        return {
            "move_type": "out_refund",
            "company_id": self.company.id,
            "partner_id": batch.partners[document.customer].id,
            "ref": document.number,
            "invoice_date": document.moment.date(),
            "invoice_origin": ", ".join(order.name for order in orders),
            "invoice_user_id": False,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": batch.products[part.row.code].id,
                        "name": part.row.description,
                        "quantity": part.quantity,
                        "price_unit": float(part.row.price),
                        "tax_ids": [Command.clear()],
                        "sale_line_ids": [
                            Command.link(batch.order_lines[part.sale.number].id)
                        ]
                        if part.sale
                        else [],
                    }
                )
                for part in batch.returns[_key(document)]
            ],
        }

    def _get_origins(self, batch, key):
        """Return the keys of the invoices whose sales a credit note takes back."""
        customer = key[0]
        found = {part.sale.invoice: None for part in batch.returns[key] if part.sale}
        return [(customer, number) for number in found]

    def _settle(self, batch):
        """Make the generated payments; reconcile them and the credit notes."""
        plan = [
            (customer.code, step)
            for customer in batch.customers
            for step in self._plan(batch, customer)
        ]
        money = [(code, step) for code, step in plan if isinstance(step, Payment)]
        payments = self.env["account.payment"].create(
            [self._prepare_payment(batch, code, step) for code, step in money]
        )
        payments.action_post()
        moves = dict(zip(money, payments.move_id, strict=True))
        pairs = []
        for code, step in plan:
            settled_by = moves.get((code, step)) or batch.notes[code, step.credit]
            pair = batch.invoices[code, step.invoice] + settled_by
            pairs.append(_receivable_lines(pair))
        self.env["account.move.line"]._reconcile_plan(pairs)

    def _plan(self, batch, customer):
        """Return what settles what for one customer, in order."""
        bills, credits = [], []
        for document in customer.documents:
            key = _key(document)
            day = document.moment.date()
            if document.is_credit:
                origins = [
                    number for _customer, number in self._get_origins(batch, key)
                ]
                credits.append(
                    Credit(document.number, day, document.amount, tuple(origins))
                )
                continue
            due = batch.invoices[key].invoice_date_due
            pays = rules.payment_day(customer.code, document.number, day, due)
            bills.append(Bill(document.number, day, document.amount, pays))
        return settle(bills, credits, self.sheet.last_day)

    def _prepare_payment(self, batch, code, payment):
        invoice = batch.invoices[code, payment.invoice]
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": invoice.partner_id.id,
            "amount": float(payment.amount),
            "date": payment.day,
            "journal_id": self.journal.id,
            "memo": f"{PAYMENT_LABEL}: {payment.invoice}",
            "invoice_ids": [Command.link(invoice.id)],
        }


def _key(document):
    return document.customer, document.number


def _receivable_lines(moves):
    return moves.line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    )
