# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is said and written about a run: progress, rejected rows, totals, profiles."""

import csv

from .rows import COLUMNS, REASONS

#: Columns of the table of profiles: heading → (indicator, decimals).
INDICATORS = {
    "receivable": ("receivable", 2),
    "overdue": ("overdue", 2),
    "DSO": ("dso", 1),
    "days late": ("days_late", 1),
    "margin": ("margin", 2),
}


def progress(done):
    """Return one line about a :class:`~retail.load.Progress`."""
    return (
        f"  {done.customers}/{done.all_customers} customers, "
        f"{done.documents:,} documents, {duration(done.elapsed)} gone, "
        f"{duration(done.left)} left"
    )


def duration(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def write_rejected(path, sheet):
    """List every row that cannot be used, with its line in the file and the reason."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Line", "Reason", *COLUMNS])
        for row in sheet.rejected:
            writer.writerow([row.number, REASONS[row.reason], *row.values])


def rejected(sheet):
    """Return the lines that count the rejected rows by reason."""
    return [
        f"  {count:>9,}  {REASONS[reason]}"
        for reason, count in sheet.rejected_by_reason.items()
    ]


def totals(company):
    """Return the lines that count what the sample company now has."""
    env = company.env
    own = ("company_id", "=", company.id)
    posted = [own, ("state", "=", "posted")]
    counts = {
        "customers": ("res.partner", [own, ("customer_rank", ">", 0)]),
        "products": ("product.product", [own]),
        "confirmed orders": ("sale.order", [own, ("state", "=", "sale")]),
        "posted invoices": (
            "account.move",
            [*posted, ("move_type", "=", "out_invoice")],
        ),
        "credit notes": ("account.move", [*posted, ("move_type", "=", "out_refund")]),
        "payments (generated)": (
            "account.payment",
            [own, ("payment_type", "=", "inbound")],
        ),
    }
    return [
        f"  {env[model].search_count(domain):>9,}  {label}"
        for label, (model, domain) in counts.items()
    ]


def profiles(env, figures, limit=10):
    """Return a table of the customers with the largest receivable.

    :param figures: ``{partner id: {indicator: value}}``
    """
    ranked = sorted(
        figures,
        key=lambda partner: (-(figures[partner]["receivable"] or 0), partner),
    )[:limit]
    table = [["customer", "country", *INDICATORS]]
    for partner in env["res.partner"].browse(ranked):
        values = figures[partner.id]
        table.append(
            [
                partner.name,
                partner.country_id.name or "-",
                *(
                    "-" if values[name] is None else f"{values[name]:,.{digits}f}"
                    for name, digits in INDICATORS.values()
                ),
            ]
        )
    return aligned(table, texts=2)


def aligned(table, texts=1):
    """Return the lines of a table, its first columns aligned left."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            text.ljust(width) if place < texts else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in table
    ]
