"""Templates, their published versions, and the lessons of projects."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pmo.accounts.models import User
from pmo.common.local.days import Day
from pmo.common.models import AppendOnlyQuerySet, Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.fields import Line, Prose
from projects.models import InProject, InProjectQuerySet, Project


class TemplateOrigin(models.TextChoices):
    SHIPPED = "shipped", "Comes with Rounds"
    FILE = "file", "From a file"
    PROJECT = "project", "From a project"


class TemplateQuerySet(models.QuerySet["ProjectTemplate"]):
    def published(self) -> Self:
        return self.filter(current__isnull=False)

    def offered(self) -> Self:
        """Keep those from which a project may start."""
        return self.published().filter(is_offered=True)


class ProjectTemplate(Versioned):
    """
    What a project of its kind starts with; the content is in its versions.

    `current` is the version that new projects start from, None while there is none.
    """

    code = models.CharField(max_length=40, unique=True)
    name = Line(max_length=200)
    origin = models.CharField(max_length=10, choices=TemplateOrigin, default=TemplateOrigin.SHIPPED)
    is_offered = models.BooleanField(default=True)
    current = models.OneToOneField(
        "TemplateVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )

    searched = ("name", "code")
    objects = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="projecttemplate_name_not_blank")
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("templates:template_detail", self.pk)

    @property
    def document(self) -> dict[str, Any]:
        """Return what new projects start from."""
        return dict(self.current.document) if self.current is not None else {}


class TemplateVersion(models.Model):
    """The content of a template as it was published; never changed, for projects refer to it."""

    template = models.ForeignKey(ProjectTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    note = Line(max_length=200, blank=True, default="")
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = AppendOnlyQuerySet["TemplateVersion"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="templateversion_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template}, version {self.number}"


class LessonCategory(models.TextChoices):
    PLAN = "plan", "Plan and scope"
    PEOPLE = "people", "People and training"
    TECHNOLOGY = "technology", "Technology"
    MONEY = "money", "Money"
    SUPPLIER = "supplier", "Suppliers and contracts"
    COMMUNICATION = "communication", "Communication"
    SAFETY = "safety", "Quality and safety"
    GOVERNANCE = "governance", "Decisions and gates"


class Lesson(InProject, Versioned):
    """What happened in a project, and what to do next time; found again when one like it starts."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="lessons")
    template = models.ForeignKey(
        ProjectTemplate, models.PROTECT, null=True, blank=True, related_name="lessons"
    )
    title = Line(max_length=160)
    category = models.CharField(max_length=20, choices=LessonCategory, default=LessonCategory.PLAN)
    moment = Line(max_length=200, blank=True, default="")  # the gate or phase it was learned at
    what_happened = Prose(max_length=1000, blank=False)
    next_time = Prose(max_length=1000, blank=False)
    recorded_on = Day(default=timezone.localdate)

    searched = ("title", "what_happened", "next_time", "moment", "project__name")
    objects = InProjectQuerySet["Lesson"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="lesson_title_not_blank"),
            models.CheckConstraint(
                condition=~Q(what_happened="") & ~Q(next_time=""),
                name="lesson_says_both",
                violation_error_message="Say what happened, and what to do next time.",
            ),
        ]
        indexes = [models.Index(fields=["template", "-recorded_on"], name="lesson_by_template")]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return address_of("templates:lesson_edit", self.pk)
