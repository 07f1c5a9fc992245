"""What a project is, and who is named on it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from pmo.accounts.roles import PROJECT_ROLES, Role, roles_granting
from pmo.common.local.days import Day
from pmo.common.models import Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.fields import Line, Prose
from pmo.common.records.prepared import prepared
from pmo.organization.defaults import OTHER
from projects.domain.kinds import Lane
from projects.domain.stages import ACTIVE, REPORTING, Stage


class Program(Versioned):
    """Projects that share a purpose and are steered together."""

    code = Line(max_length=20, unique=True)
    name = Line(max_length=120)
    purpose = Prose()

    searched = ("name", "code")

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("projects:program_edit", self.pk)


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep what `can(user, PROJECT_VIEW, project)` allows."""
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        scope = scope_of(user, Permission.PROJECT_VIEW)
        hidden = scope_of(user, Permission.PROJECT_VIEW_CONFIDENTIAL)
        if scope.everywhere and hidden.everywhere:
            return self
        named = ProjectMember.objects.filter(
            user=user, role__in=roles_granting(Permission.PROJECT_VIEW)
        ).values("project_id")
        rows = Q(pk__in=named)
        if scope.everywhere or scope.paths:
            rows |= Q(is_confidential=False) & _below(scope.everywhere, scope.paths)
        if hidden.everywhere or hidden.paths:
            rows |= _below(hidden.everywhere, hidden.paths) & _below(scope.everywhere, scope.paths)
        return self.filter(rows)

    def kept_from(self, user: User | AnonymousUser) -> Self | None:
        """
        Keep what `visible_to` leaves out, for users who see everything but a few; None for others.

        Leaving out a short list is many times faster than looking ten thousand rows up in a long one.
        """
        if isinstance(user, AnonymousUser) or not user.is_active:
            return None
        hidden = scope_of(user, Permission.PROJECT_VIEW_CONFIDENTIAL)
        if not scope_of(user, Permission.PROJECT_VIEW).everywhere:
            return None
        if hidden.everywhere:
            return self.none()
        named = ProjectMember.objects.filter(
            user=user, role__in=roles_granting(Permission.PROJECT_VIEW)
        ).values("project_id")
        rows = self.filter(is_confidential=True).exclude(pk__in=named)
        return rows.exclude(_below(False, hidden.paths)) if hidden.paths else rows

    def named(self, user: User, *roles: Role) -> Self:
        """Keep the projects on which the user holds one of `roles`."""
        return self.filter(
            pk__in=ProjectMember.objects.filter(user=user, role__in=roles).values("project_id")
        )

    def active(self) -> Self:
        return self.filter(stage__in=[stage.value for stage in ACTIVE])

    def ended(self) -> Self:
        return self.exclude(stage__in=[stage.value for stage in ACTIVE])

    def reporting(self) -> Self:
        """Keep the projects that owe a status update each week."""
        return self.filter(stage__in=[stage.value for stage in REPORTING])

    def with_names(self) -> Self:
        """Add `manager_name` and `sponsor_name`; empty where nobody is named."""
        return self.annotate(
            manager_name=_name_of(Role.MANAGER),
            manager_is_active=Subquery(_first(Role.MANAGER).values("user__is_active")[:1]),
            sponsor_name=_name_of(Role.SPONSOR),
        )

    def with_manager(self) -> Self:
        """Add `manager_id`, of whom `manager_name` is the name; None where nobody is named."""
        return self.annotate(manager_id=Subquery(_first(Role.MANAGER).values("user")[:1]))


def _below(everywhere: bool, paths: tuple[str, ...]) -> Q:  # noqa: FBT001 - a Scope's two parts
    if everywhere:
        return Q()
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(unit__path__startswith=path)
    return below


def _name_of(role: Role) -> Coalesce:
    return Coalesce(Subquery(_first(role).values("user__name")[:1]), models.Value(""))


def _first(role: Role) -> "models.QuerySet[ProjectMember]":
    return ProjectMember.objects.filter(project=OuterRef("pk"), role=role).order_by("pk")


@prepared
def _roles(project: int, user: int) -> "models.QuerySet[ProjectMember, str]":
    members = ProjectMember.objects.filter(project=project, user=user)
    return members.values_list("role", flat=True)


class Project(Versioned):
    """One undertaking with a start, an end and money. Dates are None while nobody knows them."""

    code = Line(
        max_length=30,
        unique=True,
        error_messages={"unique": "Another project already has this code."},
    )
    name = Line(max_length=200)
    summary = Prose(max_length=1000)
    category = models.CharField(max_length=20, default=OTHER)  # the code of the organization's
    lane = models.CharField(max_length=20, choices=Lane.choices(), default=Lane.STRATEGIC.value)
    stage = models.CharField(max_length=20, choices=Stage.choices(), default=Stage.PROPOSAL.value)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="projects")
    program = models.ForeignKey(
        Program, models.PROTECT, null=True, blank=True, related_name="projects"
    )
    start_date = Day(null=True, blank=True)
    baseline_finish_date = Day(null=True, blank=True)
    forecast_finish_date = Day(null=True, blank=True)
    actual_finish_date = Day(null=True, blank=True)
    # set with the stage; None too for one that was cancelled nobody knows when
    cancelled_on = models.DateField(null=True, blank=True, editable=False)
    is_confidential = models.BooleanField(default=False)
    calendar = models.ForeignKey(
        "projects.WorkCalendar", models.PROTECT, null=True, blank=True, related_name="projects"
    )  # None is the organization's default
    # the day on which the plan was last computed: work that had not started by then starts later
    data_date = models.DateField(null=True, editable=False)
    includes_contingency = models.BooleanField(default=False)  # in the budget at completion
    # field name -> why it has no value, in the words of whoever reported it
    stated_reasons = models.JSONField(default=dict, blank=True)

    scope_needs = ("unit",)
    searched = ("name", "code")  # and the managers: see found_through
    objects = ProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="project_name_not_blank"),
            models.CheckConstraint(
                condition=Q(stage__in=[s.value for s in Stage]), name="project_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(actual_finish_date=None)
                | Q(start_date=None)
                | Q(actual_finish_date__gte=models.F("start_date")),
                name="project_finish_after_start",
                violation_error_message="The actual finish is before the start.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on=None) | Q(stage=Stage.CANCELLED.value),
                name="project_cancelled_when",
            ),
            models.CheckConstraint(
                condition=Q(baseline_finish_date=None)
                | Q(start_date=None)
                | Q(baseline_finish_date__gte=models.F("start_date")),
                name="project_baseline_after_start",
                violation_error_message="The baseline finish is before the start.",
            ),
        ]
        indexes = [
            models.Index(fields=["stage"], name="project_by_stage"),
            models.Index(
                fields=["id"], condition=Q(is_confidential=True), name="project_confidential"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("projects:project_detail", self.pk)

    @staticmethod
    def found_through(matching: Callable[..., Q]) -> Q:
        """Match the projects whose manager is found."""
        managers = ProjectMember.objects.filter(matching("user__name"), role=Role.MANAGER)
        return Q(pk__in=managers.values("project_id"))

    def scoped_by(self) -> "Project":
        return self

    @property
    def unit_path(self) -> str:
        return self.unit.path

    @property
    def is_hidden(self) -> bool:
        return self.is_confidential

    def roles_of(self, user: User) -> set[Role]:
        """Return the user's roles on this project; asked once per user and instance."""
        known: dict[int, set[Role]] = self.__dict__.setdefault("_roles_of", {})
        if user.pk not in known:
            known[user.pk] = {Role(role) for role in _roles(self.pk, user.pk)}
        return known[user.pk]

    @property
    def is_active(self) -> bool:
        return Stage(self.stage) in ACTIVE

    @property
    def is_reporting(self) -> bool:
        return Stage(self.stage) in REPORTING

    @property
    def finish_slip_days(self) -> int | None:
        """Days from baseline to forecast (or actual) finish, positive = late; None when unknown."""
        finish = self.actual_finish_date or self.forecast_finish_date
        if finish is None or self.baseline_finish_date is None:
            return None
        slip: timedelta = finish - self.baseline_finish_date
        return slip.days


M = TypeVar("M", bound=models.Model, covariant=True)  # noqa: PLC0105 - as in the stubs


class InProjectQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep the records of projects the user may see."""
        kept = Project.objects.kept_from(user)
        if kept is None:
            return self.filter(project__in=Project.objects.visible_to(user).values("pk"))
        return self if kept.query.is_empty() else self.exclude(project__in=kept.values("pk"))


class InProject(models.Model):
    """A record that belongs to a project and is seen by whoever sees the project."""

    project: models.ForeignKey[Project, Project]
    scope_needs = ("project__unit",)

    class Meta:
        abstract = True

    def scoped_by(self) -> Project:
        return self.project


class ProjectMember(InProject):
    """Somebody named on a project, in one of the project roles."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="project_roles")
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in PROJECT_ROLES])

    objects = InProjectQuerySet["ProjectMember"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user", "role"],
                name="projectmember_once",
                violation_error_message="This person already has this role here.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in PROJECT_ROLES]),
                name="projectmember_role_known",
            ),
        ]
        indexes = [models.Index(fields=["user", "role"], name="projectmember_by_user")]

    def __str__(self) -> str:
        return f"{self.user}: {Role(self.role).label}"
