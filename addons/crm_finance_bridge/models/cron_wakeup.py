# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Wakes the workers of scheduled actions after a commit, beside the transaction.

Odoo's own notification opens a connection to another database: for a transaction as
short as the confirmation of an order, a tenth of its time. Here it is sent a moment
later by a thread, once for all commits of that moment. Were it lost with the process,
the workers would find the trigger by themselves within a minute.
"""

import logging
import threading

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

_logger = logging.getLogger(__name__)

DELAY = 1.0

_lock = threading.Lock()
_waiting = set()


def wake_soon(database):
    """Have the workers woken within :data:`DELAY` seconds.

    :param database: name of the database with something to do
    """
    with _lock:
        if database in _waiting:
            return
        _waiting.add(database)
    timer = threading.Timer(DELAY, _wake, [database])
    timer.name = "customer finance wake-up"
    timer.daemon = True
    timer.start()


def _wake(database):
    with _lock:
        _waiting.discard(database)
    try:
        with Registry(database).cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["ir.cron"]._notifydb()
    except psycopg2.Error as error:
        # The database is being stopped or dropped.
        _logger.info("The workers of scheduled actions were not woken: %s", error)
