"""What a project started from, and everything that came with it."""

from typing import Self

from django.db import models

from pmo.accounts.models import User
from pmo.common.local.days import Day
from pmo.common.models import Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.bounds import SmallCount
from pmo.common.records.fields import Line
from projects.models import InProject, InProjectQuerySet, Project, Task
from projects.models.money import money_field
from projects.project_templates.models import TemplateVersion

SLOWEST = 400
PACE = f"Durations go from 25 to {SLOWEST} percent of the template’s."


class Region(models.TextChoices):
    """Whose rules apply: rows of a template that name a region do there only."""

    US = "US", "United States"
    UK = "UK", "United Kingdom"


class ProjectStart(InProject, Versioned):
    """
    How a project was started: the version of the template, the sizes and dates that were asked for.

    `total` is the budget that was given; None where only the template's example was there.
    """

    project = models.OneToOneField(Project, models.CASCADE, related_name="template_start")
    from_version = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="starts")
    go_live = Day()
    sizes = models.JSONField(default=dict)
    percent = SmallCount(default=100, least=25, most=SLOWEST, said=PACE)
    seven_days = models.BooleanField(default=False)
    region = models.CharField(max_length=2, choices=Region, default=Region.US)
    total = money_field(null=True, blank=True, negative="The budget cannot be negative.")
    ground = Line(max_length=300, blank=True, default="")  # why a mandatory project is one
    ground_date = Day(null=True, blank=True)

    objects = InProjectQuerySet["ProjectStart"].as_manager()

    def __str__(self) -> str:
        return f"{self.project} from {self.from_version}"

    def get_absolute_url(self) -> str:
        return address_of("starts:project_start", self.project_id)


class ItemState(models.TextChoices):
    KEPT = "kept", "Kept"
    EXAMPLE = "example", "Example, to confirm"
    CONFIRMED = "confirmed", "Confirmed"
    REMOVED = "removed", "Removed"


class StartItemQuerySet(InProjectQuerySet["StartItem"]):
    def examples(self) -> Self:
        """Keep what nobody has confirmed, changed or removed yet."""
        return self.filter(state=ItemState.EXAMPLE)

    def standing(self) -> Self:
        return self.exclude(state=ItemState.REMOVED)

    def open_roles(self) -> Self:
        return self.standing().filter(section="roles", filled_by=None)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class StartItem(InProject, Versioned):
    """
    One row of the template as this project has it.

    `said` is the row as it was taken over, `record_kind` and `record_pk` name what was made of it ("" for
    what is kept here). Its day is counted from `anchor`, a task of the plan; None is the project's start.
    `base` is what the template said when a later version was looked at; None while that is what it
    said at the start, {} for a row that the project keeps and the template has no more.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="start_items")
    section = models.CharField(max_length=20)
    key = Line(max_length=300)
    name = Line(max_length=200)
    said = models.JSONField()
    base = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.KEPT)
    position = models.PositiveIntegerField(default=0)
    amount = money_field(null=True, blank=True, negative="An example cannot be negative.")
    record_kind = models.CharField(max_length=20, blank=True, default="")
    record_pk = models.BigIntegerField(null=True, blank=True)
    anchor = models.ForeignKey(
        Task, models.SET_NULL, null=True, blank=True, related_name="start_items"
    )
    filled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="roles_filled"
    )

    objects = StartItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "section", "key"],
                name="startitem_once",
                violation_error_message="This came with the template already.",
            )
        ]
        indexes = [models.Index(fields=["project", "state"], name="startitem_by_state")]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("starts:item_change", self.pk)
