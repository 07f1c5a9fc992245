#!/usr/bin/env python3
"""Resolve requirements/*.in into complete, hash-pinned lock files for Python 3.11 and newer."""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
sys.path.insert(0, str(ROOT))

from starting.sentences import StartError  # noqa: E402 - the project's root has to be on the path first
from starting.telling import told  # noqa: E402 - the same

OLDEST_PYTHON = "3.11"


def upgrades(package: str) -> list[str]:
    """Return the options that let one package, or all of them, take a newer release."""
    return ["--upgrade-package", package] if package else ["--upgrade"]


def compile_lock(uv: str, name: str, *constraints: str, package: str = "") -> None:
    """Write requirements/<name>.txt with the hash of every file that any platform may take."""
    command = [uv, "pip", "compile", f"{name}.in", "--output-file", f"{name}.txt", "--quiet"]
    command += ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes"]
    # The addresses of an index say where one machine was, not what the project needs.
    command += ["--no-emit-index-url", "--no-emit-find-links", "--no-annotate"]
    command += ["--custom-compile-command", "make lock", *upgrades(package)]
    for constraint in constraints:
        command += ["--constraint", constraint]
    if subprocess.run(command, cwd=REQUIREMENTS, check=False).returncode != 0:
        raise StartError(f"requirements/{name}.txt could not be resolved; uv's reason is above.")


def main() -> int:
    """Lock the application first, then development on top of exactly the same versions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", nargs="?", default="", help="let only this package change")
    package = parser.parse_args().package
    with told():
        beside = str(Path(sys.executable).parent)
        uv = shutil.which("uv", path=beside) or shutil.which("uv")
        if uv is None:
            raise StartError("uv is missing: run `make setup-dev` first.")
        compile_lock(uv, "base", package=package)
        compile_lock(uv, "dev", "base.txt", package=package)
    return 0


if __name__ == "__main__":
    sys.exit(main())
