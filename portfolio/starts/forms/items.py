"""Forms of what came with a template: the project's own values, and who fills a role."""

from decimal import Decimal
from typing import Any

from django import forms

from pmo.accounts.forms import person_said
from pmo.common.page.forms import MoneyInput
from pmo.common.records.fields import Line
from pmo.organization.current import organization
from portfolio.starts.domain.kinds import ItemKind
from portfolio.starts.models import StartItem
from projects.models.money import within_reason
from projects.project_templates.domain.sections import BY_NAME, FieldSpec, Holds

# what is the project's own to say; names and kinds stay the template's
CHANGED = {
    "measures": ("baseline", "target"),
    "training": ("hours", "target_percent"),
    "adoption": ("target_percent", "target_max_percent", "target_max"),
}
PLACES = 4


class ItemForm(forms.Form):
    """The figures of one example."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: StartItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.fields["version"].initial = item.version
        if item.record_kind == ItemKind.LINE:
            self.fields["amount"] = forms.DecimalField(
                label="Amount",
                min_value=0,
                max_digits=16,
                decimal_places=2,
                validators=[within_reason],
                initial=item.amount,
                widget=MoneyInput(currency=str(organization().currency)),
            )
        for name in CHANGED.get(item.section, ()):
            spec = BY_NAME[item.section].spec_of(name)
            if spec is not None and item.said.get(name) is not None:
                self.fields[name] = _field(spec, item.said[name])

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _field(spec: FieldSpec, now: Any) -> forms.Field:
    least, most = Decimal(str(spec.least)), Decimal(str(spec.most))
    if spec.holds is Holds.WHOLE:
        return forms.IntegerField(
            label=spec.label, initial=now, min_value=int(least), max_value=int(most)
        )
    return forms.DecimalField(
        label=spec.label,
        initial=Decimal(str(now)).normalize(),
        min_value=least,
        max_value=most,
        decimal_places=PLACES,
    )


class FillRoleForm(forms.Form):
    """Who fills a role; nobody where it is open."""

    person = forms.CharField(
        label="Person",
        required=False,
        max_length=200,
        validators=Line.default_validators,
        help_text="A name or an email address. Empty: the role is open.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, choices_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if choices_url:
            self.fields["person"].widget.attrs |= {
                "list": "people-choices",
                "hx-get": choices_url,
                "hx-trigger": "input changed delay:200ms",
                "hx-target": "#people-choices",
                "hx-sync": "this:replace",
            }

    def clean_person(self) -> Any:
        said = self.cleaned_data["person"].strip()
        return person_said(said) if said else None
