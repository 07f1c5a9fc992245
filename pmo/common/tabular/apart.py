"""Files that are read in a process of its own, with bounds on memory and time: what it tells, line by line."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pmo.common.tabular.errors import FileTooLargeError
from pmo.common.tabular.limits import MEGABYTE, Limits

MEMORY = 1024 * MEGABYTE
SECONDS = 30
TOO_LARGE = 4


class UnreadError(Exception):
    """The script ended without having read the file."""


def told_apart(
    script: Path, data: bytes, kind: str, limits: Limits, *arguments: str
) -> Iterator[Any]:
    """
    Yield what a script of ours tells of a file.

    Raises FileTooLargeError, and UnreadError for what the script makes nothing of.
    """
    bounds = (MEMORY, SECONDS, limits.rows, limits.columns, limits.cells)
    # -P: the script's folder has modules that are called like those of Python itself
    command = [sys.executable, "-P", str(script), *map(str, bounds), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own script; the sheet's name is one argument
            command, input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise FileTooLargeError(
            f"The {kind} file takes too long to read. Save it as .xlsx and upload it again."
        ) from error
    if done.returncode == TOO_LARGE:
        raise FileTooLargeError(f"The {kind} file is too large. Split it or save it as .xlsx.")
    if done.returncode != 0:
        raise UnreadError(kind)
    return (json.loads(line) for line in done.stdout.splitlines())
