"""Committees, meetings and decisions as the API takes and gives them."""

from typing import Any

from rest_framework import serializers

from pmo.accounts.models import User
from pmo.accounts.resources import Input, Strict, VisibleField
from pmo.common.api.ids import RecordField
from portfolio.governance.domain.kinds import (
    Blocks,
    Choice,
    ConditionState,
    DecisionOutcome,
    Presence,
)
from portfolio.governance.models import (
    AgendaItem,
    AgendaPaper,
    Attendance,
    Committee,
    CommitteeMember,
    Condition,
    Decision,
    Interest,
    Meeting,
    MeetingAction,
    Minutes,
    Vote,
)
from portfolio.governance.selectors.minutes import readable
from portfolio.governance.services.deciding import DecisionGiven, Promise
from portfolio.governance.services.items import Ballot
from projects.models import Project

RULES = (
    "code",
    "name",
    "purpose",
    "higher_body",
    "delegated_amount",
    "quorum",
    "quorum_seats",
    "counts_remote",
    "voting_rule",
    "veto_seats",
    "names_movers",
    "ended_on",
)
SEAT = ("committee", "person", "seat", "position", "is_executive", "votes", "since", "until")
ASKED = (
    "kind",
    "question",
    "background",
    "options",
    "recommended",
    "recommendation",
    "decider_committee",
    "decider_person",
    "consulted",
    "informed",
    "project",
    "amount",
    "needed_by",
    "delay_cost",
    "delay_harm",
)
VERSION = "The version that was read; a newer one answers 409."


def people(*, optional: bool = False) -> RecordField:
    kept: dict[str, Any] = {"allow_null": True, "required": False} if optional else {}
    return RecordField(queryset=User.objects.filter(is_active=True), **kept)


class CommitteeOutput(serializers.ModelSerializer[Committee]):
    class Meta:
        model = Committee
        fields = ("id", *RULES, "version")


class CommitteeInput(Input):
    class Meta:
        model = Committee
        fields = (*RULES, "version")


class SeatOutput(serializers.ModelSerializer[CommitteeMember]):
    class Meta:
        model = CommitteeMember
        fields = ("id", *SEAT, "version")


class SeatInput(Input):
    committee = VisibleField(queryset=Committee.objects.all())
    person = people()

    class Meta:
        model = CommitteeMember
        fields = (*SEAT, "version")


class PresenceOutput(serializers.ModelSerializer[Attendance]):
    class Meta:
        model = Attendance
        fields = ("person", "presence")


class MeetingOutput(serializers.ModelSerializer[Meeting]):
    """One alone comes with who was there."""

    class Meta:
        model = Meeting
        fields = ("id", "committee", "day", "place", "state", "closed_at", "version")


class MeetingFull(MeetingOutput):
    """A meeting with who was there."""

    attendance = PresenceOutput(source="attendances", many=True, read_only=True)

    class Meta(MeetingOutput.Meta):
        fields = (*MeetingOutput.Meta.fields, "attendance")  # type: ignore[assignment]  # one more than its base has


class MeetingInput(Input):
    committee = VisibleField(queryset=Committee.objects.all())

    class Meta:
        model = Meeting
        fields = ("committee", "day", "place", "version")


class VersionInput(Strict):
    """The version that an act was decided on."""

    version = serializers.IntegerField(min_value=1, help_text=VERSION)


class PresenceInput(Strict):
    person = people()
    presence = serializers.ChoiceField(choices=Presence.choices())


class AttendanceInput(VersionInput):
    attendance = PresenceInput(many=True, allow_empty=False)

    def presences(self) -> dict[int, Presence]:
        said = self.validated_data["attendance"]
        return {one["person"].pk: Presence(one["presence"]) for one in said}


class PaperOutput(serializers.ModelSerializer[AgendaPaper]):
    class Meta:
        model = AgendaPaper
        fields = ("id", "title", "revision", "url")


class PaperInput(Strict, serializers.ModelSerializer[AgendaPaper]):
    """A paper that is before the meeting, and in which version."""

    class Meta:
        model = AgendaPaper
        fields = ("title", "revision", "url")


class InterestOutput(serializers.ModelSerializer[Interest]):
    class Meta:
        model = Interest
        fields = ("person", "text", "is_recused")


class VoteOutput(serializers.ModelSerializer[Vote]):
    class Meta:
        model = Vote
        fields = ("person", "choice", "reason")


class AgendaItemOutput(serializers.ModelSerializer[AgendaItem]):
    """One alone comes with its papers, interests and votes."""

    class Meta:
        model = AgendaItem
        fields = (
            "id",
            "meeting",
            "decision",
            "position",
            "purpose",
            "presenter",
            "motion",
            "mover",
            "seconder",
            "result",
            "reason",
            "counted",
            "version",
        )


class AgendaItemFull(AgendaItemOutput):
    """An item with its papers, the interests that were declared, and who voted how."""

    papers = PaperOutput(many=True, read_only=True)
    interests = InterestOutput(many=True, read_only=True)
    votes = VoteOutput(many=True, read_only=True)

    class Meta(AgendaItemOutput.Meta):
        fields = (*AgendaItemOutput.Meta.fields, "papers", "interests", "votes")  # type: ignore[assignment]  # more than its base has


class AgendaItemInput(Input):
    """A decision for the agenda of a meeting; who presents, the motion, who moves and seconds it."""

    meeting = VisibleField(queryset=Meeting.objects.all())
    decision = VisibleField(queryset=Decision.objects.all())
    presenter = people(optional=True)
    mover = people(optional=True)
    seconder = people(optional=True)

    class Meta:
        model = AgendaItem
        fields = ("meeting", "decision", "presenter", "motion", "mover", "seconder", "version")


class InterestInput(VersionInput):
    person = people()
    text = serializers.CharField(max_length=300)
    is_recused = serializers.BooleanField(default=True)


class BallotInput(Strict):
    choice = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in Choice if one is not Choice.RECUSED]
    )
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")

    def ballot(self) -> Ballot:
        return ballot_of(self.validated_data)


class PersonsBallotInput(BallotInput):
    person = people()


class VotesInput(VersionInput):
    votes = PersonsBallotInput(many=True, allow_empty=False)

    def ballots(self) -> dict[int, Ballot]:
        return {one["person"].pk: ballot_of(one) for one in self.validated_data["votes"]}


def ballot_of(said: dict[str, Any]) -> Ballot:
    return Ballot(Choice(said["choice"]), said["reason"])


class PromiseInput(Strict):
    """A condition: owner and due day are not optional (a decision without them is refused)."""

    text = serializers.CharField(max_length=500)
    owner = people()
    due = serializers.DateField()
    blocks = serializers.ChoiceField(choices=Blocks.choices(), default=Blocks.STAGE.value)


class RulingInput(VersionInput):
    """What was decided and why; what is deferred says until when, and what is missing."""

    outcome = serializers.ChoiceField(choices=DecisionOutcome.choices())
    reason = serializers.CharField(max_length=2000)
    chosen = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=99, default=None,
        help_text="Place of the option, from 0; null is the recommended one.",
    )  # fmt: skip
    dissent = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")
    conditions = PromiseInput(many=True, required=False, default=list)
    needed_by = serializers.DateField(required=False, allow_null=True, default=None)
    missing = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")

    def ruling(self) -> DecisionGiven:
        said = self.validated_data
        return DecisionGiven(
            outcome=DecisionOutcome(said["outcome"]),
            reason=said["reason"],
            chosen=said["chosen"],
            dissent=said["dissent"],
            conditions=[
                Promise(
                    text=one["text"],
                    owner=one["owner"],
                    due=one["due"],
                    blocks=Blocks(one["blocks"]),
                )
                for one in said["conditions"]
            ],
            needed_by=said["needed_by"],
            missing=said["missing"],
        )


class BetweenMeetingsInput(RulingInput):
    """Who approved between meetings: two members, one chair or deputy, the other an executive."""

    approvers = serializers.ListField(child=people(), allow_empty=False, max_length=20)

    def choices(self) -> dict[int, str]:
        return {one.pk: Choice.YES.value for one in self.validated_data["approvers"]}


class RatifyInput(VersionInput):
    is_ratified = serializers.BooleanField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")


class ReasonInput(VersionInput):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")


class DecisionOutput(serializers.ModelSerializer[Decision]):
    class Meta:
        model = Decision
        fields = (
            "id",
            "number",
            *ASKED,
            "state",
            "asked_on",
            "outcome",
            "chosen",
            "reason",
            "dissent",
            "missing",
            "counted",
            "is_out_of_cycle",
            "meeting",
            "decided_on",
            "recorded_by",
            "supersedes",
            "version",
        )


class RegisterDecisionInput(Input):
    project = VisibleField(queryset=Project.objects.all(), required=False, allow_null=True)
    decider_committee = VisibleField(
        queryset=Committee.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Decision
        fields = (*ASKED, "version")


class ConditionOutput(serializers.ModelSerializer[Condition]):
    class Meta:
        model = Condition
        fields = (
            "id",
            "decision",
            "position",
            "text",
            "owner",
            "due",
            "blocks",
            "evidence",
            "state",
            "verified_by",
            "closed_on",
            "waived_by",
            "close_reason",
            "version",
        )


class EvidenceInput(VersionInput):
    evidence = serializers.CharField(max_length=1000)


class CloseConditionInput(VersionInput):
    """Met with evidence, or waived by the committee that decided or one above it."""

    state = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in (ConditionState.MET, ConditionState.WAIVED)]
    )
    evidence = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    committee = VisibleField(
        queryset=Committee.objects.all(), required=False, allow_null=True, default=None
    )


class MeetingActionOutput(serializers.ModelSerializer[MeetingAction]):
    class Meta:
        model = MeetingAction
        fields = ("id", "meeting", "item", "text", "owner", "due", "done_on", "version")


class MeetingActionInput(Strict):
    """Something that a meeting asks somebody to do."""

    meeting = VisibleField(queryset=Meeting.objects.all())
    item = VisibleField(queryset=AgendaItem.objects.all(), required=False, allow_null=True)
    text = serializers.CharField(max_length=300)
    owner = people()
    due = serializers.DateField()


class MinutesOutput(serializers.ModelSerializer[Minutes]):
    """Which versions there are; one alone comes with what it says."""

    class Meta:
        model = Minutes
        fields = ("id", "meeting", "number", "correction", "made_at", "approved_in", "approved_on", "version")  # fmt: skip


class MinutesFull(MinutesOutput):
    """Minutes with the items that the reader may see."""

    content = serializers.SerializerMethodField()

    class Meta(MinutesOutput.Meta):
        fields = (*MinutesOutput.Meta.fields, "content")  # type: ignore[assignment]  # one more than its base has

    def get_content(self, minutes: Minutes) -> dict[str, Any]:
        return readable(minutes, self.context["request"].user)


class MinutesStepInput(Strict):
    """The later meeting that approves the minutes; with a correction it makes the next version."""

    meeting = VisibleField(queryset=Meeting.objects.all())
    correction = serializers.CharField(
        required=False, allow_blank=True, max_length=1000, default=""
    )
