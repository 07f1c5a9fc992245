"""Forms for people, units and tokens."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from pmo.accounts.models import Unit, User
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


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=[(r.value, r.label) for r in ORGANIZATION_ROLES])
    unit = forms.ModelChoiceField(
        Unit.objects.order_by("path"),
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
    class Meta:
        model = Unit
        fields = ("name", "kind", "parent", "headcount")
        labels = {"parent": "Part of"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        others = Unit.objects.order_by("path")
        if self.instance.pk:
            others = others.exclude(path__startswith=self.instance.path)
        parent.queryset = others
        parent.empty_label = "Nothing, it is at the top"


class TokenForm(forms.Form):
    days = forms.TypedChoiceField(
        choices=TOKEN_DAYS,
        coerce=int,
        initial=90,
        label="Valid for",
        help_text="A token can do what you can do. It stops working when your rights end.",
    )
