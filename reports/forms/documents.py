"""Forms of summaries, variance reports and subscriptions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db import models

from pmo.accounts.models import User
from pmo.common.page import formats
from pmo.common.page.editing import RecordForm
from pmo.common.page.sentences import Sentences
from pmo.common.records.fields import no_control_characters, no_patient_data
from reports.domain.periods import FrozenDay, freeze_before, shown_freezes
from reports.domain.scope import HOSPITAL
from reports.models import DocumentKind, Summary
from reports.selectors.documents import freezes_of
from reports.selectors.scopes import OfferedScopes
from reports.words.rhythm import taken_early
from reports.words.scopes import scope_choices
from reports.words.summary import AttentionRow

COMMENT = "comment_"
DAYS_OFFERED = 60


class VoidForm(forms.Form):
    """Why a freeze counts no more."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        widget=Sentences(attrs={"rows": 3}),
        help_text="Everybody who opens an issued summary of this day reads it.",
        validators=[no_patient_data, no_control_characters],
    )


class FreezeForm(forms.Form):
    """What the document is about, as of which frozen day."""

    scope = forms.ChoiceField(label="About")
    day = forms.TypedChoiceField(label="As of", coerce=FrozenDay.of)

    def __init__(self, data: Any, *, offered: OfferedScopes, asked: str, **kwargs: Any) -> None:
        """Take the days of the scope that is `asked` for; of the whole hospital if there is none."""
        super().__init__(data, **kwargs)
        self.offered = offered
        self.chosen = offered.find(asked) or HOSPITAL
        self.freezes: Sequence[FrozenDay] = freezes_of(self.chosen)[:DAYS_OFFERED]
        self._field("scope").choices = scope_choices(offered)
        self._field("scope").widget.attrs |= {
            "hx-get": "",
            "hx-trigger": "change",
            "hx-target": "#edit-form",
            "hx-select": "#edit-form",
            "hx-swap": "outerHTML",
        }
        self._field("day").choices = [(one.key, _words(one)) for one in self.freezes]
        self.initial.setdefault("scope", str(self.chosen.key))

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def frozen(self) -> dict[str, Any]:
        """Return what was chosen as the services take it."""
        day: FrozenDay = self.cleaned_data["day"]
        scope = self.offered.find(self.cleaned_data["scope"])
        return self.cleaned_data | {"scope": scope, "day": day.date, "is_early": day.is_early}


class CompileForm(FreezeForm):
    """Compile a weekly summary now."""


class VarianceForm(FreezeForm):
    """Report one frozen day against an earlier one."""

    compared_with = forms.TypedChoiceField(
        label="Compare with",
        coerce=date.fromisoformat,
        empty_value=None,
        required=False,
        help_text="What changed is counted from this day on.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = shown_freezes(self.freezes)[::-1]
        offered = [(one.date.isoformat(), _words(one)) for one in days]
        self._field("compared_with").choices = [("", "Nothing"), *offered]
        before = freeze_before(self.freezes, self.freezes[0].date) if self.freezes else None
        if before:
            self.initial.setdefault("compared_with", before.date.isoformat())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        day, other = data.get("day"), data.get("compared_with")
        if day and other and other >= day.date:
            self.add_error("compared_with", "Choose a day before the one you report on.")
        return data


def _words(frozen: FrozenDay) -> str:
    """Say one freeze: "Wednesday 25 Nov 2026, taken early"."""
    day = frozen.date
    return f"{day:%A} {formats.day(day)}{taken_early(is_early=frozen.is_early)}"


class ReviewForm(RecordForm):
    """
    The office's words; one comment for each project on the page that needs attention.

    Headline and note may name any project, so only a reviewer who sees all of them gets these two.
    """

    class Meta:
        model = Summary
        fields = ["headline", "office_note"]
        widgets = {
            "headline": Sentences(attrs={"rows": 3}),
            "office_note": Sentences(attrs={"rows": 5}),
        }
        help_texts = {
            "headline": "The first sentence of the page. Readers who may not see every project get"
            " a calculated one instead.",
            "office_note": "What you want said beside the numbers. Only readers who may see every"
            " project read it.",
        }

    def __init__(
        self, *args: Any, rows: Sequence[AttentionRow], sees_all: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if sees_all:
            self.fields["headline"].required = True
        else:
            del self.fields["headline"], self.fields["office_note"]
        saved = self.instance.comments
        shown = {str(row.project) for row in rows}
        for row in rows:
            why = row.why or "The manager wrote nothing."
            self.fields[f"{COMMENT}{row.project}"] = forms.CharField(
                label=row.name,
                help_text=f"{formats.color_word(row.color)}. {why}",
                required=False,
                max_length=280,
                widget=Sentences(attrs={"rows": 2}),
                initial=saved.get(str(row.project), ""),
            )
        # comments on projects that no longer need attention stay as they are
        self.kept = {key: text for key, text in saved.items() if key not in shown}

    def comments(self) -> dict[str, str]:
        """Return all comments by project id."""
        typed = {
            name.removeprefix(COMMENT): str(text)
            for name, text in self.cleaned_data.items()
            if name.startswith(COMMENT)
        }
        return self.kept | typed

    def words(self) -> dict[str, str]:
        """Return headline and note, if this reviewer may write them."""
        names = ("headline", "office_note")
        return {name: str(self.cleaned_data[name]) for name in names if name in self.fields}

    def saved_value(self, current: models.Model, name: str) -> Any:
        if name.startswith(COMMENT) and isinstance(current, Summary):
            return current.comments.get(name.removeprefix(COMMENT), "")
        return super().saved_value(current, name)


class SubscriptionForm(forms.Form):
    """Who gets which documents of what; people are named by address, for there may be many."""

    address = forms.EmailField(label="Email", help_text="The address this person signs in with.")
    documents = forms.MultipleChoiceField(
        label="Gets",
        choices=DocumentKind.choices,
        initial=[DocumentKind.SUMMARY],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "options"}),
        error_messages={"required": "Choose at least one document."},
    )
    scopes = forms.MultipleChoiceField(
        label="About",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "options"}),
        error_messages={"required": "Choose at least one."},
        help_text="Each is compiled every week from the next freeze on. One mail holds all of it.",
    )

    def __init__(self, *args: Any, offered: OfferedScopes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        scopes: Any = self.fields["scopes"]
        scopes.choices = scope_choices(offered)

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"])
        self.person = User.objects.filter(email__iexact=address, is_active=True).first()
        if self.person is None:
            raise forms.ValidationError("Nobody signs in here with this address.", code="unknown")
        return address

    def asked(self) -> dict[str, Any]:
        """Return what was chosen as the service takes it."""
        found = [self.offered.find(text) for text in self.cleaned_data["scopes"]]
        return {
            "user": self.person,
            "scopes": found,
            "documents": [DocumentKind(text) for text in self.cleaned_data["documents"]],
        }
