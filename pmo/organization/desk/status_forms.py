"""Forms for what a status is judged by, and for categories."""

from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField

from pmo.common.page.editing import RecordForm
from pmo.common.records.fields import no_control_characters, no_patient_data
from pmo.organization import axes as axis_rules
from pmo.organization import bands as band_rules
from pmo.organization.axes import ALWAYS, AXES, AxisSetting
from pmo.organization.bands import AMBER_GRADES, GRADES, IN_PRESETS, OWN, PRESETS, RED_GRADES, Bands
from pmo.organization.models import Category, Organization

OWN_ABOUT = "The numbers below, for schedule and cost apart."
LABELS = {
    "schedule_green": "Schedule: green up to, %",
    "schedule_amber": "Schedule: red above, %",
    "schedule_days": "Schedule: green up to, working days",
    "cost_green": "Cost: green up to, %",
    "cost_amber": "Cost: red above, %",
    "risk_amber": "Risk: amber from",
    "risk_red": "Risk: red from",
    "stale_days": "A reported color counts for, days",
}
HELP = {
    "schedule_green": "Late, of the planned duration.",
    "schedule_amber": "Late, of the planned duration.",
    "schedule_days": "Later is amber. 0 to 60.",
    "cost_green": "Over the approved budget.",
    "cost_amber": "Over the approved budget.",
    "risk_amber": "Grade of the highest open risk.",
    "risk_red": "Grade of the highest open risk.",
    "stale_days": "Then there is no report. 1 to 90.",
}


class CardRadio(forms.RadioSelect):
    """Choices as cards, each with a sentence on what it does: `hints` by value."""

    template_name = "components/widgets/card_radio.html"

    def __init__(self, *, hints: dict[str, str]) -> None:
        super().__init__()
        self.hints = hints

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"hints": self.hints}


class ShareInput(forms.TextInput):
    """A share in percent; a typed percent sign does no harm."""

    def __init__(self) -> None:
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("%", "").strip() if isinstance(value, str) else value


class AxisRow(NamedTuple):
    """One axis as the form draws it; `used` is None for those that are always in use."""

    label: str
    name: BoundField
    used: BoundField | None


def _grades(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, GRADES[name]) for name in names]


class StatusRulesForm(RecordForm):
    """The bands of the colors, by a known set or own numbers, and the axes."""

    preset = forms.ChoiceField(
        label="Which bands for schedule and cost?",
        choices=[*((key, one.name) for key, one in PRESETS.items()), (OWN, "Own numbers")],
        widget=CardRadio(hints={key: one.about for key, one in PRESETS.items()} | {OWN: OWN_ABOUT}),
        error_messages={"required": "Choose one of the sets, or own numbers."},
    )
    risk_amber = forms.ChoiceField(choices=_grades(AMBER_GRADES))
    risk_red = forms.ChoiceField(choices=_grades(RED_GRADES))
    stale_days = forms.IntegerField(min_value=band_rules.LEAST_STALE_DAYS)

    class Meta:
        model = Organization
        fields = ()

    def __init__(self, data: Any = None, *, instance: Organization) -> None:
        super().__init__(data, instance=instance)
        # nobody has saved yet: a row that appears meanwhile is somebody else's
        self.initial["version"] = 0 if instance._state.adding else instance.version
        for name in IN_PRESETS:
            kind = forms.IntegerField if name == "schedule_days" else forms.DecimalField
            self.fields[name] = kind(error_messages={"required": "Give a number."})
            if name != "schedule_days":
                self.fields[name].widget = ShareInput()
        for one in axis_rules.axes_of(instance.axes):
            # no longest here: the rule of the axes says it in a sentence
            self.fields[f"axis_{one.key}"] = forms.CharField(
                label=f"Name of {AXES[one.key]}",
                error_messages={"required": "Give the area a name."},
                validators=[no_patient_data, no_control_characters],
            )
            if one.key not in ALWAYS:
                self.fields[f"used_{one.key}"] = forms.BooleanField(label="In use", required=False)
        for name, label in LABELS.items():
            self.fields[name].label, self.fields[name].help_text = label, HELP.get(name, "")
        for name in self.fields:
            if name != "version":
                self.initial[name] = self.saved_value(instance, name)

    def saved_value(self, current: Any, name: str) -> Any:
        """Return what a field shows of the settings as saved."""
        bands = band_rules.bands_of(current.bands)
        if name == "preset":
            return band_rules.preset_of(bands)
        kind, _, key = name.partition("_")
        if kind in ("axis", "used") and key in AXES:
            one = {axis.key: axis for axis in axis_rules.axes_of(current.axes)}[key]
            return one.name if kind == "axis" else one.in_use
        return getattr(bands, name)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        preset = said.get("preset")
        if preset in PRESETS:
            # the numbers below belong to nothing chosen, so they cannot be at fault
            for name in IN_PRESETS:
                self._errors.pop(name, None)  # type: ignore[attr-defined]  # the stubs leave it out
            said |= band_rules.preset_values(PRESETS[preset].bands)
        if not self.errors:
            for name, fault in band_rules.faults_of(Bands(**self.bands())).items():
                self.add_error(name, fault)
        for key, fault in axis_rules.faults_of(self.axes()).items():
            if f"axis_{key}" not in self.errors:
                self.add_error(f"axis_{key}", fault)
        return said

    def bands(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in band_rules.NAMES}

    def axes(self) -> list[AxisSetting]:
        said = self.cleaned_data
        return [
            AxisSetting(
                key,
                " ".join(said.get(f"axis_{key}", "").split()),
                in_use=key in ALWAYS or bool(said.get(f"used_{key}")),
            )
            for key in AXES
        ]

    @property
    def own_rows(self) -> list[list[BoundField]]:
        """Return the fields of schedule and those of cost, each a row."""
        rows = ("schedule", "cost")
        return [[self[name] for name in IN_PRESETS if name.startswith(row)] for row in rows]

    @property
    def other_fields(self) -> list[BoundField]:
        return [self[name] for name in ("risk_amber", "risk_red", "stale_days")]

    @property
    def axis_rows(self) -> list[AxisRow]:
        return [
            AxisRow(
                label,
                self[f"axis_{key}"],
                None if key in ALWAYS else self[f"used_{key}"],
            )
            for key, label in AXES.items()
        ]


class CategoryForm(RecordForm):
    """A category's name; its code stays what it was made as."""

    class Meta:
        model = Category
        fields = ("name",)
        help_texts = {"name": "What lists, charts and reports call these projects."}

    def validate_unique(self) -> None:
        """Leave it to the service, which holds the table while it looks."""

    def validate_constraints(self) -> None:
        """Leave it to the service, for the same reason."""
