"""What is read from Odoo's log."""

from devtools import serverlog, testing


def line(level, logger, text):
    return f"2026-11-21 18:00:00,123 4242 {level} some_db {logger}: {text}"


def summary(failed, errors, tests):
    text = f"{failed} failed, {errors} error(s) of {tests} tests when loading database"
    return line("ERROR" if failed or errors else "INFO", "odoo.service.server", text)


def test_counts():
    text = summary(0, 0, 12)
    assert serverlog.counts(text) == (12, 0, 0)


def test_failures_and_skips_are_counted():
    skipped = line("INFO", "odoo.addons.crm_x.tests.test_a", "skipped T.test_a : why")
    text = "\n".join([skipped, summary(2, 1, 12)])
    assert serverlog.counts(text) == (8, 3, 1)


def test_failing_subtests_may_outnumber_tests():
    assert serverlog.counts(summary(5, 0, 2)) == (0, 5, 0)


def test_no_summary_is_no_count():
    assert serverlog.counts(line("INFO", "odoo.modules", "loading")) is None


def test_complaints_are_found():
    bad = [line(level, "odoo.x", "wrong") for level in ("WARNING", "ERROR", "CRITICAL")]
    text = "\n".join([line("INFO", "odoo.x", "fine"), *bad, "Traceback: no log line"])
    assert serverlog.complaints(text) == bad


def test_failing_tests_are_no_complaints():
    failing = line("ERROR", "odoo.addons.crm_x.tests.test_a", "FAIL: T.test_a")
    after = [
        line("ERROR", "odoo.modules.loading", text)
        for text in (
            "Module crm_x: 1 failures, 0 errors of 3 tests",
            "At least one test failed when loading the modules.",
        )
    ]
    log = "\n".join([failing, *after, summary(1, 0, 3)])
    assert not serverlog.complaints(log)
    assert serverlog.failures(log) == ["FAIL: T.test_a"]


def test_failures_are_named_again_before_the_count(monkeypatch, capsys):
    def fail(settings):
        return testing.Result("part", passed=2, failed=1, failures=["test_that_failed"])

    monkeypatch.setattr(testing.browser, "ensure", lambda: None)
    monkeypatch.setattr(testing.environment, "ensure", lambda settings: None)
    assert testing._run_parts(None, [fail]) == 1
    said = capsys.readouterr()
    assert said.err.splitlines()[-1].strip() == "test_that_failed"
    assert said.out == "2 passed, 1 failed\n"


def test_every_known_complaint_has_a_reason():
    assert all(len(reason) > 20 for _logger, _start, reason in serverlog.KNOWN)
