# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import gc
from contextlib import contextmanager


@contextmanager
def collector_paused():
    """Keep the garbage collector from looking through millions of figures again and
    again while they are made; there are no cycles among them. Odoo's own way
    (``odoo.tools.gc``) leaves it switched off after an error."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()
