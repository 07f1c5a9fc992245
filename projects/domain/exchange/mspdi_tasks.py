"""One task of Microsoft Project's XML: whole days, progress, links and baselines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any

from projects.domain.exchange.guarded_xml import Element, local
from projects.domain.exchange.mspdi_values import (
    AS_LATE_AS_POSSIBLE,
    CONSTRAINTS,
    ELAPSED_FORMATS,
    LAG_PARTS,
    LINK_KINDS,
    MINUTES_OF_24_HOURS,
    MORNING,
    OUR_FIELD_ID,
    OUR_VALUE,
    PERCENT_FORMATS,
    finish_of,
    is_before_work,
    is_true,
    minutes_of,
    money_of,
    number_of,
    start_of,
    whole,
)
from projects.domain.exchange.planfile import (
    LONGEST_DURATION,
    LONGEST_LAG,
    LONGEST_NAME,
    LONGEST_NOTES,
    BaselineRow,
    LinkRow,
    ReadingLedger,
    TaskRow,
    clean,
    plain_notes,
)
from projects.domain.kinds import Constraint, LinkKind, TaskKind

ALL = 100
GROUPS = ("PredecessorLink", "Baseline", "ExtendedAttribute")
EVERY_DAY_KEY = "every-day"
ENDS = {"Finish": "finish", "ActualFinish": "actual_finish"}


@dataclass(slots=True)
class RawTask:
    """A task as the file has it: texts by element name."""

    values: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    holds_a_project: bool = False

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def number(self, name: str, default: int = 0) -> int:
        found = number_of(self.text(name))
        return default if found is None else found

    @property
    def key(self) -> str:
        return str(self.number("UID"))

    @property
    def level(self) -> int:
        return self.number("OutlineLevel", 1)

    @property
    def label(self) -> str:
        """Return how the report names the row: its number in the file, and its name."""
        return f"{self.number('ID')} {clean(self.text('Name'), LONGEST_NAME)}".strip()


def raw_task(element: Element) -> RawTask:
    """Take the texts out of a Task element."""
    raw = RawTask()
    for child in element:
        name = local(child.tag)
        if name in GROUPS:
            group = {local(part.tag): part.text or "" for part in child}
            raw.groups.setdefault(name, []).append(group)
        elif name == "Project":
            raw.holds_a_project = True
        else:
            raw.values[name] = child.text or ""
    return raw


@dataclass(slots=True)
class Reader:
    """Turns tasks into rows and notes in the ledger what does not fit."""

    minutes_per_day: int
    ledger: ReadingLedger
    morning: time = MORNING
    ended_before_work: dict[str, set[str]] = field(default_factory=dict)  # which ends of which rows
    actual_cost: Decimal = Decimal(0)
    with_actual_cost: int = 0
    _seen: set[str] = field(default_factory=set)
    _durations: dict[str, int] = field(default_factory=dict)

    def is_wanted(self, raw: RawTask) -> bool:
        """Leave out blank rows, the row of the project itself, and what is no work of this plan."""
        if is_true(raw.text("IsNull")) or raw.number("UID", -1) == 0 or raw.level < 1:
            return False
        if "Active" in raw.values and not is_true(raw.text("Active")):
            self.ledger.lost("Inactive tasks", "Only tasks that are to be done are read.", task=raw.label)  # fmt: skip
            return False
        if is_true(raw.text("ExternalTask")):
            self.ledger.lost("Tasks of other projects", "Links to other projects' files are not followed.", task=raw.label)  # fmt: skip
            return False
        if number_of(raw.text("UID")) is None or raw.key in self._seen:
            self.ledger.lost("Tasks without a number of their own", "Two rows with one UID, or none, cannot be told apart.", task=raw.label)  # fmt: skip
            return False
        self._seen.add(raw.key)
        return True

    def row(self, raw: RawTask, depth: int, *, is_summary: bool) -> TaskRow:
        """Return the plan's row for a task."""
        number, kind = _our_value(raw)
        self._note_other_losses(raw)
        start = start_of(raw.text("Start"))
        row: dict[str, Any] = {
            "key": raw.key,
            "number": number,
            "depth": depth,
            "name": self._name(raw),
            "kind": kind,
            "start": start,
            "finish": self._finish(raw, "Finish", start),
            "notes": self._notes(raw),
            "is_summary": is_summary,
        }
        constraint, constraint_date = self._constraint(raw, start, is_summary=is_summary)
        row |= {"constraint": constraint, "constraint_date": constraint_date}
        self._costs(raw, is_summary=is_summary)
        if is_summary:
            return TaskRow(**row)
        duration, is_elapsed = self._duration(raw)
        self._durations[raw.key] = duration
        row |= self._progress(raw) | {
            "duration": duration,
            "kind": self._kind(raw, kind, duration),
            "calendar": EVERY_DAY_KEY if is_elapsed else _calendar(raw),
            "planned_cost": _cost(raw),
        }
        return TaskRow(**row)

    def _finish(self, raw: RawTask, name: str, start: date | None) -> date | None:
        text = raw.text(name)
        if is_before_work(text, start, self.morning):
            self.ended_before_work.setdefault(raw.key, set()).add(ENDS[name])
        return finish_of(text, start, self.morning)

    def _name(self, raw: RawTask) -> str:
        text = raw.text("Name")
        name = clean(text, LONGEST_NAME)
        if len(clean(text, len(text))) > LONGEST_NAME:
            self.ledger.changed("Long names", f"Cut to {LONGEST_NAME} characters.", task=raw.label)
        if not name:
            name = f"Task {raw.number('ID') or raw.key}"
            self.ledger.changed("Tasks without a name", "Named by their number.", task=name)
        return name

    def _notes(self, raw: RawTask) -> str:
        text = plain_notes(raw.text("Notes"))
        if len(text) > LONGEST_NOTES:
            self.ledger.changed("Long notes", f"Cut to {LONGEST_NOTES} characters.", task=raw.label)
        return text[:LONGEST_NOTES].strip()

    def _kind(self, raw: RawTask, kind: TaskKind, duration: int) -> TaskKind:
        if duration == 0:
            return TaskKind.MILESTONE
        if is_true(raw.text("Milestone")):
            self.ledger.changed("Milestones that last", "A milestone takes no time here; they become tasks.", task=raw.label)  # fmt: skip
        return kind

    def _duration(self, raw: RawTask) -> tuple[int, bool]:
        """Return whole days, and whether they are counted around the clock."""
        minutes = minutes_of(raw.text("Duration")) if raw.text("Duration") else 0
        if minutes is None:
            self.ledger.changed("Durations that cannot be read", "They become one day.", task=raw.label)  # fmt: skip
            return 1, False
        is_elapsed = raw.number("DurationFormat") in ELAPSED_FORMATS and minutes > 0
        per_day = MINUTES_OF_24_HOURS if is_elapsed else self.minutes_per_day
        days = Decimal(minutes) / per_day
        duration = min(max(whole(days), int(minutes > 0)), LONGEST_DURATION)
        if duration != days:
            hours = f"{Decimal(per_day) / 60:f}".rstrip("0").rstrip(".")
            self.ledger.changed(
                "Durations",
                f"Rounded to whole days of {hours} hours; less than one day becomes one.",
                task=raw.label,
            )
        if is_elapsed:
            self.ledger.changed(
                "Durations around the clock",
                "They count every day of the calendar “Every day”.",
                task=raw.label,
            )
        return duration, is_elapsed

    def _constraint(
        self, raw: RawTask, start: date | None, *, is_summary: bool
    ) -> tuple[Constraint, date | None]:
        code = raw.number("ConstraintType")
        day = start_of(raw.text("ConstraintDate"))
        constraint = CONSTRAINTS.get(code, Constraint.NONE)
        if code == AS_LATE_AS_POSSIBLE:
            self.ledger.changed("As late as possible", "Planned as soon as possible.", task=raw.label)  # fmt: skip
        elif constraint is not Constraint.NONE and day is None:
            self.ledger.lost("Constraints without a date", "A constraint needs a day.", task=raw.label)  # fmt: skip
        elif constraint is not Constraint.NONE:
            return constraint, day
        elif is_true(raw.text("Manual")) and start and not is_summary:
            self.ledger.changed(
                "Tasks scheduled by hand",
                "They start no earlier than the file says, and later when they have to wait.",
                task=raw.label,
            )
            return Constraint.START_NOT_BEFORE, start
        return Constraint.NONE, None

    def _progress(self, raw: RawTask) -> dict[str, object]:
        started = start_of(raw.text("ActualStart"))
        finished = self._finish(raw, "ActualFinish", started)
        said = raw.number("PercentComplete")
        percent = ALL if finished else min(max(said, 0), ALL)
        if finished and not started:
            started = min(start_of(raw.text("Start")) or finished, finished)
        if started and finished and finished < started:
            self.ledger.changed("Progress", "An actual finish before the actual start counts as the same day.", task=raw.label)  # fmt: skip
            finished = started
        if percent != said:
            self.ledger.changed("Progress", "What is finished is 100 % complete; more or less than all is not.", task=raw.label)  # fmt: skip
        return {"actual_start": started, "actual_finish": finished, "percent_complete": percent}

    def _costs(self, raw: RawTask, *, is_summary: bool) -> None:
        if is_summary:
            fixed = money_of(raw.text("FixedCost"))
            if fixed:
                self.ledger.lost("Fixed costs of summary rows", "A summary row adds up the rows below it and costs nothing of its own.", task=f"{raw.label}: {fixed:,.2f}")  # fmt: skip
            return
        actual = money_of(raw.text("ActualCost"))
        if actual:
            self.actual_cost += actual
            self.with_actual_cost += 1
        cost = money_of(raw.text("Cost"))
        if cost is not None and cost < 0:
            self.ledger.lost("Negative costs", "A planned cost is not below zero.", task=raw.label)

    def _note_other_losses(self, raw: RawTask) -> None:
        values = raw.values
        if raw.holds_a_project or is_true(values.get("IsSubproject")):
            self.ledger.lost("Inserted projects", "The row is kept, the tasks of the inserted file are not.", task=raw.label)  # fmt: skip
        if values.get("Deadline"):
            self.ledger.lost("Deadlines", "Use the constraint “Finish no later than”.", task=raw.label)  # fmt: skip
        if raw.number("LevelingDelay"):
            self.ledger.lost("Leveling delays", "Dates follow from links and calendars alone.", task=raw.label)  # fmt: skip
        if values.get("HyperlinkAddress"):
            self.ledger.lost("Hyperlinks", "Put the address into the notes.", task=raw.label)
        if any(not _is_ours(group) for group in raw.groups.get("ExtendedAttribute", ())):
            self.ledger.lost("Columns of your own", "Custom fields are not read.", task=raw.label)

    def links(self, raw: RawTask, by_key: Mapping[str, RawTask]) -> Iterator[LinkRow]:
        """Yield what a task waits for."""
        seen: set[str] = set()
        for group in raw.groups.get("PredecessorLink", ()):
            uid = number_of(group.get("PredecessorUID", ""))
            key = "" if uid is None else str(uid)
            if is_true(group.get("CrossProject")) or key not in by_key:
                self.ledger.lost("Links to tasks that are not read", "They lead out of this file, or to a row that was left out.", task=raw.label)  # fmt: skip
            elif key == raw.key or key in seen:
                self.ledger.lost("Links twice between two tasks", "One link between two tasks is enough; none leads back to its own task.", task=raw.label)  # fmt: skip
            else:
                seen.add(key)
                yield self._link(raw, group, key)

    def _link(self, raw: RawTask, group: Mapping[str, str], key: str) -> LinkRow:
        code = number_of(group.get("Type", "1"))
        lag = number_of(group.get("LinkLag", "0")) or 0
        shape = number_of(group.get("LagFormat", "")) or 0
        is_elapsed = shape in ELAPSED_FORMATS
        if shape in PERCENT_FORMATS:
            days = Decimal(self._durations.get(key, 0)) * min(max(lag, -1000), 1000) / ALL
            self.ledger.changed("Lags in percent", "They become days of today's duration and stay that long.", task=raw.label)  # fmt: skip
        else:
            per_day = MINUTES_OF_24_HOURS if is_elapsed else self.minutes_per_day
            days = Decimal(max(-(10**9), min(lag, 10**9))) / LAG_PARTS / per_day
        rounded = max(-LONGEST_LAG, min(whole(days), LONGEST_LAG))
        if rounded != days:
            self.ledger.changed("Lags", "Rounded to whole days.", task=raw.label)
        return LinkRow(
            predecessor=key,
            successor=raw.key,
            kind=LINK_KINDS.get(1 if code is None else code, LinkKind.FINISH_START),
            lag=rounded,
            is_elapsed=is_elapsed and rounded != 0,
        )

    def baseline(self, raw: RawTask) -> Iterator[BaselineRow]:
        """Yield the task's first baseline; the others are counted as lost."""
        is_found = False
        for group in raw.groups.get("Baseline", ()):
            if number_of(group.get("Number", "")) or is_true(group.get("Interim")) or is_found:
                self.ledger.lost("Further baselines", "Only the first baseline of the file is read.", task=raw.label)  # fmt: skip
                continue
            start = start_of(group.get("Start", ""))
            finish = finish_of(group.get("Finish", ""), start, self.morning)
            if start or finish:
                is_found = True
                cost = money_of(group.get("Cost", ""))
                yield BaselineRow(task=raw.key, start=start, finish=finish, cost=cost)


def _is_ours(group: Mapping[str, str]) -> bool:
    return group.get("FieldID", "").strip() == OUR_FIELD_ID and bool(
        OUR_VALUE.fullmatch(group.get("Value", "").strip())
    )


def _our_value(raw: RawTask) -> tuple[int | None, TaskKind]:
    """Return our own record's number and the kind, when the file came from here."""
    for group in raw.groups.get("ExtendedAttribute", ()):
        if _is_ours(group):
            match = OUR_VALUE.fullmatch(group["Value"].strip())
            number, support = match.groups() if match else ("", None)
            return int(number) if number else None, TaskKind.SUPPORT if support else TaskKind.WORK
    return None, TaskKind.WORK


def _calendar(raw: RawTask) -> str | None:
    uid = number_of(raw.text("CalendarUID"))
    return None if uid is None or uid < 0 else str(uid)


def _cost(raw: RawTask) -> Decimal | None:
    """Return what the task is to cost; None for nothing, which the file cannot tell from unknown."""
    cost = money_of(raw.text("Cost")) or money_of(raw.text("FixedCost"))
    return cost if cost and cost > 0 else None
