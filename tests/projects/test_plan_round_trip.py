"""Our own download, imported again into the same project, changes nothing: whatever the plan, at any point of it."""

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.domain.kinds import Constraint, LinkKind, TaskKind
from projects.models import CalendarException, Project, Task, TaskLink, WorkCalendar
from projects.selectors.plan_file import digest_of, document_of, mspdi_of
from projects.services import plan_imports
from projects.services.plan import reschedule
from projects.services.plan_imports.checking import check
from tests.factories import CalendarFactory

pytestmark = pytest.mark.django_db
MOST_ROWS = 60
TEXTS = (
    "Dig",
    "Pour  the slab",
    "Ärzte & Pflege <neu>",
    "起重机 🏗️",
    "=1+1",
    "Tie-in\u00a02",
    'Say "yes"',
    "Lift\u2028pit\ufffe 3",
    "\u2029 Roof\u00a0\u00a0deck\x7f",
    "Co\u00adop \u200b\ufdd0\U0001f3d7",
)
NOTES = (
    "",
    "One line.",
    "Two\nlines",
    "Two\r\nlines ",
    "\tA tab & <b>",
    "A\u2028line\ufffe\u00a0",
    "\u00a0\x7fEnd\uffff",
)
COLUMNS = (
    "pk", "name", "kind", "duration", "constraint", "constraint_date", "calendar_id", "position",
    "outline", "start", "finish", "actual_start", "actual_finish", "percent_complete",
    "planned_cost", "notes", "is_summary", "total_float",
)  # fmt: skip


def calendars_of(dice):
    """Some calendars, two of them alike, one with days that overlap and one that is the default."""
    made = [CalendarFactory(weekdays=week) for week in ("1111100", "1111100", "1111111", "0111110")]
    for calendar in made[:3]:
        for number in range(dice.randrange(4)):
            first = date(2026, 11, 20) + timedelta(days=dice.randrange(60))
            CalendarException.objects.create(
                calendar=calendar,
                first_date=first,
                last_date=first + timedelta(days=dice.randrange(9)),
                is_working=number % 2 == 1,
                name="Day",
            )
    if dice.random() < 0.5:
        WorkCalendar.objects.filter(pk=made[0].pk).update(is_default=True)
    return [None, None, *made]


def task_of(dice, project, calendars, today):
    duration = dice.choice([0, 1, 1, 2, 5, 13, 40])
    kind = TaskKind.MILESTONE if duration == 0 else dice.choice([TaskKind.WORK, TaskKind.SUPPORT])
    begun = today - timedelta(days=dice.randrange(1, 90)) if dice.random() < 0.4 else None
    done = begun + timedelta(days=dice.randrange(20)) if begun and dice.random() < 0.5 else None
    done = min(done, today) if done else None
    if kind is TaskKind.MILESTONE:
        begun = done
    constraint = dice.choice([Constraint.NONE, Constraint.NONE, *Constraint])
    return Task(
        project=project,
        name=dice.choice(TEXTS),
        kind=kind.value,
        duration=duration,
        calendar=dice.choice(calendars),
        constraint=constraint.value,
        constraint_date=None
        if constraint is Constraint.NONE
        else today + timedelta(days=dice.randrange(-60, 200)),
        actual_start=begun,
        actual_finish=done,
        percent_complete=100 if done else dice.randrange(100) if begun else 0,
        planned_cost=dice.choice([None, Decimal(0), Decimal("0.01"), Decimal("1250000.50")]),
        notes=dice.choice(NOTES),
        external_id=dice.choice(["", "", f"{dice.randrange(1, 9999)}", "A-1"]),
    )


def plan_on(dice, project, today):
    """Fill the project with any plan that its pages could have made, computed as of `today`."""
    calendars = calendars_of(dice)
    Project.objects.filter(pk=project.pk).update(
        start_date=dice.choice([None, today - timedelta(days=100), today + timedelta(days=20)]),
        baseline_finish_date=None,
        calendar=dice.choice(calendars),
    )
    project.refresh_from_db()
    above, rows = [], []
    for position in range(1, dice.randrange(2, MOST_ROWS + 1)):
        task = task_of(dice, project, calendars, today)
        task.position = position
        del above[dice.randrange(len(above) + 1) :]
        task.parent = above[-1] if above else None
        task.save()
        above.append(task)
        rows.append(task)
    parents = {task.parent_id for task in rows}
    leaves = [task for task in rows if task.pk not in parents]
    for before, after in pairwise(leaves):
        if dice.random() < 0.7:
            lag = dice.choice([0, 0, 3, -2])
            TaskLink.objects.create(
                project=project,
                predecessor=before,
                successor=after,
                kind=dice.choice(list(LinkKind)).value,
                lag=lag,
                is_elapsed=lag > 0 and dice.random() < 0.5,
            )
    reschedule(project=project, by=None)
    project.refresh_from_db()


def state(project):
    tasks = list(Task.objects.filter(project=project).order_by("pk").values_list(*COLUMNS))
    project.refresh_from_db()
    return tasks, digest_of(document_of(project)), project.start_date


@pytest.mark.parametrize("way", ["page", "api"])
@pytest.mark.parametrize("seed", range(8))
def test_own_download_imported_again_is_unchanged_in_every_row(signed_in, lead, project, seed, way):
    dice = random.Random(f"{seed} {way}")  # noqa: S311 - a plan, not a secret
    plan_on(dice, project, timezone.localdate())
    before = state(project)
    addresses = {
        "page": reverse("projects:plan_download", args=[project.pk]),
        "api": f"/api/v1/projects/{project.pk}/plan-file/",
    }

    content = signed_in(lead).get(addresses[way]).content
    found = check(content, project, adds_calendars=False)

    assert {name: found.counts[name] for name in ("added", "changed", "removed", "calendars")} == {
        "added": 0,
        "changed": 0,
        "removed": 0,
        "calendars": 0,
    }
    assert found.counts["unchanged"] == len(before[0])
    assert [
        (loss.fate.value, loss.what, loss.tasks) for loss in found.losses if loss.fate != "kept"
    ] == []

    run = plan_imports.start_import(project=project, file_name="plan.xml", content=content, by=lead)
    plan_imports.apply_import(run=run, by=lead)

    assert state(project) == before


def test_download_imported_days_later_moves_no_row_by_itself(project, lead, monkeypatch):
    today = timezone.localdate()
    plan_on(random.Random(3), project, today)  # noqa: S311 - the same
    content = mspdi_of(project, made_at=timezone.localtime())
    monkeypatch.setattr(timezone, "localdate", lambda *_args: today + timedelta(days=9))

    found = check(content, project, adds_calendars=False)

    assert (found.counts["changed"], found.counts["added"], found.counts["removed"]) == (0, 0, 0)
    assert "Dates" not in {loss.what for loss in found.losses}
