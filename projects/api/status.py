"""Status updates over the API: draft, publish, correct."""

from typing import Any, ClassVar

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import ReadingResource
from projects.models import StatusUpdate
from projects.serializers.status import UpdateInput, UpdateOutput
from projects.services import status as services


class UpdateFilter(django_filters.FilterSet):
    week_from = django_filters.DateFilter(field_name="week", lookup_expr="gte", label="Week, from")
    week_until = django_filters.DateFilter(
        field_name="week", lookup_expr="lte", label="Week, until"
    )

    class Meta:
        model = StatusUpdate
        fields = ("project", "week", "state", "overall")


class UpdateResource(ReadingResource):
    """
    What managers said, week by week. A published update never changes: correct it instead.

    Drafts are not listed; `draft` keeps one and answers with it.
    """

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission: ClassVar[Permission] = Permission.STATUS_WRITE
    queryset = StatusUpdate.objects.published()
    related = ("author", "project__unit")
    serializer_class = UpdateOutput
    filterset_class = UpdateFilter
    ordering_fields = ("week", "published_at")
    http_method_names = ["get", "head", "options", "post"]

    @extend_schema(request=UpdateInput, responses=UpdateOutput)
    @action(detail=False, methods=["post"])
    def draft(self, request: Request) -> Response:
        """Keep what is typed so far in this week's draft of the project."""
        said = self._said(request)
        return Response(UpdateOutput(services.save_draft(by=self.caller, **said)).data)

    @extend_schema(request=UpdateInput, responses={201: UpdateOutput})
    @action(detail=False, methods=["post"])
    def publish(self, request: Request) -> Response:
        """Publish this week's update; what the draft said stands where the body is silent."""
        update = services.publish_update(by=self.caller, **self._said(request))
        return Response(UpdateOutput(update).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={201: UpdateOutput})
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """Open a draft that says the same again, to be published as the next revision."""
        del pk
        draft = services.correct_update(update=self.get_object(), by=self.caller)
        return Response(UpdateOutput(draft).data, status=status.HTTP_201_CREATED)

    def _said(self, request: Request) -> dict[str, Any]:
        serializer = UpdateInput(
            data=request.data, partial=False, context=self.get_serializer_context()
        )
        serializer.is_valid(raise_exception=True)
        said = {k: v for k, v in serializer.validated_data.items() if k in serializer.initial_data}
        self.demand(self.write_permission, said["project"])
        return said
