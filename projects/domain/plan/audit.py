"""
Is a plan built so that its dates can be believed?

The fourteen checks of the US Defense Contract Management Agency (DCMA-EA PAM 200.1, section 4, of
October 2012), over the rows that are not summaries. Of plans that must begin and end somewhere, one
row without a predecessor and one without a successor are let off. What cannot be measured says why.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from projects.domain.kinds import Constraint, LinkKind
from projects.domain.plan.calendars import Calendar, networkdays
from projects.domain.plan.network import schedule
from projects.domain.plan.records import Activity, Dependency, Key, Plan, Schedule, rank

MOST = 5  # percent
LEAST_FS = 90  # percent
LONG = 44  # working days: two months
PUSH = 600  # working days
LEEWAY = 7  # days that calendars of different weeks may swallow
LEAST_INDEX = 0.95
HARD = frozenset(
    {
        Constraint.START_NOT_AFTER,
        Constraint.FINISH_NOT_AFTER,
        Constraint.MUST_START,
        Constraint.MUST_FINISH,
    }
)
NOTHING_OPEN = "Every task is finished."
NO_BASELINE = "No task is in a baseline."
NOTHING_DUE = "No task was due by now."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCheck:
    """One check; `passes` is None when it cannot be measured, and `reason` then says why."""

    name: str
    rule: str
    measured: str = ""
    passes: bool | None = None
    reason: str = ""
    offenders: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A computed plan with what the checks need beside it."""

    plan: Plan
    computed: Schedule
    as_of: date
    baseline: Mapping[Key, date] = field(default_factory=dict)  # finishes
    costed: Collection[Key] = ()

    @property
    def leaves(self) -> list[Activity]:
        above = {a.parent for a in self.plan.activities if a.parent is not None}
        return [a for a in self.plan.activities if a.key not in above]

    @property
    def open(self) -> list[Activity]:
        return [a for a in self.leaves if not is_done(a)]

    def calendar_of(self, activity: Activity) -> Calendar:
        return self.plan.calendars.get(activity.calendar, self.plan.calendar)


def is_done(activity: Activity) -> bool:
    return bool(activity.actual_finish or (activity.actual_start and not activity.duration))


def audit(subject: Subject) -> list[PlanCheck]:
    """Return the fourteen checks in their order; an empty plan has none."""
    return [check(subject) for check in CHECKS] if subject.leaves else []


def _share(
    name: str, rule: str, found: Iterable[Key], total: int, *, most: int, of: str = "open tasks"
) -> PlanCheck:
    """Return a check that at most `most` percent are at fault."""
    offenders = tuple(found)
    if not total:
        return PlanCheck(name=name, rule=rule, reason=NOTHING_OPEN if of == "open tasks" else f"There are no {of}.")  # fmt: skip
    percent = 100 * len(offenders) / total
    return PlanCheck(
        name=name,
        rule=rule,
        measured=f"{len(offenders):,} of {total:,} {of}, {percent:.0f}%",
        passes=percent <= most,
        offenders=offenders,
    )


def _at_most(percent: int) -> str:
    return f"At most {percent}% of tasks." if percent else "None."


def _missing_logic(subject: Subject) -> PlanCheck:
    open_tasks, timings = subject.open, subject.computed.timings
    parents = {a.key: a.parent for a in subject.plan.activities}
    waits = {link.successor for link in subject.plan.links}
    leads = {link.predecessor for link in subject.plan.links}
    without = [a.key for a in open_tasks if not _is_linked(a.key, parents, waits)]
    dangling = [a.key for a in open_tasks if not _is_linked(a.key, parents, leads)]
    first = min(without, key=lambda key: (timings[key].start, rank(key)), default=None)
    last = max(dangling, key=lambda key: (timings[key].finish, rank(key)), default=None)
    # a plan that is under way began with work that is done
    begins = [] if any(is_done(a) for a in subject.leaves) else [first]
    at_fault = [key for key in without if key not in begins]
    at_fault += [key for key in dangling if key != last and key not in at_fault]
    return _share("Missing links", _at_most(MOST), at_fault, len(open_tasks), most=MOST)


def _is_linked(key: Key, parents: Mapping[Key, Key | None], ends: Collection[Key]) -> bool:
    """Say whether a row, or a summary above it, has a link at this end."""
    at: Key | None = key
    while at is not None:
        if at in ends:
            return True
        at = parents[at]
    return False


def _open_links(subject: Subject) -> list[Dependency]:
    done = {a.key for a in subject.leaves if is_done(a)}
    return [link for link in subject.plan.links if link.successor not in done]


def _links(
    name: str, rule: str, is_at_fault: Callable[[Dependency], bool], *, most: int
) -> Callable[[Subject], PlanCheck]:
    def check(subject: Subject) -> PlanCheck:
        links = _open_links(subject)
        found = [link.successor for link in links if is_at_fault(link)]
        return _share(name, rule, found, len(links), most=most, of="open links")

    return check


def _tasks(
    name: str, most: int, is_at_fault: Callable[[Subject, Activity], bool]
) -> Callable[[Subject], PlanCheck]:
    def check(subject: Subject) -> PlanCheck:
        tasks = subject.open
        found = [a.key for a in tasks if is_at_fault(subject, a)]
        return _share(name, _at_most(most), found, len(tasks), most=most)

    return check


def _float(subject: Subject, activity: Activity) -> int:
    return subject.computed.timings[activity.key].total_float or 0


def _is_dated_wrongly(subject: Subject, activity: Activity) -> bool:
    timing, today = subject.computed.timings[activity.key], subject.as_of
    begun, ended = activity.actual_start, activity.actual_finish
    if (begun and begun > today) or (ended and ended > today):
        return True
    forecast_start_passed = begun is None and timing.start < today
    return forecast_start_passed or (
        ended is None and timing.finish < today and not is_done(activity)
    )


def _invalid_dates(subject: Subject) -> PlanCheck:
    found = [a.key for a in subject.leaves if _is_dated_wrongly(subject, a)]
    return _share("Dates that cannot be", "None: no forecast in the past, no actual date in the future.",
                  found, len(subject.leaves), most=0, of="tasks")  # fmt: skip


def _without_cost(subject: Subject) -> PlanCheck:
    rule, name = "None.", "Work without a planned cost"
    if not subject.costed:
        return PlanCheck(name=name, rule=rule, reason="No task of this plan has a planned cost.")
    tasks = [a for a in subject.open if a.duration]
    found = [a.key for a in tasks if a.key not in subject.costed]
    return _share(name, rule, found, len(tasks), most=0)


def _due(subject: Subject) -> list[Activity]:
    """Return the tasks that the baseline has finished by now."""
    return [
        a
        for a in subject.leaves
        if a.key in subject.baseline and subject.baseline[a.key] <= subject.as_of
    ]


def _missed(subject: Subject) -> PlanCheck:
    name, rule = "Missed baseline finishes", f"At most {MOST}% of the tasks due by now."
    due = _due(subject)
    if not due:
        return PlanCheck(
            name=name, rule=rule, reason=NOTHING_DUE if subject.baseline else NO_BASELINE
        )
    timings = subject.computed.timings
    found = [a.key for a in due if timings[a.key].finish > subject.baseline[a.key]]
    return _share(name, rule, found, len(due), most=MOST, of="tasks due")


def _path_holds(subject: Subject) -> PlanCheck:
    """Make the next task of the longest path 600 days longer: the end must move as far."""
    name, rule = (
        "Critical path test",
        f"{PUSH} days more on the path move the finish by {PUSH} days.",
    )
    timings, finish = subject.computed.timings, subject.computed.finish
    path = [a for a in subject.open if timings[a.key].on_longest_path and a.duration]
    if not path or finish is None:
        return PlanCheck(
            name=name, rule=rule, reason="No open task with a duration is on the longest path."
        )
    first = min(path, key=lambda a: (timings[a.key].start, rank(a.key)))
    longer = replace(first, duration=first.duration + PUSH, percent=0)
    if first.actual_start:
        longer = replace(longer, duration=first.duration + PUSH * 2, percent=50)
    rows = [longer if a.key == first.key else a for a in subject.plan.activities]
    moved_to = schedule(replace(subject.plan, activities=rows)).finish
    assert moved_to is not None  # noqa: S101 - the plan has rows
    moved = networkdays(subject.calendar_of(first), finish, moved_to) - 1
    return PlanCheck(
        name=name,
        rule=rule,
        measured=f"The finish moves by {moved:,} working days",
        passes=moved >= PUSH - LEEWAY,
        offenders=() if moved >= PUSH - LEEWAY else (first.key,),
    )


def _length_index(subject: Subject) -> PlanCheck:
    """(critical path length + float to the baseline finish) / critical path length, CPLI."""
    name, rule = "Critical path length index", f"At least {LEAST_INDEX}."
    finish = subject.computed.finish
    if not subject.baseline:
        return PlanCheck(name=name, rule=rule, reason=NO_BASELINE)
    if finish is None or not subject.open:
        return PlanCheck(name=name, rule=rule, reason=NOTHING_OPEN)
    calendar, wanted = subject.plan.calendar, max(subject.baseline.values())
    length = networkdays(calendar, subject.as_of, finish)
    if length <= 0:
        return PlanCheck(name=name, rule=rule, reason="No working day is left until the finish.")
    apart = networkdays(calendar, finish, wanted)
    index = (length + apart - (1 if apart > 0 else -1)) / length if apart else 1.0
    return PlanCheck(name=name, rule=rule, measured=f"{index:.2f}", passes=index >= LEAST_INDEX)


def _execution_index(subject: Subject) -> PlanCheck:
    """Tasks done / tasks that the baseline has done by now, BEI."""
    name, rule = "Baseline execution index", f"At least {LEAST_INDEX}."
    due = _due(subject)
    if not due:
        return PlanCheck(
            name=name, rule=rule, reason=NOTHING_DUE if subject.baseline else NO_BASELINE
        )
    done = sum(a.key in subject.baseline and is_done(a) for a in subject.leaves)
    index = done / len(due)
    late = tuple(a.key for a in due if not is_done(a))
    return PlanCheck(
        name=name,
        rule=rule,
        measured=f"{index:.2f}: {done:,} done, {len(due):,} due",
        passes=index >= LEAST_INDEX,
        offenders=late,
    )


CHECKS: Sequence[Callable[[Subject], PlanCheck]] = (
    _missing_logic,
    _links("Leads", "None.", lambda link: link.lag < 0, most=0),
    _links("Lags", f"At most {MOST}% of links.", lambda link: link.lag > 0, most=MOST),
    _links(
        "Links other than finish to start",
        f"At most {100 - LEAST_FS}% of links.",
        lambda link: link.kind is not LinkKind.FINISH_START,
        most=100 - LEAST_FS,
    ),
    _tasks("Dates that links cannot move", MOST, lambda _, a: a.constraint in HARD),
    _tasks(f"Float above {LONG} working days", MOST, lambda s, a: _float(s, a) > LONG),
    _tasks("Negative float", 0, lambda s, a: _float(s, a) < 0),
    _tasks(f"Longer than {LONG} working days", MOST, lambda _, a: a.duration > LONG),
    _invalid_dates,
    _without_cost,
    _missed,
    _path_holds,
    _length_index,
    _execution_index,
)
