"""Requests as lists and pages show them, for one reader."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Q, QuerySet, When

from pmo.accounts.models import User
from portfolio.governance.models import Decision
from portfolio.intake.domain.clock import days_between, soon_until
from portfolio.intake.domain.kinds import ACCEPTED, IN_TRIAGE, QueueAge, RequestState
from portfolio.intake.models import ProjectRequest, RequestQuerySet, TimelineStep
from portfolio.intake.models.requests import SENT
from projects.domain.workdays import Workdays
from projects.models import Project

TRIAGE = Q(state=RequestState.TRIAGE.value)


def age_filters(today: date, calendar: Workdays) -> dict[QueueAge, Q]:
    """Return what each age of a request in triage means in the database; together they are all."""
    soon = soon_until(today, calendar)
    return {
        QueueAge.LATE: TRIAGE & Q(answer_due_on__lt=today),
        QueueAge.SOON: TRIAGE & Q(answer_due_on__gte=today, answer_due_on__lte=soon),
        QueueAge.NEW: TRIAGE & Q(answer_due_on__gt=soon),
        QueueAge.WAITING: Q(state=RequestState.ASKED.value),
    }


def ages_of(requests: RequestQuerySet, today: date, calendar: Workdays) -> dict[QueueAge, int]:
    """Count the requests in triage by age, in one statement."""
    ages = age_filters(today, calendar)
    counted = requests.aggregate(
        **{age.value: Count("pk", filter=meant) for age, meant in ages.items()}
    )
    return {age: counted[age.value] for age in ages}


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCounts:
    """How many of the requests that a reader may see are where."""

    triage: int
    accepted: int
    declined: int
    over: int
    total: int


def state_counts(requests: RequestQuerySet) -> StateCounts:
    """Count what was submitted, by where it stands."""
    groups = {
        "triage": IN_TRIAGE,
        "accepted": ACCEPTED,
        "declined": (RequestState.DECLINED,),
        "over": (RequestState.MERGED, RequestState.WITHDRAWN),
    }
    filters = {
        name: Count("pk", filter=Q(state__in=[one.value for one in states]))
        for name, states in groups.items()
    }
    return StateCounts(**requests.aggregate(total=Count("pk"), **filters))


def sent(user: User) -> RequestQuerySet:
    """Return what was submitted and the reader may see; no drafts, not even the reader's own."""
    return ProjectRequest.objects.visible_to(user).filter(SENT)


def used_days(request: ProjectRequest, today: date, calendar: Workdays) -> int:
    """Count the working days that triage has had the request, without those it waited for an answer."""
    running = days_between(request.clock_since, today, calendar) if request.clock_since else 0
    return int(request.clock_used) + running


def timeline(request: ProjectRequest, reader: User) -> list[TimelineStep]:
    """
    Return the steps of a request and of those merged into it, the latest first.

    `shown_other` is the other request of a merge, None where the reader may not see it.
    """
    visible = ProjectRequest.objects.visible_to(reader)
    inside = visible.filter(merged_into=request).values("pk")
    steps = list(
        TimelineStep.objects.filter(Q(request=request) | Q(request__in=inside))
        .select_related("by", "request", "other")
        .order_by("-at", "-pk")
    )
    others = {step.other_id for step in steps if step.other_id}
    seen = set(visible.filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    for step in steps:
        setattr(step, "shown_other", step.other if step.other_id in seen else None)
        setattr(step, "is_of_merged", step.request_id != request.pk)
    return steps


def merged_in(request: ProjectRequest, reader: User) -> "QuerySet[ProjectRequest]":
    """Return the requests merged into this one that the reader may see."""
    return ProjectRequest.objects.visible_to(reader).filter(merged_into=request).order_by("pk")


def shown_decision(request: ProjectRequest, reader: User) -> Decision | None:
    """Return what a committee decided on the request, where the reader may see it."""
    if request.committee_decision_id is None:
        return None
    return Decision.objects.visible_to(reader).filter(pk=request.committee_decision_id).first()


def shown_project(request: ProjectRequest, reader: User) -> Project | None:
    """Return the project that the request became, where the reader may see it."""
    if request.project_id is None:
        return None
    return Project.objects.visible_to(reader).filter(pk=request.project_id).first()


def request_behind(project: Project, reader: User) -> ProjectRequest | None:
    """Return the request that became the project, where the reader may see it."""
    rows = ProjectRequest.objects.visible_to(reader).filter(project=project)
    return rows.select_related("requester").first()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCounts:
    """How many of a person's own requests wait for the person, or for an answer."""

    asked: int
    drafts: int
    triage: int


def own_rows(user: User) -> RequestQuerySet:
    """Return what the person asked for or is to sponsor: what waits for the person first, then the newest."""
    waiting = Case(
        When(requester=user, state=RequestState.ASKED.value, then=0),
        When(requester=user, state=RequestState.DRAFT.value, then=1),
        default=2,
    )
    rows = ProjectRequest.objects.mine(user).select_related("unit", "requester")
    return rows.order_by(waiting, "-created_at", "-pk")


def own_counts(user: User) -> OwnCounts:
    states = {
        "asked": RequestState.ASKED,
        "drafts": RequestState.DRAFT,
        "triage": RequestState.TRIAGE,
    }
    counted = ProjectRequest.objects.filter(requester=user).aggregate(
        **{name: Count("pk", filter=Q(state=state.value)) for name, state in states.items()}
    )
    return OwnCounts(**counted)
