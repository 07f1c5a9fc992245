"""Templates, their versions and the lessons of projects over the API."""

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.accounts.resources import ReadingResource, Writing
from projects.project_templates import serializers
from projects.project_templates.models import Lesson, ProjectTemplate, TemplateVersion
from projects.project_templates.services import lessons, library


def pack_answer(publish: Callable[[], library.PackTaken]) -> Response:
    """Answer which version a pack became; 422 with every fault and its line where it is not sound."""
    try:
        taken = publish()
    except library.PackError as error:
        body = {"detail": str(error), "faults": [one._asdict() for one in error.faults]}
        return Response(body, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
    number = taken.version.number if taken.version else None
    answer = {"template": taken.template.pk, "number": number}
    return Response(answer, status=status.HTTP_201_CREATED)


class TemplateResource(ReadingResource):
    """What projects start from. A content pack that is sent adds a template, or a version of one."""

    required_permission = read_permission = Permission.PROJECT_LIST
    write_permission: ClassVar[Permission] = Permission.TEMPLATE_CHANGE
    queryset = ProjectTemplate.objects.select_related("current")
    serializer_class = serializers.TemplateOutput
    filterset_fields = ("code", "is_offered", "origin")
    ordering_fields = ("code", "name")
    http_method_names = ["get", "head", "options", "post"]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if can(self.caller, self.write_permission).allowed else rows.published()

    @extend_schema(
        request=serializers.PackInput,
        responses={201: serializers.PackTakenOutput, 422: serializers.PackRefusal},
    )
    def create(self, request: Request) -> Response:
        """Read a content pack; one that is not sound answers 422 with every fault and its line."""
        self.demand(self.write_permission)
        serializer = serializers.PackInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        said = serializer.validated_data
        return pack_answer(
            lambda: library.import_pack(text=said["pack"], note=said["note"], by=self.caller)
        )

    @extend_schema(request=serializers.OfferInput, responses={200: serializers.TemplateOutput})
    @action(detail=True, methods=["post"])
    def offer(self, request: Request, pk: str) -> Response:
        """Let projects start from a template, or no more."""
        del pk
        serializer = serializers.OfferInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        self.demand(self.write_permission)
        template = library.offer_template(
            template=self.get_object(), version=None, by=self.caller, **serializer.validated_data
        )
        return Response(self.get_serializer(template).data)


class TemplateVersionResource(ReadingResource):
    """The content of a template as it was published, version by version."""

    required_permission = read_permission = Permission.PROJECT_LIST
    queryset = TemplateVersion.objects.all()
    serializer_class = serializers.TemplateVersionOutput
    filterset_fields = ("template", "number")
    ordering_fields = ("number", "published_at")


class LessonResource(Writing, mixins.DestroyModelMixin):
    """What projects learned, and what to do next time."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.LESSON_CHANGE
    queryset = Lesson.objects.all()
    related = ("project__unit",)
    serializer_class = serializers.LessonOutput
    input_class = serializers.LessonInput
    fixed = ("project",)
    filterset_fields = ("project", "template", "category")
    ordering_fields = ("recorded_on", "title")

    def add(self, values: dict[str, Any]) -> Lesson:
        return lessons.record_lesson(by=self.caller, **values)

    def change(self, record: Lesson, version: int, values: dict[str, Any]) -> Lesson:
        return lessons.change_lesson(lesson=record, version=version, by=self.caller, **values)

    def perform_destroy(self, instance: Lesson) -> None:
        lessons.remove_lesson(lesson=instance, by=self.caller)
