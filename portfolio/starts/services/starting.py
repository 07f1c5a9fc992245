"""Start a project from a template: everything that it brings, in one go."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from pmo.accounts.models import Unit, User
from pmo.accounts.roles import Role
from pmo.common.background.events import announce
from pmo.common.page import formats
from pmo.common.records import audit
from pmo.common.records.writing import RefusalError, add, all_or_nothing, locked_of
from pmo.organization.current import categories
from pmo.organization.defaults import OTHER
from portfolio.starts.models import ProjectStart, Region
from portfolio.starts.services import bringing
from portfolio.starts.services.bringing import Brought, example_total
from projects.domain.kinds import Lane
from projects.domain.plan.calendars import Calendar, ScheduleError
from projects.models import Project, WorkCalendar
from projects.models.money import TOO_MUCH
from projects.project_templates.domain.checking import LARGEST_SIZE
from projects.project_templates.domain.network import CourseLaid, StartPace, back_from, laid_out
from projects.project_templates.domain.sections import Document, pin_of
from projects.project_templates.models import ProjectTemplate, TemplateVersion
from projects.selectors.planning import calendars_of
from projects.services.projects import TOPIC, create_project, name_person

TOO_LARGE = "For this size the example budget would be ten trillion or more. Give a budget, or a smaller size."


@dataclass(frozen=True, slots=True, kw_only=True)
class StartWish:
    """
    What somebody asks a template for.

    `percent` scales durations; `total` None leaves the example; `code` "" numbers the project.
    """

    go_live: date
    percent: int = 100
    seven_days: bool = False
    calendar: WorkCalendar | None = None
    region: str = Region.US
    sizes: dict[str, Any] = field(default_factory=dict)
    total: Decimal | None = None
    ground: str = ""
    ground_date: date | None = None

    def pace(self) -> StartPace:
        return StartPace(
            percent=self.percent, calendar=calendar_of(self.calendar), seven_days=self.seven_days
        )


def calendar_of(chosen: WorkCalendar | None) -> Calendar:
    """Return the calendar that a project would be planned on."""
    own, _ = calendars_of(Project(calendar=chosen), ())
    return own


def course_of(document: Document, wish: StartWish, *, today: date) -> CourseLaid:
    """
    Lay a template out for a go-live; raises ValidationError at `go_live` when it would have had to begin.

    The refusal says the earliest day that can be reached.
    """
    pin = pin_of(document)
    if pin and f"{wish.go_live:%m-%d}" != pin:
        pinned = date(wish.go_live.year, int(pin[:2]), int(pin[3:]))
        raise ValidationError(
            {
                "go_live": f"This template goes live on {pinned.day} {pinned:%B} of a year. Choose such a day."
            }
        )
    pace = wish.pace()
    try:
        course = back_from(document, go_live=wish.go_live, pace=pace)
        if course.start >= today:
            return course
        earliest = laid_out(document, start=today, pace=pace).go_live
    except ScheduleError as error:
        raise ValidationError({"go_live": str(error)}) from error
    began, reached = formats.day(course.start), formats.day(earliest)
    raise ValidationError(
        {
            "go_live": f"Counted back from there, the work would have begun on {began}. Started today,"
            f" it goes live on {reached} at the earliest. Choose a later day, or shorter durations."
        }
    )


@all_or_nothing
def start_project(
    *,
    template: ProjectTemplate,
    name: str,
    unit: Unit,
    wish: StartWish,
    by: User | None,
    manager: User | None = None,
    sponsor: User | None = None,
    code: str = "",
    lane: str = "",
    today: date | None = None,
    **fields: Any,
) -> Project:
    """
    Create a project with all that its template brings, dated back from the go-live.

    `lane` is what was decided of it already; "" takes the template's. `fields` are further fields of the project, such as its category or that it is confidential.
    """
    version = template.current
    if version is None or not template.is_offered:
        raise RefusalError(
            "Projects cannot start from this template: it is not published or retired."
        )
    document = version.document
    lane = lane or document["lane"]
    _check_ground(lane, wish)
    _check_sizes(document, wish)
    course = course_of(document, wish, today=today or timezone.localdate())
    if not code:
        locked_of(template)  # codes are given one at a time
    with audit.gathered():
        project = create_project(
            by=by,
            manager=manager,
            name=name,
            code=code or free_code(template),
            unit=unit,
            calendar=wish.calendar,
            lane=lane,
            start_date=course.start,
            forecast_finish_date=course.finish,
            **{"category": _category(document), **fields},
        )
        if sponsor is not None:
            name_person(project=project, user=sponsor, role=Role.SPONSOR, by=by)
        start = _record(project, version, wish, by)
        brought = Brought(
            project=project, document=document, start=start, course=course, by=by,
            people={"pm": manager, "sponsor": sponsor},
        )  # fmt: skip
        bringing.bring_everything(brought)
    announce(TOPIC, project.pk)
    return project


def _check_ground(lane: str, wish: StartWish) -> None:
    if lane != Lane.MANDATORY:
        return
    missing = {}
    if not wish.ground.strip():
        missing["ground"] = "Say which rule or finding asks for this project: it is mandatory work."
    if wish.ground_date is None:
        missing["ground_date"] = "Give the day from which the rule holds."
    if missing:
        raise ValidationError(missing)


def _check_sizes(document: Document, wish: StartWish) -> None:
    """Refuse sizes that the template does not know, and those that make an example no amount can be."""
    if unknown := sorted(set(wish.sizes) - set(document.get("scale") or {})):
        raise ValidationError({"sizes": f"This template has no size of the name {unknown[0]}."})
    if not all(isinstance(one, int) and 1 <= one <= LARGEST_SIZE for one in wish.sizes.values()):
        raise ValidationError({"sizes": f"Give whole numbers from 1 to {LARGEST_SIZE:,}."})
    if wish.total is None and example_total(document, wish.sizes) >= TOO_MUCH:
        raise ValidationError({"total": TOO_LARGE})


def _category(document: Document) -> str:
    """Return the organization's category for this kind of project, where it has such a one."""
    wanted = document.get("project_category") or document["category"]
    return wanted if any(one.code == wanted and one.is_active for one in categories()) else OTHER


def free_code(template: ProjectTemplate) -> str:
    """Return the next code of projects from this template, as TELE-003."""
    stem = template.code.split("_")[0][:4].upper()
    taken = set(Project.objects.filter(code__startswith=f"{stem}-").values_list("code", flat=True))
    number = len(taken) + 1
    while f"{stem}-{number:03}" in taken:
        number += 1
    return f"{stem}-{number:03}"


def _record(
    project: Project, version: TemplateVersion, wish: StartWish, by: User | None
) -> ProjectStart:
    start = ProjectStart(
        project=project,
        from_version=version,
        go_live=wish.go_live,
        sizes={**version.document.get("scale", {}), **wish.sizes},
        percent=wish.percent,
        seven_days=wish.seven_days,
        region=wish.region,
        total=wish.total,
        ground=wish.ground,
        ground_date=wish.ground_date,
    )
    return add(start, by=by, action="project.started_from_template", scope=project)
