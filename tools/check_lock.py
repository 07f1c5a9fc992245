#!/usr/bin/env python3
"""Prove that a lock file is complete, and that the environment this runs in holds what it says."""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
# The Pythons that Rounds runs on; markers of packages tell the first 3.11 from later ones.
PYTHONS = ("3.11.0", "3.11.14", "3.12.0", "3.12.12", "3.13.0", "3.14.0")
PINNED = re.compile(r"^([\w.-]+)==([^\s;]+)(?:\s*;\s*(.+?))?\s*\\?$", re.MULTILINE)

Environment = dict[str, str]
Needs = Mapping[str, list[Requirement]]


@dataclass(frozen=True, slots=True)
class Pin:
    """One locked package: its version, and under which marker it is installed at all."""

    version: str
    marker: Marker | None = None

    def holds_in(self, environment: Environment) -> bool:
        return self.marker is None or self.marker.evaluate(dict(environment))


Lock = Mapping[str, Pin]


def read_lock(text: str) -> dict[str, Pin]:
    """Return the locked packages by their canonical name."""
    return {
        canonicalize_name(name): Pin(version, Marker(marker) if marker else None)
        for name, version, marker in PINNED.findall(text)
    }


def read_wanted(name: str) -> list[Requirement]:
    """Return what requirements/<name>.in asks for, with the files that it includes."""
    found = []
    for line in (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            found += read_wanted(line.split()[1].removesuffix(".in"))
        elif line and not line.startswith("#"):
            found.append(Requirement(line))
    return found


def linux(python: str) -> Environment:
    """Return the values of the markers on Linux with a Python of this version."""
    here = {name: str(value) for name, value in default_environment().items()}
    return here | {
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "implementation_version": python,
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "extra": "",
    }


def installed_needs(names: Iterator[str] | list[str]) -> dict[str, list[Requirement]]:
    """Return what the installed packages of these names ask for, extras included."""
    found = {}
    for name in names:
        try:
            found[name] = [Requirement(text) for text in metadata.requires(name) or []]
        except metadata.PackageNotFoundError:
            continue
    return found


def gaps(lock: Lock, wanted: list[Requirement], needs: Needs, environment: Environment) -> set[str]:
    """Return a sentence for each requirement that the lock does not meet by itself."""
    found = set()
    waiting = [("The application", requirement) for requirement in wanted]
    seen: set[tuple[str, str]] = set()
    while waiting:
        asker, asked = waiting.pop()
        name = canonicalize_name(asked.name)
        pin = lock.get(name)
        if pin is None or not pin.holds_in(environment):
            found.add(f"{asker} needs {asked}, which is not locked.")
            continue
        if not asked.specifier.contains(pin.version, prereleases=True):
            found.add(f"{asker} needs {asked}, and {name} is locked at {pin.version}.")
        for extra in ("", *asked.extras):
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += [(name, need) for need in asked_by(needs, name, extra, environment)]
    return found


def asked_by(needs: Needs, name: str, extra: str, environment: Environment) -> list[Requirement]:
    """Return what a package asks for with this extra, or without any when it is empty."""
    return [
        need
        for need in needs.get(name, [])
        if need.marker is None or need.marker.evaluate(environment | {"extra": extra})
    ]


def strangers(lock: Lock, environment: Environment) -> set[str]:
    """Return a sentence for each locked package that is not installed here at its version."""
    found = set()
    for name, pin in lock.items():
        if not pin.holds_in(environment):
            continue
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            found.add(f"{name} is locked and not installed.")
            continue
        if version != pin.version:
            found.add(f"{name} is locked at {pin.version}, and {version} is installed.")
    return found


def main() -> int:
    """Check one lock against itself for every Python, and against what is installed here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("base", "dev"))
    kind = parser.parse_args().kind
    lock = read_lock((REQUIREMENTS / f"{kind}.txt").read_text(encoding="utf-8"))
    needs = installed_needs(list(lock))
    here = {name: str(value) for name, value in default_environment().items()} | {"extra": ""}
    found = strangers(lock, here)
    for python in PYTHONS:
        found |= gaps(lock, read_wanted(kind), needs, linux(python))
    for sentence in sorted(found):
        print(sentence, file=sys.stderr)
    if not found:
        print(
            f"requirements/{kind}.txt is complete, and Python {sys.version.split()[0]} with pip"
            f" {metadata.version('pip')} has installed it as it stands."
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
