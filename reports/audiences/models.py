"""Texts for an audience, drafted from an issued summary, edited and kept with their versions."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from pmo.accounts.models import User
from pmo.common.models import Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.fields import Line, Prose
from projects.models import Project
from reports.models import Summary


class TextAudience(models.TextChoices):
    NEWSLETTER = "newsletter", "Newsletter"
    TOWN_HALL = "town_hall", "Town hall"
    PATIENTS = "patients", "Patients"
    BOARD = "board", "Board"


class AudienceTextQuerySet(models.QuerySet["AudienceText"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep the texts of whose projects the user may see every one, as things stand today."""
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        visible = Project.objects.visible_to(user).order_by().values("pk")
        hidden = Project.objects.exclude(pk__in=visible).values("pk")
        named = AudienceText.projects.through._default_manager.filter(project__in=hidden)
        return self.exclude(pk__in=named.values("audiencetext"))


class AudienceText(Versioned):
    """
    What one audience is told of one issued summary.

    `drafted` holds the sentences as the rules made them, each with its reason; `projects` are those that
    may be named in it, none of them confidential when it was drafted.
    """

    summary = models.ForeignKey(Summary, models.PROTECT, related_name="audience_texts")
    audience = models.CharField(max_length=12, choices=TextAudience)
    title = Line(max_length=160)
    body = Prose(max_length=6000, blank=False)
    drafted = models.JSONField(default=list, editable=False)
    projects = models.ManyToManyField(Project, related_name="+", editable=False)

    objects = AudienceTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["summary", "audience"],
                name="audiencetext_once",
                violation_error_message="This summary has a text for this audience already.",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(body=""), name="audiencetext_says_something"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return address_of("audiences:text_detail", self.pk)


class TextVersion(models.Model):
    """A text as it was saved once; added to, never changed."""

    text = models.ForeignKey(AudienceText, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = Line(max_length=160)
    body = Prose(max_length=6000)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "number"], name="textversion_once")]

    def __str__(self) -> str:
        return f"{self.text}, {self.number}"
