"""What the register of requests can be narrowed to; the address alone reproduces the list."""

from typing import Any

from django import forms
from django.db.models import F, Q

from pmo.accounts.models import Unit, in_tree_order
from pmo.common.records.search import found
from portfolio.intake.domain.kinds import ACCEPTED, IN_TRIAGE, QueueAge, RequestState
from portfolio.intake.models import ProjectRequest, RequestQuerySet
from projects.domain.kinds import Lane

ALL = "all"
GROUPS = {
    "": IN_TRIAGE,
    "accepted": ACCEPTED,
    "declined": (RequestState.DECLINED,),
    "over": (RequestState.MERGED, RequestState.WITHDRAWN),
}
UNTRIAGED = "none"


class QueueFilter(forms.Form):
    """State, age, lane, unit and words; anything unknown is ignored."""

    state = forms.ChoiceField(required=False, choices=[(key, key) for key in (*GROUPS, ALL)])
    age = forms.ChoiceField(required=False, choices=[("", "Any age"), *QueueAge.choices()])
    lane = forms.ChoiceField(
        required=False,
        choices=[("", "All lanes"), *Lane.choices(), (UNTRIAGED, "No lane yet")],
    )
    unit = forms.ChoiceField(required=False)
    q = forms.CharField(
        label="Search",
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"placeholder": "Title, problem or reason"}),
    )

    shown = ("age", "lane", "unit", "q")

    def __init__(self, *args: Any, requests: RequestQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(pk__in=requests.order_by().values("unit"))
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        self.paths = {str(unit.pk): (unit.path, str(unit.name)) for unit in in_tree_order(units)}
        named = [(key, name) for key, (_, name) in self.paths.items()]
        field.choices = [("", "All units"), *named]
        self.is_valid()

    def chosen(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")

    def apply(self, requests: RequestQuerySet, ages: dict[QueueAge, Q]) -> RequestQuerySet:
        """Narrow by everything; what is nearest to its day first, then the newest."""
        if (state := self.chosen("state")) != ALL:
            requests = requests.filter(state__in=[one.value for one in GROUPS.get(state, ())])
        if age := self.chosen("age"):
            requests = requests.filter(ages[QueueAge(age)])
        if lane := self.chosen("lane"):
            requests = requests.filter(lane="" if lane == UNTRIAGED else lane)
        if unit := self.chosen("unit"):
            requests = requests.filter(unit__path__startswith=self.paths[unit][0])
        if words := self.chosen("q"):
            requests = requests.filter(found(ProjectRequest, words))
        due, newest = F("answer_due_on"), F("submitted_on")
        return requests.order_by(due.asc(nulls_last=True), newest.desc(nulls_last=True), "pk")
