"""Who waited for a limit knows whether somebody used it since its snapshot."""

import odoo_process
import pytest

#: Turns are taken by transactions of their own; ``look`` tells what a new one, whose
#: snapshot is taken before ``meanwhile``, finds when its turn comes.
SCRIPT = """
from contextlib import ExitStack
from odoo import SUPERUSER_ID, api

stack = ExitStack()

def begin():
    cr = stack.enter_context(env.registry.cursor())
    cr.execute("SELECT 1")
    return api.Environment(cr, SUPERUSER_ID, {})["credit.turn"]

def end(turns):
    turns.env.cr.commit()
    turns.env.cr.close()

def take(turns, *keys):
    with turns._take(keys) as late:
        return late is not None

def use(*keys):
    turns = begin()
    take(turns, *keys)
    end(turns)

def look(*keys, meanwhile=lambda: None, write=lambda cr: None):
    turns = begin()
    meanwhile()
    write(turns.env.cr)
    found = {"late": take(turns, *keys), "written": turns._had_written()}
    end(turns)
    return found

def write_elsewhere():
    "Return a transaction that has written and is not done."
    cr = stack.enter_context(env.registry.cursor())
    cr.execute("UPDATE res_country SET name = name WHERE code = 'BE'")
    return cr

result = {}
with stack:
    use((1, 1))
    result["nobody since"] = look((1, 1))
    result["nobody since, several"] = look((1, 1), (1, 2), (2, 1))
    result["afterwards"] = look((1, 1), meanwhile=lambda: use((1, 1)))
    result["afterwards, several"] = look(
        (1, 1), (1, 2), (2, 1), meanwhile=lambda: use((2, 1)))
    result["after being late"] = look((1, 1))
    result["another limit"] = look((1, 1), meanwhile=lambda: use((1, 2)))
    busy = write_elsewhere()
    result["busy server"] = look((1, 1))
    busy.close()

    # Had its turn before one that is in sight, but has not committed yet.
    slow = begin()
    take(slow, (1, 1))
    use((1, 2))
    result["hidden"] = look((1, 1), meanwhile=lambda: end(slow))

    undone = begin()
    take(undone, (1, 1))
    undone.env.cr.close()
    result["undone"] = look((1, 1))

    result["after a change"] = look(
        (1, 1), write=lambda cr: cr.execute("UPDATE res_users SET login = login"))

    # Of two turns of one transaction, the second is as late as the first.
    twice = begin()
    use((1, 1))
    result["late at first"] = {"late": take(twice, (1, 1))}
    result["late again"] = {"late": take(twice, (1, 1))}
    end(twice)
    twice = begin()
    take(twice, (1, 1))
    result["second turn"] = {
        "late": take(twice, (1, 1)), "written": twice._had_written()}
    end(twice)

    # Late, and undone: its place is free again.
    late = begin()
    use((3, 3))
    take(late, (3, 3))
    late.env.cr.close()
    result["after one that was late and undone"] = look((3, 3))

    env.cr.execute("UPDATE credit_turn SET taken_at = '2020-01-01'")
    env["credit.turn"]._gc_turns()
    env.cr.commit()
    env.cr.execute("SELECT COUNT(*), COUNT(DISTINCT (company_key, partner_key))"
                   " FROM credit_turn")
    result["kept"] = env.cr.fetchone()
    result["after cleaning"] = look((1, 1))
    result["afterwards, cleaned"] = look((1, 1), meanwhile=lambda: use((1, 1)))
"""


@pytest.fixture(scope="module")
def looks(credit_template):
    name = odoo_process.create(credit_template)
    try:
        yield odoo_process.shell(name, SCRIPT)
    finally:
        odoo_process.drop(name)


@pytest.mark.parametrize(
    "case",
    [
        "nobody since",
        "nobody since, several",
        "after being late",
        "another limit",
        "busy server",
        "undone",
        "second turn",
        "after one that was late and undone",
        "after cleaning",
    ],
)
def test_not_late_when_nobody_used_it(looks, case):
    assert not looks[case]["late"]


@pytest.mark.parametrize(
    "case",
    [
        "afterwards",
        "afterwards, several",
        "hidden",
        "late at first",
        "late again",
        "afterwards, cleaned",
    ],
)
def test_late_when_somebody_did(looks, case):
    assert looks[case]["late"]


def test_the_turn_itself_is_no_change_of_the_customer(looks):
    """What was written before counts; of two turns the second finds the first."""
    assert not looks["nobody since"]["written"]
    assert not looks["afterwards"]["written"]
    assert looks["second turn"]["written"]
    assert looks["after a change"]["written"]


def test_the_last_turn_of_each_limit_is_kept(looks):
    rows, limits = looks["kept"]
    assert rows == limits == 4
