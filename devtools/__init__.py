"""Set up, run and test the suite: `python3 -m devtools --help`.

The modules that run before the virtual environment exists use the standard
library only.
"""
