"""People's names in the texts of a template: found, and put aside."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

TITLES = r"(?:Dr|Prof|Mr|Mrs|Ms|Mx|Sr|Sra|Frau|Herr)\.?"
SOMEONE = "the person responsible"


def plain_name(name: str) -> str:
    """Return a name without what follows it, as "Owen Price, MD"; "" for a single word."""
    first = " ".join(name.split(",", maxsplit=1)[0].split())
    return first if " " in first else ""


def names_in(texts: Iterable[str], names: Collection[str]) -> list[str]:
    """Return which of these people's names the texts hold, whole, in the order of the names."""
    joined = " \n ".join(texts).casefold()
    found = []
    for name in dict.fromkeys(filter(None, map(plain_name, names))):
        at = joined.find(name.casefold())
        if at >= 0 and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", joined, re.IGNORECASE):
            found.append(name)
    return found


def without_names(document: Any, names: Collection[str]) -> Any:
    """Return a document of plain values with these people's names put aside, and titles with a family name."""
    plain = [name for name in map(plain_name, names) if name]
    if not plain:
        return document
    families = {name.rsplit(" ", 1)[-1] for name in plain}
    whole = "|".join(map(re.escape, sorted(plain, key=len, reverse=True)))
    family = "|".join(map(re.escape, sorted(families, key=len, reverse=True)))
    pattern = re.compile(
        rf"(?<!\w)(?:{TITLES}\s+)?(?:{whole})(?!\w)|(?<!\w){TITLES}\s+(?:{family})(?!\w)",
        re.IGNORECASE,
    )
    return _mapped(document, pattern)


def _mapped(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(SOMEONE, value)
    if isinstance(value, Mapping):
        return {name: _mapped(said, pattern) for name, said in value.items()}
    return [_mapped(one, pattern) for one in value] if isinstance(value, list) else value


def unlike(taken: Collection[str], stem: str) -> Iterator[str]:
    """Yield T01, T02 and so on, without those that are taken."""
    number = 0
    while True:
        number += 1
        key = f"{stem}{number:02}"
        if key not in taken:
            yield key
