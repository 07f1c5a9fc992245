"""
The form of a status update.

Values that come from the records (forecasts, milestone dates) travel with what the writer saw of them,
in hidden fields ending in `_was`: only what he touched is his word, the rest stays as it stands.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.models import construct_instance
from django.utils import timezone

from pmo.common.page import formats
from pmo.common.page.editing import RecordForm, add_refusal
from pmo.common.page.forms import ColorRadio, Conflict, DayInput, FieldClash, MoneyInput
from pmo.common.page.sentences import Sentences
from pmo.common.records.fields import Prose
from pmo.common.records.writing import RefusalError
from pmo.organization.current import organization
from projects.domain.challenge import LONGEST_REASON, REASON
from projects.domain.colors import CHOICES, Color
from projects.domain.health import Axis, Measure
from projects.domain.updates import TYPED
from projects.models import Milestone, StatusUpdate
from projects.rules import axes_in_use
from projects.selectors.status import MOST_MILESTONES, StatusPage
from projects.services.milestones import DATES
from projects.validators import publishing_faults

MEANINGS = {
    Color.GREEN: "On track. No help needed.",
    Color.AMBER: "Off track, with a plan to recover.",
    Color.RED: "Off track. Needs a decision or help.",
}
NOT_JUDGED = (Color.NONE.value, "Not judged")
MILESTONE = re.compile(r"m(\d{1,18})_was")
TEXTS = ("overall_note", *(axis.note for axis in Axis))
WHY_LATE = "why it is not done and not moved"
LONG_TEXTS = ("done", "next_steps", "help_needed")


class AxisQuestion(NamedTuple):
    """One axis as the form draws it: what is asked, and what the data says."""

    label: str
    color: BoundField
    note: BoundField
    measure: Measure | None

    @property
    def data_color(self) -> str:
        return self.measure.color.value if self.measure else Color.NONE.value


class MilestoneQuestion(NamedTuple):
    milestone: Milestone
    forecast: BoundField
    actual: BoundField
    was: BoundField
    reason: BoundField
    is_overdue: bool

    @property
    def wants_reason(self) -> bool:
        """True while its day has passed, and where a reason is asked for or given."""
        return self.is_overdue or bool(
            self.reason.value() or self.reason.errors or self.forecast.errors
        )

    @property
    def is_late(self) -> bool:
        return (self.milestone.slip_days or 0) > 0


class StatusForm(RecordForm):
    """One week of one project; asks for everything only when it is published."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    forecast_finish_date_was = forms.CharField(widget=forms.HiddenInput, required=False)
    forecast_cost_was = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = StatusUpdate
        fields = TYPED
        labels = {
            "overall": "Overall status",
            "overall_note": "Why this status?",
            "done": "What got done this week?",
            "next_steps": "What happens next week?",
            "help_needed": "Decision or help needed",
            "help_from": "Who decides or helps",
            "help_due": "Needed by",
            "forecast_cost": "Forecast cost at completion",
            "forecast_finish_date": "Forecast finish",
        }
        help_texts = {
            "overall_note": "One or two plain sentences. Executives read this first. No patient data.",
            "help_needed": "Leave empty if you need nothing. Red needs it.",
        }

    def __init__(
        self,
        data: Any = None,
        *,
        page: StatusPage | None = None,
        publishing: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.publishing = publishing
        self.axes = axes_in_use()
        for axis in set(Axis) - set(self.axes):
            del self.fields[axis.value], self.fields[axis.note]
        for name in ("overall", "overall_note"):
            self.fields[name].required = publishing
        self._dress()
        for pk, label in _milestones(data, page):
            self._add_milestone(pk, label)

    def _dress(self) -> None:
        overall = forms.ChoiceField(
            choices=CHOICES,
            label=self.fields["overall"].label,
            required=self.publishing,
            error_messages={"required": "Choose an overall status."},
            widget=ColorRadio(hints={color.value: text for color, text in MEANINGS.items()}),
        )
        self.fields["overall"] = overall
        self.fields["overall_note"].error_messages["required"] = publishing_faults({})[
            "overall_note"
        ]
        for axis, label in self.axes.items():
            self.fields[axis.value] = forms.ChoiceField(
                choices=[*CHOICES, NOT_JUDGED],
                label=label,
                required=False,
                widget=ColorRadio(small=True),
            )
            self.fields[axis.note].label = f"{label}, in a sentence"
        for name in TEXTS:
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = 1 if name != "overall_note" else 2
        for name in LONG_TEXTS:
            self.fields[name].widget.attrs["rows"] = 3
        self.fields["percent_complete"].widget.attrs["inputmode"] = "numeric"
        cost = self.fields["forecast_cost"]
        cost.widget = MoneyInput(currency=organization().money)
        cost.error_messages["invalid"] = "Enter an amount, for example 20,600,000 or 20.6M."

    def _add_milestone(self, pk: int, label: str) -> None:
        self.fields[f"m{pk}_was"] = forms.CharField(widget=forms.HiddenInput, required=False)
        for name, words in (("forecast", "forecast"), ("actual", "done on")):
            self.fields[f"m{pk}_{name}"] = forms.DateField(
                required=False, widget=DayInput(), label=f"{label}, {words}"
            )
        self.fields[f"m{pk}_{REASON}"] = forms.CharField(
            required=False,
            max_length=LONGEST_REASON,
            validators=[*Prose.default_validators],
            widget=Sentences(attrs={"rows": 1}),
            label=f"{label}, {WHY_LATE}",
        )

    def clean(self) -> dict[str, Any]:
        """Add what publishing asks for; the constraints are the service's, which holds the rows."""
        said = self.cleaned_data
        for axis in self.axes:
            if said.get(axis.value) == Color.NONE:
                said[axis.value] = ""
        if self.publishing:
            for name, fault in publishing_faults(said).items():
                if name not in self.errors:
                    self.add_error(name, fault)
        return said

    def _post_clean(self) -> None:
        """Check values only: the constraints ask the database, and the service checks those rules."""
        self.instance = construct_instance(self, self.instance, self.Meta.fields)
        try:
            self.instance.clean_fields(exclude=self._get_validation_exclusions())  # type: ignore[attr-defined]  # the stubs leave it out
        except ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]  # the same

    def carried(self) -> list[BoundField]:
        """Return what the form carries unseen; the milestones' own stand in their rows."""
        names = ("version", "revision", "forecast_finish_date_was", "forecast_cost_was")
        return [self[name] for name in names]

    def milestone_ids(self) -> list[int]:
        return [int(found[1]) for name in self.fields if (found := MILESTONE.fullmatch(name))]

    def changes(self) -> dict[str, Any]:
        """Return what is sound in the form, as the service takes it: untouched records left out."""
        said = {name: value for name, value in self.cleaned_data.items() if name in TYPED}
        for name in ("forecast_finish_date", "forecast_cost"):
            if name in said and not self._is_touched(name):
                said[name] = None
        moves: dict[str, dict[str, str]] = {}
        for pk in self.milestone_ids():
            for name in DATES:
                if self._is_touched(f"m{pk}_{name}"):
                    day = self.cleaned_data[f"m{pk}_{name}"]
                    moves.setdefault(str(pk), {})[name] = day.isoformat() if day else ""
            if reason := self.cleaned_data.get(f"m{pk}_{REASON}"):
                moves.setdefault(str(pk), {})[REASON] = reason
        return said | {"milestone_dates": moves}

    def seen(self) -> dict[str, Any]:
        """Return what the writer saw of each record he touched."""
        names = ["forecast_finish_date", "forecast_cost"]
        names += [f"m{pk}_{name}" for pk in self.milestone_ids() for name in DATES]
        return {name: self._was(name) for name in names if self._is_touched(name)}

    def _is_touched(self, name: str) -> bool:
        return name in self.cleaned_data and self.cleaned_data[name] != self._was(name)

    def _was(self, name: str) -> date | Decimal | None:
        if name == "forecast_cost":
            return _amount(self.cleaned_data.get("forecast_cost_was", ""))
        if name == "forecast_finish_date":
            return _day(self.cleaned_data.get("forecast_finish_date_was", ""))
        key, _, which = name.partition("_")
        both = self.cleaned_data.get(f"{key}_was", "").partition("|")
        return _day(both[0] if which == "forecast" else both[2])

    def add_refusal(self, refusal: ValidationError | RefusalError) -> None:
        """Show the service's refusal at its field; what moved meanwhile is seen from now on."""
        add_refusal(self, refusal)
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, always
        for name, errors in getattr(refusal, "error_dict", {}).items():
            for error in errors:
                if error.code == "moved" and error.params:
                    self._see(data, name, error.params["now"])
        self.data = data

    def _see(self, data: Any, name: str, now: Any) -> None:
        if name in ("forecast_cost", "forecast_finish_date"):
            data[f"{name}_was"] = "" if now is None else str(now)
            return
        key, _, which = name.partition("_")
        both = data.get(f"{key}_was", "|").partition("|")
        text = now.isoformat() if now else ""
        data[f"{key}_was"] = f"{text}|{both[2]}" if which == "forecast" else f"{both[0]}|{text}"

    def adopt(self, page: StatusPage) -> None:
        """Let the next save go through: the writer has been shown what stands."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, always
        data["version"] = str(page.draft.version if page.draft else 0)
        data["revision"] = str(page.revision)
        self.data = data

    def axis_rows(self, measures: Mapping[Axis, Measure]) -> list[AxisQuestion]:
        return [
            AxisQuestion(label, self[axis.value], self[axis.note], measures.get(axis))
            for axis, label in self.axes.items()
        ]

    def milestone_rows(self, page: StatusPage) -> list[MilestoneQuestion]:
        """Pair the page's milestones with their fields; one added meanwhile waits for the next load."""
        rows = []
        for one in page.milestones:
            if f"m{one.pk}_was" in self.fields:
                key = f"m{one.pk}"
                self.fields[f"{key}_forecast"].label = f"{one.name}, forecast"
                self.fields[f"{key}_actual"].label = f"{one.name}, done on"
                self.fields[f"{key}_{REASON}"].label = f"{one.name}, {WHY_LATE}"
                both = self[f"{key}_forecast"], self[f"{key}_actual"]
                asked = *both, self[f"{key}_was"], self[f"{key}_{REASON}"]
                rows.append(MilestoneQuestion(one, *asked, _is_overdue(one, page)))
        return rows


def _is_overdue(milestone: Milestone, page: StatusPage) -> bool:
    due = milestone.due_date
    return milestone.actual_date is None and due is not None and due < page.due.now.date()


def _milestones(data: Any, page: StatusPage | None) -> list[tuple[int, str]]:
    """Return the milestones a form shows, or those that a sent form speaks of."""
    if data is None:
        return [(one.pk, one.name) for one in page.milestones] if page else []
    sent = [int(found[1]) for key in data if (found := MILESTONE.fullmatch(key))]
    return [(pk, "Milestone") for pk in sent[:MOST_MILESTONES]]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def initial_of(page: StatusPage) -> dict[str, Any]:
    """Fill the form: from the draft, else from what it corrects, else from last week's update."""
    source = page.draft or page.same or page.last
    initial: dict[str, Any] = {"version": page.draft.version if page.draft else 0}
    initial["revision"] = page.draft.revision if page.draft else page.revision
    if source:
        initial |= {name: getattr(source, name) for name in StatusForm.Meta.fields}
        initial |= {axis.value: initial[axis.value] or Color.NONE.value for axis in Axis}
    if source is page.last and not page.same:
        initial |= {"done": "", "next_steps": ""}
    keeps = page.draft or (page.same if page.is_past else None)
    finish, cost = page.project.forecast_finish_date, page.figures.money.forecast.value
    shown_finish = (keeps and keeps.forecast_finish_date) or finish
    shown_cost = keeps.forecast_cost if keeps and keeps.forecast_cost is not None else cost
    initial |= {"forecast_finish_date": shown_finish, "forecast_cost": _plain(shown_cost)}
    if not page.is_past:
        initial["forecast_finish_date_was"] = finish.isoformat() if finish else ""
        initial["forecast_cost_was"] = "" if cost is None else str(cost)
    said = page.draft.milestone_dates if page.draft else {}
    reasons = (page.draft or page.same or StatusUpdate()).milestone_dates
    for one in page.milestones:
        live = {"forecast": _iso(one.forecast_date), "actual": _iso(one.actual_date)}
        shown = live | said.get(str(one.pk), {})
        initial[f"m{one.pk}_was"] = f"{live['forecast']}|{live['actual']}"
        initial |= {f"m{one.pk}_{name}": shown[name] for name in DATES}
        initial[f"m{one.pk}_{REASON}"] = reasons.get(str(one.pk), {}).get(REASON, "")
    return initial


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _plain(amount: Decimal | None) -> str:
    """Write an amount as somebody types it: "20,610,000"."""
    return "" if amount is None else formats.money_exact(amount, "").replace(formats.MINUS, "-")


def conflict_of(form: StatusForm, current: StatusUpdate | None) -> Conflict:
    """Compare what was typed with what stands now."""
    typed, differences = form.changes(), []
    for name in StatusForm.Meta.fields if current else []:
        if name not in form.fields:
            continue
        yours, theirs = typed.get(name, ""), getattr(current, name)
        if (yours or theirs) and yours != theirs:
            label = str(form.fields[name].label)
            one = FieldClash(label=label, yours=_shown(yours), theirs=_shown(theirs))
            differences.append(one)
    author = current.author if current else None
    at = current.published_at or current.saved_at if current else timezone.now()
    return Conflict(by=str(author) if author else "Another person", at=at, differences=differences)


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(value, Decimal):
        return formats.money_exact(value, organization().money)
    if value in set(Color):
        return Color(value).label
    return "" if value is None else str(value)
