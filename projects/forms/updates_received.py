"""The filters of the updates that came in."""

from dataclasses import dataclass

from django import forms
from django.db.models import Q

from pmo.common.records.search import found
from projects.models.project import ProjectQuerySet
from projects.selectors.updates_received import RANKS, Arrival, Counts

ALL = [("", "All")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalSegment:
    value: str
    label: str
    count: int
    icon: str
    checked: bool


class ReceivedFilter(forms.Form):
    """What the address asks for; a value nobody offers filters nothing."""

    state = forms.ChoiceField(choices=[*ALL, *Arrival.choices()], required=False)
    disputed = forms.ChoiceField(
        label="Show",
        choices=[("", "All projects"), ("1", "Where the manager says better than the data")],
        required=False,
    )
    q = forms.CharField(
        label="Find",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Project or manager"}),
    )

    def value(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))

    def is_narrow(self) -> bool:
        return bool(self.value("disputed") or self.value("q"))

    def narrow(self, projects: ProjectQuerySet) -> ProjectQuerySet:
        """Apply everything but the state, whose counts must add up to what is left."""
        if self.value("disputed"):
            projects = projects.filter(Q(is_disputed=True))
        if words := self.value("q"):
            projects = projects.filter(found(projects.model, words))
        return projects

    def apply(self, projects: ProjectQuerySet) -> ProjectQuerySet:
        state = self.value("state")
        return projects.filter(Q(rank=RANKS[Arrival(state)])) if state else projects

    def segments(self, counts: Counts) -> list[ArrivalSegment]:
        chosen = self.value("state")
        icons = {Arrival.MISSING: "clock", Arrival.DRAFT: "pencil", Arrival.RECEIVED: "check"}
        offered = [came for came in Arrival if came is not Arrival.OPTIONAL or counts.optional]
        numbers = {
            Arrival.MISSING: counts.missing,
            Arrival.DRAFT: counts.draft,
            Arrival.RECEIVED: counts.received,
            Arrival.OPTIONAL: counts.optional,
        }
        found = [
            ArrivalSegment(value="", label="All", count=counts.total, icon="", checked=not chosen)
        ]
        found += [
            ArrivalSegment(
                value=came.value,
                label=came.label,
                count=numbers[came],
                icon=icons.get(came, ""),
                checked=came.value == chosen,
            )
            for came in offered
        ]
        return found
