"""People in the texts of a template, and how they are reached: found, and put aside."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

TITLES = r"(?:Dr|Prof|Mr|Mrs|Ms|Mx|Sr|Sra|Frau|Herr)\.?"
# what only stands before a name; “Sr.” is a senior one as well
BEFORE_NAMES = r"(?:Dr|Prof|Mr|Mrs|Ms|Mx|Sra|Frau|Herr)\.?"
CREDENTIALS = re.compile(r",\s*(?:MD|DO|RN|NP|PA|PhD|DNP|PharmD|MBBS|FRCP)\b")
_WORD = r"[A-Z][\w’'-]*[a-z]"
TITLED = re.compile(rf"(?<!\w){BEFORE_NAMES}\s+{_WORD}(?:\s+{_WORD})?")
REACHED = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\w)(?:tel|phone|pager|mobile|ext)\.?:?\s*\+?\d[\d\s().-]{2,}\d",
    re.IGNORECASE,
)
SOMEONE = "the person responsible"


def plain_name(name: str) -> str:
    """Return a name without what follows it, as "Owen Price, MD"; "" for a single word."""
    first = " ".join(name.split(",", maxsplit=1)[0].split())
    return first if " " in first else ""


def is_person(name: str, position: str = "") -> bool:
    """Say whether what has a stake is a person: it has a position of its own, a title, or a degree."""
    is_called_so = position.strip().casefold() == name.strip().casefold()
    has_position = bool(position.strip()) and not is_called_so
    return has_position or bool(TITLED.match(name) or CREDENTIALS.search(name))


def names_in(texts: Iterable[str], names: Collection[str]) -> list[str]:
    """Return which of these people's names the texts hold, whole, in the order of the names."""
    joined = " \n ".join(texts).casefold()
    found = []
    for name in dict.fromkeys(filter(None, map(plain_name, names))):
        at = joined.find(name.casefold())
        if at >= 0 and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", joined, re.IGNORECASE):
            found.append(name)
    return found


def people_said(texts: Iterable[str], names: Collection[str]) -> list[str]:
    """Return these people, everybody with a title, and addresses and numbers by which somebody is reached."""
    said = list(texts)
    joined = " \n ".join(said)
    found = [*names_in(said, names), *TITLED.findall(joined), *REACHED.findall(joined)]
    return list(dict.fromkeys(found))


def without_names(document: Any, names: Collection[str]) -> Any:
    """Return a document of plain values with these people put aside, and whoever has a title or an address."""
    plain = [name for name in map(plain_name, names) if name]
    patterns = [REACHED, TITLED]
    if plain:
        families = {name.rsplit(" ", 1)[-1] for name in plain}
        whole = "|".join(map(re.escape, sorted(plain, key=len, reverse=True)))
        family = "|".join(map(re.escape, sorted(families, key=len, reverse=True)))
        known = rf"(?<!\w)(?:{TITLES}\s+)?(?:{whole})(?!\w)|(?<!\w){TITLES}\s+(?:{family})(?!\w)"
        patterns.insert(0, re.compile(known, re.IGNORECASE))
    return _mapped(document, patterns)


def _mapped(value: Any, patterns: list[re.Pattern[str]]) -> Any:
    if isinstance(value, str):
        for pattern in patterns:
            value = pattern.sub(SOMEONE, value)
        return value
    if isinstance(value, Mapping):
        return {name: _mapped(said, patterns) for name, said in value.items()}
    return [_mapped(one, patterns) for one in value] if isinstance(value, list) else value


def unlike(taken: Collection[str], stem: str) -> Iterator[str]:
    """Yield T01, T02 and so on, without those that are taken."""
    number = 0
    while True:
        number += 1
        key = f"{stem}{number:02}"
        if key not in taken:
            yield key
