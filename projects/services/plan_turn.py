"""
Compute open plans again as the day turns: what had not started by yesterday starts later.

No person did that, so no version goes up and the trail says nothing; who presses the button is in
it. Live figures do not follow: they rest on what was done, which no day that passes moves.
"""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from pmo.common.background import jobs
from pmo.common.records.writing import ClashError, RefusalError, all_or_nothing
from projects.models import Project, Task
from projects.services.plan import compute
from projects.services.projects import locked

TURN = "plan.turn"
CHUNK = 100  # plans between two signs of life


def plans_of_another_day(today: date) -> QuerySet[Project]:
    """Return the open projects whose plan was computed, and not as of today."""
    rows = Task.objects.filter(project=OuterRef("pk"))
    computed = Project.objects.active().exclude(data_date=None).exclude(data_date=today)
    return computed.filter(Exists(rows))


def as_of_today(project: Project) -> Project:
    """Return the project with its plan computed as of today, for whoever is about to read it."""
    today = timezone.localdate()
    if not project.is_active or project.data_date in {None, today}:
        return project
    try:
        return _compute_for(project, today)
    except RefusalError:
        return project  # it cannot be computed, or somebody writes just now: it says its own day


@all_or_nothing
def _compute_for(project: Project, today: date) -> Project:
    saved = locked(project)
    if saved.data_date != today:  # of two readers who met, one finds it done
        compute(saved, today)
        saved.data_date = today
    return saved


def request_turn(today: date) -> None:
    """Queue the job that computes all open plans for today, where any is of another day."""
    if plans_of_another_day(today).exists():
        title = "Plans computed as of today"
        jobs.enqueue(kind=TURN, key=today.isoformat(), params={"title": title}, by=None)


def run_turn(run: jobs.Run) -> dict[str, int]:
    """Compute plan after plan; what is done stays done when the worker is killed."""
    today = timezone.localdate()
    left = plans_of_another_day(today).order_by("pk")
    keys = list(left.values_list("pk", flat=True))
    refused = 0
    for number, project in enumerate(_read(keys), start=1):
        try:
            _compute_for(project, today)
        except ClashError:
            raise  # the job is tried again, and goes on where it stopped
        except RefusalError:
            refused += 1
        if number % CHUNK == 0 or number == len(keys):
            run.progress(number, len(keys), f"{number:,} of {len(keys):,} plans computed")
    return {"computed": len(keys) - refused, "left": refused}


def _read(keys: list[int]) -> Iterator[Project]:
    for start in range(0, len(keys), CHUNK):
        yield from Project.objects.filter(pk__in=keys[start : start + CHUNK]).order_by("pk")
