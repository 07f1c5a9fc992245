"""The profiles that come with Rounds: one YAML file each; a name with an underscore is a part of others."""

from pathlib import Path
from typing import Any

import yaml

from reports.imports.domain import Profile, ProfileError, profile_from_dict

FOLDER = Path(__file__).parent
MERGED = frozenset({"source", "fields", "constants"})


def names() -> list[str]:
    """Return the names of all profiles that come with Rounds."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml") if not path.stem.startswith("_"))


def load(name: str) -> Profile:
    """Return a profile by name; raise ProfileError when there is none."""
    if name not in names():
        raise ProfileError(f"There is no profile “{name}”. There are: {', '.join(names())}.")
    document = _document(name)
    names_file = document.pop("identities_file", None)
    if names_file:
        document["identities"] = _read(names_file)
    return profile_from_dict({"name": name, **document})


def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return document


def _document(name: str) -> dict[str, Any]:
    """Read one file on top of the one that it extends."""
    document = _read(name)
    base = document.pop("extends", None)
    merged: dict[str, Any] = _document(base) if base else {}
    for entry, value in document.items():
        if entry in MERGED and isinstance(merged.get(entry), dict):
            merged[entry] = {**merged[entry], **value}
        else:
            merged[entry] = value
    return merged
