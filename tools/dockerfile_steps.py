#!/usr/bin/env python3
"""
Carry out the Dockerfile's own steps without a Docker engine, in a clean directory.

A fresh virtual environment stands in for the image's Python, a directory for the image's root. ENV,
WORKDIR, COPY, RUN, CMD and HEALTHCHECK are taken from the file; only the steps that make the
container's user are left out, because they would change this machine.
"""

import fnmatch
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dockerfile import Instruction, read

ROOT = Path(__file__).resolve().parent.parent
HEALTHY_WITHIN_SECONDS = 60


class StepError(Exception):
    """A step of the Dockerfile fails; the text says which."""


class Image:
    """What the steps so far have made: a root directory, a working directory, an environment."""

    def __init__(self, base: Path) -> None:
        self.root = base / "image"
        self.root.mkdir()
        self.working = self.root
        python = base / "python"
        subprocess.run([sys.executable, "-m", "venv", python], check=True)
        # Nothing of this machine's settings but what pip needs to find its index.
        kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        self.environment = {**kept, "PATH": f"{python / 'bin'}:/usr/bin:/bin", "HOME": str(base)}

    def inside(self, path: str) -> Path:
        """Return where a path of the image lies on this machine."""
        return self.root / path.lstrip("/") if path.startswith("/") else self.working / path

    def env(self, rest: str) -> None:
        for pair in rest.split():
            name, value = pair.split("=", 1)
            self.environment[name] = str(self.inside(value)) if value.startswith("/") else value

    def workdir(self, rest: str) -> None:
        self.working = self.inside(rest)
        self.working.mkdir(parents=True, exist_ok=True)

    def copy(self, rest: str) -> None:
        source, target = rest.split()
        for name in context_files():
            if source not in (".", name):
                continue
            goal = self.inside(name if source == "." else target)
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, goal)

    def run(self, rest: str) -> None:
        if "useradd" in rest:
            print("-- left out: the step that makes the container's user")
            return
        print(f"-- RUN {rest}", flush=True)
        done = subprocess.run(
            ["/bin/sh", "-c", rest], cwd=self.working, env=self.environment, check=False
        )
        if done.returncode != 0:
            raise StepError(f"The Dockerfile's step fails with code {done.returncode}: RUN {rest}")

    def apply(self, instruction: Instruction) -> None:
        """Carry out one instruction; those that only describe the image have no step."""
        step = {"ENV": self.env, "WORKDIR": self.workdir, "COPY": self.copy, "RUN": self.run}
        if instruction.keyword in step:
            step[instruction.keyword](instruction.rest)


def context_files() -> list[str]:
    """Return the files that the build context holds, as .dockerignore leaves them."""
    rules = [
        line.strip()
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    kept = []
    for folder, folders, files in os.walk(ROOT):
        base = Path(folder).relative_to(ROOT)
        folders[:] = [name for name in folders if not ignored(base / name, rules)]
        kept += [(base / name).as_posix() for name in files if not ignored(base / name, rules)]
    return sorted(kept)


def ignored(path: Path, rules: list[str]) -> bool:
    """Say whether a rule of .dockerignore names the path itself; ** stands for any folders above."""
    for rule in rules:
        subject = path.name if rule.startswith("**/") else path.as_posix()
        pattern = rule.removeprefix("**/")
        if subject.count("/") == pattern.count("/") and fnmatch.fnmatchcase(subject, pattern):
            return True
    return False


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(image: Image, command: list[str], check: list[str]) -> None:
    """Start the image's CMD on an empty database and wait until its HEALTHCHECK says yes."""
    port = free_port()
    environment = {
        **image.environment,
        "SECRET_KEY": os.urandom(32).hex(),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "EXAMPLE": "none",
    }
    migrate = ["python", "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    here = {"cwd": image.working, "env": environment}
    subprocess.run(on_path(migrate, image), check=True, **here)
    command = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in command]
    print(f"-- CMD {' '.join(command)}", flush=True)
    server = subprocess.Popen(on_path(command, image), **here)
    try:
        deadline = time.monotonic() + HEALTHY_WITHIN_SECONDS
        while subprocess.run([*on_path(check, image), str(port)], check=False, **here).returncode:
            if server.poll() is not None or time.monotonic() > deadline:
                raise StepError("The image's CMD runs, and its HEALTHCHECK never says yes.")
            time.sleep(0.5)
    finally:
        server.terminate()
        server.wait(timeout=30)
    print("-- HEALTHCHECK says yes")


def on_path(command: list[str], image: Image) -> list[str]:
    """Return the command with its program looked up on the image's PATH."""
    program = shutil.which(command[0], path=image.environment["PATH"])
    if program is None:
        raise StepError(f"The image has no program named {command[0]}.")
    return [program, *command[1:]]


def main() -> int:
    """Carry out every step, then start what was built."""
    instructions = read(ROOT / "Dockerfile")
    words = {found.keyword: found.words for found in instructions}
    with tempfile.TemporaryDirectory(prefix="rounds-image-") as folder:
        image = Image(Path(folder))
        try:
            for instruction in instructions:
                image.apply(instruction)
            serve(image, words["CMD"](), words["HEALTHCHECK"]())
        except StepError as error:
            print(error, file=sys.stderr)
            return 1
    print("The Dockerfile's install, collect, start and health steps work.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
