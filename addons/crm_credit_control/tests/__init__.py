from . import (
    test_exposure,
    test_install,
    test_limits,
    test_lock,
    test_multi_company,
    test_portal,
    test_tools,
)
