"""Schedule files over the API: uploaded, reported on, written, undone."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.accounts.resources import ReadingResource
from projects.models import PlanImport, Project
from projects.serializers.plan_imports import (
    ApplyInput,
    PlanImportFull,
    PlanImportOutput,
    UploadInput,
)
from projects.services import plan_imports as services


class PlanImportResource(ReadingResource):
    """
    Files of other programs for a project's plan. Reading and writing them takes a while.

    `upload` and `apply` answer 202; follow the import until its `state` changes, or its `job`.
    """

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission: ClassVar[Permission] = Permission.PLAN_CHANGE
    queryset = PlanImport.objects.all()
    related = ("imported_by", "job", "project__unit")
    serializer_class = PlanImportOutput
    filterset_fields = ("project", "state")
    ordering_fields = ("imported_at",)
    http_method_names = ["get", "head", "options", "post"]

    @extend_schema(responses=PlanImportFull)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        del request, args, kwargs
        return Response(PlanImportFull(self.get_object()).data)

    @extend_schema(request={"multipart/form-data": UploadInput}, responses={202: PlanImportOutput})
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request: Request) -> Response:
        """Keep a file and have it compared with the plan; nothing is written yet."""
        serializer = UploadInput(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        project, file = serializer.validated_data["project"], serializer.validated_data["file"]
        self.demand(self.write_permission, project)
        try:
            run = services.upload_file(
                project=project,
                file_name=file.name,
                content=file.read(),
                by=self.caller,
                adds_calendars=self._adds_calendars(project),
            )
        except ValidationError as error:
            raise serializers.ValidationError({"file": error.messages}) from error
        return self._answer(run, status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: PlanImportOutput})
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """Compare the kept file with the plan as it is now."""
        del request, pk
        run = self._held()
        adds = self._adds_calendars(run.project)
        services.request_check(run=run, by=self.caller, adds_calendars=adds)
        return self._answer(run, status.HTTP_202_ACCEPTED)

    @extend_schema(request=ApplyInput, responses={202: PlanImportOutput})
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Write a checked file into the plan, wholly or not at all."""
        del pk
        run = self._held()
        serializer = ApplyInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.request_apply(
            run=run,
            by=self.caller,
            removes_started=serializer.validated_data["removes_started"],
            adds_calendars=self._adds_calendars(run.project),
        )
        return self._answer(run, status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=PlanImportOutput)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """Forget a file that was not written."""
        del request, pk
        run = self._held()
        services.discard_import(run=run, by=self.caller)
        return self._answer(run)

    @extend_schema(request=None, responses=PlanImportOutput)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Put the plan back as it was before this file, while nobody has changed it since."""
        del request, pk
        run = self._held()
        services.undo_import(run=run, by=self.caller)
        return self._answer(run)

    def _held(self) -> PlanImport:
        """Return the import if the caller may change its project's plan."""
        run: PlanImport = self.get_object()
        self.demand(self.write_permission, run.project)
        return run

    def _adds_calendars(self, project: Project) -> bool:
        return can(self.caller, Permission.CALENDAR_CHANGE, project).allowed

    def _answer(self, run: PlanImport, code: int = status.HTTP_200_OK) -> Response:
        fresh = self.get_queryset().get(pk=run.pk)
        return Response(PlanImportOutput(fresh).data, status=code)
