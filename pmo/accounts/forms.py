"""Forms for people, units and tokens."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.forms.models import ModelChoiceIterator

from pmo.accounts.models import Unit, User, in_tree_order
from pmo.accounts.roles import DESCRIPTIONS, ORGANIZATION_ROLES, Role
from pmo.common.editing import RecordForm

TOKEN_DAYS = ((30, "30 days"), (90, "90 days"), (365, "1 year"))


class SignInForm(AuthenticationForm):
    # One sentence for both causes: a stranger must not learn which addresses exist.
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "E-mail and password do not belong together. Capital letters count in the password.",
    }


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # Django has no generic forms at run time
    class Meta:
        model = User
        fields = ("name", "email", "title")
        labels = {"email": "E-mail, used to sign in", "title": "Position"}


class UnitsInOrder(ModelChoiceIterator):  # type: ignore[type-arg]  # no generic forms at run time
    """Offers units as a tree, which no ORDER BY gives."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield "", str(self.field.empty_label)
        yield from map(self.choice, in_tree_order(self.queryset.all()))


class UnitChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic forms at run time
    """A select of units that shows their tree."""

    iterator = UnitsInOrder

    def label_from_instance(self, obj: Any) -> str:
        return f"{'– ' * obj.depth}{obj.name}"


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=[(r.value, r.label) for r in ORGANIZATION_ROLES])
    unit = UnitChoiceField(
        Unit.objects.all(),
        required=False,
        empty_label="The whole organization",
        label="Where",
        help_text="A role in a unit holds in every unit below it too.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [f"{role.label}: {DESCRIPTIONS[role]}" for role in ORGANIZATION_ROLES]
        self.role_lines = lines

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class UnitForm(RecordForm):
    parent = UnitChoiceField(
        Unit.objects.all(),
        required=False,
        empty_label="Nothing, it is at the top",
        label="Part of",
    )

    class Meta:
        model = Unit
        fields = ("name", "kind", "parent", "headcount")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, UnitChoiceField)  # noqa: S101 - narrows the type
        if self.instance.pk:
            parent.queryset = Unit.objects.exclude(path__startswith=self.instance.path)


class TokenForm(forms.Form):
    days = forms.TypedChoiceField(
        choices=TOKEN_DAYS,
        coerce=int,
        initial=90,
        label="Valid for",
        help_text="A token can do what you can do. It stops working when your rights end.",
    )
