"""What is handed out: weekly summaries, variance reports, and who gets them."""

from datetime import date, datetime
from typing import Any, NoReturn, Self, TypeVar
from urllib.parse import urlencode

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.urls import reverse

from pmo.accounts.models import User
from pmo.common.models import AppendOnlyError, Job, Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.fields import Prose
from reports.domain.scope import ReportScope
from reports.models.scopes import ReportScoped, ReportScopedQuerySet, once_per_scope, scope_fits
from reports.models.snapshots import Freeze, FreezeKind, VoidedFreeze

D = TypeVar("D", bound=models.Model, covariant=True)  # noqa: PLC0105 - as in the stubs


def reconciliation_address(scope: ReportScope, day: date, *, is_early: bool) -> str:
    """
    Return where the figures of a document's day are led to its headline.

    Empty where the day was frozen early: the page of a day shows its end, once there is one.
    """
    if is_early:
        return ""
    asked = urlencode({"scope": str(scope.key), "as_of": day.isoformat()})
    return f"{reverse('reports:landing_reconciliation')}?{asked}"


class SummaryState(models.TextChoices):
    DRAFT = "draft", "Draft"
    ISSUED = "issued", "Issued"


def _void_of_its_freeze() -> "models.QuerySet[VoidedFreeze]":
    return VoidedFreeze.objects.filter(date=OuterRef("date"), is_early=OuterRef("is_early"))


class OfAFreezeQuerySet(ReportScopedQuerySet[D]):
    """For documents that are made of the figures of one freeze."""

    def with_void(self) -> Self:
        """Tell of each why and when its freeze was voided; None where it was not."""
        void = _void_of_its_freeze()
        return self.annotate(
            voided_at=Subquery(void.values("at")[:1]),
            void_reason=Subquery(void.values("reason")[:1]),
        )


class SummaryQuerySet(OfAFreezeQuerySet["Summary"]):
    def for_list(self) -> Self:
        """
        Newest first, the hospital before all, without drafts of voided freezes.

        The numbers are left out: they may be long.
        """
        return (
            self.standing()
            .defer("content", "sealed_text", "comments")
            .with_scope()
            .select_related("issued_by")
            .hospital_first("-date")
        )

    def issued(self) -> Self:
        return self.filter(state=SummaryState.ISSUED)

    def standing(self) -> Self:
        """Leave out the drafts whose freeze was voided; what was issued stays."""
        return self.exclude(Q(state=SummaryState.DRAFT) & Exists(_void_of_its_freeze()))

    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnlyError("A summary is changed by its services alone, and never once issued.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Summaries are never removed.")


class Summary(ReportScoped, Versioned):
    """
    The executives' page of one scope and week.

    `content` holds the numbers as compiled, one row per project, so that each reader's page is the
    rows that reader may see; the words are the office's. Issued, it is sealed: `seal` is the SHA-256
    of `sealed_text`, the exact text that was issued, and nothing changes any more.
    """

    date = models.DateField()  # of the freeze it is made from
    is_early = models.BooleanField(default=False)  # that freeze was taken early
    compared_with = models.DateField(null=True, blank=True)  # None for the first freeze
    state = models.CharField(max_length=10, choices=SummaryState, default=SummaryState.DRAFT)
    content = models.JSONField(default=dict)
    compiled_at = models.DateTimeField()
    headline = Prose(max_length=400)
    office_note = Prose(max_length=1500)
    # project id -> the office's words beside the manager's
    comments = models.JSONField(default=dict, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    sealed_text = models.TextField(blank=True, default="")
    seal = models.CharField(max_length=64, blank=True, default="")
    # the end of the audit trail when it was issued: printed, so that a cut-off end is found
    audit_sequence = models.PositiveBigIntegerField(null=True, blank=True)
    audit_mac = models.CharField(max_length=64, blank=True, default="")

    objects = SummaryQuerySet.as_manager()

    class Meta:
        constraints = [
            scope_fits("summary_scope_fits"),
            once_per_scope("date", "is_early", name="summary_once_per_freeze"),
            models.CheckConstraint(
                condition=Q(state="draft", issued_at=None, seal="")
                | (Q(state="issued", issued_at__isnull=False) & ~Q(seal="")),
                name="summary_issued_is_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope}, {self.date}"

    def get_absolute_url(self) -> str:
        return address_of("reports:summary_detail", self.pk)

    def get_reconciliation_url(self) -> str:
        return reconciliation_address(self.scope, self.date, is_early=self.is_early)

    @property
    def is_issued(self) -> bool:
        return self.state == SummaryState.ISSUED


class SummaryReading(models.Model):
    """Who opened an issued summary, first when; the office sees whether its page is read."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="readings")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    first_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["summary", "user"], name="summaryreading_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.summary}"


class DocumentKind(models.TextChoices):
    SUMMARY = "summary", "Weekly summary"
    VARIANCE = "variance", "Variance report"

    @property
    def job(self) -> str:
        """The kind of the jobs that make it."""
        return {"summary": "summary.compile", "variance": "variance.report"}[self.value]


class Subscription(ReportScoped):
    """Somebody gets each issued summary, or each week's variance report, of a scope by mail."""

    user = models.ForeignKey(User, models.CASCADE, related_name="subscriptions")
    document = models.CharField(
        max_length=10, choices=DocumentKind, default=DocumentKind.SUMMARY.value
    )

    objects = ReportScopedQuerySet["Subscription"].as_manager()

    class Meta:
        constraints = [
            scope_fits("subscription_scope_fits"),
            once_per_scope(
                "user",
                "document",
                name="subscription_once",
                message="This person already gets this document.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_document_display()}, {self.scope}"


class DeliveryState(models.TextChoices):
    COLLECTING = "collecting", "Waits for the others"
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    UNCERTAIN = "uncertain", "Uncertain"
    FAILED = "failed", "Failed"
    HELD = "held", "Held"


class Delivery(models.Model):
    """
    One mail to one reader with what that person gets of one freeze.

    It collects until the last summary that the person gets is issued, or until `due_at`; then one job
    sends it, and claims it before the mail server is spoken to.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    date = models.DateField()  # of the freeze
    is_early = models.BooleanField(default=False)  # that freeze was taken early
    address = models.EmailField()
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    due_at = models.DateTimeField(null=True)  # collects no longer than that
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")  # that sends it
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "date", "is_early"],
                condition=Q(state="collecting"),
                name="delivery_collects_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="collecting") | Q(due_at__isnull=False),
                name="delivery_collecting_is_due",
            ),
        ]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.date} to {self.address}"

    @property
    def reason(self) -> str:
        """Why it is not sent, as far as that is known: its own fault, or that of its job."""
        is_left = self.state in {DeliveryState.WAITING, DeliveryState.SENDING}
        return self.error or (self.job.error if self.job and is_left else "")

    @property
    def next_try_at(self) -> datetime | None:
        """When it is tried again, once it was refused for now."""
        is_refused = self.state == DeliveryState.WAITING and self.error
        return self.job.due_at if is_refused and self.job and not self.job.is_finished else None


class Enclosure(models.Model):
    """A document in a mail. Its reader gets it in one mail and no more."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="enclosures")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")  # the mail's reader
    summary = models.ForeignKey(Summary, models.PROTECT, null=True, related_name="enclosures")
    report = models.ForeignKey(
        "VarianceReport", models.PROTECT, null=True, related_name="enclosures"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(summary__isnull=False, report=None)
                | Q(summary=None, report__isnull=False),
                name="enclosure_is_one_document",
            ),
            models.UniqueConstraint(fields=["summary", "user"], name="enclosure_summary_once"),
            models.UniqueConstraint(fields=["report", "user"], name="enclosure_report_once"),
        ]

    def __str__(self) -> str:
        return f"{self.summary or self.report} to {self.user}"


class VarianceReportQuerySet(OfAFreezeQuerySet["VarianceReport"]):
    def with_freeze(self) -> Self:
        """Tell of each on which day its week's freeze was taken, too; None for one taken early."""
        weekly = Freeze.with_voided.filter(portfolio=None, kind=FreezeKind.WEEK)
        taken = Subquery(weekly.filter(date=OuterRef("date")).values("taken_on")[:1])
        return self.with_void().annotate(taken_on=Case(When(is_early=False, then=taken)))

    def without_rows(self) -> Self:
        """Leave out what is as long as the portfolio is large."""
        return self.defer("content", "milestones")


class VarianceReport(ReportScoped):
    """
    Cost and schedule against the approved plan, for a scope between two freezes.

    `content` is complete, one line per project, and `milestones` are those of all projects, in the
    order in which a report lists them; each reader gets what belongs to the projects that reader may
    see, with totals made from those alone. Empty until the job has made it.
    """

    date = models.DateField()  # of the freeze reported on
    is_early = models.BooleanField(default=False)  # that freeze was taken early
    compared_with = models.DateField(null=True)
    job = models.ForeignKey(Job, models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    content = models.JSONField(default=dict)
    milestones = models.JSONField(default=list)
    made_at = models.DateTimeField(null=True)

    objects = VarianceReportQuerySet.as_manager()

    class Meta:
        constraints = [
            scope_fits("variancereport_scope_fits"),
            once_per_scope(
                "date", "is_early", "compared_with", name="variancereport_once_per_freezes"
            ),
            once_per_scope(
                "date",
                "is_early",
                name="variancereport_once_per_freeze",
                condition=Q(compared_with=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope}, {self.date}"

    def get_absolute_url(self) -> str:
        return address_of("reports:variance_report", self.pk)

    def get_reconciliation_url(self) -> str:
        return reconciliation_address(self.scope, self.date, is_early=self.is_early)
