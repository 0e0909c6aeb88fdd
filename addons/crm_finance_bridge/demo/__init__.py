# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# In the order they build on each other.
from . import company
from . import settlement
from . import costs
from . import campaigns
from . import history
