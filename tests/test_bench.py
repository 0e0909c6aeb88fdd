# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A tiny run of the benchmark: sound ledgers, every measure taken, no time judged."""

import json
import os
import subprocess
import sys

import pytest

from bench import report

pytestmark = pytest.mark.skipif(
    "ODOO_RC" not in os.environ, reason="needs Odoo: run it with make test"
)


@pytest.fixture(scope="module")
def measures(tmp_path_factory):
    """Run `python -m bench --quick`; it checks the ledgers that it generates."""
    folder = tmp_path_factory.mktemp("bench")
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--report", str(folder)]
        + ["--prefix", f"bench_quick_{os.getpid()}"],
        capture_output=True,
        text=True,
        timeout=1800,
    )
    assert not done.returncode, done.stdout + done.stderr
    data = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {measure["what"]: measure for measure in data["measures"]}


@pytest.mark.parametrize(
    "what",
    (
        "generator",
        "fit + score of 2,357 customers",
        "valuing everybody by the last fit",
        "a fit with its back-test",
        "valuing one customer after an order",
        "full refresh / bare SQL, receivable and payments",
        "first refresh",
        "statements of a full refresh",
        "peak of Python memory",
        "queries of the profile list",
        "queries added to the contact form",
        "queries added to the contact list",
        "queries added to the order list",
        "posting an invoice",
        "confirming an order",
        "confirming, plan and booking",
        "statements for the positions of",
        "statements for spreading a cost",
        "spreading by sales",
        "cash forecast by week",
        "credit control's part of a full refresh",
        "confirming with credit check",
        "statements for the exposure of",
    ),
)
def test_measured(measures, what):
    assert any(name.startswith(what) for name in measures)


def test_counts_do_not_grow(measures):
    """What is counted, not timed, holds at any size."""
    counted = [
        measure
        for name, measure in measures.items()
        if name.startswith(("statements", "queries"))
    ]
    assert counted
    assert [measure["what"] for measure in counted if not measure["ok"]] == []


def test_missed_bound_shows():
    kept, missed, shown = (
        report.Measure("refresh", "3 s", "1 s", ratio, bound)
        for ratio, bound in ((3.0, 4.0), (4.1, 4.0), (4.1, None))
    )
    assert (kept.ok, missed.ok, shown.ok) == (True, False, None)
    text = report.render([kept, missed, shown], {"machine": "this one"})
    assert "- machine: this one" in text
    assert [line.split("|")[-2].strip() for line in text.splitlines()[-3:]] == [
        "yes",
        "NO",
        "",
    ]
