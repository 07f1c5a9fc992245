#!/usr/bin/env python3
"""Resolve requirements/*.in into lock files that plain pip installs on Python 3.11 and newer."""

import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
OLDEST_PYTHON = "3.11"


def compile_lock(uv: str, name: str, *constraints: str) -> None:
    """Write requirements/<name>.txt with the hash of every file that any platform may take."""
    command = [uv, "pip", "compile", f"{name}.in", "--output-file", f"{name}.txt", "--quiet"]
    command += ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes"]
    # The addresses of an index say where one machine was, not what the project needs.
    command += ["--no-emit-index-url", "--no-emit-find-links", "--no-annotate"]
    command += ["--custom-compile-command", "make lock"]
    for constraint in constraints:
        command += ["--constraint", constraint]
    subprocess.run(command, cwd=REQUIREMENTS, check=True)


def main() -> int:
    """Lock the application first, then development on top of exactly the same versions."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        print("uv is missing: run `make setup-dev` first.", file=sys.stderr)
        return 1
    compile_lock(uv, "base")
    compile_lock(uv, "dev", "base.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
