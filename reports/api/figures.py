"""Figures as of any date, background work and the audit trail, over the API."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.accounts.resources import ReadingResource
from pmo.common.models import AuditEvent, Job
from portfolio.models import Portfolio
from reports.domain.figure_table import Use, names_in
from reports.domain.landing import headline_numbers
from reports.domain.periods import FrozenDay, freeze_on_or_before
from reports.domain.scope import HOSPITAL, ReportScope
from reports.models import Snapshot, SnapshotQuerySet, scope_of
from reports.models.snapshots import COMING, LIVE
from reports.selectors.audit_events import visible_events
from reports.selectors.documents import freezes_of
from reports.selectors.landing import headline_of
from reports.selectors.reconciliation import reconciliation_of
from reports.selectors.scopes import OfferedScopes, scope_named
from reports.selectors.visible_rows import look
from reports.serializers import SCOPE, EventOutput, JobOutput, LandingOutput, SnapshotOutput
from reports.services.day_turn import freezes_and_day, live_day
from reports.words.reconciliation import numbers_of
from reports.words.scopes import NO_SCOPE


class SnapshotFilter(django_filters.FilterSet):
    class Meta:
        model = Snapshot
        fields = names_in(Use.FILTER)


AS_OF = OpenApiParameter("as_of", OpenApiTypes.DATE, description="A past day; left out means now.")
IN_SCOPE = OpenApiParameter("scope", OpenApiTypes.STR, description=SCOPE)
PORTFOLIO = OpenApiParameter("portfolio", OpenApiTypes.STR, description="The code of a portfolio.")


class SnapshotResource(ReadingResource):
    """
    Figures of projects, now or as frozen on or before a past day.

    `judged_for` is the day that the figures are of, `built_at` when they were computed.

    `as_of` picks the last freeze not after that day; a day before the first freeze lists nothing. Of
    a day that was frozen early and at its end, the end is listed.
    """

    required_permission = Permission.DASHBOARD_VIEW
    read_permission = Permission.PROJECT_VIEW
    queryset = Snapshot.objects.all()
    related = ("project__unit", "manager")
    serializer_class = SnapshotOutput
    filterset_class = SnapshotFilter
    more_parameters = ("as_of", "portfolio", "scope")
    ordering_fields = names_in(Use.ORDER)

    def get_queryset(self) -> QuerySet[Snapshot]:
        rows: SnapshotQuerySet = super().get_queryset().exclude(date=COMING)
        live = live_day()
        if self.action != "list":
            return rows
        scope = self._scope()
        frozen = self._frozen(scope)
        if frozen is None:
            return rows.none()
        on = self._as_of() or live.day
        at = rows.at(frozen.date, is_early=frozen.is_early)
        return at.active().of_scope(scope, on=on)

    @extend_schema(parameters=[AS_OF, PORTFOLIO, IN_SCOPE])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(parameters=[AS_OF, PORTFOLIO, IN_SCOPE], responses=LandingOutput, filters=False)
    @action(detail=False, pagination_class=None, filter_backends=[])
    def landing(self, request: Request) -> Response:
        """
        Say where the money will land: the headline, and every other figure led to it line by line.

        A day before the first freeze has no projects. What is spent and to come is compared now alone.
        """
        del request
        freezes, live = freezes_and_day()
        view = look(
            user=self.caller,
            portfolios=OfferedScopes(self.caller).portfolios,
            scope=self._scope(),
            asked=self._as_of(),
            today=live.day,
            freezes=freezes,
        )
        found = reconciliation_of(view)
        said = {
            "as_of": view.period.shown,
            "headline": headline_numbers(headline_of(view)),
            "walks": numbers_of(found),
            "unknown": found.unknown,
        }
        return Response(LandingOutput(said).data)

    def _as_of(self) -> date | None:
        text = self.request.query_params.get("as_of")
        if not text:
            return None
        try:
            day: date = forms.DateField(input_formats=["%Y-%m-%d"]).clean(text)
        except forms.ValidationError as error:
            sentence = "Give a day as year-month-day, for example 2026-11-15."
            raise ValidationError({"as_of": [sentence]}) from error
        return day

    def _scope(self) -> ReportScope:
        """Return what is asked for, by its key or a portfolio's code; else the whole hospital."""
        text = self._said("scope")
        if text:
            named = scope_named(text)
            if named is None:
                raise ValidationError({"scope": [NO_SCOPE]})
            return named
        code = self._said("portfolio")
        if not code:
            return HOSPITAL
        found = Portfolio.objects.filter(code=code).first()
        if found is None:
            raise ValidationError({"portfolio": ["There is no portfolio with this code."]})
        return scope_of(found)

    def _said(self, name: str) -> str:
        return str(self.request.query_params.get(name, "")).replace("\x00", "")

    def _frozen(self, scope: ReportScope) -> FrozenDay | None:
        as_of = self._as_of()
        if as_of is None:
            return FrozenDay(LIVE)
        return freeze_on_or_before(freezes_of(scope), as_of)


class JobResource(ReadingResource):
    """One's own background work; all of it for those who watch over the machine."""

    required_permission = read_permission = Permission.HOME_OPEN
    queryset = Job.objects.all()
    serializer_class = JobOutput
    filterset_fields = ("kind", "state")
    ordering = ("-created_at",)
    ordering_fields = ("created_at",)

    def get_queryset(self) -> QuerySet[Job]:
        rows: QuerySet[Job] = super().get_queryset()
        if can(self.caller, Permission.JOB_VIEW).allowed:
            return rows
        return rows.filter(requested_by=self.caller)


class EventResource(ReadingResource):
    """Who did what. Events of projects the reader may not see are left out."""

    required_permission = read_permission = Permission.AUDIT_VIEW
    queryset = AuditEvent.objects.all()
    serializer_class = EventOutput
    filterset_fields = ("action", "target", "scope", "by")
    ordering = ("-sequence",)
    ordering_fields = ("sequence",)

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return visible_events(self.caller)
