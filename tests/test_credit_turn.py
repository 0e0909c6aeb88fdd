"""When a transaction may be sure that nobody used a limit since its snapshot."""

import odoo_process
import pytest

#: Turns are taken by transactions of their own; ``look`` tells what a new one, whose
#: snapshot is taken before ``meanwhile``, finds when it locks.
SCRIPT = """
import time
from contextlib import ExitStack
from odoo import SUPERUSER_ID, api

stack = ExitStack()

def begin():
    cr = stack.enter_context(env.registry.cursor())
    cr.execute("SELECT 1")
    return api.Environment(cr, SUPERUSER_ID, {})["credit.turn"]

def use(key, turns=None):
    turns = turns or begin()
    turns._leave([key])
    turns.env.cr.commit()

def look(key, meanwhile=lambda: None):
    with env.registry.cursor() as cr:
        cr.execute("SELECT 1")
        turns = api.Environment(cr, SUPERUSER_ID, {})["credit.turn"]
        meanwhile()
        seen, is_sure = turns._lock([key])
        return {"seen": seen[key], "sure": is_sure}

def look_in_peace(key):
    # Whatever writes in another database of the server, be it its housekeeping, is
    # reason to look again.
    for _try in range(200):
        found = look(key)
        if found["sure"]:
            break
        time.sleep(0.05)
    return found

result = {}
with stack:
    use((1, 1))
    result["nobody since"] = look_in_peace((1, 1))
    result["afterwards"] = look((1, 1), lambda: use((1, 1)))
    result["another limit"] = look((1, 1), lambda: use((1, 2)))

    # Numbered before one that is in sight, but not committed yet.
    slow = begin()
    slow._leave([(1, 1)])
    use((1, 2))
    result["hidden"] = look((1, 1), slow.env.cr.commit)

    undone = begin()
    undone._leave([(1, 1)])
    undone.env.cr.rollback()
    result["undone"] = look((1, 1))
    use((1, 2))
    result["after undone"] = look_in_peace((1, 1))
"""


@pytest.fixture(scope="module")
def looks(credit_template):
    name = odoo_process.create(credit_template)
    try:
        yield odoo_process.shell(name, SCRIPT)
    finally:
        odoo_process.drop(name)


def test_sure_when_nobody_used_it(looks):
    assert looks["nobody since"]["sure"]
    assert looks["nobody since"]["seen"] > 0
    assert looks["after undone"]["sure"]


@pytest.mark.parametrize("case", ["afterwards", "hidden"])
def test_never_sure_when_somebody_did(looks, case):
    assert not looks[case]["sure"]


@pytest.mark.parametrize("case", ["another limit", "undone"])
def test_in_doubt_it_looks_again(looks, case):
    assert not looks[case]["sure"]
