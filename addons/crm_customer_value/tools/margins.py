# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The margin rate of one customer, drawn towards that of all."""


def shrunk_rate(margin, sales, portfolio_rate, prior_sales):
    """Return the margin rate to value a customer's future orders with.

    (margin + κ · portfolio rate) / (sales + κ): κ = ``prior_sales`` is how much the
    customer must buy for the own rate to weigh half. A rate may be negative: whoever is
    sold to at a loss has a negative value.

    :param margin: net margin of the customer so far
    :param sales: net sales of the customer so far
    :param portfolio_rate: margin / sales of all customers
    :param prior_sales: κ, in money; e.g. the value of three usual orders
    :return: rate, or the portfolio's where the sales are not positive

    >>> shrunk_rate(100.0, 1000.0, 0.3, 1000.0)
    0.2
    >>> shrunk_rate(0.0, 0.0, 0.3, 1000.0), shrunk_rate(-50.0, -200.0, 0.3, 100.0)
    (0.3, 0.3)
    >>> shrunk_rate(-600.0, 1000.0, 0.2, 500.0)
    -0.3333333333333333
    """
    if sales <= 0:
        return portfolio_rate
    return (margin + prior_sales * portfolio_rate) / (sales + prior_sales)
