# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The statistics of customer value: plain values in, plain values out.

Orders to come: ``customers`` (what is known of one) → ``fit`` (parameters, or why not)
→ ``score`` (every figure). Behind them ``cells``, ``order_likelihood``,
``spend_likelihood``, ``minimize`` and ``estimation`` find parameters; ``order_model``,
``interval_model`` and ``spend_model`` say what they mean for a customer; ``promise``,
``discount``, ``chebyshev`` and ``quadrature`` do it for many at once. ``uncertainty``
gives intervals, ``backtest`` with ``metrics`` and ``monotone`` tells what it is worth.

Standing: ``ranking``, ``rfm``, ``segments``, ``contribution``, ``tiers``,
``quadrants``. Changes of margin: ``decomposition`` between
``windows``; rates of margin: ``margins``. What a call is worth: ``calling``.
``standing`` compares one customer with a portfolio; ``portfolio``, ``placing`` and
``valuation`` put everything together: all figures of customers from their facts.
"""

from . import (
    backtest,
    calling,
    cells,
    chebyshev,
    comparison,
    contribution,
    customers,
    decomposition,
    discount,
    estimation,
    fit,
    gamma,
    interval_model,
    margins,
    metrics,
    minimize,
    monotone,
    order_likelihood,
    order_model,
    placing,
    portfolio,
    promise,
    quadrants,
    quadrature,
    ranking,
    rfm,
    score,
    segments,
    spend_likelihood,
    spend_model,
    standing,
    tiers,
    uncertainty,
    valuation,
    windows,
)
