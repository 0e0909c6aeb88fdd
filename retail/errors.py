# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


class Failure(Exception):
    """The run cannot go on; the message is one line for the user."""
