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

def use(*keys):
    turns = begin()
    turns._lock(keys)
    turns.env.cr.commit()

def look(*keys, meanwhile=lambda: None, write=lambda cr: None):
    with env.registry.cursor() as cr:
        cr.execute("SELECT 1")
        turns = api.Environment(cr, SUPERUSER_ID, {})["credit.turn"]
        meanwhile()
        write(cr)
        seen, _mine, has_written, is_sure = turns._lock(keys)
        return {"seen": seen[keys[0]], "written": has_written, "sure": is_sure}

def look_in_peace(*keys):
    # Whatever writes in another database of the server, be it its housekeeping, is
    # reason to look again.
    for _try in range(200):
        found = look(*keys)
        if found["sure"]:
            break
        time.sleep(0.05)
    return found

result = {}
with stack:
    use((1, 1))
    result["nobody since"] = look_in_peace((1, 1))
    result["nobody since, several"] = look_in_peace((1, 1), (1, 2), (2, 1))
    result["afterwards"] = look((1, 1), meanwhile=lambda: use((1, 1)))
    result["afterwards, several"] = look(
        (1, 1), (1, 2), (2, 1), meanwhile=lambda: use((2, 1)))
    result["another limit"] = look((1, 1), meanwhile=lambda: use((1, 2)))

    # Numbered before one that is in sight, but not committed yet.
    slow = begin()
    slow._lock([(1, 1)])
    use((1, 2))
    result["hidden"] = look((1, 1), meanwhile=slow.env.cr.commit)

    undone = begin()
    undone._lock([(1, 1)])
    undone.env.cr.rollback()
    result["undone"] = look((1, 1))
    use((1, 2))
    result["after undone"] = look_in_peace((1, 1))

    result["after a change"] = look(
        (1, 1), write=lambda cr: cr.execute("UPDATE res_users SET login = login"))
    twice = begin()
    result["first turn"], result["second turn"] = (
        {"written": twice._lock([(1, 1)])[2]} for _turn in range(2))
    twice.env.cr.commit()
"""


@pytest.fixture(scope="module")
def looks(credit_template):
    name = odoo_process.create(credit_template)
    try:
        yield odoo_process.shell(name, SCRIPT)
    finally:
        odoo_process.drop(name)


@pytest.mark.parametrize(
    "case", ["nobody since", "nobody since, several", "after undone"]
)
def test_sure_when_nobody_used_it(looks, case):
    assert looks[case]["sure"]
    assert looks[case]["seen"] > 0


@pytest.mark.parametrize("case", ["afterwards", "afterwards, several", "hidden"])
def test_never_sure_when_somebody_did(looks, case):
    assert not looks[case]["sure"]


@pytest.mark.parametrize("case", ["another limit", "undone"])
def test_in_doubt_it_looks_again(looks, case):
    assert not looks[case]["sure"]


def test_the_turn_itself_is_no_change_of_the_customer(looks):
    """What was written before counts; of two turns the second finds the first."""
    assert not looks["nobody since"]["written"]
    assert not looks["first turn"]["written"]
    assert looks["second turn"]["written"]
    assert looks["after a change"]["written"]
