"""
Is a template sound? All that is wrong with it is said at once, each in a sentence.

The rules are those of the shipped files: no loops, one start and one end, known phases, roles and links,
no negative lags, shares that add up to 1, scores that are consequence times likelihood, anchors that
exist, and a length and go-live day that are what the tasks take.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from projects.domain.kinds import Lane, MilestoneKind
from projects.domain.plan.calendars import ScheduleError
from projects.domain.plan.records import CycleError
from projects.project_templates.domain.network import ends_of, link_of, loop_of, measured
from projects.project_templates.domain.sections import (
    BUDGET,
    GO_LIVE,
    LONGEST_GATE,
    LONGEST_NAME,
    MOST_ROWS,
    OPTIONAL,
    PHASES,
    RISKS,
    ROLES,
    SCHEMA,
    SECTIONS,
    START,
    TASKS,
    Document,
    FieldSpec,
    Holds,
    SectionSpec,
)
from projects.project_templates.domain.yamlfile import PackFault, Path, read_file

CODE = re.compile(r"[a-z][a-z0-9_]{1,38}")
KEY = re.compile(r"[A-Za-z0-9_-]+")
MONTH_DAY = re.compile(r"\d\d-\d\d")
A_YEAR = "2023"  # one without a 29 February: what is pinned comes every year
TOP = (
    "schema", "code", "name", "category", "project_category", "lane", "compliance_profile", "scale",
    "length_working_days", "go_live_day", "budget",
)  # fmt: skip
THOUSAND = 1000
MOST_SCALE = 20
LARGEST_SIZE = 10**9
SCALE = "The scale is a list of sizes: names with numbers above 0 or short texts."


class PackDoubt(NamedTuple):
    """A fault and the place in the document that it is about."""

    path: Path
    sentence: str


@dataclass(slots=True)
class Check:
    """What a document's rows may refer to, and what was found."""

    document: Document
    faults: list[PackDoubt] = field(default_factory=list)
    phases: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    tasks: set[str] = field(default_factory=set)

    def say(self, path: Path, sentence: str) -> None:
        self.faults.append(PackDoubt(path, sentence))


def checked(document: Document) -> list[PackDoubt]:
    """Return what is wrong with a document; nothing for one that may be published."""
    check = Check(document)
    _check_top(check)
    shaped = [section for section in SECTIONS if _check_shape(check, section)]
    check.phases = {str(row.get("key")) for row in PHASES.rows_of(document) if _is_row(row)}
    check.roles = {str(row.get("key")) for row in ROLES.rows_of(document) if _is_row(row)}
    check.tasks = {str(row.get("id")) for row in TASKS.rows_of(document) if _is_row(row)}
    for section in shaped:
        for at, row in enumerate(section.rows_of(document)):
            _check_row(check, section, row, (*section.at, at))
        _check_keys(check, section)
    if not check.faults:
        _check_network(check)
        _check_sums(check)
    return check.faults


def _is_row(row: object) -> bool:
    return isinstance(row, Mapping)


def _check_top(check: Check) -> None:
    document = check.document
    known = {*TOP, *(section.at[0] for section in SECTIONS)}
    for name in document:
        if name not in known:
            check.say((name,), f"“{name}” is no part of a template.")
    if document.get("schema") != SCHEMA:
        check.say(("schema",), f"The file says another schema than {SCHEMA}.")
    code = document.get("code")
    if not isinstance(code, str) or not CODE.fullmatch(code):
        check.say(("code",), "Give a code of small letters, digits and _, such as ehr_rollout.")
    for name in ("name", "category"):
        said = document.get(name)
        if not isinstance(said, str) or not said.strip() or len(said) > LONGEST_NAME:
            check.say((name,), f"Give a {name} of at most {LONGEST_NAME} characters.")
    if document.get("lane") not in [lane.value for lane in Lane]:
        lanes = ", ".join(lane.value for lane in Lane)
        check.say(("lane",), f"The lane is one of {lanes}.")
    _check_loose(check)


def _check_loose(check: Check) -> None:
    document = check.document
    profile = document.get("compliance_profile", [])
    if not isinstance(profile, list) or not all(
        isinstance(one, str) and KEY.fullmatch(one) for one in profile
    ):
        check.say(("compliance_profile",), "The compliance profile is a list of codes.")
    scale = document.get("scale", {})
    if (
        not isinstance(scale, Mapping)
        or len(scale) > MOST_SCALE
        or not all(KEY.fullmatch(str(key)) and _is_size(said) for key, said in scale.items())
    ):
        check.say(("scale",), SCALE)
    category = document.get("project_category")
    if category is not None and not isinstance(category, str):
        check.say(("project_category",), "The project category is the code of a category.")
    total = _at(document, ("budget", "illustrative_total"))
    if total is not None and (not _is_number(total) or not 0 <= total < 10**12):
        check.say(("budget", "illustrative_total"), "The illustrative total is an amount of money.")
    for inner in (
        document.get("budget") or {} if isinstance(document.get("budget"), Mapping) else {}
    ):
        if inner not in {"illustrative_total", "lines"}:
            check.say(("budget", inner), f"“{inner}” is no part of a budget.")


def _is_size(said: object) -> bool:
    """Say whether a size is a short text or a number above 0."""
    if isinstance(said, str):
        return len(said) <= LONGEST_NAME
    return _is_number(said) and isinstance(said, int | float) and 0 < said <= LARGEST_SIZE


def _at(document: Document, path: Path) -> Any:
    found: Any = document
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _is_number(said: object) -> bool:
    return isinstance(said, int | float) and not isinstance(said, bool) and math.isfinite(said)


def _check_shape(check: Check, section: SectionSpec) -> bool:
    """Say whether the section is a list of rows; one that is missing may be empty."""
    said = _at(check.document, section.at)
    if said is None and section.name in OPTIONAL:
        return True
    if not isinstance(said, list) or not said:
        check.say(section.at[:1], f"{section.label}: the file lists none. A template needs them.")
        return False
    if len(said) > MOST_ROWS:
        check.say(section.at, f"{section.label}: at most {MOST_ROWS} rows.")
        return False
    for at, row in enumerate(said):
        if not _is_row(row):
            check.say(
                (*section.at, at), f"{section.label}: row {at + 1} is no row of named fields."
            )
    return all(map(_is_row, said))


def named(section: SectionSpec, row: Mapping[str, Any], at: int) -> str:
    """Name a row in a sentence: “Task T07”, “Risk R2”, “Anchored date 3”."""
    key = row.get("id") or row.get("key")
    said = str(
        key
        or row.get("name")
        or row.get("group")
        or row.get("code")
        or row.get("audience")
        or at + 1
    )
    return f"{section.noun.capitalize()} {said[:60]}"


def _check_row(check: Check, section: SectionSpec, row: Mapping[str, Any], path: Path) -> None:
    who = named(section, row, int(path[-1]))
    known = {spec.name for spec in section.fields}
    for name in row:
        if name not in known:
            hint = " Put a name that holds a comma in quotes." if row[name] is None else ""
            check.say((*path, name), f"{who}: “{name}” is no field of it.{hint}")
    for spec in section.fields:
        said = row.get(spec.name)
        if said is None or said == "":
            if spec.required:
                check.say(path, f"{who}: “{spec.name}” is missing.")
        elif wrong := _wrong(check, spec, said):
            check.say((*path, spec.name), f"{who}: {wrong}")


def _wrong(check: Check, spec: FieldSpec, said: Any) -> str:
    """Return what is wrong with a value, "" for nothing."""
    if spec.holds in _NUMBERS:
        return _wrong_number(spec, said)
    if spec.holds in _REFERENCES:
        return _wrong_reference(check, spec, said)
    if spec.holds is Holds.LINKS:
        return _wrong_links(check, said)
    if spec.holds is Holds.DAY_LIST:
        is_list = isinstance(said, list) and said and len(said) <= MOST_SCALE
        fine = is_list and all(type(one) is int and 0 <= one <= spec.most for one in said)
        return "" if fine else f"“{spec.name}” is a list of days, such as [7, 30, 90]."
    if spec.holds is Holds.FLAG:
        return "" if isinstance(said, bool) else f"“{spec.name}” is true or false."
    return _wrong_text(spec, said)


_NUMBERS = {Holds.WHOLE, Holds.DAYS, Holds.NUMBER, Holds.SHARE}
_REFERENCES = {Holds.PHASE, Holds.ROLE, Holds.TASK, Holds.POINT}


def _wrong_number(spec: FieldSpec, said: Any) -> str:
    if not _is_number(said):
        return f"“{spec.name}” is no number."
    if spec.holds in {Holds.WHOLE, Holds.DAYS} and said != int(said):
        return f"“{spec.name}” is no whole number."
    if not spec.least <= said <= spec.most:
        return f"“{spec.name}” goes from {spec.least:g} to {spec.most:g}."
    return ""


def _wrong_reference(check: Check, spec: FieldSpec, said: Any) -> str:
    known = {
        Holds.PHASE: check.phases,
        Holds.ROLE: check.roles,
        Holds.TASK: check.tasks,
        Holds.POINT: check.tasks | {START},
    }[spec.holds]
    if isinstance(said, str) and said in known:
        return ""
    return f"“{spec.name}” names {str(said)[:40]}, which is not in this template."


def _wrong_links(check: Check, said: Any) -> str:
    if not isinstance(said, list):
        return "“after” is a list, such as [T01, “T02:SS+5”]."
    named_already = set()
    for text in said:
        link = link_of(text)
        if link is None:
            return f"the link {str(text)[:40]} cannot be read. Write T01, T01:SS+10 or T01:FF+5."
        if link.task not in check.tasks:
            return f"the link {link} names {link.task}, which is not in this template."
        if link.lag < 0:
            return f"the lag of {link} is negative. Write an overlap as SS + lag."
        if link.task in named_already:
            return f"{link.task} is named twice. Two tasks have one link."
        named_already.add(link.task)
    return ""


def _wrong_text(spec: FieldSpec, said: Any) -> str:
    if not isinstance(said, str):
        return f"“{spec.name}” is no text. Put it in quotes."
    if spec.holds is Holds.CHOICE:
        offered = ", ".join(spec.choices)
        return "" if said in spec.choices else f"“{spec.name}” is one of {offered}."
    if len(said) > spec.longest:
        return f"“{spec.name}” has more than {spec.longest} characters."
    rule = _SHAPES.get(spec.holds)
    return "" if rule is None or rule[0](said) else f"“{spec.name}” {rule[1]}"


def _is_month_day(said: str) -> bool:
    if not MONTH_DAY.fullmatch(said):
        return False
    try:
        date.fromisoformat(f"{A_YEAR}-{said}")
    except ValueError:
        return False
    return True


_SHAPES: dict[Holds, tuple[Callable[[str], bool], str]] = {
    Holds.KEY: (lambda said: bool(KEY.fullmatch(said)), "holds letters, digits, - and _ only."),
    Holds.LINE: (lambda said: len(said.strip().splitlines()) == 1, "is one line of text."),
    Holds.MONTH_DAY: (_is_month_day, "is a month and a day, such as 01-01."),
}


def _check_keys(check: Check, section: SectionSpec) -> None:
    rows = section.rows_of(check.document)
    counts = Counter(section.key_of(row) for row in rows)
    for at, row in enumerate(rows):
        key = section.key_of(row)
        if counts[key] > 1 and all(section.key_of(one) != key for one in rows[:at]):
            check.say((*section.at, at), f"{section.label}: {key} is there {counts[key]} times.")


def _check_network(check: Check) -> None:
    rows = TASKS.rows_of(check.document)
    for at, row in enumerate(rows):
        if wrong := _wrong_task(row):
            check.say((*TASKS.at, at), f"{named(TASKS, row, at)}: {wrong}")
    gates = Counter(row["gate"] for row in rows if row.get("gate"))
    for gate, number in gates.items():
        if number > 1:
            check.say(
                TASKS.at, f"Gate {gate} is named by {number} milestones. A gate is passed once."
            )
    _check_ends(check)
    if check.faults:
        return
    try:
        found = measured(check.document)
    except CycleError as error:
        check.say(TASKS.at, f"These tasks wait for each other in a loop: {loop_of(error)}.")
        return
    except ScheduleError as error:
        check.say(TASKS.at, str(error))
        return
    for name, days in (("length_working_days", found.length), ("go_live_day", found.go_live)):
        said = check.document.get(name)
        if said is not None and said != days:
            check.say((name,), f"“{name}” says {said}; its tasks take {days} working days.")


def _wrong_task(row: Mapping[str, Any]) -> str:
    is_point = bool(row.get("milestone"))
    if not row["days"] and not is_point:
        return "it has no days and is no milestone."
    if row["days"] and is_point:
        return "a milestone takes no days."
    if row["days"] and not row.get("role"):
        return "it names no role."
    if any(link is not None and link.task == row["id"] for link in map(link_of, row["after"])):
        return "it waits for itself."
    return _wrong_gate(row)


def _wrong_gate(row: Mapping[str, Any]) -> str:
    if (row.get("milestone") == MilestoneKind.GATE) != bool(row.get("gate")):
        return "a gate has its code, and only a gate has one."
    if row.get("gate") and len(row["name"]) > LONGEST_GATE:
        return f"a gate’s name has at most {LONGEST_GATE} characters."
    return ""


def _check_ends(check: Check) -> None:
    rows = TASKS.rows_of(check.document)
    starts, ends = ends_of(rows)
    if len(starts) > 1:
        check.say(
            TASKS.at, f"A plan starts with one task; these wait for nothing: {', '.join(starts)}."
        )
    if len(ends) > 1:
        check.say(
            TASKS.at, f"A plan ends with one task; nothing waits for these: {', '.join(ends)}."
        )
    if not any(
        row["id"] == GO_LIVE and row.get("milestone") == MilestoneKind.GO_LIVE for row in rows
    ):
        check.say(TASKS.at, f"One milestone is the go-live: its id is {GO_LIVE}, its kind go_live.")


def _check_sums(check: Check) -> None:
    lines = BUDGET.rows_of(check.document)
    total = sum((Decimal(str(line["share"])) for line in lines), Decimal())
    if round(total * THOUSAND) != THOUSAND:
        check.say(BUDGET.at, f"The shares of the budget add up to {total.normalize():f}, not to 1.")
    for at, row in enumerate(RISKS.rows_of(check.document)):
        if row["score"] != row["consequence"] * row["likelihood"]:
            product = row["consequence"] * row["likelihood"]
            check.say(
                ("risks", at, "score"),
                f"Risk {row['id']}: the score is {product}, consequence times likelihood.",
            )


def settled(document: Document) -> dict[str, Any]:
    """Return the document with the length and go-live day that its tasks take, and its parts in order."""
    found = measured(document)
    counted = {**document, "length_working_days": found.length, "go_live_day": found.go_live}
    order = ["schema", *TOP[1:10], "phases", "tasks", "anchored", "budget", "roles", "stakeholders"]
    return {name: counted[name] for name in [*order, *counted] if name in counted}


class PackRead(NamedTuple):
    """A template read from a file: its document, or what is wrong with it."""

    document: dict[str, Any] | None
    faults: list[PackFault]


def read_pack(text: str) -> PackRead:
    """Read and check a content pack; each fault has the line it is on."""
    read = read_file(text)
    if read.faults:
        return PackRead(None, read.faults)
    said = checked(read.document)
    if said:
        return PackRead(None, sorted(_with_lines(said, read.lines), key=lambda one: one.line or 0))
    return PackRead(settled(read.document), [])


def _with_lines(said: list[PackDoubt], lines: Mapping[Path, int]) -> Iterator[PackFault]:
    for path, sentence in said:
        near = next((path[:end] for end in range(len(path), 0, -1) if path[:end] in lines), ())
        yield PackFault(sentence, lines.get(near) if near else 1)
