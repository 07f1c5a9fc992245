"""The plan of a finished project as tasks of a template: as long as the work took."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portfolio.governance.models import ProjectGate
from portfolio.starts.domain.names import unlike
from portfolio.starts.words import drafting as words
from projects.domain.kinds import LinkKind, MilestoneKind
from projects.domain.plan.calendars import Calendar, networkdays
from projects.models import Milestone, Project, Task, TaskLink
from projects.models.plan import EVERY_DAY as ALL_SEVEN
from projects.project_templates.domain.checking import KEY
from projects.project_templates.domain.network import LinkSaid, ends_of
from projects.project_templates.domain.sections import EVERY_DAY, GO_LIVE, MOST_DAYS
from projects.selectors.planning import calendars_of

BEGIN, END, MANAGER = "BEGIN", "END", "pm"
LONGEST_KEY = 20
LONGEST_LAG = 9999
ONLY_PHASE = ("P1", words.WORK)
ROLE = "Role: "


@dataclass(slots=True)
class DraftedPlan:
    """Phases and tasks as a template has them; `keys` are the ids of what the project's rows became."""

    phases: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    by_milestone: dict[int, str] = field(default_factory=dict)
    by_id: dict[str, str] = field(default_factory=dict)


def drafted_plan(project: Project, roles: dict[str, str]) -> DraftedPlan:
    """Draft the plan; `roles` are keys by name. Without tasks the milestones make it, with the work between."""
    rows = list(
        Task.objects.filter(project=project)
        .select_related("milestone", "parent__parent", "calendar")
        .order_by("position")
    )
    work = [row for row in rows if not row.is_summary]
    calendar, _ = calendars_of(project, ())
    codes = _gate_codes(project)
    if not work:
        draft = _from_milestones(project, calendar, codes)
    else:
        draft = _from_tasks(project, work, calendar, codes, roles)
    _one_start(draft)
    _one_end(draft)
    return draft


def _gate_codes(project: Project) -> dict[int, str]:
    """Return the code of each gate by its milestone; one that was never laid gets one of its own."""
    gates = ProjectGate.objects.filter(project=project, milestone__isnull=False)
    laid = dict(gates.values_list("milestone", "code"))
    known = {pk: code for pk, code in laid.items() if KEY.fullmatch(code)}
    free = unlike(set(known.values()), "X")
    kinds = Milestone.objects.filter(project=project, kind=MilestoneKind.GATE.value).by_date()
    return {pk: known.get(pk) or next(free) for pk in kinds.values_list("pk", flat=True)}


def _point(milestone: Milestone | None, codes: dict[int, str]) -> dict[str, Any]:
    """Return what a row says that takes no time."""
    if milestone is None:
        return {"days": 0, "milestone": MilestoneKind.DELIVERABLE.value}
    said: dict[str, Any] = {"days": 0, "milestone": str(milestone.kind)}
    return {**said, "gate": codes[milestone.pk]} if milestone.pk in codes else said


def _from_tasks(
    project: Project,
    work: Sequence[Task],
    calendar: Calendar,
    codes: dict[int, str],
    roles: dict[str, str],
) -> DraftedPlan:
    draft = DraftedPlan()
    keys = _keys(work)
    phases = _phases(draft, work)
    waits = _waits(project, keys, {row.pk: _days(row, calendar) for row in work})
    for row in work:
        said: dict[str, Any] = {"id": keys[row.pk], "phase": phases[row.pk], "name": row.name}
        days = _days(row, calendar)
        said |= {"days": days} if days else _point(row.milestone, codes)
        said["after"] = waits.get(row.pk, [])
        if days:
            said["role"] = roles.get(row.notes.removeprefix(ROLE).strip(), MANAGER)
            if row.calendar and row.calendar.weekdays == ALL_SEVEN:
                said["calendar"] = EVERY_DAY
        elif row.milestone:
            draft.by_milestone[row.milestone.pk] = keys[row.pk]
        if row.external_id:
            draft.by_id[row.external_id] = keys[row.pk]
        draft.tasks.append(said)
    return draft


def _keys(work: Sequence[Task]) -> dict[int, str]:
    """Return the ids of the rows: their own where they have one, and GL for the first go-live."""
    lives = [
        row for row in work if row.milestone and row.milestone.kind == MilestoneKind.GO_LIVE.value and not row.duration
    ]  # fmt: skip
    found: dict[int, str] = {}
    if lives:
        own = next((row for row in lives if row.external_id == GO_LIVE), None)
        first = own or min(lives, key=lambda row: (row.finish or date.max, row.position))
        found[first.pk] = GO_LIVE
    taken = {GO_LIVE, BEGIN, END}
    for row in work:
        key = row.external_id
        if row.pk in found or key in taken or len(key) > LONGEST_KEY or not KEY.fullmatch(key):
            continue
        found[row.pk] = key
        taken.add(key)
    free = unlike(taken, "T")
    for row in work:
        if row.pk not in found:
            found[row.pk] = next(free)
    return found


def _phases(draft: DraftedPlan, work: Sequence[Task]) -> dict[int, str]:
    """Return the phase of each row: the uppermost row that sums it up."""
    named: dict[str, str] = {}
    found = {}
    for row in work:
        above: Task | None = row.parent
        name = ONLY_PHASE[1]
        while above is not None:
            name = str(above.name)
            above = above.parent
        if name not in named:
            named[name] = f"P{len(named) + 1}"
            draft.phases.append({"key": named[name], "name": name})
        found[row.pk] = named[name]
    return found


def _days(row: Task, calendar: Calendar) -> int:
    """Return how long it took, where that is known, else how long it was planned."""
    if not row.duration:
        return 0
    if row.actual_start and row.actual_finish:
        took = networkdays(calendar, row.actual_start, row.actual_finish)
        return min(max(took, 1), MOST_DAYS)
    return min(int(row.duration), MOST_DAYS)


def _waits(project: Project, keys: dict[int, str], days: dict[int, int]) -> dict[int, list[str]]:
    """Return the links of each row as a template writes them: an overlap is SS with a lag."""
    found: dict[int, list[str]] = {}
    for link in TaskLink.objects.filter(project=project).order_by("successor", "pk"):
        before = keys.get(link.predecessor_id)
        if before is None or link.successor_id not in keys:
            continue  # a phase: its tasks have links of their own
        kind, lag = LinkKind(link.kind), link.lag
        if lag < 0 and kind is LinkKind.FINISH_START:
            kind, lag = LinkKind.START_START, max(days[link.predecessor_id] + lag, 0)
        said = LinkSaid(before, kind, min(max(lag, 0), LONGEST_LAG))
        found.setdefault(link.successor_id, []).append(str(said))
    return found


def _from_milestones(project: Project, calendar: Calendar, codes: dict[int, str]) -> DraftedPlan:
    """Draft a plan of milestones alone: the work toward each takes the days between them."""
    points = [m for m in Milestone.objects.filter(project=project) if m.due_date]
    points.sort(key=lambda one: (one.actual_date or one.due_date, one.pk))
    lives = [one for one in points if one.kind == MilestoneKind.GO_LIVE.value]
    key, name = ONLY_PHASE
    draft = DraftedPlan(phases=[{"key": key, "name": name}] if points else [])
    before: list[str] = []
    last = project.start_date
    for number, point in enumerate(points, start=1):
        day = point.actual_date or point.due_date
        took = networkdays(calendar, last, day) - 1 if last and last < day else 0
        if took > 0 or not before:
            work = f"T{number:02}"
            row = {"id": work, "phase": key, "name": words.work_toward(point.name)}
            draft.tasks.append({**row, "days": max(took, 1), "after": before, "role": MANAGER})
            before = [work]
        own = GO_LIVE if lives and point == lives[0] else f"M{number:02}"
        row = {"id": own, "phase": key, "name": point.name}
        draft.tasks.append({**row, **_point(point, codes), "after": before})
        draft.by_milestone[point.pk] = own
        before, last = [own], day
    return draft


def _one_start(draft: DraftedPlan) -> None:
    starts, _ = ends_of(draft.tasks)
    if len(starts) < 2:  # noqa: PLR2004 - more than one
        return
    for row in draft.tasks:
        if row["id"] in starts:
            row["after"] = [BEGIN]
    first = {"id": BEGIN, "phase": draft.phases[0]["key"], "name": words.BEGINS}
    draft.tasks.insert(0, {**first, **_point(None, {}), "after": []})


def _one_end(draft: DraftedPlan) -> None:
    """Let the plan end with one row; without a go-live that is it."""
    _, ends = ends_of(draft.tasks)
    has_live = any(row["id"] == GO_LIVE for row in draft.tasks)
    if not draft.tasks or (has_live and len(ends) == 1):
        return
    last = {"phase": draft.phases[-1]["key"], "days": 0, "after": ends}
    if has_live:
        kind = MilestoneKind.DELIVERABLE.value
        draft.tasks.append({"id": END, "name": words.ENDS, "milestone": kind, **last})
    else:
        kind = MilestoneKind.GO_LIVE.value
        draft.tasks.append({"id": GO_LIVE, "name": words.GO_LIVE, "milestone": kind, **last})
