#!/usr/bin/env python3
"""Run pytest with the arguments given; a selection that holds no test yet is not a failure."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from starting.telling import told  # noqa: E402 - only now it can be found

# what pytest would load before the first test, loaded apart: there a fault is a sentence
SETTINGS = """
from starting.telling import told
with told():
    from django.conf import settings
    settings.DATABASES
"""


def refused() -> int:
    """Return the exit code of the settings alone; what is wrong with them is said by then."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", SETTINGS]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main() -> int:
    """Return pytest's exit code, with "no tests were collected" taken as passing."""
    with told():
        if code := refused():
            return code
        import pytest  # noqa: PLC0415 - an environment without it is said in a sentence
    code = int(pytest.main(sys.argv[1:]))
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        print("There is no test in this selection.")
        return 0
    return code


if __name__ == "__main__":
    sys.exit(main())
