from . import setting
from . import history
from . import settlement
