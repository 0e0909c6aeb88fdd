from . import test_fit
from . import test_history
from . import test_install
from . import test_score
from . import test_settings
from . import test_tools
from . import test_value_access
from . import test_value_performance
