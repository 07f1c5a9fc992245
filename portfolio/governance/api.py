"""Committees, meetings and decisions over the API; every act calls the service that the pages call."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import ReadingResource, Writing
from portfolio.governance import serializers as shapes
from portfolio.governance.models import (
    AgendaItem,
    Committee,
    CommitteeMember,
    Condition,
    Decision,
    Meeting,
    MeetingAction,
    Minutes,
)
from portfolio.governance.services import (
    committees,
    conditions,
    decisions,
    items,
    meetings,
    minutes,
)


def said_in(resource: ReadingResource, request: Request, shape: type[Any]) -> Any:
    """Return a checked body; raises ValidationError."""
    found = shape(data=request.data, context=resource.get_serializer_context())
    found.is_valid(raise_exception=True)
    return found


class Acting(ReadingResource):
    """A resource whose records change by acts; each act asks for its own permission."""

    def act(self, request: Request, shape: type[Any], needed: Permission) -> tuple[Any, Any]:
        """Return the record and what the body says; 403 for who may not, 404 for who does not see it."""
        record = self.get_object_seen()
        self.demand(needed, record.scoped_by())
        return record, said_in(self, request, shape)

    def demand_somewhere(self, needed: Permission) -> None:
        """Refuse who may do this in no committee, before the body is read."""
        if not CommitteeMember.objects.of(self.caller).exists():
            self.demand(needed)

    def get_object_seen(self) -> Any:
        """Return the record that the caller may see; what may be done with it is asked by the act."""
        rows = self.filter_queryset(self.get_queryset())
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def answer(self, record: Any, code: int = status.HTTP_200_OK) -> Response:
        fresh = self.get_queryset().get(pk=record.pk)
        return Response(self.get_serializer(fresh).data, status=code)


class CommitteeResource(Writing):
    """People who decide together, with quorum, voting rule and safety veto."""

    required_permission = Permission.COMMITTEE_LIST
    read_permission = Permission.COMMITTEE_VIEW
    write_permission = Permission.COMMITTEE_CHANGE
    queryset = Committee.objects.all()
    serializer_class = shapes.CommitteeOutput
    input_class = shapes.CommitteeInput
    filterset_fields = ("code",)
    ordering_fields = ("code", "name")

    def add(self, values: dict[str, Any]) -> Committee:
        return committees.create_committee(by=self.caller, **values)

    def change(self, record: Committee, version: int, values: dict[str, Any]) -> Committee:
        return committees.change_committee(
            committee=record, version=version, by=self.caller, **values
        )


class SeatResource(Writing):
    """Who sits in a committee, in which seat, from when until when."""

    required_permission = Permission.COMMITTEE_LIST
    read_permission = Permission.COMMITTEE_VIEW
    write_permission = Permission.COMMITTEE_CHANGE
    queryset = CommitteeMember.objects.all()
    related = ("committee",)
    serializer_class = shapes.SeatOutput
    input_class = shapes.SeatInput
    fixed = ("committee", "person")
    filterset_fields = ("committee", "person", "position")

    def add(self, values: dict[str, Any]) -> CommitteeMember:
        return committees.seat_member(by=self.caller, **values)

    def change(
        self, record: CommitteeMember, version: int, values: dict[str, Any]
    ) -> CommitteeMember:
        return committees.change_member(member=record, version=version, by=self.caller, **values)


class MeetingResource(Writing):
    """A committee's meeting; acts open it, note who is there and close it, which makes the minutes."""

    required_permission = Permission.COMMITTEE_LIST
    read_permission = Permission.COMMITTEE_VIEW
    write_permission = Permission.MEETING_RUN
    queryset = Meeting.objects.all()
    related = ("committee",)
    serializer_class = shapes.MeetingOutput
    input_class = shapes.MeetingInput
    fixed = ("committee",)
    filterset_fields = ("committee", "state", "day")
    ordering_fields = ("day",)

    def get_serializer_class(self) -> type[Any]:
        return shapes.MeetingOutput if self.action == "list" else shapes.MeetingFull

    def create(self, request: Request) -> Response:
        del request
        values = self.read_input()
        self.demand(self.write_permission, values["committee"])
        return self.answer(self.add(values), status.HTTP_201_CREATED)

    def add(self, values: dict[str, Any]) -> Meeting:
        return meetings.plan_meeting(by=self.caller, **values)

    def change(self, record: Meeting, version: int, values: dict[str, Any]) -> Meeting:
        return meetings.change_meeting(meeting=record, version=version, by=self.caller, **values)

    @extend_schema(request=shapes.VersionInput, responses=shapes.MeetingFull)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: str) -> Response:
        """Open the meeting."""
        del pk
        meeting, said = self.get_object(), said_in(self, request, shapes.VersionInput)
        return self.answer(
            meetings.open_meeting(meeting=meeting, by=self.caller, **said.validated_data)
        )

    @extend_schema(request=shapes.AttendanceInput, responses=shapes.MeetingFull)
    @action(detail=True, methods=["post"])
    def attendance(self, request: Request, pk: str) -> Response:
        """Note who is present, joined remotely, sent apologies or is absent."""
        del pk
        meeting, said = self.get_object(), said_in(self, request, shapes.AttendanceInput)
        saved = meetings.note_attendance(
            meeting=meeting,
            version=said.validated_data["version"],
            by=self.caller,
            presences=said.presences(),
        )
        return self.answer(saved)

    @extend_schema(request=shapes.VersionInput, responses=shapes.MeetingFull)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close the meeting: what was not reached is carried over, and the minutes are made."""
        del pk
        meeting, said = self.get_object(), said_in(self, request, shapes.VersionInput)
        return self.answer(
            meetings.close_meeting(meeting=meeting, by=self.caller, **said.validated_data)
        )


class AgendaItemResource(Writing, Acting, mixins.DestroyModelMixin):
    """A decision before a meeting; acts take papers, interests, votes and what was decided."""

    required_permission = Permission.COMMITTEE_LIST
    read_permission = Permission.COMMITTEE_VIEW
    write_permission = Permission.MEETING_RUN
    queryset = AgendaItem.objects.all()
    related = ("meeting__committee", "decision__project__unit")
    serializer_class = shapes.AgendaItemOutput
    input_class = shapes.AgendaItemInput
    fixed = ("meeting", "decision")
    filterset_fields = ("meeting", "decision", "result")
    ordering_fields = ("position",)

    def get_serializer_class(self) -> type[Any]:
        return shapes.AgendaItemOutput if self.action == "list" else shapes.AgendaItemFull

    def create(self, request: Request) -> Response:
        """Put a decision on the agenda."""
        del request
        self.demand_somewhere(self.write_permission)
        values = self.read_input()
        self.demand(self.write_permission, values["meeting"].committee)
        return self.answer(self.add(values), status.HTTP_201_CREATED)

    def add(self, values: dict[str, Any]) -> AgendaItem:
        return meetings.put_on_agenda(by=self.caller, **values)

    def change(self, record: AgendaItem, version: int, values: dict[str, Any]) -> AgendaItem:
        self.demand(self.write_permission, record.meeting.committee)
        return meetings.change_item(item=record, version=version, by=self.caller, **values)

    def perform_destroy(self, instance: AgendaItem) -> None:
        self.demand(self.write_permission, instance.meeting.committee)
        meetings.take_off_agenda(item=instance, by=self.caller)

    @extend_schema(request=None, responses=shapes.AgendaItemFull)
    @action(detail=True, methods=["post"])
    def up(self, request: Request, pk: str) -> Response:
        """Change places with the item before it."""
        del request, pk
        item = self.get_object_seen()
        self.demand(self.write_permission, item.scoped_by())
        return self.answer(meetings.move_item_up(item=item, by=self.caller))

    @extend_schema(request=shapes.PaperInput, responses={201: shapes.AgendaItemFull})
    @action(detail=True, methods=["post"])
    def papers(self, request: Request, pk: str) -> Response:
        """Name a paper that is before the meeting, with its version."""
        del pk
        item, said = self.act(request, shapes.PaperInput, Permission.MEETING_RUN)
        meetings.add_paper(item=item, by=self.caller, **said.validated_data)
        return self.answer(item, status.HTTP_201_CREATED)

    @extend_schema(request=shapes.InterestInput, responses=shapes.AgendaItemFull)
    @action(detail=True, methods=["post"])
    def interest(self, request: Request, pk: str) -> Response:
        """Declare an interest; who is recused leaves quorum and vote."""
        del pk
        item, said = self.act(request, shapes.InterestInput, Permission.MEETING_RUN)
        items.declare_interest(item=item, by=self.caller, **said.validated_data)
        return self.answer(item)

    @extend_schema(request=shapes.VotesInput, responses=shapes.AgendaItemFull)
    @action(detail=True, methods=["post"])
    def votes(self, request: Request, pk: str) -> Response:
        """Record how others voted; what somebody voted personally stands."""
        del pk
        item, said = self.act(request, shapes.VotesInput, Permission.MEETING_RUN)
        items.record_votes(
            item=item,
            version=said.validated_data["version"],
            by=self.caller,
            ballots=said.ballots(),
        )
        return self.answer(item)

    @extend_schema(request=shapes.BallotInput, responses=shapes.AgendaItemFull)
    @action(detail=True, methods=["post"])
    def vote(self, request: Request, pk: str) -> Response:
        """Vote oneself."""
        del pk
        item, said = self.act(request, shapes.BallotInput, Permission.VOTE_CAST)
        items.cast_vote(item=item, by=self.caller, ballot=said.ballot())
        return self.answer(item)

    @extend_schema(request=shapes.RulingInput, responses=shapes.AgendaItemFull)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Decide as quorum and votes allow; 409 with what stands against it. `version` is the item's."""
        del pk
        item, said = self.act(request, shapes.RulingInput, Permission.MEETING_RUN)
        items.decide_item(
            item=item,
            version=said.validated_data["version"],
            by=self.caller,
            ruling=said.ruling(),
        )
        return self.answer(item)

    @extend_schema(request=shapes.RatifyInput, responses=shapes.AgendaItemFull)
    @action(detail=True, methods=["post"])
    def ratify(self, request: Request, pk: str) -> Response:
        """Ratify what was decided between meetings, or refuse to."""
        del pk
        item, said = self.act(request, shapes.RatifyInput, Permission.MEETING_RUN)
        items.ratify_item(item=item, by=self.caller, **said.validated_data)
        return self.answer(item)

    @extend_schema(request=shapes.ReasonInput, responses=shapes.AgendaItemFull)
    @action(detail=True, methods=["post"], url_path="pass")
    def pass_over(self, request: Request, pk: str) -> Response:
        """End the item without a decision: not quorate where that is so, else carried over."""
        del pk
        item, said = self.act(request, shapes.ReasonInput, Permission.MEETING_RUN)
        items.pass_over(item=item, by=self.caller, **said.validated_data)
        return self.answer(item)


class MeetingActionResource(Acting):
    """What a meeting asked somebody to do."""

    required_permission = Permission.COMMITTEE_LIST
    read_permission = Permission.COMMITTEE_VIEW
    write_permission: ClassVar[Permission] = Permission.MEETING_RUN
    queryset = MeetingAction.objects.all()
    related = ("meeting__committee", "item__decision__project")
    serializer_class = shapes.MeetingActionOutput
    filterset_fields = ("meeting", "owner", "done_on")
    ordering_fields = ("due",)
    http_method_names = ["get", "head", "options", "post"]

    @extend_schema(request=shapes.MeetingActionInput, responses={201: shapes.MeetingActionOutput})
    def create(self, request: Request) -> Response:
        """Note an action while the meeting is not closed."""
        self.demand_somewhere(self.write_permission)
        said = said_in(self, request, shapes.MeetingActionInput).validated_data
        self.demand(self.write_permission, said["meeting"].committee)
        return self.answer(meetings.add_action(by=self.caller, **said), status.HTTP_201_CREATED)

    @extend_schema(request=shapes.VersionInput, responses=shapes.MeetingActionOutput)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str) -> Response:
        """Mark it as done today: for its owner, and for who runs the meeting."""
        del pk
        mine = self.get_object_seen().owner_id == self.caller.pk
        needed = Permission.COMMITTEE_VIEW if mine else Permission.MEETING_RUN
        record, said = self.act(request, shapes.VersionInput, needed)
        return self.answer(
            meetings.finish_action(action=record, by=self.caller, **said.validated_data)
        )


class DecisionResource(Writing, Acting):
    """The register: what is asked, who decides by when, what was decided and why."""

    required_permission = Permission.DECISION_LIST
    read_permission = Permission.DECISION_VIEW
    write_permission = Permission.DECISION_RAISE
    queryset = Decision.objects.all()
    related = ("project__unit", "decider_committee")
    serializer_class = shapes.DecisionOutput
    input_class = shapes.RegisterDecisionInput
    filterset_fields = ("state", "kind", "project", "decider_person", "outcome")
    ordering_fields = ("number", "needed_by", "asked_on", "decided_on")
    http_method_names = ["get", "head", "options", "post", "patch"]

    def create(self, request: Request) -> Response:
        del request
        values = self.read_input()
        self.demand(self.write_permission, values.get("project") or values.get("decider_committee"))
        return self.answer(self.add(values), status.HTTP_201_CREATED)

    def add(self, values: dict[str, Any]) -> Decision:
        return decisions.raise_decision(by=self.caller, **values)

    def change(self, record: Decision, version: int, values: dict[str, Any]) -> Decision:
        return decisions.change_decision(decision=record, version=version, by=self.caller, **values)

    @extend_schema(request=shapes.VersionInput, responses=shapes.DecisionOutput)
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: str) -> Response:
        """Put a draft before its decider."""
        del pk
        record, said = self.act(request, shapes.VersionInput, Permission.DECISION_RAISE)
        return self.answer(
            decisions.ask_decision(decision=record, by=self.caller, **said.validated_data)
        )

    @extend_schema(request=shapes.ReasonInput, responses=shapes.DecisionOutput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the question back."""
        del pk
        record, said = self.act(request, shapes.ReasonInput, Permission.DECISION_RAISE)
        return self.answer(
            decisions.withdraw_decision(decision=record, by=self.caller, **said.validated_data)
        )

    @extend_schema(request=shapes.RulingInput, responses=shapes.DecisionOutput)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Decide what one person decides."""
        del pk
        record, said = self.act(request, shapes.RulingInput, Permission.DECISION_TAKE)
        saved = decisions.take_decision(
            decision=record,
            version=said.validated_data["version"],
            by=self.caller,
            ruling=said.ruling(),
        )
        return self.answer(saved)

    @extend_schema(request=shapes.BetweenMeetingsInput, responses=shapes.DecisionOutput)
    @action(detail=True, methods=["post"], url_path="decide-between-meetings")
    def decide_between_meetings(self, request: Request, pk: str) -> Response:
        """Record what two members approved between meetings; to be ratified within 30 days."""
        del pk
        body = self.get_object_seen().decider_committee
        self.demand(Permission.MEETING_RUN, body)
        record, said = self.act(request, shapes.BetweenMeetingsInput, Permission.DECISION_VIEW)
        saved = decisions.decide_between_meetings(
            decision=record,
            version=said.validated_data["version"],
            by=self.caller,
            choices=said.choices(),
            ruling=said.ruling(),
        )
        return self.answer(saved)

    @extend_schema(request=shapes.RegisterDecisionInput, responses={201: shapes.DecisionOutput})
    @action(detail=True, methods=["post"])
    def supersede(self, request: Request, pk: str) -> Response:
        """Draft the decision that is to take the place of this one."""
        del request, pk
        old = self.get_object_seen()
        self.demand(Permission.DECISION_RAISE, old)
        values = self.read_input()
        self.demand(Permission.DECISION_RAISE, values.get("project") or old)
        made = decisions.raise_decision(by=self.caller, supersedes=old, **values)
        return self.answer(made, status.HTTP_201_CREATED)


class ConditionResource(Acting):
    """What approvals hang on."""

    required_permission = Permission.DECISION_LIST
    read_permission = Permission.DECISION_VIEW
    write_permission: ClassVar[Permission] = Permission.CONDITION_CLOSE
    queryset = Condition.objects.all()
    related = ("decision__project__unit", "decision__decider_committee")
    serializer_class = shapes.ConditionOutput
    filterset_fields = ("decision", "owner", "state", "blocks")
    ordering_fields = ("due",)
    http_method_names = ["get", "head", "options", "post"]

    @extend_schema(request=shapes.EvidenceInput, responses=shapes.ConditionOutput)
    @action(detail=True, methods=["post"], url_path="answer")
    def answer_with(self, request: Request, pk: str) -> Response:
        """Say what shows that it is met."""
        del pk
        record, said = self.act(request, shapes.EvidenceInput, Permission.CONDITION_ANSWER)
        return self.answer(
            conditions.answer_condition(condition=record, by=self.caller, **said.validated_data)
        )

    @extend_schema(request=shapes.CloseConditionInput, responses=shapes.ConditionOutput)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Verify that it is met, or record that the body that decided waived it."""
        del pk
        record, found = self.act(request, shapes.CloseConditionInput, Permission.CONDITION_CLOSE)
        said = found.validated_data
        step = {"condition": record, "version": said["version"], "by": self.caller}
        if said["state"] == "met":
            return self.answer(conditions.meet_condition(evidence=said["evidence"], **step))
        saved = conditions.waive_condition(
            reason=said["reason"], committee=said["committee"], **step
        )
        return self.answer(saved)


class MinutesResource(Acting):
    """The minutes of a meeting, each version; the items are those that the reader may see."""

    required_permission = Permission.COMMITTEE_LIST
    read_permission = Permission.COMMITTEE_VIEW
    write_permission: ClassVar[Permission] = Permission.MEETING_RUN
    queryset = Minutes.objects.all()
    related = ("meeting__committee",)
    serializer_class = shapes.MinutesOutput
    filterset_fields = ("meeting", "number")
    http_method_names = ["get", "head", "options", "post"]

    def get_serializer_class(self) -> type[Any]:
        return shapes.MinutesOutput if self.action == "list" else shapes.MinutesFull

    @extend_schema(request=shapes.MinutesStepInput, responses=shapes.MinutesFull)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve the latest version at a later meeting; with a correction that makes the next one."""
        del pk
        record, found = self.act(request, shapes.MinutesStepInput, Permission.MEETING_RUN)
        said = found.validated_data
        step = {"minutes": record, "meeting": said["meeting"], "by": self.caller}
        if said["correction"]:
            return self.answer(minutes.correct_minutes(correction=said["correction"], **step))
        return self.answer(minutes.approve_minutes(**step))
