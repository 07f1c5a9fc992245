"""The stories of the demo hospital, as written in `data/`: one per project, told in weeks from now."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from projects.domain.stages import Stage

DATA = Path(__file__).parent / "data"
STORY_FILES = ("record", "campus", "harm", "home", "secure", "office", "finished")
MILLION = Decimal(1_000_000)
NEVER = 99
_DATE_TOKEN = re.compile(r"\{([+-]\d+)\}")
Curve = Sequence[tuple[int, float]]


@cache
def read(name: str) -> dict[str, Any]:
    """Return one data file; it is shipped with the product and trusted."""
    found: dict[str, Any] = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


class StorySaid(NamedTuple):
    """What the manager says from a week on, until something else is said."""

    week: int
    color: str
    note: str
    axes: Mapping[str, tuple[str, str]]
    help: str
    help_from: str
    help_days: int


class ToldRisk(NamedTuple):
    likelihood: int
    impact: int
    title: str
    response: str
    opened: int
    closed: int


class ToldIssue(NamedTuple):
    severity: int
    title: str
    opened: int
    resolved: int
    resolution: str
    due_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One project over time. Weeks count from this week, the past is negative."""

    code: str
    name: str
    summary: str
    category: str
    lane: str
    plan: str
    unit: str
    program: str
    portfolio: str
    people: tuple[str, ...]  # in the order of ROLES, as far as named
    stages: tuple[tuple[int, Stage], ...]
    start: int
    finish: int
    budget: Decimal
    slip: Curve  # days after the baseline finish
    cost: Curve  # forecast cost as a share of the approved budget
    says: tuple[StorySaid, ...]
    risks: tuple[ToldRisk, ...]
    issues: tuple[ToldIssue, ...]
    serves: Mapping[str, tuple[int, str]]
    since: int
    silent: int
    work: list[list[str]]  # instead of the plan's, where that would not be true
    stuck: Mapping[str, int]
    is_confidential: bool
    is_due: bool
    has_draft: bool
    is_glib: bool  # the manager says green, finance makes the forecasts

    def stage_at(self, week: int) -> Stage:
        return [stage for since, stage in self.stages if since <= week or since == self.since][-1]

    def week_of_stage(self, *stages: Stage) -> int:
        """Return the first week in one of the stages; NEVER when there is none."""
        return next((week for week, stage in self.stages if stage in stages), NEVER)

    def said_at(self, week: int) -> StorySaid | None:
        told = [said for said in self.says if said.week <= week]
        return told[-1] if told else None

    def slip_at(self, week: int) -> int:
        """Return the days of slip as forecast in `week`; a project on hold slips by the day."""
        held = self.week_of_stage(Stage.ON_HOLD)
        waiting = max(week - held, 0) * 7 if held != NEVER else 0
        return round(along(self.slip, self._revised(week, every=2))) + waiting

    def cost_at(self, week: int) -> Decimal:
        """Return the forecast cost as forecast in `week`, in whole thousands."""
        share = Decimal(str(round(along(self.cost, self._revised(week, every=3)), 4)))
        return (self.budget * share).quantize(Decimal(1000)).quantize(Decimal("0.01"))

    def _revised(self, week: int, *, every: int) -> int:
        """Return the week of the last revision: forecasts are not made anew each week."""
        last = min(week, self.silent)
        told_now = bool(self.says) and self.says[-1].week == 0 and self.says[-1].color != "green"
        offset = 0 if told_now else sum(map(ord, self.code)) % every
        return last - (last + offset) % every


def along(curve: Curve, week: int) -> float:
    """Return the value at `week` on straight lines between the points."""
    before = [point for point in curve if point[0] <= week]
    after = [point for point in curve if point[0] > week]
    if not before:
        return curve[0][1]
    if not after:
        return curve[-1][1]
    (x0, y0), (x1, y1) = before[-1], after[0]
    return y0 + (y1 - y0) * (week - x0) / (x1 - x0)


def day_of(monday: date, week: int, weekday: int = 0) -> date:
    return monday + timedelta(weeks=week, days=weekday)


def dated(text: str, friday: date) -> str:
    """Put dates in for tokens like {+12}, counted in days from the Friday it is said."""

    def put(match: re.Match[str]) -> str:
        day = friday + timedelta(days=int(match[1]))
        return f"{day.day} {day:%b}"

    return _DATE_TOKEN.sub(put, text)


def stories() -> list[Story]:
    return list(_stories())


def _stories() -> Iterator[Story]:
    for name in STORY_FILES:
        told = read(name)
        for row in told["projects"]:
            yield _story({"program": told["program"], "portfolio": told["portfolio"], **row})


def _story(row: dict[str, Any]) -> Story:
    start, finish = row["weeks"]
    stages = row.get("stages") or [[min(start, -30), row["stage"]]]
    return Story(
        code=row["code"],
        name=row["name"],
        summary=row["summary"],
        category=row["category"],
        lane=row.get("lane", "strategic"),
        plan=row["plan"],
        unit=row["unit"],
        program=row["program"],
        portfolio=row["portfolio"],
        people=tuple(row["people"]),
        stages=tuple((week, Stage(stage)) for week, stage in stages),
        start=start,
        finish=finish,
        budget=Decimal(str(row["budget"])) * MILLION,
        slip=[(week, days) for week, days in row["slip"]],
        cost=[(week, share) for week, share in row["cost"]],
        says=tuple(_said(entry) for entry in row.get("says", [])),
        risks=tuple(
            ToldRisk(likelihood, impact, title, response, opened, *(closed or [NEVER]))
            for likelihood, impact, title, response, opened, *closed in row["risks"]
        ),
        issues=tuple(ToldIssue(*entry) for entry in row.get("issues", [])),
        serves={code: (strength, how) for code, (strength, how) in row["serves"].items()},
        since=row.get("since", start),
        silent=row.get("silent", NEVER),
        work=row.get("work", []),
        stuck=row.get("stuck", {}),
        is_confidential=row.get("confidential", False),
        is_due=row.get("due", False),
        has_draft=row.get("draft", False),
        is_glib=row.get("glib", False),
    )


def _said(entry: list[Any]) -> StorySaid:
    week, color, note, *rest = entry
    more = dict(rest[0]) if rest else {}
    asked = (more.pop("help", ""), more.pop("from", ""), more.pop("in", 0))
    axes = {}
    for axis, text in more.items():
        axis_color, _, axis_note = text.partition(": ")
        axes[axis] = (axis_color, axis_note)
    return StorySaid(week, color, note, axes, *asked)
