#!/usr/bin/env python3
"""Make the virtual environment hold exactly what a lock file says; plain Python and pip, nothing else."""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from starting.progress import StartProgress, say, shown  # noqa: E402 - the project's root has to be on the path first
from starting.sentences import StartError  # noqa: E402 - the same
from starting.telling import keep_traceback, told  # noqa: E402 - the same
from starting.telling import shown as shown_path  # noqa: E402 - the same

# dev.txt holds all of base.txt, so an environment made for development also runs the application.
LOCKS = {"base": ("base", "dev"), "dev": ("dev",)}
OLDEST_PYTHON = (3, 11)
# The lock is complete (a test proves it), so that nothing is left for pip to find out: without
# --no-deps an older pip asks for the newest release of "name[extra]" and refuses it as not locked.
OPTIONS = ("--no-deps", "--require-hashes", "--only-binary=:all:")
LOCKED = re.compile(r"^[\w.-]+==", re.MULTILINE)
FETCHED = re.compile(r"^(Collecting|Processing|Requirement already satisfied:) ")
NOT_FOR_HERE = re.compile(r"^Ignoring .*: markers ")
WRITING = re.compile(r"^Installing collected packages")
# Last sentences of pip and what they mean to whoever reads them.
REASONS = (
    ("No space left on device", "There is no space left on the disk. Make room, then try again."),
    ("THESE PACKAGES DO NOT MATCH THE HASHES", "A package is not the file that the lock names."),
    (
        "No matching distribution found",
        (
            "The package index has no file of a package for this machine and this Python; if the"
            " network is up, try another Python with `make run PYTHON=python3.12`."
        ),
    ),
)
NO_INDEX = "pip needs to reach a package index once, or a folder of wheels named by PIP_FIND_LINKS."
PACKAGES_HERE = (
    "import importlib.metadata as m; print(*sorted("
    "f'{d.name}=={d.version}' for d in m.distributions() if d.read_text('RECORD')), sep='\\n')"
)


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
    check = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    return subprocess.run([python, "-c", check], check=False, capture_output=True).returncode == 0


def packages(python: Path) -> list[str]:
    """Return the packages that are whole in an environment, with their versions."""
    done = subprocess.run(
        [python, "-c", PACKAGES_HERE], check=False, capture_output=True, text=True
    )
    return done.stdout.split() if done.returncode == 0 else []


def make_environment(venv: Path) -> None:
    """Make an empty virtual environment, in place of a broken one."""
    if venv.exists() and not (venv / "pyvenv.cfg").exists():
        raise StartError(f"{venv} exists and is not a virtual environment. Move it away.")
    if venv.exists():
        shutil.rmtree(venv)
    say(f"Making the virtual environment in {venv.name} with Python {sys.version.split()[0]}")
    with shown("Making the virtual environment"):
        done = subprocess.run(
            [sys.executable, "-m", "venv", str(venv)], check=False, capture_output=True, text=True
        )
    if done.returncode != 0:
        said = done.stdout + done.stderr
        raise StartError(
            f"Python could not make a virtual environment. {why_no_environment(said)}{details(said)}"
        )


def why_no_environment(said: str) -> str:
    """Return what to do about what the module venv said."""
    if "No space left" in said:
        return "There is no space left on the disk. Make room, then try again."
    if "Permission denied" in said or "Read-only file system" in said:
        return "This user may not write here. Take a copy of Rounds into a folder of your own."
    return (
        "On Debian and Ubuntu install the package python3-venv, then run this again;"
        " elsewhere name another Python with `make run PYTHON=python3.12`."
    )


def details(said: str) -> str:
    """Return where a program's own words are kept, as a sentence to add."""
    log = keep_traceback(said)
    return f" The details are in {shown_path(log)}." if log else ""


def install(python: Path, lock: Path) -> None:
    """Install a lock file as it stands, refusing any file whose hash it does not list."""
    total = len(LOCKED.findall(lock.read_text(encoding="utf-8")))
    say(
        f"Installing the packages of {lock.parent.name}/{lock.name} (once; the next start does not)"
    )
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += [*OPTIONS, "--progress-bar=off", "-r", lock]
    with shown("Installing packages") as progress:
        code, said = followed(command, progress, total)
    if code != 0:
        reason = next((words for part, words in REASONS if part in said), NO_INDEX)
        raise StartError(f"The packages could not be installed. {reason}{details(said)}")


def followed(command: list[str | Path], progress: StartProgress, total: int) -> tuple[int, str]:
    """Run pip, noting how far it says that it is; return its exit code and its words."""
    said, fetched = [], 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None  # noqa: S101 - it was asked for two lines above
        for line in process.stdout:
            said.append(line)
            total -= bool(NOT_FOR_HERE.match(line))
            if FETCHED.match(line):
                fetched += 1
                progress.at(fetched, total, "fetched")
            elif WRITING.match(line):
                progress.so_far = f" writing {fetched} packages"
    return process.returncode, "".join(said)


def set_up(kind: str, venv: Path) -> None:
    """Bring the environment in line with requirements/<kind>.txt, doing nothing when it is."""
    python = venv / "bin" / "python"
    stamp, at_work = venv / "rounds-lock", venv / "rounds-installing"
    if at_work.exists() or not works(python):
        # An install that was cut off may have left half a package, which pip takes for a whole one.
        make_environment(venv)
    accepted = {fingerprint(ROOT / "requirements" / f"{name}.txt", python) for name in LOCKS[kind]}
    if stamp.exists() and stamp.read_text(encoding="utf-8").strip() in accepted:
        return
    lock = ROOT / "requirements" / f"{kind}.txt"
    before = packages(python)
    at_work.touch()
    try:
        install(python, lock)
    except BaseException:
        # What could not be fetched has changed nothing: the stamp still says what is installed.
        if packages(python) == before:
            at_work.unlink()
        raise
    stamp.write_text(fingerprint(lock, python) + "\n", encoding="utf-8")
    at_work.unlink()


def main() -> int:
    """Read the arguments; what goes wrong is one sentence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=sorted(LOCKS))
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv")
    arguments = parser.parse_args()
    venv = arguments.venv.absolute()
    with told():
        try:
            set_up(arguments.kind, venv)
        except OSError as error:
            raise StartError(
                f"The virtual environment in {venv} cannot be made or changed"
                f" ({error.strerror}: {error.filename}). Mend that, or name another place with"
                " `make run VENV=folder`."
            ) from error
    return 0


if __name__ == "__main__":
    sys.exit(main())
