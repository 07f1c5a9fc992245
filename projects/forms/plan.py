"""Forms for the rows of a plan."""

from typing import Any

from django import forms

from pmo.common.page.editing import RecordForm
from pmo.common.page.sentences import Sentences
from pmo.common.records.search import as_read
from projects.domain.plan.predecessors import PredecessorsError, read, written
from projects.forms.money import with_currency
from projects.forms.records import narrowed
from projects.models import BudgetLine, Milestone, Project, Task, TaskStep, WorkCalendar
from projects.selectors.planning import waits_of

WAITS_HELP = "Row numbers, with a kind and a lag where needed: 3, 5SS, 3FS+2d, 7+3ed."
LABELS = {
    "duration": "Working days",
    "percent_complete": "Done, in percent",
    "actual_start": "Started on",
    "actual_finish": "Finished on",
    "constraint": "Date rule",
    "constraint_date": "Date",
    "calendar": "Calendar",
    "earning": "Earns its value by",
    "budget_line": "Budget line",
    "milestone": "Stands for the milestone",
}


class WaitsField(forms.CharField):
    """Predecessors as text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="Predecessors", required=False, max_length=500, **kwargs)

    def clean(self, value: Any) -> str:
        """Refuse what cannot be read, together with the form's other errors."""
        said: str = super().clean(value)
        try:
            read(said)
        except PredecessorsError as error:
            raise forms.ValidationError(str(error), code="waits_for") from None
        return said


class TaskForm(RecordForm):
    """Everything about a row; the row's own form asks for less."""

    waits_for = WaitsField(help_text=WAITS_HELP)

    class Meta:
        model = Task
        fields = (
            "name",
            "kind",
            "duration",
            "constraint",
            "constraint_date",
            "actual_start",
            "actual_finish",
            "percent_complete",
            "calendar",
            "planned_cost",
            "budget_line",
            "earning",
            "milestone",
            "notes",
        )
        labels = LABELS
        help_texts = {
            "kind": "Support takes time and money but is no work of its own: scaffolding, a rented crane.",
            "duration": "Whole days; 0 makes a milestone.",
            "constraint_date": "Only with a date rule.",
            "actual_start": "Leave empty until it has.",
            "actual_finish": "Leave empty until it has.",
            "calendar": "The days on which this is worked, if other than the project's.",
            "milestone": "The reported milestone that takes its date from this row.",
        }
        widgets = {"notes": Sentences(attrs={"rows": 3})}

    field_order: tuple[str, ...] = ("name", "kind", "duration", "waits_for")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        task = self.instance
        self.initial["waits_for"] = written(waits_of([task]).get(task.pk, []))
        with_currency(self)
        project = task.project_id
        for name, rows, empty in (
            ("calendar", WorkCalendar.objects.order_by(*as_read("name", "pk")), "The project's"),
            ("budget_line", BudgetLine.objects.filter(project=project).order_by("pk"), "None"),
            ("milestone", Milestone.objects.filter(project=project).by_date(), "None"),
        ):
            if name in self.fields:
                narrowed(self, name, rows, empty)

    def _get_validation_exclusions(self) -> Any:
        """Leave the rules across these fields to the service: it completes the values first."""
        left = {"actual_start", "actual_finish", "constraint", "constraint_date"}
        return super()._get_validation_exclusions() | left  # type: ignore[misc]  # not in the stubs

    def saved_value(self, current: Any, name: str) -> Any:
        if name == "waits_for":
            return written(waits_of([current]).get(current.pk, []))
        return super().saved_value(current, name)


class SummaryForm(TaskForm):
    """A row that sums up others: the rest comes from them."""

    class Meta(TaskForm.Meta):
        fields = ("name", "notes")  # type: ignore[assignment]  # fewer than above


class TaskRowForm(TaskForm):
    """What is edited in the plan's table; the fields stand in cells outside of their form."""

    class Meta(TaskForm.Meta):
        fields = (  # type: ignore[assignment]  # fewer than above
            "name",
            "duration",
            "actual_start",
            "actual_finish",
            "percent_complete",
            "constraint_date",
        )
        labels = LABELS | {"constraint_date": "Not before"}

    field_order = ("name", "duration", "waits_for")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        task = self.instance
        self.auto_id = f"task-{task.pk}-%s"  # several rows may be open at once
        if task.is_summary:
            for name in set(self.fields) - {"name", "version", "waits_for"}:
                del self.fields[name]
        elif task.constraint not in {"none", "start_not_before"}:
            del self.fields["constraint_date"]
        for field in self.fields.values():
            field.help_text = ""
        self.fields["waits_for"].widget.attrs["placeholder"] = "3FS+2d, 5SS"
        self.fields["name"].widget.attrs["data-focus"] = True


class TaskAddForm(forms.Form):
    """A new row, typed below the table."""

    name = forms.CharField(label="New task", max_length=200)
    duration = forms.IntegerField(
        label="Working days", min_value=0, max_value=9_999, initial=1, help_text="0 is a milestone"
    )
    waits_for = WaitsField()
    after = forms.ModelChoiceField(Task.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "add-%s"
        self.fields["waits_for"].widget.attrs["placeholder"] = "3FS+2d, 5SS"
        field = self.fields["after"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        field.queryset = Task.objects.filter(project=project)


class StepForm(RecordForm):
    """One weighted step of a task."""

    class Meta:
        model = TaskStep
        fields = ("name", "weight", "done_on")
        labels = {"name": "Step", "done_on": "Done on"}
        help_texts = {
            "weight": "From 1 to 100; a step of weight 2 earns twice as much as one of weight 1.",
            "done_on": "Leave empty until it is.",
        }
