"""A named mapping of somebody's table to our fields; it loads from and saves to a plain dictionary."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from pmo.common.tabular import Hints, Orientation
from pmo.common.tabular.dates import DateOrder
from reports.imports.domain.answers import Answers, answers_from_dict, answers_to_dict
from reports.imports.domain.fields import CellKind, Field, RecordKind
from reports.imports.domain.kinds import RECORD_KINDS

KEYS = frozenset(
    ("name", "title", "record", "source", "as_of", "date_order", "fields", "constants", "keep",
     "identities", "attribution", "answers", "long_texts", "found_by", "product", "not_taken",
     "not_rows")
)  # fmt: skip


class LongTexts(StrEnum):
    """What becomes of a text that is longer than its field."""

    REFUSE = "refuse"
    CUT = "cut"
    REST = "rest"  # what does not fit goes into the longer field, where there is one


class FoundBy(StrEnum):
    """By which field a project of the file is found again here."""

    EITHER = "either"  # its code, or its name where the row has no code
    CODE = "code"
    NAME = "name"  # the codes of the file are another numbering


class ProfileError(ValueError):
    """The dictionary is no profile; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class FieldSource:
    """Where a field comes from: the first of these headers whose cell is not blank.

    `unit` multiplies amounts whose cell names no unit of its own; `until` is the mark from which on a cell
    is not read, empty for none; `values` translates texts, to an empty one for "says nothing"; `once` fills
    an empty field and leaves a filled one alone; `ids` says that what is named (a person, a unit, a program,
    a project) is named by its id here.
    """

    headers: tuple[str, ...]
    unit: Decimal = Decimal(1)
    values: Mapping[str, str] = field(default_factory=dict)
    once: bool = False
    ids: bool = False
    until: str = ""


@dataclass(frozen=True, slots=True)
class RowFilter:
    """The rows whose cell under `header` is one of `accepted`; an empty one there is a blank cell."""

    header: str
    accepted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Identity:
    """One record under the names it has had; the code stays."""

    code: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """How one kind of file is read; None means: find out from the file."""

    name: str
    kind: RecordKind
    title: str = ""
    hints: Hints = field(default_factory=Hints)
    as_of: date | None = None
    date_order: DateOrder | None = None
    sources: Mapping[str, FieldSource] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    keep: RowFilter | None = None  # only these rows are taken
    not_rows: RowFilter | None = None  # lie between the others and have columns of their own
    identities: tuple[Identity, ...] = ()
    attribution: str = ""
    long_texts: LongTexts = LongTexts.REFUSE
    found_by: FoundBy = FoundBy.EITHER
    answers: Answers = field(default_factory=Answers)  # of one run; never saved under a name
    product: str = ""  # whose export the file is
    not_taken: Mapping[str, str] = field(
        default_factory=dict
    )  # header -> why it does not come along


def normalized(text: str) -> str:
    """Reduce a name to what its spellings share: case and white space do not matter."""
    return " ".join(text.split()).casefold()


def profile_from_dict(data: Mapping[str, Any]) -> Profile:
    """Build a profile from a plain dictionary; raise ProfileError with a sentence."""
    unknown = sorted(set(data) - KEYS)
    if unknown:
        raise ProfileError(f"A profile has no entry “{unknown[0]}”.")
    kind = RECORD_KINDS.get(str(data.get("record", "")))
    if kind is None:
        raise ProfileError(f"“record” is one of: {', '.join(RECORD_KINDS)}.")
    kind = kind.with_months(_mapping(data, "fields"))
    if not data.get("name"):
        raise ProfileError("A profile needs a “name”.")
    return Profile(
        name=str(data["name"]),
        kind=kind,
        title=str(data.get("title") or ""),
        hints=_hints(_mapping(data, "source"), kind),
        as_of=_as_of(data.get("as_of")),
        date_order=_date_order(data.get("date_order")),
        sources={
            name: _source(kind, name, entry) for name, entry in _mapping(data, "fields").items()
        },
        constants=_constants(kind, _mapping(data, "constants")),
        keep=_rows("keep", data.get("keep")),
        not_rows=_rows("not_rows", data.get("not_rows")),
        identities=tuple(
            Identity(str(code), (names,) if isinstance(names, str) else tuple(map(str, names)))
            for code, names in _mapping(data, "identities").items()
        ),
        attribution=str(data.get("attribution") or ""),
        long_texts=_long_texts(data.get("long_texts")),
        found_by=_found_by(data.get("found_by")),
        answers=_answers(_mapping(data, "answers")),
        product=str(data.get("product") or ""),
        not_taken={str(header): str(why) for header, why in _mapping(data, "not_taken").items()},
    )


def profile_to_dict(profile: Profile) -> dict[str, Any]:
    """Return the dictionary that `profile_from_dict` reads back to an equal profile."""
    hints = profile.hints
    source = {
        "encoding": hints.encoding,
        "delimiter": hints.delimiter,
        "records_in": hints.orientation.value if hints.orientation else None,
        "header": hints.header,
        "sheet": hints.sheet,
        "realign": hints.realign or None,
    }
    data: dict[str, Any] = {
        "name": profile.name,
        "title": profile.title,
        "record": profile.kind.name,
        "source": _filled(source),
        "as_of": profile.as_of.isoformat() if profile.as_of else None,
        "date_order": profile.date_order.value if profile.date_order else None,
        "fields": {name: _source_dict(entry) for name, entry in profile.sources.items()},
        "constants": dict(profile.constants),
        "identities": {identity.code: list(identity.names) for identity in profile.identities},
        "attribution": profile.attribution,
        "long_texts": None if profile.long_texts is LongTexts.REFUSE else profile.long_texts.value,
        "found_by": None if profile.found_by is FoundBy.EITHER else profile.found_by.value,
        "answers": answers_to_dict(profile.answers),
        "product": profile.product,
        "not_taken": dict(profile.not_taken),
    }
    for name, rows in (("keep", profile.keep), ("not_rows", profile.not_rows)):
        if rows:
            data[name] = {"column": rows.header, "in": sorted(rows.accepted)}
    return _filled(data)


def _filled(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "", {}, [])}


def _mapping(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name) or {}
    if not isinstance(value, Mapping):
        raise ProfileError(f"“{name}” is a list of names with values.")
    return value


def _hints(source: Mapping[str, Any], kind: RecordKind) -> Hints:
    orientation = source.get("records_in")
    header = source.get("header")
    try:
        return Hints(
            encoding=source.get("encoding") or None,
            delimiter=source.get("delimiter") or None,
            orientation=Orientation(orientation) if orientation else None,
            header=int(header) if header else None,
            sheet=source.get("sheet") or None,
            record=kind.name,
            realign=bool(source.get("realign")),
        )
    except ValueError as error:
        raise ProfileError(
            "“records_in” is rows or columns, “header” is the number of a line."
        ) from error


def _as_of(value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ProfileError("“as_of” is a date like 2026-03-31.") from error


def _answers(data: Mapping[str, Any]) -> Answers:
    try:
        return answers_from_dict(data)
    except ValueError as error:
        raise ProfileError(str(error)) from error


def _long_texts(value: object) -> LongTexts:
    try:
        return LongTexts(str(value)) if value else LongTexts.REFUSE
    except ValueError as error:
        raise ProfileError("“long_texts” is refuse, cut or rest.") from error


def _found_by(value: object) -> FoundBy:
    try:
        return FoundBy(str(value)) if value else FoundBy.EITHER
    except ValueError as error:
        raise ProfileError("“found_by” is either, code or name.") from error


def _date_order(value: object) -> DateOrder | None:
    try:
        return DateOrder(str(value)) if value else None
    except ValueError as error:
        raise ProfileError("“date_order” is dmy (day first) or mdy (month first).") from error


def _field(kind: RecordKind, name: str) -> Field:
    try:
        return kind.field(name)
    except KeyError as error:
        raise ProfileError(f"{kind.label} have no field “{name}”.") from error


def _source(kind: RecordKind, name: str, entry: object) -> FieldSource:
    _field(kind, name)
    if isinstance(entry, str):
        return FieldSource((entry,))
    if not isinstance(entry, Mapping) or not entry.get("from"):
        raise ProfileError(f"“{name}” needs “from”: the header of its column.")
    headers = entry["from"]
    try:
        unit = Decimal(str(entry.get("unit", 1)))
    except InvalidOperation as error:
        raise ProfileError(f"The unit of “{name}” is a number like 1000000.") from error
    return FieldSource(
        headers=(headers,) if isinstance(headers, str) else tuple(map(str, headers)),
        unit=unit,
        values={str(old): str(new or "") for old, new in (entry.get("values") or {}).items()},
        once=bool(entry.get("once")),
        ids=bool(entry.get("ids")),
        until=str(entry.get("until") or ""),
    )


def _source_dict(source: FieldSource) -> dict[str, Any]:
    return _filled(
        {
            "from": list(source.headers),
            "unit": str(source.unit) if source.unit != 1 else None,
            "values": dict(source.values),
            "once": source.once or None,
            "ids": source.ids or None,
            "until": source.until,
        }
    )


def _constants(kind: RecordKind, data: Mapping[str, Any]) -> dict[str, str]:
    for name in data:
        if _field(kind, name).kind not in {CellKind.TEXT, CellKind.CHOICE, CellKind.COLOR}:
            raise ProfileError(f"“{name}” cannot be the same for all rows; only words can.")
    return {name: str(value) for name, value in data.items()}


def _rows(name: str, data: object) -> RowFilter | None:
    if not data:
        return None
    if not isinstance(data, Mapping) or not data.get("column") or not data.get("in"):
        raise ProfileError(f"“{name}” needs “column” and “in”.")
    return RowFilter(str(data["column"]), frozenset(normalized(str(item)) for item in data["in"]))
