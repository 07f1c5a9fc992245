"""Starting projects from templates, and what came with them, over the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from pmo.accounts.resources import ReadingResource
from pmo.common.records.writing import RefusalError
from portfolio.starts import serializers
from portfolio.starts.domain.kinds import ItemKind
from portfolio.starts.models import ProjectStart, StartItem
from portfolio.starts.selectors.adoption import preview_of
from portfolio.starts.services import adopting, confirming
from portfolio.starts.services.drafting import draft_of
from portfolio.starts.services.publishing import publish_from_project, why_not
from portfolio.starts.services.starting import start_project
from projects.project_templates.api import pack_answer
from projects.project_templates.domain.checking import read_pack
from projects.project_templates.domain.yamlfile import written
from projects.project_templates.serializers import PackRefusal, PackTakenOutput
from projects.views.frame import may

ELSEWHERE = "You may not create projects in this unit."


class StartResource(ReadingResource):
    """Which project was started from which version of a template, with what was asked for."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    create_permission: ClassVar[Permission] = Permission.PROJECT_CREATE
    write_permission: ClassVar[Permission] = Permission.START_CONFIRM
    queryset = ProjectStart.objects.all()
    related = ("project__unit", "from_version")
    serializer_class = serializers.StartOutput
    filterset_fields = ("project", "region")
    http_method_names = ["get", "head", "options", "post"]

    @extend_schema(request=serializers.StartInput, responses={201: serializers.StartOutput})
    def create(self, request: Request) -> Response:
        """Start a project: its plan, budget lines, risks, stakeholders and roles come with the template."""
        self.demand(self.create_permission)
        serializer = serializers.StartInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        asked = serializer.asked()
        if not scope_of(self.caller, self.create_permission).covers(asked["unit"].path):
            raise PermissionDenied(ELSEWHERE)
        project = start_project(by=self.caller, **asked)
        fresh = ProjectStart.objects.select_related("from_version").get(project=project)
        return Response(self.get_serializer(fresh).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[serializers.FinishedProject],
        responses={200: serializers.DraftOutput},
        filters=False,
    )
    @action(detail=False, url_path="template-draft", pagination_class=None, filter_backends=[])
    def template_draft(self, request: Request) -> Response:
        """Draft a template from a finished project: what it did, as long as it took, nobody's name."""
        self.demand(Permission.TEMPLATE_CHANGE)
        shape = serializers.FinishedProject(
            data=request.query_params.dict(), context=self.get_serializer_context()
        )
        shape.is_valid(raise_exception=True)
        project = shape.validated_data["project"]
        if refused := why_not(project):
            raise RefusalError(refused)
        text = written(draft_of(project))
        said = {"pack": text, "faults": read_pack(text).faults}
        return Response(serializers.DraftOutput(said).data)

    @extend_schema(
        request=serializers.DraftPublished,
        responses={201: PackTakenOutput, 422: PackRefusal},
    )
    @action(detail=False, methods=["post"], url_path="template", pagination_class=None, filter_backends=[])  # fmt: skip
    def template(self, request: Request) -> Response:
        """Publish the draft of a finished project; one that is not sound answers 422 with every fault."""
        self.demand(Permission.TEMPLATE_CHANGE)
        shape = serializers.DraftPublished(data=request.data, context=self.get_serializer_context())
        shape.is_valid(raise_exception=True)
        said = dict(shape.validated_data)
        return pack_answer(
            lambda: publish_from_project(text=said.pop("pack"), by=self.caller, **said)
        )

    @extend_schema(responses={200: serializers.AdoptPreviewOutput})
    @action(detail=True, methods=["get"])
    def changes(self, request: Request, pk: str) -> Response:
        """Say what the latest version of the template would change in this project, line by line."""
        del request, pk
        preview = preview_of(self.get_object().project)
        return Response(serializers.AdoptPreviewOutput(preview).data)

    @extend_schema(request=serializers.LineInput, responses={200: serializers.StartItemOutput})
    @action(detail=True, methods=["post"])
    def adopt(self, request: Request, pk: str) -> Response:
        """Take one line over, as it was seen."""
        del pk
        said = self._line_said(serializers.LineInput(data=request.data))
        item = adopting.adopt_line(by=self.caller, **said)
        return Response(serializers.StartItemOutput(item).data)

    @extend_schema(request=serializers.LineKept, responses={200: serializers.StartItemOutput})
    @action(detail=True, methods=["post"])
    def keep(self, request: Request, pk: str) -> Response:
        """Keep what the project has; the line comes again when the template says yet another thing."""
        del pk
        said = self._line_said(serializers.LineKept(data=request.data))
        item = adopting.keep_own(by=self.caller, **said)
        return Response(serializers.StartItemOutput(item).data)

    def _line_said(self, serializer: Any) -> dict[str, Any]:
        """Return the line that is meant, if the caller may change that part of the project."""
        project = self.get_object().project
        self.demand(self.write_permission, project)
        serializer.is_valid(raise_exception=True)
        said = dict(serializer.validated_data)
        self.demand(adopting.needed_for(said["section"]), project)
        return {"project": project, **said}


class StartItemResource(ReadingResource):
    """What came with a template: roles, measures, obligations and the like, and what was made of the rest."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission: ClassVar[Permission] = Permission.START_CONFIRM
    queryset = StartItem.objects.all()
    related = ("project__unit",)
    serializer_class = serializers.StartItemOutput
    filterset_fields = ("project", "section", "state", "filled_by")
    http_method_names = ["get", "head", "options", "post", "delete"]

    def _mine(self) -> StartItem:
        """Return the item, if the caller may decide on it; a line of the budget is the office's."""
        item: StartItem = self.get_object()
        self.demand(self.write_permission, item.project)
        if item.record_kind == ItemKind.LINE:
            self.demand(Permission.BUDGET_CHANGE, item.project)
        return item

    @extend_schema(request=None, responses={200: serializers.StartItemOutput})
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Say that an example holds for this project."""
        del request, pk
        item = confirming.confirm_item(item=self._mine(), version=None, by=self.caller)
        return Response(self.get_serializer(item).data)

    @extend_schema(request=serializers.ItemChange, responses={200: serializers.StartItemOutput})
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Put the project's own figures in place of an example; it counts as confirmed."""
        del pk
        serializer = serializers.ItemChange(data=request.data)
        serializer.is_valid(raise_exception=True)
        item = confirming.change_item(
            item=self._mine(), by=self.caller, **serializer.validated_data
        )
        return Response(self.get_serializer(item).data)

    @extend_schema(request=None, responses={200: serializers.StartItemOutput})
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, pk: str) -> Response:
        """Plan a message that waited for its audience or for who talks to them."""
        del request, pk
        item = confirming.plan_item(item=self._mine(), by=self.caller)
        return Response(self.get_serializer(item).data)

    @extend_schema(request=serializers.RoleFilled, responses={200: serializers.StartItemOutput})
    @action(detail=True, methods=["post"])
    def fill(self, request: Request, pk: str) -> Response:
        """Say who fills a role; null opens it again."""
        del pk
        serializer = serializers.RoleFilled(data=request.data)
        serializer.is_valid(raise_exception=True)
        item = self._mine()
        names = may(self.caller, Permission.PROJECT_GOVERN, item.project)
        changed = confirming.fill_role(
            item=item, by=self.caller, names=names, **serializer.validated_data
        )
        return Response(self.get_serializer(changed).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take away what does not fit the project."""
        del request, args, kwargs
        confirming.remove_item(item=self._mine(), by=self.caller)
        return Response(status=status.HTTP_204_NO_CONTENT)
