"""The records that can be imported and the fields of each, with the headers people give them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from projects.domain.kinds import Lane, MilestoneKind
from projects.domain.stages import Stage


class CellKind(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percent"
    COLOR = "color"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of ours; `lowest` and `highest` bound numbers, `longest` bounds text."""

    name: str
    label: str
    kind: CellKind = CellKind.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()  # code, word
    unoffered: frozenset[str] = frozenset()  # codes that are read and no longer proposed
    lowest: int | None = None
    highest: int | None = None
    longest: int = 200


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record, its fields, and the fields that identify it on a second import."""

    name: str
    label: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]

    def field(self, name: str) -> Field:
        """Return the field of that name; KeyError when there is none."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    def with_choices(
        self, name: str, choices: Iterable[tuple[str, str]], *, unoffered: Iterable[str] = ()
    ) -> Self:
        """Return the kind with a field that takes these choices; they are data and not known here."""
        field = replace(self.field(name), choices=tuple(choices), unoffered=frozenset(unoffered))
        fields = tuple(field if one.name == name else one for one in self.fields)
        return replace(self, fields=fields)


def _choices(
    words: Iterable[Lane | MilestoneKind | Stage],
) -> tuple[tuple[str, str], ...]:
    return tuple((word.value, word.label) for word in words)


PROJECT = RecordKind(
    name="project",
    label="Projects",
    key=("code",),
    fields=(
        Field("code", "Code", aliases=("id", "project id", "project code", "number", "project number", "no", "project no", "ref", "reference"), longest=30),
        Field("name", "Name", required=True, aliases=("project", "project name", "title")),
        Field("as_of", "As of", CellKind.DATE, aliases=("status date", "report date", "snapshot date")),
        Field("unit", "Unit", aliases=("department", "dept", "division", "directorate", "owner unit")),
        Field("program", "Program", aliases=("programme", "initiative")),
        Field("category", "Category", CellKind.CHOICE, aliases=("type", "project type", "report category")),
        Field("lane", "Lane", CellKind.CHOICE, choices=_choices(Lane), aliases=("class",)),
        Field("stage", "Stage", CellKind.CHOICE, choices=_choices(Stage), aliases=("phase", "project stage", "lifecycle stage")),
        Field("manager", "Manager", aliases=("project manager", "pm", "lead")),
        Field("sponsor", "Sponsor", aliases=("executive sponsor", "sro", "owner")),
        Field("start_date", "Start", CellKind.DATE, aliases=("start date", "project start date", "begin")),
        Field("baseline_finish", "Finish, baseline", CellKind.DATE, aliases=("baseline finish", "baseline end date", "planned finish", "planned end date", "planned end", "planned completion", "baseline end")),
        Field("forecast_finish", "Finish, forecast", CellKind.DATE, aliases=("forecast finish", "expected end", "expected end date", "expected finish", "forecast end", "forecast end date", "expected completion", "end date", "project end date", "end", "finish", "finish date", "due date")),
        Field("actual_finish", "Finish, actual", CellKind.DATE, aliases=("actual finish", "actual end date", "completed")),
        Field("approved_budget", "Approved budget", CellKind.MONEY, lowest=0, aliases=("budget", "approved cost", "whole life cost", "total budget")),
        Field("forecast_cost", "Forecast cost", CellKind.MONEY, lowest=0, aliases=("estimate at completion", "eac", "forecast", "forecast total cost", "expected cost")),
        Field("spent", "Spent", CellKind.MONEY, aliases=("spent to date", "spend to date", "actual cost", "cost to date", "actuals")),
        Field("year_budget", "Budget of the year", CellKind.MONEY, aliases=("annual budget", "yearly budget", "in year budget", "in year baseline")),
        Field("year_forecast", "Forecast of the year", CellKind.MONEY, aliases=("annual forecast", "yearly forecast", "in year forecast")),
        Field("percent_complete", "Complete, %", CellKind.PERCENT, lowest=0, highest=100, aliases=("percent complete", "% complete", "progress", "complete")),
        Field("color", "Declared color", CellKind.COLOR, aliases=("rag", "status", "rag status", "color", "colour", "health", "rating")),
        Field("published_rating", "Rating as published", longest=500, aliases=("published rating",)),
        Field("summary", "Status sentence", longest=280, aliases=("comment", "comments", "commentary", "status comment", "summary")),
        Field("description", "Description", longest=1000, aliases=("purpose", "scope", "aims")),
    ),
)  # fmt: skip

MILESTONE = RecordKind(
    name="milestone",
    label="Milestones",
    key=("project", "name"),
    fields=(
        Field("project", "Project code", required=True, aliases=("project code", "code", "project id"), longest=40),
        Field("name", "Name", required=True, aliases=("milestone", "milestone name", "task name", "title")),
        Field("kind", "CellKind", CellKind.CHOICE, choices=_choices(MilestoneKind), aliases=("type",)),
        Field("baseline_date", "Baseline", CellKind.DATE, aliases=("baseline date", "planned date", "planned end")),
        Field("forecast_date", "Forecast", CellKind.DATE, aliases=("forecast date", "due date", "due", "date")),
        Field("actual_date", "Actual", CellKind.DATE, aliases=("actual date", "done", "completed", "actual end")),
    ),
)  # fmt: skip

RISK = RecordKind(
    name="risk",
    label="Risks",
    key=("project", "title"),
    fields=(
        Field("project", "Project code", required=True, aliases=("project code", "code", "project id"), longest=40),
        Field("title", "Title", required=True, longest=160, aliases=("risk", "name", "risk title", "description")),
        Field("kind", "CellKind", CellKind.CHOICE, choices=(("threat", "Threat"), ("opportunity", "Opportunity")), aliases=("type",)),
        Field("likelihood", "Likelihood, 1 to 5", CellKind.NUMBER, lowest=1, highest=5, aliases=("probability", "p", "l")),
        Field("impact", "Impact, 1 to 5", CellKind.NUMBER, lowest=1, highest=5, aliases=("severity", "consequence", "i")),
        Field("response", "Response", longest=1000, aliases=("mitigation", "action", "treatment")),
        Field("owner", "Owner", aliases=("risk owner",)),
        Field("due", "Response due", CellKind.DATE, aliases=("due date", "action due")),
    ),
)  # fmt: skip

RECORD_KINDS = {kind.name: kind for kind in (PROJECT, MILESTONE, RISK)}


def guess_mapping(headers: Iterable[str], kind: RecordKind) -> dict[str, str]:
    """Return field name → header for the headers that clearly mean one of our fields."""
    by_words: dict[str, str] = {}
    for header in headers:
        by_words.setdefault(_words(header), header)
    guesses: dict[str, str] = {}
    taken: set[str] = set()
    for field in kind.fields:
        for alias in (field.name, field.label, *field.aliases):
            header = by_words.get(_words(alias), "")
            if header and header not in taken:
                guesses[field.name] = header
                taken.add(header)
                break
    return guesses


def _words(text: str) -> str:
    """Reduce a header to its words: case, punctuation and what stands in brackets do not matter."""
    return " ".join(re.findall(r"[a-z0-9%]+", re.sub(r"\([^)]*\)", " ", text.lower())))
