"""Benchmark of the suite on generated ledgers; see `python -m bench --help`."""
