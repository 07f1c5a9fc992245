"""
The profiles that come with Rounds: one YAML file each; a name with an underscore is a part of others.

Those in `products` say of other programs' exports what their columns mean. Such a file is known by the
headers that stand under `recognized_by`, all of them; of headers in a list among them, one is enough.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from pmo.common.tabular import SourceTable
from reports.imports.domain import (
    RECORD_KINDS,
    Profile,
    ProfileError,
    RowFilter,
    fitted,
    normalized,
    profile_from_dict,
    signature_of,
)

FOLDER = Path(__file__).parent
PRODUCTS = FOLDER / "products"
MERGED = frozenset({"source", "fields", "constants", "not_taken"})


class Product(NamedTuple):
    """The export of another program: the headers it is known by, one of each set, and how it is read."""

    headers: tuple[frozenset[str], ...]
    profile: Profile

    def is_of(self, present: frozenset[str]) -> bool:
        """Say whether a file with these headers is such an export."""
        return all(names & present for names in self.headers)


def names() -> list[str]:
    """Return the names of all profiles that come with Rounds."""
    return sorted(path.stem for folder in (FOLDER, PRODUCTS) for path in folder.glob("[!_]*.yaml"))


def load(name: str) -> Profile:
    """Return a profile by name; raise ProfileError when there is none."""
    if name not in names():
        raise ProfileError(f"There is no profile “{name}”. There are: {', '.join(names())}.")
    document = _document(name)
    document.pop("recognized_by", None)
    names_file = document.pop("identities_file", None)
    if names_file:
        document["identities"] = _read(names_file)
    return profile_from_dict({"name": name, **document})


@cache
def titles() -> dict[str, str]:
    """Return name -> what people call the profile."""
    return {name: load(name).title or name for name in names()}


@cache
def products() -> tuple[Product, ...]:
    """Return every product's export that is known by its headers."""
    return tuple(
        Product(tuple(map(_names, known_by)), load(name))
        for name in names()
        if (known_by := _document(name).get("recognized_by"))
    )


def recognized(table: SourceTable, record: str, *, is_said: bool) -> Profile | None:
    """
    Return the profile of the product whose export this is, fitted to its columns; None for no such file.

    Where somebody said what the rows are (`is_said`), only a profile for such rows is returned.
    The one that more of its headers speak for; of equals the one whose rows are records of this kind,
    then as the kinds are offered.
    """
    known = of_headers(table.headers, record)
    if known is None or (is_said and known.kind.name != record):
        return None
    return on(known, table)


def of_headers(headers: Sequence[str], record: str = "") -> Profile | None:
    """Return the profile of the product whose export has these headers, None for no such product."""
    present = signature_of(headers)
    known = [one for one in products() if one.is_of(present)]
    if not known:
        return None
    most = max(len(one.headers) for one in known)
    fitting = {one.profile.kind.name: one.profile for one in known if len(one.headers) == most}
    return next(fitting[kind] for kind in (record, *RECORD_KINDS) if kind in fitting)


def on(profile: Profile, table: SourceTable) -> Profile:
    """Return a product's profile for one file: without the columns that it lacks."""
    present = signature_of(table.headers)

    def there(rows: RowFilter | None) -> RowFilter | None:
        return rows if rows and normalized(rows.header) in present else None

    return replace(
        profile,
        sources=fitted(profile, table),
        keep=there(profile.keep),
        not_rows=there(profile.not_rows),
    )


def _names(header: str | list[str]) -> frozenset[str]:
    return frozenset(map(normalized, [header] if isinstance(header, str) else header))


def _read(name: str) -> dict[str, Any]:
    path = FOLDER / f"{name}.yaml"
    path = path if path.exists() else PRODUCTS / f"{name}.yaml"
    document: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
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
