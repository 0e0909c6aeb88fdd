"""Read Odoo's log: what it counts, and what it complains about."""

import re

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \S+ \d+ (?P<level>[A-Z]+) (?P<database>\S+) "
    r"(?P<logger>\S+): (?P<text>.*)$"
)
LEVELS = {"WARNING", "ERROR", "CRITICAL"}
SUMMARY = re.compile(
    r"(?P<failures>\d+) failed, (?P<errors>\d+) error\(s\) of (?P<tests>\d+) tests "
    r"when loading database"
)
TEST_FAILURE = re.compile(r"(FAIL|ERROR): ")
#: What Odoo says once more after tests have failed.
AFTER_FAILURE = re.compile(
    r"At least one test failed when loading|Module \S+: \d+ failures, \d+ errors of "
)

#: Harmless complaints: the logger, how the text begins, and why it is harmless.
KNOWN = ()


def complaints(text):
    """Return the WARNING, ERROR and CRITICAL lines nobody has explained.

    Failing tests are logged as errors too: they are counted as tests instead.
    """
    found = []
    for line in text.splitlines():
        match = LINE.match(line)
        if not match or match["level"] not in LEVELS:
            continue
        if _tells_of_tests(match["text"]):
            continue
        if not any(
            match["logger"] == logger and match["text"].startswith(start)
            for logger, start, _reason in KNOWN
        ):
            found.append(line)
    return found


def failures(text):
    """Return the lines that name a failing test."""
    matches = filter(None, map(LINE.match, text.splitlines()))
    return [match["text"] for match in matches if TEST_FAILURE.match(match["text"])]


def _tells_of_tests(text):
    return bool(
        TEST_FAILURE.match(text) or AFTER_FAILURE.match(text) or SUMMARY.search(text)
    )


def counts(text):
    """Return (passed, failed, skipped) of a run's tests, None when it has none.

    A failing sub-test counts as a failure without being a test, so failures
    may outnumber tests.
    """
    match = SUMMARY.search(text)
    if not match:
        return None
    failed = int(match["failures"]) + int(match["errors"])
    skipped = sum(
        match["text"].startswith("skipped ") and ".tests." in match["logger"]
        for match in map(LINE.match, text.splitlines())
        if match
    )
    return max(0, int(match["tests"]) - failed - skipped), failed, skipped
