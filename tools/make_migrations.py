"""Regenerate the one initial migration of every app; only until the first release."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("pmo/common", "pmo/accounts", "projects", "risks", "portfolio", "reports")


def main() -> int:
    for app in APPS:
        for old in (ROOT / app / "migrations").glob("0*.py"):
            old.unlink()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", "makemigrations", "-n", "initial"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    ruff = [sys.executable, "-m", "ruff"]
    for tidy in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([*ruff, *tidy, *(f"{app}/migrations" for app in APPS)], cwd=ROOT, check=True)
    return done


if __name__ == "__main__":
    sys.exit(main())
