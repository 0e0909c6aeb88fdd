from . import test_install, test_lock, test_portal
