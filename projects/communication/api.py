"""The stakeholder register, the plan of communication and adoption over the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import ReadingResource, Strict, Writing
from projects.communication import serializers
from projects.communication.models import (
    AdoptionReading,
    CommunicationItem,
    CommunicationSending,
)
from projects.communication.selectors.items import SHOWN_WITH
from projects.communication.services import adoption, items
from projects.models import StakeholderGroup
from projects.services import stakeholders


class GroupResource(Writing, mixins.DestroyModelMixin):
    """The organization's register: people and groups known once across projects."""

    required_permission = read_permission = Permission.PROJECT_LIST
    write_permission = Permission.STAKEHOLDER_GROUP_CHANGE
    queryset = StakeholderGroup.objects.all()
    serializer_class = serializers.GroupOutput
    input_class = serializers.GroupInput
    filterset_fields = ("category", "lead")
    ordering_fields = ("name",)

    def add(self, values: dict[str, Any]) -> StakeholderGroup:
        return stakeholders.create_group(by=self.caller, **values)

    def change(
        self, record: StakeholderGroup, version: int, values: dict[str, Any]
    ) -> StakeholderGroup:
        return stakeholders.change_group(group=record, version=version, by=self.caller, **values)

    def perform_destroy(self, instance: StakeholderGroup) -> None:
        stakeholders.remove_group(group=instance, by=self.caller)


class ItemResource(Writing, mixins.DestroyModelMixin):
    """Messages of the plan of communication."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.COMMUNICATION_CHANGE
    queryset = CommunicationItem.objects.all()
    related = ("project__unit", *SHOWN_WITH[1:])
    serializer_class = serializers.MessageOutput
    input_class = serializers.MessageInput
    fixed = ("project",)
    filterset_fields = ("project", "channel", "sender", "cadence", "milestone", "stakeholder")
    ordering_fields = ("next_due", "message")

    def add(self, values: dict[str, Any]) -> CommunicationItem:
        return items.create_item(by=self.caller, **values)

    def change(
        self, record: CommunicationItem, version: int, values: dict[str, Any]
    ) -> CommunicationItem:
        return items.change_item(item=record, version=version, by=self.caller, **values)

    def perform_destroy(self, instance: CommunicationItem) -> None:
        items.remove_item(item=instance, by=self.caller)

    @extend_schema(request=serializers.SentInput, responses={201: serializers.SendingOutput})
    @action(detail=True, methods=["post"], write_permission=Permission.PROJECT_VIEW)
    def sent(self, request: Request, pk: str) -> Response:
        """Note that it went out; its sender may, and whoever keeps the plan."""
        del pk
        said = self._said(serializers.SentInput, request)
        sending = items.send_item(item=self.get_object(), by=self.caller, **said)
        answer = serializers.SendingOutput(sending).data
        return Response(answer, status=status.HTTP_201_CREATED)

    @extend_schema(request=serializers.CheckInput, responses=serializers.MessageOutput)
    @action(detail=True, methods=["post"], write_permission=Permission.PROJECT_VIEW)
    def plain(self, request: Request, pk: str) -> Response:
        """Note, as its sender, that the language of a text for patients is plain."""
        del pk
        said = self._said(serializers.CheckInput, request)
        return self.answer(items.check_plain(item=self.get_object(), by=self.caller, **said))

    @extend_schema(request=serializers.CheckInput, responses=serializers.MessageOutput)
    @action(detail=True, methods=["post"], write_permission=Permission.COMMUNICATION_APPROVE)
    def approve(self, request: Request, pk: str) -> Response:
        """Approve a text for patients; its sender cannot."""
        del pk
        said = self._said(serializers.CheckInput, request)
        return self.answer(items.approve_item(item=self.get_object(), by=self.caller, **said))

    def _said(self, kind: type[Strict], request: Request) -> dict[str, Any]:
        serializer = kind(data=request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class SendingResource(ReadingResource, mixins.DestroyModelMixin):
    """What went out, for which due day and to how many; the last one of an item can be taken back."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission: ClassVar[Permission] = Permission.COMMUNICATION_CHANGE
    queryset = CommunicationSending.objects.all()
    related = ("project__unit", "item")
    serializer_class = serializers.SendingOutput
    filterset_fields = ("project", "item", "sent_on")
    ordering_fields = ("sent_on",)
    http_method_names = ["get", "head", "options", "delete"]

    def perform_destroy(self, instance: CommunicationSending) -> None:
        items.take_back_sending(sending=instance, by=self.caller)


class AdoptionResource(Writing):
    """What the systems say of a go-live on day 7, 30 and 90."""

    required_permission = Permission.PROJECT_LIST
    read_permission = Permission.PROJECT_VIEW
    write_permission = Permission.COMMUNICATION_CHANGE
    queryset = AdoptionReading.objects.all()
    related = ("project__unit", "milestone")
    serializer_class = serializers.AdoptionOutput
    input_class = serializers.AdoptionInput
    fixed = ("project", "milestone", "day")
    filterset_fields = ("project", "milestone", "day")
    ordering_fields = ("measured_on", "day")

    def add(self, values: dict[str, Any]) -> AdoptionReading:
        return adoption.record_adoption(by=self.caller, **values)

    def change(
        self, record: AdoptionReading, version: int, values: dict[str, Any]
    ) -> AdoptionReading:
        return adoption.change_adoption(reading=record, version=version, by=self.caller, **values)
