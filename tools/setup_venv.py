#!/usr/bin/env python3
"""Make the virtual environment hold exactly what a lock file says; plain Python and pip, nothing else."""

import argparse
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# dev.txt holds all of base.txt, so an environment made for development also runs the application.
LOCKS = {"base": ("base", "dev"), "dev": ("dev",)}


class SetupError(Exception):
    """The environment cannot be made; the text is for the person at the terminal."""


def fingerprint(lock: Path, python: Path) -> str:
    """Return what identifies an install: the lock file's bytes and the interpreter's version."""
    version = subprocess.run(
        [python, "-c", "import sys; print(sys.version)"], capture_output=True, check=True
    ).stdout
    return hashlib.sha256(lock.read_bytes() + version).hexdigest()


def works(python: Path) -> bool:
    """Say whether the environment's interpreter starts; it does not once its base Python is gone."""
    if not python.exists():
        return False
    return (
        subprocess.run([python, "-c", "import pip"], check=False, capture_output=True).returncode
        == 0
    )


def make_environment(venv: Path) -> None:
    """Make an empty virtual environment, in place of a broken one."""
    if venv.exists() and not (venv / "pyvenv.cfg").exists():
        raise SetupError(f"{venv} exists and is not a virtual environment. Move it away.")
    shutil.rmtree(venv, ignore_errors=True)
    print(f"Making the virtual environment in {venv.name} with Python {sys.version.split()[0]}")
    if subprocess.run([sys.executable, "-m", "venv", str(venv)], check=False).returncode != 0:
        raise SetupError(
            "Python could not make a virtual environment. On Debian and Ubuntu install the "
            "package python3-venv, then run this again."
        )


def install(python: Path, lock: Path) -> None:
    """Install a lock file, refusing any file whose hash it does not list."""
    print(f"Installing {lock.relative_to(ROOT)} (once; the next start does not)")
    command = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    command += ["--no-input", "--require-hashes", "--only-binary=:all:", "-r", lock]
    if subprocess.run(command, check=False).returncode != 0:
        raise SetupError(
            "The packages could not be installed. pip's own message is above: it needs to reach "
            "a package index once, or a folder of wheels named by PIP_FIND_LINKS."
        )


def set_up(kind: str, venv: Path) -> None:
    """Bring the environment in line with requirements/<kind>.txt, doing nothing when it is."""
    python = venv / "bin" / "python"
    stamp = venv / "rounds-lock"
    if not works(python):
        make_environment(venv)
    accepted = {fingerprint(ROOT / "requirements" / f"{name}.txt", python) for name in LOCKS[kind]}
    if stamp.exists() and stamp.read_text(encoding="utf-8").strip() in accepted:
        return
    lock = ROOT / "requirements" / f"{kind}.txt"
    stamp.unlink(missing_ok=True)
    install(python, lock)
    stamp.write_text(fingerprint(lock, python) + "\n", encoding="utf-8")


def main() -> int:
    """Read the arguments and report a refusal as one sentence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=sorted(LOCKS))
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv")
    arguments = parser.parse_args()
    try:
        set_up(arguments.kind, arguments.venv.resolve())
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
