"""Forms for people, units and tokens."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm, SetPasswordForm
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.forms.models import ModelChoiceIterator

from pmo.accounts import services
from pmo.accounts.lists import MOST_ROWS, ListKind
from pmo.accounts.models import Unit, User, in_tree_order
from pmo.accounts.roles import DESCRIPTIONS, ORGANIZATION_ROLES, Role
from pmo.common.page.editing import RecordForm
from pmo.common.records.search import same
from pmo.common.tabular.limits import DEFAULT, MEGABYTE

EVERYWHERE = "everywhere"
TOKEN_DAYS = ((30, "30 days"), (90, "90 days"), (365, "1 year"))


class SignInForm(AuthenticationForm):
    # One sentence for both causes: a stranger must not learn which addresses exist.
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "Wrong email or password. Passwords are case-sensitive.",
    }


class ResetForm(PasswordResetForm):
    """Hands the address on: what is sent to whom is found out by the worker."""

    def save(self, **_as_django_sends: Any) -> None:  # type: ignore[override]  # how it is sent is ours
        services.ask_for_password(email=self.cleaned_data["email"])


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # no generic forms at run time
    """The password that somebody invited chooses; the page says what makes a good one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("new_password1", "Password"), ("new_password2", "The same again")):
            self.fields[name].label, self.fields[name].help_text = label, ""

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's signature
        del commit
        password = self.cleaned_data["new_password1"]
        user: User = services.accept_invitation(user=self.user, password=password)
        return user


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


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # Django has no generic forms at run time
    unit = UnitChoiceField(
        Unit.objects.all(),
        required=False,
        empty_label="Not recorded",
        help_text="Where the person works. It tells namesakes apart and gives no rights.",
    )

    class Meta:
        model = User
        fields = ("name", "email", "title", "unit")
        labels = {"email": "Email, used to sign in", "title": "Position"}
        help_texts = {
            "email": "Leave it empty for a person who is named on projects and does not sign in yet."
        }


class PlacesInOrder(UnitsInOrder):
    """Offers nothing, everything, then the tree of units."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        choices = super().__iter__()
        yield next(choices)
        yield EVERYWHERE, "The whole organization"
        yield from choices


class PlaceField(UnitChoiceField):
    """Where a role holds: a unit, or None for the whole organization. Nothing is chosen beforehand."""

    iterator = PlacesInOrder

    def clean(self, value: Any) -> Unit | None:
        if value == EVERYWHERE:
            return None
        unit: Unit | None = super().clean(value)
        return unit


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        choices=[("", "Choose a role"), *((r.value, r.label) for r in ORGANIZATION_ROLES)]
    )
    unit = PlaceField(
        Unit.objects.all(),
        empty_label="Choose where",
        label="Where",
        help_text="A role in a unit holds in every unit below it too.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [f"{role.label}: {DESCRIPTIONS[role]}" for role in ORGANIZATION_ROLES]
        self.role_lines = lines

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class AtOnceForm(RoleForm):
    """Several people, and one thing to do with all of them."""

    action = forms.ChoiceField(choices=[(one, one) for one in ("add", "remove", "invite")])
    people = forms.ModelMultipleChoiceField(
        User.objects.all(), error_messages={"required": "Select at least one person."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("action") == "invite":
            for name in ("role", "unit"):
                self.fields[name].required = False

    def clean_role(self) -> Role | None:  # type: ignore[override]  # no role is needed to invite
        role = self.cleaned_data["role"]
        return Role(role) if role else None


class FileForm(forms.Form):
    """A list, and what its rows are."""

    kind = forms.ChoiceField(
        label="Each row is",
        choices=[(ListKind.PEOPLE.value, "A person"), (ListKind.UNITS.value, "A unit")],
        widget=forms.RadioSelect(attrs={"class": "options options--row"}),
    )
    file = forms.FileField(
        label="File",
        help_text=f"CSV or Excel (.xlsx), at most {MOST_ROWS:,} rows and {DEFAULT.size // MEGABYTE} MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={"empty": "The file is empty."},
    )

    def clean_kind(self) -> ListKind:
        return ListKind(self.cleaned_data["kind"])

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size and file.size > DEFAULT.size:
            raise forms.ValidationError(
                f"The file is larger than {DEFAULT.size // MEGABYTE} MB. Split it.", code="size"
            )
        return file


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


# how the list of people tells somebody without an address from a namesake who has one
WITHOUT_ADDRESS = " (no address)"
BEFORE_JOB = ", "
MOST_PARTS = 6


def called(person: User) -> str:
    """Return name and job: what whoever may not look up addresses reads, and types to name somebody."""
    said = f"{person.name}{BEFORE_JOB}{person.title}" if person.title else str(person.name)
    return said if person.email else f"{said}{WITHOUT_ADDRESS}"


def _called_so(said: str) -> Q:
    """Match a name, or a name and a job; both may have commas of their own."""
    parts = said.split(BEFORE_JOB)
    found = same(said, "name")
    for place in range(1, min(len(parts), MOST_PARTS)):
        name, job = BEFORE_JOB.join(parts[:place]), BEFORE_JOB.join(parts[place:])
        found |= same(name, "name") & same(job, "title")
    return found


def person_said(said: str) -> User:
    """Find the one active person who is meant by an address, a name, or name and job; raises ValidationError."""
    wanted = Q(email__iexact=said) | _called_so(said)
    if said.endswith(WITHOUT_ADDRESS):
        wanted = _called_so(said.removesuffix(WITHOUT_ADDRESS)) & Q(email=None)
    found = User.objects.filter(wanted, is_active=True)[:2]
    if not found:
        raise forms.ValidationError(
            "Nobody here has that name or address. Choose a person from the list.",
            code="unknown",
        )
    if len(found) > 1:
        raise forms.ValidationError(
            "Several people have that name. Type the email address. Who has none needs one first.",
            code="ambiguous",
        )
    return found[0]


class HandOverForm(forms.Form):
    """Who takes over."""

    to = forms.CharField(
        label="Hand over to",
        help_text="The whole name or the email address of an active person.",
        error_messages={"required": "Say who: a name or an email address."},
    )

    def clean_to(self) -> User:
        return person_said(self.cleaned_data["to"])
