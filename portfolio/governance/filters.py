"""What the register can be narrowed to; the address alone reproduces the list."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from pmo.common.records.search import found
from portfolio.governance.domain.kinds import ConditionState, DecisionState
from portfolio.governance.models import Condition, Decision, DecisionQuerySet

ALL = "all"
MOST = 2**63 - 1


class RegisterFilters(forms.Form):
    """How decisions stand, and words; anything unknown is ignored."""

    state = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Waiting"),
            ("overdue", "Overdue"),
            ("decided", "Decided"),
            ("draft", "Drafts"),
            (ALL, "All"),
        ],
    )
    q = forms.CharField(
        label="Search",
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"placeholder": "Question, number or project"}),
    )
    project = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    committee = forms.IntegerField(required=False, min_value=1, max_value=MOST)

    def scope(self, rows: DecisionQuerySet) -> DecisionQuerySet:
        """Narrow to a project or a committee that the address names; counts are within this."""
        self.is_valid()
        if project := self.cleaned_data.get("project"):
            rows = rows.filter(project=project)
        if committee := self.cleaned_data.get("committee"):
            rows = rows.filter(decider_committee=committee)
        return rows

    def apply(self, rows: DecisionQuerySet, *, as_of: date) -> DecisionQuerySet:
        """Narrow by state and words, and put what waits longest first; ask after `scope`."""
        if words := self.cleaned_data.get("q"):
            rows = rows.filter(found(Decision, words))
        state = self.cleaned_data.get("state", "")
        if state == "decided":
            rows = rows.filter(state=DecisionState.DECIDED.value)
            return rows.order_by("-decided_on", "-pk")
        if state == "draft":
            return rows.filter(state=DecisionState.DRAFT.value).order_by("-pk")
        if state == ALL:
            return rows.order_by("-pk")
        return (rows.overdue(as_of) if state == "overdue" else rows.waiting()).oldest_first()


class ConditionFilter(forms.Form):
    """Open, overdue or all conditions."""

    state = forms.ChoiceField(
        required=False, choices=[("", "Open"), ("overdue", "Overdue"), (ALL, "All")]
    )

    def apply(self, rows: "QuerySet[Condition]", *, as_of: date) -> "QuerySet[Condition]":
        self.is_valid()
        state: Any = self.cleaned_data.get("state", "")
        if state == ALL:
            return rows
        rows = rows.filter(state=ConditionState.OPEN.value)
        return rows.filter(due__lt=as_of) if state == "overdue" else rows
