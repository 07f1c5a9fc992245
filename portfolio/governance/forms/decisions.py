"""Forms of the register: asking, deciding, votes, conditions; what they hold goes to a service."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet

from pmo.accounts.models import User
from pmo.common.page.editing import RecordForm
from pmo.common.page.forms import DayInput
from pmo.common.page.sentences import OneLine, Sentences
from pmo.common.records.fields import Line
from pmo.common.records.search import as_read
from portfolio.governance.domain.kinds import APPROVALS, Blocks, Choice, DecisionOutcome
from portfolio.governance.domain.voting import Seated
from portfolio.governance.forms.committees import LONG, offer
from portfolio.governance.models import AgendaItem, Committee, Condition, Decision
from portfolio.governance.services.deciding import DecisionGiven, Promise
from portfolio.governance.services.items import Ballot
from portfolio.governance.validators import LONGEST_OPTION, OPTION_TEXTS
from projects.forms.money import with_currency

FEWEST_SLOTS = 2  # beside the option to do nothing
NOTHING = "Do nothing"
LACKS = {
    "text": "Say what the condition is.",
    "owner": "Choose who answers for it.",
    "due": "Say by when it is met.",
}
PROMISES = 4
BALLOTS = [(one.value, one.label) for one in Choice if one is not Choice.RECUSED]
WHY = Sentences(attrs={"rows": 3})


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """The options as a form shows them: the one to do nothing stands last, wherever it is kept."""

    real: list[dict[str, Any]]
    nothing: dict[str, Any]
    place: str  # of the recommended one among the real ones; "nothing", or "" for none

    def in_slots(self, slots: int) -> list[dict[str, Any]]:
        return [*self.real, *[{}] * (slots - len(self.real)), self.nothing]

    def recommended(self, slots: int) -> str:
        return str(slots) if self.place == "nothing" else self.place


def laid_out(decision: Decision) -> LaidOut:
    real: list[dict[str, Any]] = []
    nothing, recommended = {"name": NOTHING}, ""
    for place, one in enumerate(decision.options):
        is_recommended = place == decision.recommended
        if one.get("is_nothing"):
            nothing, recommended = one, "nothing" if is_recommended else recommended
        else:
            recommended = str(len(real)) if is_recommended else recommended
            real.append(one)
    return LaidOut(real=real, nothing=nothing, place=recommended)


class QuestionForm(RecordForm):
    """What is asked, the options with their effects, who decides by when."""

    recommended = forms.ChoiceField(required=False, label="Recommended option")

    class Meta:
        model = Decision
        fields = (
            "question",
            "background",
            "kind",
            "recommendation",
            "decider_committee",
            "decider_person",
            "needed_by",
            "delay_cost",
            "delay_harm",
            "amount",
            "consulted",
            "informed",
        )
        labels = {
            "recommendation": "Why that one?",
            "decider_committee": "Committee that decides",
            "decider_person": "Or person who decides",
            "delay_cost": "Cost of a working day of delay",
            "delay_harm": "Harm of a day of delay",
            "amount": "Amount it commits",
        }
        help_texts = {
            "question": "One sentence that an outsider understands. No patient data.",
            "kind": "At a go/no-go a no of the CMO, the CNO or the safety officer stops it.",
            "needed_by": "From the next working day on a delay counts.",
            "delay_harm": "Where it is no money, in words.",
            "consulted": "One a line.",
            "informed": "One a line.",
        }
        widgets = {
            "background": LONG,
            "recommendation": LONG,
            "consulted": Sentences(attrs={"rows": 2}),
            "informed": Sentences(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, deciders: "QuerySet[User]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_currency(self)
        laid = laid_out(self.instance)
        self.slots = max(FEWEST_SLOTS, len(laid.real) + 1)
        for place, one in enumerate(laid.in_slots(self.slots)):
            self._add_option(place, one)
        places = [str(place) for place in range(self.slots + 1)]
        names = [*(f"Option {place + 1}" for place in range(self.slots)), NOTHING]
        recommended = self.fields["recommended"]
        assert isinstance(recommended, forms.ChoiceField)  # noqa: S101 - narrows the type
        recommended.choices = [("", "None yet"), *zip(places, names, strict=True)]
        self.initial["recommended"] = laid.recommended(self.slots)
        offer(
            self,
            "decider_committee",
            Committee.objects.standing().order_by(*as_read("name")),
            "None",
        )
        offer(self, "decider_person", deciders, "None")
        after = ["question", "background", "kind", *self.option_names, "recommended"]
        self.order_fields(after)

    def _add_option(self, place: int, one: dict[str, Any]) -> None:
        called = NOTHING if place == self.slots else f"Option {place + 1}"
        for key, label in OPTION_TEXTS.items():
            self.fields[f"o{place}_{key}"] = OneLine(
                label=called if key == "name" else f"{called}: {label[0].lower()}{label[1:]}",
                max_length=LONGEST_OPTION,
                required=False,
                initial=one.get(key, ""),
                validators=Line.default_validators,
            )

    @property
    def option_names(self) -> list[str]:
        return [f"o{place}_{key}" for place in range(self.slots + 1) for key in OPTION_TEXTS]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        options: list[dict[str, Any]] = []
        places: dict[str, int] = {}
        for place in range(self.slots + 1):
            one = {key: said.get(f"o{place}_{key}", "") for key in OPTION_TEXTS}
            if not any(one.values()):
                continue
            if not one["name"]:
                self.add_error(f"o{place}_name", "Name this option.")
            kept = {key: text for key, text in one.items() if text}
            places[str(place)] = len(options)
            options.append(kept | ({"is_nothing": True} if place == self.slots else {}))
        wanted = said.get("recommended") or ""
        if wanted and wanted not in places:
            self.add_error("recommended", "Recommend an option that is filled in.")
        self.options, self.place = options, places.get(wanted)
        return said

    def record(self) -> dict[str, Any]:
        """Return the fields of the decision: the options as a list, the recommended one as its place."""
        said = self.changes()
        kept = {name: value for name, value in said.items() if name not in self.option_names}
        return kept | {"options": self.options, "recommended": self.place}

    def saved_value(self, current: Any, name: str) -> Any:
        laid = laid_out(current)
        if name == "recommended":
            return laid.recommended(self.slots)
        if name in self.option_names:
            place, _, key = name[1:].partition("_")
            return laid.in_slots(self.slots)[int(place)].get(key, "")
        return getattr(current, name)


class RulingForm(RecordForm):
    """What was decided and why; conditions have an owner and a day."""

    outcome = forms.ChoiceField(
        label="Decision",
        widget=forms.RadioSelect(attrs={"class": "options"}),
        error_messages={"required": "Choose what was decided."},
    )
    chosen = forms.ChoiceField(label="Option", required=False)
    reason = forms.CharField(
        label="Why?", max_length=2000, widget=WHY, error_messages={"required": "Say why."}
    )
    dissent = forms.CharField(
        label="Dissent", max_length=1000, required=False, widget=Sentences(attrs={"rows": 2})
    )
    needed_by = forms.DateField(label="If deferred: needed by", required=False, widget=DayInput)
    missing = forms.CharField(label="If deferred: what is missing", max_length=500, required=False)

    class Meta:
        model = Decision
        fields = ()

    def __init__(
        self,
        *args: Any,
        outcomes: Sequence[DecisionOutcome],
        owners: "QuerySet[User]",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        outcome, chosen = self.fields["outcome"], self.fields["chosen"]
        assert isinstance(outcome, forms.ChoiceField)  # noqa: S101 - narrows the type
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 - narrows the type
        outcome.choices = [(one.value, one.label) for one in outcomes]
        names = [(str(place), one["name"]) for place, one in enumerate(self.instance.options)]
        chosen.choices = [("", "The recommended one"), *names]
        if DecisionOutcome.DEFER not in outcomes:
            del self.fields["needed_by"], self.fields["missing"]
        if DecisionOutcome.CONDITIONS in outcomes:
            self._add_conditions(owners)

    def _add_conditions(self, owners: "QuerySet[User]") -> None:
        for number in range(1, PROMISES + 1):
            named = f"Condition {number}"
            self.fields[f"c{number}_text"] = forms.CharField(
                label=named, max_length=500, required=False
            )
            self.fields[f"c{number}_owner"] = forms.ModelChoiceField(
                owners, label=f"{named}: owner", required=False, empty_label="Choose who"
            )
            self.fields[f"c{number}_due"] = forms.DateField(
                label=f"{named}: due", required=False, widget=DayInput
            )
            self.fields[f"c{number}_blocks"] = forms.ChoiceField(
                label=f"{named}: blocks while overdue", choices=Blocks.choices(), required=False
            )

    def clean(self) -> dict[str, Any]:
        """Say at its field what a condition that was begun lacks."""
        said = super().clean() or {}
        if said.get("outcome") != DecisionOutcome.CONDITIONS:
            return said
        for number in range(1, PROMISES + 1):
            parts = {key: f"c{number}_{key}" for key in LACKS}
            if any(said.get(name) for name in parts.values()):
                for key, name in parts.items():
                    if not said.get(name) and name not in self.errors:
                        self.add_error(name, LACKS[key])
        return said

    def _promises(self) -> list[Promise]:
        said, found = self.cleaned_data, []
        for number in range(1, PROMISES + 1):
            text, owner, due = (said.get(f"c{number}_{key}") for key in ("text", "owner", "due"))
            if text or owner or due:
                blocks = Blocks(said.get(f"c{number}_blocks") or Blocks.STAGE)
                found.append(Promise(text=text or "", owner=owner, due=due, blocks=blocks))
        return found

    def ruling(self) -> DecisionGiven:
        said = self.cleaned_data
        return DecisionGiven(
            outcome=DecisionOutcome(said["outcome"]),
            reason=said["reason"],
            chosen=int(said["chosen"]) if said.get("chosen") else None,
            dissent=said.get("dissent", ""),
            conditions=self._promises(),
            needed_by=said.get("needed_by"),
            missing=said.get("missing", ""),
        )

    def saved_value(self, current: Any, name: str) -> Any:
        return getattr(current, name, None) or ""


class UrgentForm(RulingForm):
    """Who approved between meetings, and what."""

    approvers = forms.MultipleChoiceField(
        label="Who approved",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "options"}),
        error_messages={"required": "Say who approved."},
    )
    field_order = ("approvers",)

    def __init__(self, *args: Any, members: Iterable[Seated], **kwargs: Any) -> None:
        super().__init__(*args, outcomes=APPROVALS, **kwargs)
        field = self.fields["approvers"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - narrows the type
        field.choices = [
            (str(one.person), f"{one.name}, {one.seat}" if one.seat else one.name)
            for one in members
            if one.votes
        ]

    def choices(self) -> dict[int, str]:
        return {int(pk): Choice.YES.value for pk in self.cleaned_data["approvers"]}


class OfItemForm(RecordForm):
    """A form of an item, which carries the version of the item."""

    class Meta:
        model = AgendaItem
        fields = ()

    def saved_value(self, current: Any, name: str) -> Any:
        return ""


class InterestForm(OfItemForm):
    person = forms.ModelChoiceField(User.objects.none(), label="Who")
    text = forms.CharField(
        label="What is the interest?",
        max_length=300,
        error_messages={"required": "Say what the interest is."},
    )
    is_recused = forms.TypedChoiceField(
        label="Does this person leave quorum and vote?",
        choices=[("yes", "Yes, recused"), ("no", "No, declared only")],
        coerce=lambda said: said == "yes",
        initial="yes",
        widget=forms.RadioSelect(attrs={"class": "options"}),
    )

    def __init__(self, *args: Any, members: "QuerySet[User]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", members, "Choose who")


class VotesForm(OfItemForm):
    """How each who may vote voted; what somebody voted personally is not asked again."""

    def __init__(
        self, *args: Any, voters: Iterable[Seated], own: Iterable[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for one in voters:
            if one.person in own:
                continue
            label = f"{one.name}, {one.seat}" if one.seat else one.name
            self.fields[f"v{one.person}"] = forms.ChoiceField(
                label=label,
                choices=BALLOTS,
                required=False,
                initial=one.choice.value if one.choice else None,
                widget=forms.RadioSelect(attrs={"class": "options options--row"}),
            )
            self.fields[f"r{one.person}"] = forms.CharField(
                label=f"Reason of {one.name}", required=False, max_length=300
            )

    def ballots(self) -> dict[int, Ballot]:
        said = self.changes()
        return {
            int(name[1:]): Ballot(Choice(value), said[f"r{name[1:]}"])
            for name, value in said.items()
            if name[0] == "v" and value
        }


class OwnVoteForm(forms.Form):
    choice = forms.ChoiceField(
        label="Your vote",
        choices=BALLOTS,
        widget=forms.RadioSelect(attrs={"class": "options options--row"}),
        error_messages={"required": "Choose yes, no or abstain."},
    )
    reason = forms.CharField(label="Reason", required=False, max_length=300)

    def ballot(self) -> Ballot:
        return Ballot(Choice(self.cleaned_data["choice"]), self.cleaned_data["reason"])


class RatifyForm(OfItemForm):
    is_ratified = forms.TypedChoiceField(
        label="Is it ratified?",
        choices=[("yes", "Ratified"), ("no", "Ratification refused")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect(attrs={"class": "options"}),
        error_messages={"required": "Choose one."},
    )
    reason = forms.CharField(label="Why?", required=False, max_length=1000, widget=WHY)


class PassForm(OfItemForm):
    reason = forms.CharField(
        label="Why is nothing decided?",
        required=False,
        max_length=1000,
        widget=WHY,
        help_text="Without a quorum that is what the minutes say.",
    )


class WithdrawDecisionForm(RecordForm):
    reason = forms.CharField(
        label="Why?",
        max_length=1000,
        widget=WHY,
        error_messages={"required": "Say why it is withdrawn."},
    )

    class Meta:
        model = Decision
        fields = ()

    def saved_value(self, current: Any, name: str) -> Any:
        return getattr(current, name)


class EvidenceForm(RecordForm):
    class Meta:
        model = Condition
        fields = ("evidence",)
        labels = {"evidence": "What shows that the condition is met?"}
        help_texts = {"evidence": "A contract, a report, a measurement. No patient data."}
        widgets = {"evidence": LONG}


class CloseConditionForm(RecordForm):
    """Met with evidence, or waived by the body that decided or a higher one."""

    action = forms.ChoiceField(
        label="What becomes of it?",
        choices=[("met", "It is met"), ("waived", "It is waived")],
        widget=forms.RadioSelect(attrs={"class": "options"}),
        error_messages={"required": "Choose one."},
    )
    committee = forms.ModelChoiceField(
        Committee.objects.none(),
        required=False,
        label="If waived: by which committee",
        help_text="Empty where the person who decided waives it.",
    )

    class Meta:
        model = Condition
        fields = ("evidence", "close_reason")
        labels = {"evidence": "If met: evidence", "close_reason": "If waived: why"}
        widgets = {"evidence": LONG, "close_reason": LONG}

    field_order = ("action", "evidence", "committee", "close_reason")

    def __init__(self, *args: Any, bodies: "QuerySet[Committee]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "committee", bodies.order_by(*as_read("name")), "The person who decided")

    def saved_value(self, current: Any, name: str) -> Any:
        return getattr(current, name, "")
