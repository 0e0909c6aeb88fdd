# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The report: one row per measure, with the bound it has to keep."""

import json
from dataclasses import asdict, dataclass

HEADER = ("what", "measured", "baseline", "ratio", "bound", "ok")


@dataclass(frozen=True)
class Measure:
    """One comparison made in this run.

    ``bound`` is the highest ratio allowed, None for a figure given for information.
    ``measured`` and ``baseline`` are texts with their unit; ``detail`` holds the
    figures behind them.
    """

    what: str
    measured: str
    baseline: str = ""
    ratio: float | None = None
    bound: float | None = None
    detail: dict | None = None

    @property
    def ok(self):
        """Whether the bound is kept, None without a bound."""
        return None if self.bound is None else self.ratio <= self.bound

    def cells(self):
        """Return the texts of the report's columns."""
        return (
            self.what,
            self.measured,
            self.baseline,
            "" if self.ratio is None else _precise(self.ratio),
            "" if self.bound is None else f"≤ {self.bound:.2f}",
            {None: "", True: "yes", False: "NO"}[self.ok],
        )


def _precise(ratio):
    """Render a ratio; small ones are judged by their third digit."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.4f}"


def render(measures, conditions):
    """Return the report as Markdown: ``conditions`` first, then the table."""
    rows = [HEADER, *(measure.cells() for measure in measures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    facts = [f"- {name}: {value}" for name, value in conditions.items()]
    return "\n".join(["# Benchmark", "", *facts, "", *lines, ""])


def write(measures, conditions, folder):
    """Write ``report.md`` and ``report.json`` to ``folder``; return the former."""
    folder.mkdir(parents=True, exist_ok=True)
    text = render(measures, conditions)
    (folder / "report.md").write_text(text, encoding="utf-8")
    data = {
        "conditions": conditions,
        "measures": [{**asdict(measure), "ok": measure.ok} for measure in measures],
    }
    (folder / "report.json").write_text(
        json.dumps(data, indent=2, ensure_ascii=False), encoding="utf-8"
    )
    return text
