# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Turns are numbered by limit now. They only matter to transactions that run, and
    nobody sells while modules are upgraded."""
    cr.execute("DELETE FROM credit_turn")
    cr.execute("DROP INDEX IF EXISTS credit_turn_key_idx")
