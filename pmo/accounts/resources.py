"""
What every resource of the API shares: rows the caller may see, one service per write, clear refusals.

A resource lists what `visible_to` lists. Writing asks the same policy as the pages, for the project
concerned, and hands checked values to the same service.
"""

from typing import Any, ClassVar

from django.db import models
from rest_framework import mixins, serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from pmo.accounts.api_filters import Search, SteadyOrdering, VisibleFilters
from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.api.ids import RecordField
from pmo.common.api.once import DoneOnce
from pmo.common.page.sentences import one_break

UNKNOWN = "This field is not known here, or may not be written."


class Strict(serializers.Serializer[Any]):
    """Refuses fields it does not know: a misspelled one would be dropped silently."""

    default_error_messages = {"invalid": "Send one object with named fields, not a {datatype}."}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            known = {name for name, field in self.fields.items() if not field.read_only}
            if unknown := sorted(str(name) for name in set(data) - known):
                raise serializers.ValidationError({name: [UNKNOWN] for name in unknown})
            # a line's end counts as one character, however it is sent
            data = {
                name: one_break(value) if isinstance(value, str) else value
                for name, value in data.items()
            }
        return super().to_internal_value(data)

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """Let a number outside its bounds be refused in the words of its model's field."""
        made: Any = super()
        kind, options = made.build_standard_field(field_name, model_field)
        if said := getattr(model_field, "said", ""):
            options["error_messages"] = {"min_value": said, "max_value": said}
        return kind, options


class Input(Strict, serializers.ModelSerializer[Any]):
    """
    Values for a service. The model's rules across fields are the service's business.

    Edits carry the `version` they were made from; additions do not.
    """

    serializer_related_field = RecordField
    version = serializers.IntegerField(
        min_value=1, help_text="The version the change was made from; a newer one answers 409."
    )

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        is_edit = self.instance is not None or self.context.get("is_edit", False)
        if not is_edit:
            fields.pop("version", None)
        else:
            for name in self.context.get("fixed", ()):
                fields.pop(name, None)
            fields["version"].required = True
        return fields

    def get_validators(self) -> list[Any]:
        return []

    def run_validation(self, data: Any = serializers.empty) -> Any:
        values = super().run_validation(data)
        if self.partial and "version" in self.fields and "version" not in values:
            raise serializers.ValidationError({"version": ["Say which version you changed."]})
        return values


class VisibleField(RecordField):
    """An id of a record the caller may see; a hidden one answers like one that does not exist."""

    def get_queryset(self) -> Any:
        queryset: Any = super().get_queryset()
        assert queryset is not None  # noqa: S101 - every use names one
        return queryset.model.objects.visible_to(self.context["request"].user)


class ReadingResource(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, DoneOnce, GenericViewSet[Any]
):
    """List and read. `read_permission` is asked for each record, with its project where it has one."""

    required_permission: ClassVar[Permission]
    read_permission: ClassVar[Permission]
    filter_backends = (VisibleFilters, Search, SteadyOrdering)
    ordering_fields: tuple[str, ...] = ()
    ordering: tuple[str, ...] = ("pk",)
    more_parameters: tuple[str, ...] = ()  # what a list reads beside filters, order and page
    lookup_value_regex = r"\d{1,18}"
    related: tuple[str, ...] = ()

    @property
    def caller(self) -> User:
        """Who asks; HasPermission let nobody else in."""
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101 - narrows the type
        return user

    def get_queryset(self) -> Any:
        rows: Any = self.queryset  # type: ignore[arg-type]  # the stubs take a manager for a descriptor
        if hasattr(rows, "visible_to"):
            rows = rows.all().visible_to(self.caller)
        return rows.all().select_related(*self.related) if self.related else rows.all()

    def demand(self, permission: Permission, target: Any = None) -> None:
        """Refuse with the reason unless the caller may do this to the record's project."""
        decision = can(self.caller, permission, target)
        if not decision.allowed:
            raise PermissionDenied(decision.reason)


class Writing(ReadingResource):
    """
    List, read, add and change. PUT is not offered: a change names only what it changes.

    `add` and `change` call one service each. `fixed` are fields given once, when adding.
    """

    write_permission: ClassVar[Permission]
    create_permission: ClassVar[Permission | None] = None
    input_class: ClassVar[type[Input]]
    fixed: tuple[str, ...] = ()
    http_method_names = ["get", "head", "options", "post", "patch", "delete"]

    def get_serializer_context(self) -> dict[str, Any]:
        is_edit = getattr(self, "action", "") == "partial_update"
        return {**super().get_serializer_context(), "is_edit": is_edit, "fixed": self.fixed}

    def read_input(self, instance: models.Model | None = None) -> dict[str, Any]:
        serializer = self.input_class(
            instance,
            data=self.request.data,
            partial=instance is not None,
            context=self.get_serializer_context(),
        )
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def create(self, request: Request) -> Response:
        values = self.read_input()
        self.demand(self.create_permission or self.write_permission, values.get("project"))
        record = self.add(values)
        return self.answer(record, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        del pk
        record = self.get_object()
        values = self.read_input(record)
        version = values.pop("version")
        return self.answer(self.change(record, version, values))

    def add(self, values: dict[str, Any]) -> models.Model:
        raise NotImplementedError

    def change(self, record: Any, version: int, values: dict[str, Any]) -> models.Model:
        raise NotImplementedError

    def answer(self, record: models.Model, code: int = status.HTTP_200_OK) -> Response:
        fresh = self.get_queryset().get(pk=record.pk)
        return Response(self.get_serializer(fresh).data, status=code)
