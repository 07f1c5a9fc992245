"""Forms of committees and meetings; what they hold goes to a service."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from pmo.accounts.forms import person_said
from pmo.accounts.models import User
from pmo.common.page.editing import RecordForm
from pmo.common.page.sentences import Sentences
from pmo.common.records.search import as_read
from portfolio.governance.domain.kinds import Presence
from portfolio.governance.domain.voting import seats_read, seats_typed
from portfolio.governance.models import (
    AgendaItem,
    AgendaPaper,
    Committee,
    CommitteeMember,
    Decision,
    DecisionQuerySet,
    Meeting,
    MeetingAction,
    Minutes,
)
from portfolio.governance.validators import sound_quorum_seats, sound_seats
from projects.forms.money import with_currency

LONG = Sentences(attrs={"rows": 3})


def offer(form: forms.BaseForm, name: str, rows: "QuerySet[Any]", empty: str) -> None:
    """Limit what a select offers."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
    field.queryset, field.empty_label = rows, empty


class CommitteeForm(RecordForm):
    """A committee and its rules; seats are typed as people say them."""

    seats = forms.CharField(
        label="Seats that have to be there",
        required=False,
        max_length=300,
        help_text="For example: CFO; CMO or CNO. That is the CFO, and the CMO or the CNO.",
    )
    vetoes = forms.CharField(
        label="Seats with a safety veto",
        required=False,
        max_length=300,
        help_text="Their no at a go/no-go stops it. For example: CMO; CNO; Safety officer.",
    )

    class Meta:
        model = Committee
        fields = (
            "name",
            "code",
            "purpose",
            "quorum",
            "counts_remote",
            "voting_rule",
            "delegated_amount",
            "higher_body",
            "names_movers",
            "ended_on",
        )
        labels = {
            "purpose": "What it decides",
            "quorum": "Voting members needed",
            "counts_remote": "Who joins remotely counts and votes",
            "delegated_amount": "May approve up to",
            "names_movers": "Minutes name who moved and who seconded",
            "ended_on": "Dissolved on",
        }
        help_texts = {
            "code": "Short and unique, for example ITGOV.",
            "delegated_amount": "Empty is no limit.",
            "higher_body": "Decides above that amount, and may waive conditions.",
        }
        widgets = {"purpose": LONG}
        error_messages = {"code": {"unique": "Another committee already has this code."}}

    field_order = (
        "name",
        "code",
        "purpose",
        "quorum",
        "seats",
        "counts_remote",
        "voting_rule",
        "vetoes",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_currency(self)
        self.initial.setdefault("seats", seats_typed(self.instance.quorum_seats))
        self.initial.setdefault("vetoes", "; ".join(self.instance.veto_seats))
        offer(
            self,
            "higher_body",
            Committee.objects.exclude(pk=self.instance.pk).order_by(*as_read("name")),
            "None",
        )

    def clean_seats(self) -> list[list[str]]:
        groups = seats_read(self.cleaned_data["seats"])
        sound_quorum_seats(groups)
        return groups

    def clean_vetoes(self) -> list[str]:
        seats = [seat for group in seats_read(self.cleaned_data["vetoes"]) for seat in group]
        sound_seats(seats)
        return seats

    def record(self) -> dict[str, Any]:
        """Return the fields of the committee: the seats under the names they have there."""
        said = self.changes()
        return said | {"quorum_seats": said.pop("seats"), "veto_seats": said.pop("vetoes")}

    def saved_value(self, current: Any, name: str) -> Any:
        kept = {"seats": "quorum_seats", "vetoes": "veto_seats"}
        return getattr(current, kept.get(name, name))


class SeatForm(RecordForm):
    """What somebody is in a committee, and for how long."""

    class Meta:
        model = CommitteeMember
        fields = ("seat", "position", "is_executive", "votes", "since", "until")
        labels = {
            "is_executive": "Is an executive: may approve between meetings with the chair",
            "votes": "Has a vote",
            "since": "From",
            "until": "Until",
        }
        help_texts = {
            "seat": "The role for which the person sits there, for example CFO. The quorum asks for it.",
            "until": "Empty while the person sits there. The seat is kept, with its days.",
        }


class NewSeatForm(SeatForm):
    """A seat for somebody, found by e-mail address or by a name that only one person has."""

    person = forms.CharField(
        label="Person",
        help_text="Type a name, choose from the list; or type the whole email address.",
        error_messages={"required": "Say who: a name or an email address."},
        widget=forms.TextInput(attrs={"list": "people-choices", "autocomplete": "off"}),
    )
    field_order = ("person",)

    def __init__(self, *args: Any, choices_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].widget.attrs |= {
            "hx-get": choices_url,
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#people-choices",
            "hx-sync": "this:replace",
        }

    def clean_person(self) -> User:
        return person_said(self.cleaned_data["person"])


class MeetingForm(RecordForm):
    class Meta:
        model = Meeting
        fields = ("day", "place")
        help_texts = {"place": "A room, or a link to join by."}


class AttendanceForm(RecordForm):
    """Who is there, one choice for each who sits in the committee that day."""

    class Meta:
        model = Meeting
        fields = ()

    def __init__(
        self,
        *args: Any,
        members: Iterable[CommitteeMember],
        presences: dict[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for one in members:
            self.fields[f"p{one.person_id}"] = forms.ChoiceField(
                label=str(one),
                choices=Presence.choices(),
                widget=forms.RadioSelect(attrs={"class": "options options--row"}),
                required=False,
                initial=presences.get(one.person_id),
            )

    def presences(self) -> dict[int, Presence]:
        """Return who is how, by the person's id; who was left open is not there."""
        said = self.changes()
        return {int(name[1:]): Presence(value) for name, value in said.items() if value}

    def saved_value(self, current: Any, name: str) -> Any:
        row = current.attendances.filter(person=int(name[1:])).first()
        return row.presence if row else ""


class DecisionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic forms at run time
    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class AgendaForm(RecordForm):
    """A decision for the agenda; who presents and the motion."""

    decision = DecisionChoice(Decision.objects.none(), error_messages={"required": "Choose one."})

    class Meta:
        model = AgendaItem
        fields = ("presenter", "motion")
        help_texts = {"motion": "What is voted on. Empty is the recommendation."}
        widgets = {"motion": LONG}

    field_order = ("decision",)

    def __init__(
        self, *args: Any, decisions: DecisionQuerySet, people: "QuerySet[User]", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "decision", decisions, "Choose a decision")
        offer(self, "presenter", people, "No presenter yet")


class AgendaItemForm(RecordForm):
    """Who presents, the motion, who moved and seconded it."""

    class Meta:
        model = AgendaItem
        fields = ("presenter", "motion", "mover", "seconder")
        help_texts = {"motion": "What is voted on. Empty is the recommendation."}
        widgets = {"motion": LONG}

    def __init__(
        self, *args: Any, people: "QuerySet[User]", members: "QuerySet[User]", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "presenter", people, "No presenter yet")
        for name in ("mover", "seconder"):
            offer(self, name, members, f"No {name} yet")


class PaperForm(RecordForm):
    url = forms.URLField(label="Link", required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = AgendaPaper
        fields = ("title", "revision", "url")
        labels = {"revision": "Version"}
        help_texts = {"revision": "Minutes name it, for example 1.2 or 14 Nov 2026."}


class ActionForm(RecordForm):
    class Meta:
        model = MeetingAction
        fields = ("text", "owner", "due")
        labels = {"text": "What is to be done?"}

    def __init__(self, *args: Any, people: "QuerySet[User]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", people, "Choose who")


class MinutesForm(RecordForm):
    """The later meeting that approves minutes, or corrects them by what it says."""

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label="At which meeting?")
    correction = forms.CharField(
        label="What is corrected?",
        max_length=1000,
        widget=LONG,
        error_messages={"required": "Say what is corrected."},
    )

    class Meta:
        model = Minutes
        fields = ()

    def __init__(
        self, *args: Any, meetings: "QuerySet[Meeting]", corrects: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "meeting", meetings, "Choose a meeting")
        if not corrects:
            del self.fields["correction"]
