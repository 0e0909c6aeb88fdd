"""`make test`: every part of it, and one closing line that counts.

The module tests run once, in Odoo's own runner: it alone installs the modules
from nothing, runs at_install and post_install tests in their order and shows
the server's warnings, which count as failures here. pytest-odoo needs modules
that are installed already and hides the warnings; it is what developers run
on one file (`eval "$(make -s env)"`), and what runs `tests/odoo` and `tests/whole`.
All but the tests without Odoo work on one database: first with the three modules
(their tests, Odoo's own, those across modules), then with the modules that join them
to others as well (their tests, and those of the suite as a whole).
"""

import dataclasses
import time
import xml.etree.ElementTree

from . import (
    browser,
    console,
    database,
    environment,
    lint,
    paths,
    postgres,
    server,
    serverlog,
    venv,
)

UPSTREAM = paths.ROOT / "devtools" / "upstream_tests.txt"
PURE = paths.ROOT / "tests"
CROSS = PURE / "odoo"
WHOLE = PURE / "whole"
#: What pytest's report says of a test that did not pass.
FAILED = {"failure", "error"}
#: Names of failures of each part shown at the end.
SHOWN = 20


@dataclasses.dataclass
class Result:
    """What one part of the run counted."""

    title: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    #: Names of what failed, said once more at the end, where a long log is read first.
    failures: list = dataclasses.field(default_factory=list)

    def __str__(self):
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def run(settings):
    """Run every part, also after a failure, and return the exit code."""
    return _run_parts(
        settings,
        (
            _lint,
            _pure,
            _modules,
            _upstream,
            _across_modules,
            _joining_modules,
            _whole_suite,
        ),
    )


def run_upstream(settings):
    """Run Odoo's own tests on a database with the suite's modules."""
    return _run_parts(settings, (_install, _upstream))


def _run_parts(settings, parts):
    browser.ensure()
    environment.ensure(settings)
    results = []
    for part in parts:
        start = time.monotonic()
        try:
            result = part(settings)
        except console.Failure as failure:
            console.say(f"error: {failure}")
            result = Result("unfinished part", failed=1, failures=[str(failure)])
        results.append(result)
        console.say(f"  {result.title}: {result} ({time.monotonic() - start:.0f} s)")
    total = Result(
        "total",
        sum(result.passed for result in results),
        sum(result.failed for result in results),
        sum(result.skipped for result in results),
    )
    for result in results:
        if result.failed:
            console.say(f"failed of {result.title} (logs: {paths.shown(paths.LOGS)}):")
            console.say("\n".join(f"  {name}" for name in result.failures[:SHOWN]))
    print(total, flush=True)
    return 1 if total.failed or not total.passed else 0


# -- Parts ---------------------------------------------------------------------


def _lint(settings):
    passed, failed = lint.run(settings)
    return Result("lint", passed, len(failed), failures=failed)


def _pure(settings):
    return _pytest(
        settings,
        "tests without Odoo",
        ["-p", "no:odoo", PURE, f"--ignore={CROSS}", f"--ignore={WHOLE}"],
    )


def _across_modules(settings):
    """Run what needs a database without deliveries, as the retail example does."""
    return _pytest_odoo(settings, "tests across modules", CROSS)


def _whole_suite(settings):
    return _pytest_odoo(settings, "tests of the whole suite", WHOLE)


def _modules(settings):
    """Install the suite without demonstration data and run its tests."""
    modules = _main_modules()
    tags = ",".join(f"/{name}" for name in modules)
    return _odoo(
        settings,
        "module tests",
        ["-i", ",".join(modules), "--test-tags", tags],
        fresh=True,
    )


def _main_modules():
    """Return the modules that bring in no more of Odoo than they need: its own tests of
    sales do not run where its deliveries are installed."""
    joining = paths.joining_modules()
    return [name for name in paths.modules() if name not in joining]


def _joining_modules(settings):
    """Add the modules that join others, with what they join, and run their tests."""
    modules = paths.joining_modules()
    tags = ",".join(f"/{name}" for name in modules)
    return _odoo(
        settings, "joining modules", ["-i", ",".join(modules), "--test-tags", tags]
    )


def _install(settings):
    """Build the database for a run that does not begin with the module tests."""
    _fresh_database(settings)
    database.run_odoo(
        settings,
        "install the suite",
        ["-d", settings.test_database, "-i", ",".join(_main_modules())],
        log=paths.LOGS / "test-install.log",
    )
    return Result("install", passed=1)


def _upstream(settings):
    lines = UPSTREAM.read_text().splitlines()
    tags = [line.split("#")[0].strip() for line in lines]
    return _odoo(
        settings, "Odoo's own tests", ["--test-tags", ",".join(filter(None, tags))]
    )


# -- Runners -------------------------------------------------------------------


def _fresh_database(settings):
    database.drop(settings, settings.test_database)
    database.create_empty(settings, settings.test_database)


def _pytest(settings, title, arguments):
    """Run pytest and read its counts from its report."""
    slug = title.replace(" ", "-")
    report = paths.LOGS / f"{slug}.xml"
    report.unlink(missing_ok=True)
    log = paths.LOGS / f"{slug}.log"
    code = console.run_logged(
        title,
        [venv.python(), "-m", "pytest", f"--junitxml={report}", *arguments],
        log=log,
        env=environment.environ(settings),
    )
    if code:
        console.say(console.tail(log, 60))
    if not report.exists():
        return Result(title, failed=1)
    # Not the totals of the report: they count every sub-test as a test.
    cases = list(xml.etree.ElementTree.parse(report).iter("testcase"))
    failures = [
        f"{case.get('classname')}::{case.get('name')}"
        for case in cases
        if {child.tag for child in case} & FAILED
    ]
    skipped = sum(case.find("skipped") is not None for case in cases)
    passed = len(cases) - len(failures) - skipped
    # Any other end than "all passed" is a failure, "no test ran" as well.
    failed = len(failures) or int(code != 0)
    return Result(title, passed, failed, skipped, failures)


def _pytest_odoo(settings, title, folder):
    """Run pytest on the database of the module tests, with a web server."""
    name = settings.test_database
    return _pytest(settings, title, [f"--odoo-database={name}", "--odoo-http", folder])


def _odoo(settings, title, arguments, fresh=False):
    """Run Odoo's runner; its log must be free of complaints, a test by itself."""
    if fresh:
        _fresh_database(settings)
    log = paths.LOGS / f"{title.replace(' ', '-').replace(chr(39), '')}.log"
    command = environment.odoo_command(
        *("-d", settings.test_database),
        *("--http-port", str(server.free_port())),
        *arguments,
        "--stop-after-init",
    )
    code = console.run_logged(
        title,
        command,
        log=log,
        env=environment.environ(settings),
        detail=lambda: _progress(log),
    )
    # Tests roll back: they leave dead rows behind and statistics of empty tables, with
    # which the planner takes minutes for what comes next.
    postgres.sql(settings, "VACUUM ANALYZE", settings.test_database)
    text = log.read_text(errors="replace")
    counted = serverlog.counts(text)
    result = Result(title, *counted) if counted else Result(title, failed=1)
    if not result.passed and not result.failed:
        console.say(f"  {title}: no test ran (see {paths.shown(log)})")
        result.failed = 1
    if result.failed or code:
        console.say(_failures(text) or console.tail(log))
        result.failures += serverlog.failures(text)
        result.failed = max(result.failed, 1)
    complaints = serverlog.complaints(text)
    if complaints:
        console.say(f"  {len(complaints)} complaints in {paths.shown(log)}, first:")
        console.say("\n".join(complaints[:SHOWN]))
        result.failed += 1
        result.failures += complaints
    else:
        result.passed += 1
    return result


def _progress(log):
    tests = log.read_text(errors="replace").count(": Starting ")
    return f"{database.module_progress(log)} {tests} tests".strip()


def _failures(text):
    """Return the reports of failing tests: the line and its traceback."""
    found, inside = [], False
    for line in text.splitlines():
        match = serverlog.LINE.match(line)
        if match:
            inside = bool(serverlog.TEST_FAILURE.match(match["text"]))
        if inside:
            found.append(line)
    return "\n".join(found[:200])
