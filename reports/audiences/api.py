"""Texts for audiences over the API."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import ReadingResource
from reports.audiences import services
from reports.audiences.models import AudienceText, TextAudience
from reports.audiences.serializers import TextDraftInput, TextInput, TextOutput


class AudienceTextResource(ReadingResource):
    """Texts drafted from issued summaries; adding one drafts it, a change keeps the version before."""

    required_permission = read_permission = Permission.SUMMARY_VIEW
    write_permission: ClassVar[Permission] = Permission.AUDIENCE_TEXT_CHANGE
    queryset = AudienceText.objects.all()
    serializer_class = TextOutput
    filterset_fields = ("audience",)
    http_method_names = ["get", "head", "options", "post", "patch"]

    @extend_schema(request=TextDraftInput, responses={201: TextOutput})
    def create(self, request: Request) -> Response:
        self.demand(self.write_permission)
        serializer = TextDraftInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        said = serializer.validated_data
        text = services.draft_text(
            summary=said["summary"], audience=TextAudience(said["audience"]), by=self.caller
        )
        return Response(TextOutput(text).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=TextInput, responses=TextOutput)
    def partial_update(self, request: Request, pk: str) -> Response:
        del pk
        text = self.get_object()
        serializer = TextInput(text, data=request.data, partial=True, context={"is_edit": True})
        serializer.is_valid(raise_exception=True)
        said = {"title": text.title, "body": text.body, **serializer.validated_data}
        return Response(TextOutput(services.change_text(text=text, by=self.caller, **said)).data)
