from . import (
    test_documents,
    test_exposure,
    test_growth,
    test_hold,
    test_install,
    test_limits,
    test_lock,
    test_multi_company,
    test_paths,
    test_portal,
    test_tools,
)
