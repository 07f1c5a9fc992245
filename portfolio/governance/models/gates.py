"""Gates: the sets that the office keeps, those laid on a project with their evidence, reviews and holds."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from pmo.accounts.models import User
from pmo.common.local.days import Day
from pmo.common.models import Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.bounds import SmallWhole
from pmo.common.records.fields import Line, Link, Prose, TypedData
from portfolio.governance.domain.gates import GO_NO_GO, EvidenceKind, EvidenceState
from portfolio.governance.domain.kinds import (
    APPROVALS,
    WAITING,
    DecisionKind,
    DecisionState,
)
from portfolio.governance.models.committees import Committee
from portfolio.governance.models.decisions import Decision
from portfolio.governance.validators import sound_evidence, sound_sha256
from projects.domain.stages import Stage
from projects.models import InProject, InProjectQuerySet, Milestone, Project

STAGES = [
    (stage.value, stage.label) for stage in Stage if stage not in {Stage.ON_HOLD, Stage.CANCELLED}
]


def stage_field() -> "models.CharField[str, str]":
    """The stage that a gate opens; "" for one that opens none."""
    return models.CharField(max_length=20, choices=STAGES, blank=True, default="")


LAST_PLACE = 999
NO_PLACE = f"Give a place from 1 to {LAST_PLACE}."


class GateSet(Versioned):
    """The gates that projects of a category pass; `category` "" is for those without a set of their own."""

    code = Line(max_length=20, unique=True)
    name = Line(max_length=120)
    category = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="gateset_name_not_blank"),
            models.UniqueConstraint(
                fields=["category"],
                name="gateset_once_per_category",
                violation_error_message="Another set is for this category.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("governance:gate_set", self.pk)


class SetGate(Versioned):
    """A gate of a set; `evidence` is a list as `validators.sound_evidence` reads it."""

    gate_set = models.ForeignKey(GateSet, models.CASCADE, related_name="gates")
    code = Line(max_length=8)
    name = Line(max_length=120)
    question = Prose(max_length=300)
    position = SmallWhole(default=1, least=1, most=LAST_PLACE, said=NO_PLACE)
    stage = stage_field()
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="set_gates"
    )
    evidence = TypedData(default=list, blank=True, validators=[sound_evidence])

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="setgate_code_not_blank"),
            models.CheckConstraint(condition=~Q(name=""), name="setgate_name_not_blank"),
            models.UniqueConstraint(
                fields=["gate_set", "code"],
                name="setgate_once",
                violation_error_message="This set has a gate of that code already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return address_of("governance:set_gate_edit", self.pk)


class ProjectGateQuerySet(InProjectQuerySet["ProjectGate"]):
    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class ProjectGate(InProject, Versioned):
    """A gate that a project has to pass; `stage` is the one that it opens, "" for none."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="gates")
    code = Line(max_length=8)
    name = Line(max_length=120)
    question = Prose(max_length=300)
    position = models.PositiveSmallIntegerField(default=1)
    stage = stage_field()
    milestone = models.ForeignKey(
        Milestone, models.SET_NULL, null=True, blank=True, related_name="gates"
    )
    planned_on = Day(null=True, blank=True)
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="project_gates"
    )

    objects = ProjectGateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="projectgate_code_not_blank"),
            models.CheckConstraint(condition=~Q(name=""), name="projectgate_name_not_blank"),
            models.UniqueConstraint(
                fields=["project", "code"],
                name="projectgate_once",
                violation_error_message="This project has a gate of that code already.",
            ),
        ]
        indexes = [models.Index(fields=["project", "position"], name="projectgate_in_order")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return address_of("governance:gate", self.pk)

    @property
    def kind(self) -> DecisionKind:
        """What its reviews are in the register: the safety veto holds at a go/no-go."""
        return DecisionKind.GO_NO_GO if self.code == GO_NO_GO else DecisionKind.GATE


class EvidenceItem(InProject, Versioned):
    """
    What a gate asks to be shown: a field that is filled, a document in a version, an obligation, an assessment.

    `field` names what of the project has to be known, for that kind; its state follows the project.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="gate_evidence")
    gate = models.ForeignKey(ProjectGate, models.CASCADE, related_name="evidence")
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(
        max_length=12, choices=EvidenceKind.choices(), default=EvidenceKind.DOCUMENT.value
    )
    name = Line(max_length=160)
    field = models.CharField(max_length=40, blank=True, default="")
    is_required = models.BooleanField(default=True)
    state = models.CharField(
        max_length=10, choices=EvidenceState.choices(), default=EvidenceState.OPEN.value
    )
    url = Link(max_length=500, blank=True, default="")
    revision = Line(max_length=40, blank=True, default="")  # the version of the document
    sha256 = models.CharField(max_length=64, blank=True, default="", validators=[sound_sha256])
    note = Prose(max_length=500)
    given_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    given_on = Day(null=True, blank=True, editable=False)

    objects = InProjectQuerySet["EvidenceItem"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="evidenceitem_name_not_blank"),
            models.CheckConstraint(
                condition=~Q(kind="document", state="given") | ~Q(url="") & ~Q(revision=""),
                name="evidenceitem_document_has_version",
                violation_error_message="A document has an address and a version.",
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(note=""),
                name="evidenceitem_dismissed_has_reason",
                violation_error_message="Say why it is not needed.",
            ),
            models.CheckConstraint(
                condition=Q(state="open", given_on=None)
                | ~Q(state="open") & Q(given_on__isnull=False),
                name="evidenceitem_given_has_day",
            ),
        ]
        indexes = [models.Index(fields=["gate", "position"], name="evidenceitem_in_order")]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("governance:evidence_edit", self.pk)


class GateReviewQuerySet(InProjectQuerySet["GateReview"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep the reviews of projects that the user may see, and those put before the user."""
        return self.filter(decision__in=Decision.objects.visible_to(user).values("pk"))

    def waiting(self) -> Self:
        return self.filter(decision__state__in=[state.value for state in WAITING])

    def overdue(self, as_of: date) -> Self:
        return self.waiting().filter(decision__needed_by__lt=as_of)

    def passed(self) -> Self:
        return self.filter(
            decision__state=DecisionState.DECIDED.value,
            decision__outcome__in=[outcome.value for outcome in APPROVALS],
        )


class GateReview(InProject):
    """A gate put before who decides: one decision of the register. A gate deferred or refused may have several."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="gate_reviews")
    gate = models.ForeignKey(ProjectGate, models.PROTECT, related_name="reviews")
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="gate_review")

    objects = GateReviewQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.gate}: {self.decision.number}"

    def get_absolute_url(self) -> str:
        return str(self.decision.get_absolute_url())


class GateHold(InProject, Versioned):
    """A hold that a directive office put on a project: no gate is passed and no stage entered while it lasts."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="gate_holds")
    reason = Prose(max_length=500, blank=False)
    placed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    placed_on = Day()
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_on = Day(null=True, blank=True)

    objects = InProjectQuerySet["GateHold"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="gatehold_has_reason"),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(lifted_on=None),
                name="gatehold_one_at_a_time",
                violation_error_message="The office holds this project already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}: held"
