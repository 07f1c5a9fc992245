"""The organization's settings over the API: one record, read and changed, never added."""

from typing import Any, ClassVar

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import Input, ReadingResource
from pmo.organization.current import organization
from pmo.organization.defaults import initial
from pmo.organization.models import ONLY, Organization
from pmo.organization.services import change_organization

SETTINGS = (
    *("name", "currency", "currency_after", "fiscal_year_start_month", "time_zone"),
    *("due_weekday", "due_time", "remind_time"),
    *("freeze_weekday", "compile_weekday", "compile_time"),
    *("earliest_date", "years_ahead"),
)


class OrganizationOutput(serializers.ModelSerializer[Organization]):
    """Weekdays count from Monday, 0. Times are in `time_zone`."""

    class Meta:
        model = Organization
        fields = ("id", *SETTINGS, "version")


class OrganizationInput(Input):
    version = serializers.IntegerField(
        min_value=0,
        help_text="The version the change was made from; a newer one answers 409."
        " 0 until the settings are saved for the first time.",
    )

    class Meta:
        model = Organization
        fields = (*SETTINGS, "version")
        # the day that sets the window is not measured by it
        extra_kwargs: ClassVar[dict[str, Any]] = {"earliest_date": {"validators": []}}


class OrganizationResource(ReadingResource):
    """
    The organization's settings: always one record, with the id 1.

    `currency` and `fiscal_year_start_month` cannot change once an amount is recorded.
    """

    required_permission = read_permission = Permission.ORGANIZATION_VIEW
    queryset = Organization.objects.all()
    serializer_class = OrganizationOutput
    input_class = OrganizationInput  # of changes; the schema reads it
    fixed: tuple[str, ...] = ()
    filterset_fields = ("name",)
    http_method_names = ["get", "head", "options", "patch"]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer the one record, also before it was saved for the first time."""
        del args, kwargs
        wanted = request.query_params.get("name")
        self.filter_queryset(self.get_queryset())  # refuses what it does not know
        one = organization()
        page = self.paginate_queryset([one] if wanted in {None, "", one.name} else [])
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def get_object(self) -> Organization:
        if str(self.kwargs["pk"]) != str(ONLY):
            raise Http404
        return Organization.objects.filter(pk=ONLY).first() or initial()

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is named; needs the permission to change the organization."""
        del pk
        record = self.get_object()
        self.demand(Permission.ORGANIZATION_CHANGE)
        serializer = self.input_class(
            record, data=request.data, partial=True, context={"is_edit": True}
        )
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        changed = change_organization(by=self.caller, version=values.pop("version"), **values)
        return Response(self.get_serializer(changed).data)
