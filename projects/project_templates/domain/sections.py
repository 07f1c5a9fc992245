"""
What a template is made of: its sections, and what each field of a row may hold.

One table for the file that is read, the tables that are edited, and the comparison of two versions. A
template is a document of plain values (texts, numbers, lists), as the file and the database hold it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from projects.domain.kinds import BudgetKind, MilestoneKind

Row = Mapping[str, Any]
Document = Mapping[str, Any]

SCHEMA = "rounds.template/1"
START = "START"  # what an anchored item counts from, beside the tasks
GO_LIVE = "GL"  # the task that is the template's go-live
RESERVE = "reserve"  # the line of a budget that is contingency
EVERY_DAY = "every_day"
UK = "UK"
LONGEST_NAME, LONGEST_TEXT = 200, 1000
MOST_DAYS = 5_000
MOST_ROWS = 400
LONGEST_GATE = 120  # characters of a gate's name, shorter than a task's


class Holds(Enum):
    """What a field holds."""

    KEY = "key"  # letters, digits and what joins them, no spaces
    LINE = "line"
    TEXT = "text"
    WHOLE = "whole"  # a whole number, 0 or more
    DAYS = "days"  # a whole number of days, before or after
    NUMBER = "number"
    SHARE = "share"  # 0.25 for a quarter
    FLAG = "flag"
    CHOICE = "choice"
    PHASE = "phase"
    ROLE = "role"
    TASK = "task"
    POINT = "point"  # a task, or START
    LINKS = "links"
    DAY_LIST = "day_list"
    MONTH_DAY = "month_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field of a row; `least` and `most` bound its numbers, both included."""

    name: str
    label: str
    holds: Holds
    required: bool = True
    choices: Sequence[str] = ()
    least: float = 0
    most: float = 1_000_000
    longest: int = LONGEST_NAME
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSpec:
    """One table of a template; `key` are the fields by which a row is known in another version."""

    name: str
    label: str
    noun: str
    fields: Sequence[FieldSpec]
    key: Sequence[str]
    path: Sequence[str] = field(default=())
    hint: str = ""

    @property
    def at(self) -> tuple[str, ...]:
        """Where its rows lie in the document."""
        return tuple(self.path) or (self.name,)

    def rows_of(self, document: Document) -> list[dict[str, Any]]:
        found: Any = document
        for step in self.at:
            found = found.get(step) if isinstance(found, Mapping) else None
        return list(found) if isinstance(found, list) else []

    def key_of(self, row: Row) -> str:
        said = (str(row[name]) for name in self.key if row.get(name) is not None)
        return " · ".join(" ".join(one.split()) for one in said)

    def spec_of(self, name: str) -> FieldSpec | None:
        return next((one for one in self.fields if one.name == name), None)


LEVELS = ("low", "medium", "high")
ENGAGEMENTS = ("unaware", "resistant", "neutral", "supportive", "leading")
CATEGORIES = (
    "c_suite", "medical_staff", "nursing", "clinical_services", "it", "patients", "board", "vendors",
    "payers", "unions", "regulators",
)  # fmt: skip
RESPONSES = ("avoid", "reduce", "transfer", "accept")
CHANNELS = (
    "huddle", "mail", "newsletter", "town_hall", "intranet", "poster", "screen_saver", "one_to_one",
    "letter",
)  # fmt: skip


def _name(name: str = "name", label: str = "Name", *, longest: int = LONGEST_NAME) -> FieldSpec:
    return FieldSpec(name=name, label=label, holds=Holds.LINE, longest=longest)


def _key(name: str, label: str) -> FieldSpec:
    return FieldSpec(name=name, label=label, holds=Holds.KEY, longest=20)


def _choice(
    name: str, label: str, choices: Sequence[str], *, required: bool = True, hint: str = ""
) -> FieldSpec:
    return FieldSpec(
        name=name, label=label, holds=Holds.CHOICE, choices=choices, required=required, hint=hint
    )


def _level(name: str, label: str) -> FieldSpec:
    return FieldSpec(
        name=name, label=label, holds=Holds.WHOLE, least=1, most=5, hint="From 1 to 5."
    )


REGION = _choice("region", "Only in", (UK,), required=False, hint="Empty: everywhere.")
PERCENT = 100
OFFSET = FieldSpec(
    name="calendar_days",
    label="Calendar days from it",
    holds=Holds.DAYS,
    least=-MOST_DAYS,
    most=MOST_DAYS,
    hint="Negative: before it.",
)
REPEAT = FieldSpec(
    name="repeat_days",
    label="Again every so many days",
    holds=Holds.WHOLE,
    least=1,
    most=MOST_DAYS,
    required=False,
)
FROM = FieldSpec(
    name="from", label="Counted from", holds=Holds.POINT, hint="A task’s id, or START."
)

PHASES = SectionSpec(
    name="phases",
    label="Phases",
    noun="phase",
    fields=(_key("key", "Key"), _name()),
    key=("key",),
)
TASKS = SectionSpec(
    name="tasks",
    label="Tasks and milestones",
    noun="task",
    fields=(
        _key("id", "Id"),
        FieldSpec(name="phase", label="Phase", holds=Holds.PHASE),
        _name(),
        FieldSpec(
            name="days",
            label="Working days",
            holds=Holds.WHOLE,
            most=MOST_DAYS,
            hint="0 is a milestone.",
        ),
        FieldSpec(
            name="after",
            label="After",
            holds=Holds.LINKS,
            hint="T01 finishes first. T01:SS+10 starts 10 days after T01 starts; T01:FF+5 finishes 5 after it.",
        ),
        FieldSpec(name="role", label="Role", holds=Holds.ROLE, required=False),
        _choice(
            "milestone", "Milestone", [one.value for one in MilestoneKind], required=False
        ),
        FieldSpec(
            name="gate", label="Gate", holds=Holds.KEY, required=False, longest=8,
            hint="For example G3 or GNG.",
        ),
        _choice(
            "calendar", "Calendar", (EVERY_DAY,), required=False,
            hint="Seven-day work: cutovers, moves, a command center.",
        ),
    ),
    key=("id",),
    hint="One first task, one last milestone, and the milestone GL is the go-live.",
)  # fmt: skip
ANCHORED = SectionSpec(
    name="anchored",
    label="Dates by calendar days",
    noun="date",
    fields=(
        _name(),
        FROM,
        OFFSET,
        REPEAT,
        FieldSpec(
            name="pin",
            label="Pinned to",
            holds=Holds.MONTH_DAY,
            required=False,
            hint="Month and day, as 01-01.",
        ),
    ),
    key=("name", "from", "calendar_days"),
)
BUDGET = SectionSpec(
    name="budget_lines",
    label="Budget lines",
    noun="budget line",
    fields=(
        _name(longest=80),
        _choice("kind", "Kind", (*(one.value for one in BudgetKind), RESERVE)),
        FieldSpec(
            name="share", label="Share", holds=Holds.SHARE, most=1, hint="0.25 is a quarter; all add up to 1."
        ),
    ),
    key=("name", "kind"),
    path=("budget", "lines"),
)  # fmt: skip
ROLES = SectionSpec(
    name="roles",
    label="Roles",
    noun="role",
    fields=(_key("key", "Key"), _name(longest=120)),
    key=("key",),
)
STAKEHOLDERS = SectionSpec(
    name="stakeholders",
    label="Stakeholders",
    noun="stakeholder",
    fields=(
        _name("group", "Group", longest=120),
        _choice("category", "Category", CATEGORIES),
        _choice("power", "Power", LEVELS),
        _choice("interest", "Interest", LEVELS),
        _choice("now", "Engagement now", ENGAGEMENTS),
        _choice("wanted", "Engagement wanted", ENGAGEMENTS),
    ),
    key=("group",),
)
RISKS = SectionSpec(
    name="risks",
    label="Risks",
    noun="risk",
    fields=(
        _key("id", "Id"),
        _name(longest=160),
        _level("consequence", "Consequence"),
        _level("likelihood", "Likelihood"),
        FieldSpec(name="score", label="Score", holds=Holds.WHOLE, least=1, most=25),
        _choice("response", "Response", RESPONSES),
        FieldSpec(name="owner", label="Owner", holds=Holds.ROLE),
        FieldSpec(name="action", label="Action", holds=Holds.TEXT, longest=LONGEST_TEXT),
    ),
    key=("id",),
)
MEASURES = SectionSpec(
    name="measures",
    label="Measures",
    noun="measure",
    fields=(
        _name(),
        FieldSpec(name="unit", label="Unit", holds=Holds.LINE, longest=40),
        _choice("direction", "Better is", ("up", "down")),
        FieldSpec(name="baseline", label="Baseline", holds=Holds.NUMBER, least=-1e9, most=1e9),
        FieldSpec(name="target", label="Target", holds=Holds.NUMBER, least=-1e9, most=1e9),
        FieldSpec(name="kind", label="Kind", holds=Holds.LINE, longest=40),
    ),
    key=("name",),
    hint="Baselines and targets are examples until a project’s owner confirms them.",
)
OBLIGATIONS = SectionSpec(
    name="obligations",
    label="Obligations",
    noun="obligation",
    fields=(
        FieldSpec(name="code", label="Code", holds=Holds.LINE, longest=40),
        FieldSpec(name="due", label="Due at", holds=Holds.TASK),
        REGION,
    ),
    key=("code", "region"),
)
TRAINING = SectionSpec(
    name="training",
    label="Training",
    noun="training",
    fields=(
        _name("audience", "Audience"),
        FieldSpec(
            name="hours", label="Hours a head", holds=Holds.NUMBER, most=1_000
        ),
        FieldSpec(name="pass_required", label="Must be passed", holds=Holds.FLAG),
        FieldSpec(
            name="target_percent", label="Target, percent", holds=Holds.WHOLE, most=PERCENT
        ),
        FieldSpec(name="by", label="By", holds=Holds.TASK),
        REGION,
    ),
    key=("audience", "region"),
)  # fmt: skip
ADOPTION = SectionSpec(
    name="adoption",
    label="Adoption",
    noun="adoption measure",
    fields=(
        _name(),
        FieldSpec(name="target_percent", label="At least, percent", holds=Holds.NUMBER, most=PERCENT, required=False),
        FieldSpec(name="target_max_percent", label="At most, percent", holds=Holds.NUMBER, most=PERCENT, required=False),
        FieldSpec(name="target_max", label="At most", holds=Holds.NUMBER, required=False),
        FieldSpec(
            name="check_days_after_go_live", label="Checked so many days after go-live", holds=Holds.DAY_LIST,
            hint="For example 7, 30, 90.",
        ),
    ),
    key=("name",),
)  # fmt: skip
COMMUNICATION = SectionSpec(
    name="communication",
    label="Communication",
    noun="message",
    fields=(
        _name("audience", "Audience", longest=120),
        FieldSpec(name="message", label="Message", holds=Holds.TEXT, longest=LONGEST_TEXT),
        _choice("channel", "Channel", CHANNELS),
        FROM,
        OFFSET,
        REPEAT,
        REGION,
    ),
    key=("audience", "channel", "from", "calendar_days"),
)
SECTIONS = (
    PHASES, TASKS, ANCHORED, BUDGET, ROLES, STAKEHOLDERS, RISKS, MEASURES, OBLIGATIONS, TRAINING, ADOPTION,
    COMMUNICATION,
)  # fmt: skip
BY_NAME = {section.name: section for section in SECTIONS}
# what a template may do without
OPTIONAL = frozenset({"communication", "adoption", "training", "obligations", "anchored"})


def in_region(row: Row, region: str) -> bool:
    """Say whether a row applies: those without a region do everywhere."""
    return not row.get("region") or row["region"] == region


def pin_of(document: Document) -> str:
    """Return the month and day to which the go-live is pinned, as 01-01; "" where it is free."""
    for row in ANCHORED.rows_of(document):
        if row.get("pin") and row.get("from") == GO_LIVE and row.get("calendar_days") == 0:
            return str(row["pin"])
    return ""
