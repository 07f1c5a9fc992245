"""What the registers can be narrowed to; the address alone reproduces the list."""

from datetime import date
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import F, OrderBy, QuerySet

from pmo.accounts.models import User, marked
from pmo.common.records.search import as_read, found, sort_key
from projects.models import InProjectQuerySet, Project
from risks.domain.matrix import BANDS, Band
from risks.models import (
    Issue,
    IssueQuerySet,
    IssueState,
    Risk,
    RiskKind,
    RiskQuerySet,
    RiskState,
    Severity,
)

OFFERED = 100  # a longer select helps nobody; the search finds the rest
ALL = "all"
MINE, NOBODY = "me", "none"
RISK_ORDERS: dict[str, str] = {
    "score": "score",
    "title": "title",
    "project": "project__name",
    "owner": "owner__name",
    "review": "review_date",
}
ISSUE_ORDERS: dict[str, str] = {
    "severity": "severity",
    "title": "title",
    "project": "project__name",
    "owner": "owner__name",
    "due": "due_date",
}
R = TypeVar("R", Risk, Issue)
ALWAYS_KNOWN = frozenset(
    {"score", "severity", "title", "project"}
)  # an index serves these as they are
Q_ = TypeVar("Q_", RiskQuerySet, IssueQuerySet)


def ordering(orders: dict[str, str], wanted: str, default: str) -> list[OrderBy]:
    """Return the order of `wanted` ("-" before it turns it round), the unknown last, then by pk."""
    if wanted.removeprefix("-") not in orders:
        wanted = default
    name = wanted.removeprefix("-")
    column, last = sort_key(orders[name]), None if name in ALWAYS_KNOWN else True
    first = column.desc(nulls_last=last) if wanted != name else column.asc(nulls_last=last)
    return [first, F("pk").asc()]


def sorted_risks(risks: RiskQuerySet, wanted: str) -> RiskQuerySet:
    """Order by one of RISK_ORDERS; the highest score first otherwise."""
    return risks.order_by(*ordering(RISK_ORDERS, wanted, "-score"))


def sorted_issues(issues: IssueQuerySet, wanted: str) -> IssueQuerySet:
    """Order by one of ISSUE_ORDERS; the most severe first otherwise."""
    return issues.order_by(*ordering(ISSUE_ORDERS, wanted, "-severity"))


def named_rows(records: "QuerySet[Any]") -> list[tuple[int, str]]:
    """Return ids and names for a select, one more than is offered so that too many show."""
    return list(records.order_by(*as_read("name", "pk")).values_list("pk", "name")[: OFFERED + 1])


class RegisterFilter(forms.Form, Generic[Q_]):
    """Search, project and owner over entries the reader may see; anything unknown is ignored."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"placeholder": "Title, project or code"}),
    )
    project = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    owner = forms.ChoiceField(required=False)

    def __init__(
        self, *args: Any, user: User, entries: InProjectQuerySet[R], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self._offer_projects(entries)
        self._offer_owners(entries)

    def _offer_projects(self, entries: InProjectQuerySet[R]) -> None:
        projects = Project.objects.filter(pk__in=entries.order_by().values("project_id"))
        names: list[tuple[int, str]] = named_rows(projects)
        field = self.fields["project"]
        if len(names) > OFFERED:
            field.widget = forms.HiddenInput()
        else:
            field.widget = forms.Select(choices=[("", "All projects"), *names])

    def _offer_owners(self, entries: InProjectQuerySet[R]) -> None:
        owners = User.objects.filter(pk__in=entries.order_by().values("owner_id"))
        rows = owners.order_by(*as_read("name", "pk")).values_list("pk", "name", "is_active")
        names = [
            (pk, name if is_active else marked(name)) for pk, name, is_active in rows[: OFFERED + 1]
        ]
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        people: list[tuple[str, str]] = [
            (str(pk), name) for pk, name in names if len(names) <= OFFERED
        ]
        field.choices = [("", "Anybody"), (MINE, "Me"), (NOBODY, "No owner yet"), *people]

    def scope(self, entries: Q_) -> Q_:
        """Narrow to one project when the address names one; counts and map are within this."""
        self.is_valid()
        project = self.cleaned_data.get("project")
        return entries.filter(project=project) if project else entries

    def apply_common(self, entries: Q_) -> Q_:
        """Narrow by search and owner; ask after `scope`."""
        if words := self.cleaned_data.get("q"):
            entries = entries.filter(found(entries.model, words))
        owner = self.cleaned_data.get("owner")
        if owner == NOBODY:
            return entries.filter(owner=None)
        if owner:
            return entries.filter(owner=self.user.pk if owner == MINE else int(owner))
        return entries


class RiskListFilter(RegisterFilter[RiskQuerySet]):
    """The risk register's own: state, kind, band, one cell of the map, overdue review."""

    state = forms.ChoiceField(
        required=False, choices=[("", "Open"), *RiskState.choices[1:], (ALL, "All")]
    )
    kind = forms.ChoiceField(required=False, choices=[("", "All kinds"), *RiskKind.choices])
    band = forms.ChoiceField(
        required=False,
        choices=[("", "All scores"), *((b.value, b.label) for b in reversed(Band))],
        label="Score",
    )
    overdue = forms.BooleanField(label="Review overdue", required=False)
    likelihood = forms.IntegerField(required=False, min_value=1, max_value=5)
    impact = forms.IntegerField(required=False, min_value=1, max_value=5)

    shown = ("q", "band", "kind", "project", "owner", "overdue")

    @property
    def is_of_a_state_alone(self) -> bool:
        """True when nothing but the project and the state narrows the list; ask after `scope`."""
        narrowing = {*self.fields} - {"project", "state"}
        return not any(self.cleaned_data.get(name) for name in narrowing)

    def apply(self, risks: RiskQuerySet, *, as_of: date) -> RiskQuerySet:
        """Narrow by everything but the project; ask after `scope`."""
        chosen = self.cleaned_data
        risks = self.apply_common(risks)
        state = chosen.get("state", "")
        if state != ALL:
            risks = risks.filter(state=state or RiskState.OPEN)
        if kind := chosen.get("kind"):
            risks = risks.filter(kind=kind)
        if band := chosen.get("band"):
            risks = risks.filter(score__in={x * y for (x, y), b in BANDS.items() if b == band})
        if chosen.get("overdue"):
            risks = risks.review_overdue(as_of)
        cell = {name: chosen[name] for name in ("likelihood", "impact") if chosen.get(name)}
        return risks.filter(**cell)


class IssueFilter(RegisterFilter[IssueQuerySet]):
    """The issue list's own: state, severity, past its date."""

    state = forms.ChoiceField(
        required=False, choices=[("", "Open"), *IssueState.choices[1:], (ALL, "All")]
    )
    severity = forms.TypedChoiceField(
        required=False,
        coerce=int,
        choices=[("", "All severities"), *reversed(Severity.choices)],
    )
    overdue = forms.BooleanField(label="Past due", required=False)

    shown = ("q", "severity", "project", "owner", "overdue")

    def apply(self, issues: IssueQuerySet, *, as_of: date) -> IssueQuerySet:
        """Narrow by everything but the project; ask after `scope`."""
        chosen = self.cleaned_data
        issues = self.apply_common(issues)
        state = chosen.get("state", "")
        if state != ALL:
            issues = issues.filter(state=state or IssueState.OPEN)
        if severity := chosen.get("severity"):
            issues = issues.filter(severity=severity)
        return issues.overdue(as_of) if chosen.get("overdue") else issues
